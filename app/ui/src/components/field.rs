use leptos::prelude::*;

use super::Text;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    #[default]
    Text,
    Number,
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
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::DateTime => "datetime-local",
            Self::Password => "password",
            Self::Email => "email",
            Self::Tel => "tel",
            Self::Search => "search",
        }
    }
}

/// Whether a field must be filled. `Unsaid` shows no mark: filters, sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
    #[default]
    Unsaid,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldWidth {
    #[default]
    Full,
    /// Up to 240 px: dates, names.
    Medium,
    /// Up to 112 px: scores, counts.
    Short,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    #[default]
    Editable,
    ReadOnly,
    Disabled,
}

/// What stands around a control: label, hint, error. Shared by every kind of field.
pub(super) struct FieldFrame {
    pub id: String,
    pub label: String,
    pub need: Need,
    pub width: FieldWidth,
    pub hint: Text,
    pub error: Text,
}

impl FieldFrame {
    /// The ids of hint and error, for `aria-describedby`.
    pub fn described_by(&self) -> Option<String> {
        let hint = self.hint.is_some().then(|| format!("{}-hint", self.id));
        let error = self.error.is_some().then(|| format!("{}-error", self.id));
        let ids: Vec<String> = error.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    pub fn around(self, control: AnyView) -> AnyView {
        let class = match self.width {
            FieldWidth::Full => "field",
            FieldWidth::Medium => "field w-medium",
            FieldWidth::Short => "field w-short",
        };
        let notes = notes(&self.id, self.hint, self.error);
        view! {
            <div class=class>
                <label for=self.id>{self.label} {need_mark(self.need)}</label>
                {control}
                {notes}
            </div>
        }
        .into_any()
    }
}

pub(super) fn need_mark(need: Need) -> Option<AnyView> {
    match need {
        Need::Required => Some(view! { <span class="req">"必填"</span> }.into_any()),
        Need::Optional => Some(view! { <span class="opt">"选填"</span> }.into_any()),
        Need::Unsaid => None,
    }
}

pub(super) fn notes(id: &str, hint: Text, error: Text) -> AnyView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    view! {
        {error.get().map(|words| view! { <p class="error" id=error_id>{words}</p> })}
        {hint.get().map(|words| view! { <p class="hint" id=hint_id>{words}</p> })}
    }
    .into_any()
}

pub(super) fn id_or(id: Text, name: &str) -> String {
    id.get().unwrap_or_else(|| format!("f-{name}"))
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
    #[prop(optional, into)] min: Text,
    #[prop(optional, into)] max: Text,
    /// For numbers: `any` or the smallest difference, `0.01`.
    #[prop(optional, into)]
    step: Text,
    #[prop(optional_no_strip, into)] maxlength: Option<u32>,
    /// Needed only where two fields of a page share a name.
    #[prop(optional, into)]
    id: Text,
) -> impl IntoView {
    let frame = FieldFrame { id: id_or(id, &name), label, need, width, hint, error };
    let input = view! {
        <input
            class="input"
            id=frame.id.clone()
            name=name
            type=kind.html()
            value=value.get()
            required=need == Need::Required
            readonly=writing == Writing::ReadOnly
            disabled=writing == Writing::Disabled
            placeholder=placeholder.get()
            autocomplete=autocomplete.get()
            min=min.get()
            max=max.get()
            step=step.get()
            maxlength=maxlength.map(|n| n.to_string())
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
            aria-invalid=frame.invalid()
            aria-describedby=frame.described_by()
        >
            {value.get()}
        </textarea>
    };
    frame.around(control.into_any())
}
