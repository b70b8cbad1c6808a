//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn PanelsPage() -> AnyView {
    ().into_any()
}
