//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn FindingsPage() -> AnyView {
    ().into_any()
}

#[component]
pub fn FindingPage() -> AnyView {
    ().into_any()
}
