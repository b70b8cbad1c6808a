//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn SessionPage() -> AnyView {
    ().into_any()
}
