use leptos::children::ViewFnOnce;
use leptos::prelude::*;

use super::nav::navigation;
use super::{NavGroup, Tag, Tone};

/// How the page fills the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frame {
    /// Navigation at the left (when there is any) and a scrolling page.
    #[default]
    Page,
    /// One narrow column, for signing in.
    Centred,
    /// The window itself, for the scoring desk: no padding, no navigation, columns scroll.
    Desk,
    /// Nothing but the page, to be projected.
    Bare,
}

/// How the page lies on paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    #[default]
    Portrait,
    /// Tables whose last columns decide something are wider than they are long.
    Landscape,
}

/// The round the page belongs to, with its present step.
#[derive(Clone, Debug)]
pub struct RoundMark {
    pub name: String,
    pub href: String,
    pub state: String,
    pub tone: Tone,
}

/// The signed-in person, and where the sign-out button posts.
#[derive(Clone, Debug)]
pub struct Account {
    /// For example 省工信厅 · 协调员 or 专家 3 号.
    pub label: String,
    /// Where the sign-out form posts.
    pub sign_out: String,
    /// Hidden fields of that form, such as the request token.
    pub hidden: Vec<(String, String)>,
}

/// The frame of every page: skip link, top bar, navigation, main.
#[component]
pub fn Shell(
    /// Path of the page, to mark the current place.
    #[prop(into)]
    here: String,
    #[prop(optional)] frame: Frame,
    #[prop(optional)] paper: Paper,
    #[prop(optional, into)] groups: Vec<NavGroup>,
    #[prop(optional_no_strip, into)] round: Option<RoundMark>,
    #[prop(optional_no_strip, into)] account: Option<Account>,
    /// Between the round and the account: time left, search.
    #[prop(optional, into)]
    top: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    if frame == Frame::Bare {
        return children().into_any();
    }
    let plain = groups.is_empty() || frame != Frame::Page;
    let class = match (frame, plain) {
        (Frame::Page, false) => "shell",
        (Frame::Page, true) => "shell plain",
        (Frame::Centred, _) => "shell plain centred",
        (Frame::Desk | Frame::Bare, _) => "shell plain desk-frame",
    };
    let class = if paper == Paper::Landscape { format!("{class} landscape") } else { class.to_owned() };
    let nav = (!plain).then(|| navigation(groups, &here));
    view! {
        <div class=class>
            <a class="skip" href="#main">
                "跳到正文"
            </a>
            <header class="top">
                <a class="brand" href="/">
                    "衡评"
                </a>
                {round.map(round_mark)}
                <span class="grow"></span>
                {top.run()}
                {account.map(account_mark)}
            </header>
            {nav}
            <main class="main" id="main" tabindex="-1">
                {children()}
            </main>
        </div>
    }
    .into_any()
}

fn round_mark(round: RoundMark) -> impl IntoView {
    view! {
        <a class="round" href=round.href>
            {round.name}
        </a>
        <Tag label=round.state tone=round.tone glyph="●" />
    }
}

fn account_mark(account: Account) -> impl IntoView {
    let hidden = account
        .hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <span class="account">{account.label}</span>
        <form method="post" action=account.sign_out>
            {hidden}
            <button class="btn" type="submit">
                "退出"
            </button>
        </form>
    }
}
