//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn AuditPage() -> AnyView {
    ().into_any()
}
