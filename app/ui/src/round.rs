//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn OverviewPage() -> AnyView {
    ().into_any()
}

#[component]
pub fn TermsPage() -> AnyView {
    ().into_any()
}
