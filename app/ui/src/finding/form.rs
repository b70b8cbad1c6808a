//! One card of the page: what is established as it stands or, while it may change, the form that saves it.

use super::editing::Editing;
use crate::components::{Button, ButtonTone, Card, CardBody, FormActions, refilled};
use domain::application::Application;
use leptos::prelude::*;
use service::finding::Established;

/// How the card and its form are named.
pub struct Words {
    pub title: &'static str,
    pub hint: String,
    /// The effect of saving, and its limits.
    pub note: &'static str,
    pub save: &'static str,
    /// The fragment that the answer returns to.
    pub anchor: &'static str,
}

pub fn card(
    words: Words,
    action: &'static str,
    found: &Established,
    application: &Application,
    editing: Editing,
    content: impl FnOnce() -> AnyView,
) -> AnyView {
    let Words { title, hint, note, save, anchor } = words;
    if editing != Editing::Open {
        let content = content();
        return view! { <Card title=title hint=hint body=CardBody::Stacked>{content}</Card> }.into_any();
    }
    let (round, application) = (found.dossier.round.id.to_string(), application.id.to_string());
    let content = refilled(action, &[], content);
    view! {
        <Card title=title hint=hint body=CardBody::Stacked id=anchor>
            <form method="post" action=action class="stack">
                <input type="hidden" name="round" value=round />
                <input type="hidden" name="application" value=application />
                {content}
                <FormActions note=note>
                    <Button tone=ButtonTone::Primary>{save}</Button>
                </FormActions>
            </form>
        </Card>
    }
    .into_any()
}
