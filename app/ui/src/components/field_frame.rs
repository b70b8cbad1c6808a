use leptos::prelude::*;

use super::Text;

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

/// The frame of every control: label, hint, error.
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
