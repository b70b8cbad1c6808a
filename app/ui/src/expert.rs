//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn ExpertsPage() -> AnyView {
    ().into_any()
}

#[component]
pub fn ExpertPage() -> AnyView {
    ().into_any()
}
