//! Placeholder.

use leptos::prelude::*;

#[component]
pub fn CalibrationPage() -> AnyView {
    ().into_any()
}
