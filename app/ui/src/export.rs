//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn ExportsPage() -> AnyView {
    ().into_any()
}
