use leptos::prelude::*;

use super::field_frame::{id_or, need_mark, notes};
use super::form::{is_first_problem, problem, ticked as came_ticked, typed};
use super::{Need, Text, Use};

/// One of several values to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Text,
    pub usable: Use,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: Text::none(), usable: Use::Enabled }
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<Text>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    #[must_use]
    pub fn disabled(self) -> Self {
        Self { usable: Use::Disabled, ..self }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChoiceLayout {
    #[default]
    Stacked,
    Inline,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ticked {
    Yes,
    #[default]
    No,
}

impl From<bool> for Ticked {
    fn from(ticked: bool) -> Self {
        if ticked { Self::Yes } else { Self::No }
    }
}

fn tick_box(
    kind: &'static str,
    id: String,
    name: String,
    choice: Choice,
    ticked: bool,
    need: Need,
    first: bool,
) -> AnyView {
    let hint_id = format!("{id}-hint");
    let described = choice.hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="choice">
            <input
                type=kind
                id=id.clone()
                name=name
                value=choice.value
                checked=ticked
                autofocus=first
                required=need == Need::Required
                disabled=choice.usable == Use::Disabled
                aria-describedby=described
            />
            <label for=id>{choice.label}</label>
            {choice.hint.get().map(|words| view! { <p class="hint" id=hint_id>{words}</p> })}
        </div>
    }
    .into_any()
}

/// A single statement to agree with.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = "true".to_owned(), into)] value: String,
    #[prop(optional, into)] ticked: Ticked,
    #[prop(optional)] need: Need,
    #[prop(optional)] usable: Use,
    #[prop(optional, into)] hint: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] id: Text,
) -> impl IntoView {
    let id = id_or(id, &name);
    let first = is_first_problem(&name);
    let ticked = came_ticked(&name, &value, ticked == Ticked::Yes);
    let error = notes(&id, Text::none(), problem(&name, error));
    let choice = Choice { value, label, hint, usable };
    view! {
        <div class="field">
            {tick_box("checkbox", id, name, choice, ticked, need, first)}
            {error}
        </div>
    }
}

/// One of a few, all in sight.
#[component]
pub fn RadioGroup(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: Text,
    #[prop(optional)] layout: ChoiceLayout,
    #[prop(optional)] need: Need,
    #[prop(optional, into)] hint: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] id: Text,
) -> impl IntoView {
    let id = id_or(id, &name);
    let (value, error, first) = (typed(&name, value), problem(&name, error), is_first_problem(&name));
    let class = match layout {
        ChoiceLayout::Stacked => "choices",
        ChoiceLayout::Inline => "choices inline",
    };
    let boxes = choices
        .into_iter()
        .enumerate()
        .map(|(i, choice)| {
            let ticked = value.as_deref() == Some(choice.value.as_str());
            tick_box("radio", format!("{id}-{i}"), name.clone(), choice, ticked, need, first && i == 0)
        })
        .collect_view();
    let after = notes(&id, hint, error);
    view! {
        <fieldset class="field" id=id>
            <legend>{label} {need_mark(need)}</legend>
            <div class=class>{boxes}</div>
            {after}
        </fieldset>
    }
}
