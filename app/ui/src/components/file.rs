use leptos::prelude::*;

use super::field_frame::{FieldFrame, id_or};
use super::{FieldWidth, Need, Text, Use};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileCount {
    #[default]
    One,
    Many,
}

/// A file to upload. The form needs `enctype="multipart/form-data"`.
#[component]
pub fn FileField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// For example `.xlsx,.zip`.
    #[prop(optional, into)]
    accept: Text,
    #[prop(optional)] count: FileCount,
    #[prop(optional)] need: Need,
    #[prop(optional)] usable: Use,
    /// Say which formats, how large, and what is already there.
    #[prop(optional, into)]
    hint: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] id: Text,
) -> impl IntoView {
    let frame = FieldFrame { id: id_or(id, &name), label, need, width: FieldWidth::Full, hint, error };
    let control = view! {
        <input
            class="input"
            type="file"
            id=frame.id.clone()
            name=name
            accept=accept.get()
            multiple=count == FileCount::Many
            required=need == Need::Required
            disabled=usable == Use::Disabled
            aria-invalid=frame.invalid()
            aria-describedby=frame.described_by()
        />
    };
    frame.around(control.into_any())
}

/// The last row of a form: what will happen, then the buttons.
#[component]
pub fn FormActions(
    /// The effect of submitting: 提交后不可修改.
    #[prop(optional, into)]
    note: Text,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="form-acts">
            {children()}
            {note.get().map(|words| view! { <p class="note">{words}</p> })}
        </div>
    }
}
