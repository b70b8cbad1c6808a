//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn ConflictsPage() -> AnyView {
    ().into_any()
}
