use leptos::prelude::*;

use super::ButtonTone;
use super::form::noticing;

/// A second click before something happens, in place: the button opens a panel that holds the form.
#[component]
pub fn Confirm(#[prop(into)] label: String, #[prop(optional)] tone: ButtonTone, children: Children) -> impl IntoView {
    let (details, summary) = match tone {
        ButtonTone::Default => ("confirm", "btn"),
        ButtonTone::Primary => ("confirm", "btn primary"),
        ButtonTone::Danger => ("confirm danger", "btn danger"),
        ButtonTone::Quiet => ("confirm", "btn quiet"),
    };
    let (content, came_back) = noticing(children);
    view! {
        <details class=details open=came_back>
            <summary class=summary>{label}</summary>
            <div class="panel">{content}</div>
        </details>
    }
}
