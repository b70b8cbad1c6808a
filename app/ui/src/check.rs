//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn BoardPage() -> AnyView {
    ().into_any()
}
