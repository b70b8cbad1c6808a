use leptos::children::ViewFnOnce;
use leptos::prelude::*;

/// How urgent a message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlertKind {
    #[default]
    Info,
    Ok,
    Warn,
    Error,
}

impl AlertKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Ok => "good",
            Self::Warn => "warn",
            Self::Error => "bad",
        }
    }

    const fn glyph(self) -> &'static str {
        match self {
            Self::Info => "●",
            Self::Ok => "✓",
            Self::Warn => "▲",
            Self::Error => "✕",
        }
    }

    /// Errors interrupt a screen reader, the rest wait their turn.
    const fn role(self) -> &'static str {
        match self {
            Self::Error => "alert",
            Self::Info | Self::Ok | Self::Warn => "status",
        }
    }
}

/// A message that stays: what is so, in detail, and what can be done.
#[component]
pub fn Alert(
    #[prop(optional)] kind: AlertKind,
    #[prop(into)] title: String,
    /// One line per finding.
    #[prop(optional)]
    details: Vec<String>,
    #[prop(optional, into)] actions: ViewFnOnce,
    #[prop(optional, into)] body: ViewFnOnce,
) -> impl IntoView {
    let details = (!details.is_empty()).then(|| {
        let lines = details.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! { <ul>{lines}</ul> }
    });
    view! {
        <div class=format!("alert {}", kind.class()) role=kind.role()>
            <i aria-hidden="true">{kind.glyph()}</i>
            <div>
                <b>{title}</b>
                {body.run()}
                {details}
            </div>
            <div class="acts">{actions.run()}</div>
        </div>
    }
}

/// The result of the last action, shown once at the top of the next page. `dismiss` is the same page without it.
#[component]
pub fn Flash(
    #[prop(optional)] kind: AlertKind,
    #[prop(into)] message: String,
    #[prop(optional, into)] dismiss: super::Text,
) -> impl IntoView {
    view! {
        <p class=format!("flash {}", kind.class()) role=kind.role()>
            <i aria-hidden="true">{kind.glyph()}</i>
            {message}
            {dismiss.get().map(|href| view! { <a href=href>"知道了"</a> })}
        </p>
    }
}
