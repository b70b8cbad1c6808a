use leptos::prelude::*;

use super::field_frame::{FieldFrame, id_or};
use super::form::{is_first_problem, problem, typed};
use super::{Choice, FieldWidth, Need, Text, Use};

/// A drop-down list. `empty` is the label of the blank option: 全部, 请选择.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: Text,
    #[prop(optional, into)] empty: Text,
    #[prop(optional)] need: Need,
    #[prop(optional)] width: FieldWidth,
    #[prop(optional)] usable: Use,
    #[prop(optional, into)] hint: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] id: Text,
) -> impl IntoView {
    let (value, error, first) = (typed(&name, value), problem(&name, error), is_first_problem(&name));
    let frame = FieldFrame { id: id_or(id, &name), label, need, width, hint, error };
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = value.as_deref() == Some(choice.value.as_str());
            let disabled = choice.usable == Use::Disabled;
            view! {
                <option value=choice.value selected=selected disabled=disabled>
                    {choice.label}
                </option>
            }
        })
        .collect_view();
    let control = view! {
        <select
            class="input"
            id=frame.id.clone()
            name=name
            required=need == Need::Required
            disabled=usable == Use::Disabled
            autofocus=first
            aria-invalid=frame.invalid()
            aria-describedby=frame.described_by()
        >
            {empty.get().map(|label| view! { <option value="">{label}</option> })}
            {options}
        </select>
    };
    frame.around(control.into_any())
}
