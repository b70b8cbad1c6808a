use leptos::prelude::*;

use super::Text;

/// At most one `Primary` in a group of actions; `Danger` for what cannot be taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonTone {
    #[default]
    Default,
    Primary,
    Danger,
    Quiet,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonSize {
    #[default]
    Medium,
    Small,
    Large,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    #[default]
    Submit,
    /// Does nothing by itself: for an island to hook on.
    Plain,
    Reset,
}

/// Whether a control may be used now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Use {
    #[default]
    Enabled,
    Disabled,
}

fn class(tone: ButtonTone, size: ButtonSize) -> String {
    let tone = match tone {
        ButtonTone::Default => "",
        ButtonTone::Primary => " primary",
        ButtonTone::Danger => " danger",
        ButtonTone::Quiet => " quiet",
    };
    let size = match size {
        ButtonSize::Medium => "",
        ButtonSize::Small => " sm",
        ButtonSize::Large => " lg",
    };
    format!("btn{tone}{size}")
}

/// A button inside a form. `name` and `value` tell the server which of several was pressed.
#[component]
pub fn Button(
    #[prop(optional)] tone: ButtonTone,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] usable: Use,
    #[prop(optional, into)] name: Text,
    #[prop(optional, into)] value: Text,
    /// Another target than the form's own `action`.
    #[prop(optional, into)]
    formaction: Text,
    /// Why it is disabled, or what it will do.
    #[prop(optional, into)]
    title: Text,
    children: Children,
) -> impl IntoView {
    let kind = match kind {
        ButtonKind::Submit => "submit",
        ButtonKind::Plain => "button",
        ButtonKind::Reset => "reset",
    };
    // Enter in a field presses the first button that sends a form. Where that one destroys something, this one stands before it and does nothing.
    let guard = (tone == ButtonTone::Danger && kind == "submit")
        .then(|| view! { <button type="submit" class="guard" disabled=true hidden=true></button> });
    view! {
        {guard}
        <button
            class=class(tone, size)
            type=kind
            name=name.get()
            value=value.get()
            formaction=formaction.get()
            title=title.get()
            disabled=usable == Use::Disabled
        >
            {children()}
        </button>
    }
}

/// A link that looks like a button: goes somewhere, changes nothing.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] tone: ButtonTone,
    #[prop(optional)] size: ButtonSize,
    /// File name to save under; makes the link a download.
    #[prop(optional, into)]
    download: Text,
    #[prop(optional, into)] title: Text,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=class(tone, size) href=href download=download.get() title=title.get()>
            {children()}
        </a>
    }
}
