//! Placeholder.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
#[component]
pub fn DesksPage() -> AnyView {
    ().into_any()
}

#[cfg(feature = "ssr")]
#[component]
pub fn SheetPage() -> AnyView {
    ().into_any()
}
