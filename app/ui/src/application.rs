//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn ListPage() -> AnyView {
    ().into_any()
}

#[component]
pub fn DetailPage() -> AnyView {
    ().into_any()
}
