//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn BatchesPage() -> AnyView {
    ().into_any()
}

#[component]
pub fn BatchPage() -> AnyView {
    ().into_any()
}
