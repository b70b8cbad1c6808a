use leptos::children::ViewFnOnce;
use leptos::prelude::*;

use super::ButtonTone;
use super::form::noticing;

/// A question on a page of its own. The buttons belong to a `<form method="post">` around or inside it.
#[component]
pub fn Dialog(
    #[prop(into)] title: String,
    /// The buttons; the way back is a `LinkButton`.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let name = title.clone();
    view! {
        <dialog class="dialog" open aria-label=name>
            <header>
                <h2>{title}</h2>
            </header>
            <div class="body">{children()}</div>
            <div class="acts">{actions.run()}</div>
        </dialog>
    }
}

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
