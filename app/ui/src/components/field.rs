use leptos::prelude::*;

use super::Text;
use super::field_frame::{FieldFrame, FieldWidth, Need, id_or};
use super::form::{is_first_problem, problem, typed};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    #[default]
    Text,
    /// A whole number, as text: browsers drop characters from number fields, and the wheel changes them.
    Whole,
    /// A number with decimals, as text.
    Decimal,
    Date,
    DateTime,
    Password,
    Email,
    Tel,
    Search,
}

impl InputKind {
    const fn html(self) -> &'static str {
        match self {
            Self::Text | Self::Whole | Self::Decimal => "text",
            Self::Date => "date",
            Self::DateTime => "datetime-local",
            Self::Password => "password",
            Self::Email => "email",
            Self::Tel => "tel",
            Self::Search => "search",
        }
    }

    /// The soft keyboard that suits.
    const fn keyboard(self) -> Option<&'static str> {
        match self {
            Self::Whole => Some("numeric"),
            Self::Decimal => Some("decimal"),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    #[default]
    Editable,
    ReadOnly,
    Disabled,
}

/// One line of input with its label. `unit` stands behind the control (万元, 分).
#[component]
pub fn Field(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] kind: InputKind,
    #[prop(optional, into)] value: Text,
    #[prop(optional)] need: Need,
    #[prop(optional)] width: FieldWidth,
    #[prop(optional)] writing: Writing,
    #[prop(optional, into)] hint: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] unit: Text,
    #[prop(optional, into)] placeholder: Text,
    #[prop(optional, into)] autocomplete: Text,
    #[prop(optional_no_strip, into)] maxlength: Option<u32>,
    /// Needed only where two fields of a page share a name.
    #[prop(optional, into)]
    id: Text,
) -> impl IntoView {
    let (value, error, first) = (typed(&name, value), problem(&name, error), is_first_problem(&name));
    let frame = FieldFrame { id: id_or(id, &name), label, need, width, hint, error };
    let input = view! {
        <input
            class="input"
            id=frame.id.clone()
            name=name
            type=kind.html()
            inputmode=kind.keyboard()
            value=value.get()
            required=need == Need::Required
            readonly=writing == Writing::ReadOnly
            disabled=writing == Writing::Disabled
            placeholder=placeholder.get()
            autocomplete=autocomplete.get()
            maxlength=maxlength.map(|n| n.to_string())
            autofocus=first
            aria-invalid=frame.invalid()
            aria-describedby=frame.described_by()
        />
    };
    let control = match unit.get() {
        Some(unit) => view! { <span class="unit">{input} <span>{unit}</span></span> }.into_any(),
        None => input.into_any(),
    };
    frame.around(control)
}

/// Several lines of input.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: Text,
    #[prop(default = 3)] rows: u8,
    #[prop(optional)] need: Need,
    #[prop(optional)] writing: Writing,
    #[prop(optional, into)] hint: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] placeholder: Text,
    #[prop(optional_no_strip, into)] maxlength: Option<u32>,
    #[prop(optional, into)] id: Text,
) -> impl IntoView {
    let (value, error, first) = (typed(&name, value), problem(&name, error), is_first_problem(&name));
    let frame = FieldFrame { id: id_or(id, &name), label, need, width: FieldWidth::Full, hint, error };
    let control = view! {
        <textarea
            class="input"
            id=frame.id.clone()
            name=name
            rows=rows.to_string()
            required=need == Need::Required
            readonly=writing == Writing::ReadOnly
            disabled=writing == Writing::Disabled
            placeholder=placeholder.get()
            maxlength=maxlength.map(|n| n.to_string())
            autofocus=first
            aria-invalid=frame.invalid()
            aria-describedby=frame.described_by()
        >
            {value.get().map(|text| super::raw_text(&text))}
        </textarea>
    };
    frame.around(control.into_any())
}
