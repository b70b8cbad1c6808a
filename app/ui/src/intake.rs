//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn UploadPage() -> AnyView {
    ().into_any()
}

#[component]
pub fn DryRunPage() -> AnyView {
    ().into_any()
}
