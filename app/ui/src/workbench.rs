//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn Workbench() -> AnyView {
    ().into_any()
}
