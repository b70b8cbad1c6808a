//! The island by which a security key answers: its button asks the key, puts the answer into the form it stands in, and sends the form.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod browser;

/// How asking the key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    Waiting,
    Asked,
    /// The browser knows no security keys.
    Unknown,
    /// Nobody touched the key, or it is not one of the account's.
    Unanswered,
}

impl Asking {
    const fn words(self) -> &'static str {
        match self {
            Self::Waiting => "",
            Self::Asked => "请触碰安全密钥，或按浏览器的提示操作",
            Self::Unknown => "这个浏览器不支持安全密钥",
            Self::Unanswered => "没有得到安全密钥的应答，请重试",
        }
    }
}

/// `question` is the server's, as JSON; a `new` key is registered, another one signs.
#[island]
pub fn KeyCeremony(question: String, new: bool, label: String) -> impl IntoView {
    let state = RwSignal::new(Asking::Waiting);
    let answer = NodeRef::<leptos::html::Input>::new();
    #[cfg(feature = "hydrate")]
    let ask = move |_| browser::ask(&question, new, answer, state);
    #[cfg(not(feature = "hydrate"))]
    let ask = {
        let _ = (question, new);
        |_| {}
    };
    view! {
        <input type="hidden" name="answer" node_ref=answer />
        <button type="button" class="btn primary key" disabled=move || state.get() == Asking::Asked on:click=ask>
            {label}
        </button>
        <span class="small muted" role="status">{move || state.get().words()}</span>
    }
}
