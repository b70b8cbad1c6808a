//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn RankingPage() -> AnyView {
    ().into_any()
}
