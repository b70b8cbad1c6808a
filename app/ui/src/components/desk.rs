use leptos::children::ViewFnOnce;
use leptos::prelude::*;

use super::Text;

/// The expert's desk: applications, materials, form. Use it in `Shell` with `Frame::Desk`.
#[component]
pub fn Desk(
    #[prop(into)] list: ViewFnOnce,
    /// Above the materials: document tabs, page number.
    #[prop(optional, into)]
    documents: ViewFnOnce,
    /// The document itself: `<div class="page">` with a `.paper`, or an `<iframe>`.
    #[prop(into)]
    materials: ViewFnOnce,
    /// The form's content: a header, `<div class="items">` of `ScoreGroup`s, and a `DeskTotal`.
    #[prop(into)]
    form: ViewFnOnce,
    /// Where the sheet posts.
    #[prop(into)]
    action: String,
) -> impl IntoView {
    view! {
        <div class="desk">
            {list.run()}
            <section class="desk-view" aria-label="申报材料">
                <header>{documents.run()}</header>
                {materials.run()}
            </section>
            <form class="desk-form" method="post" action=action aria-label="评分表" novalidate>
                {form.run()}
            </form>
        </div>
    }
}

/// How far the expert is with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    Untouched,
    Draft,
    Submitted,
    /// Hatched and without link: nothing of it may be seen.
    Recused,
}

impl EntryState {
    const fn glyph(self) -> &'static str {
        match self {
            Self::Untouched => "○",
            Self::Draft => "◐",
            Self::Submitted => "✓",
            Self::Recused => "╱",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Untouched => "未评",
            Self::Draft => "未完成",
            Self::Submitted => "已提交",
            Self::Recused => "已回避",
        }
    }
}

/// One application in the expert's list. For a recused one give only the code.
#[derive(Clone, Debug)]
pub struct DeskEntry {
    pub code: String,
    pub name: String,
    pub href: String,
    pub state: EntryState,
    /// The expert's own total so far.
    pub total: Text,
}

/// The expert's applications; `current` is the code of the open one.
#[component]
pub fn DeskList(
    #[prop(into)] title: String,
    /// For example 2 / 13.
    #[prop(into)]
    figures: String,
    entries: Vec<DeskEntry>,
    #[prop(into)] current: String,
) -> impl IntoView {
    let entries = entries.into_iter().map(|entry| view! { <li>{desk_entry(entry, &current)}</li> }).collect_view();
    view! {
        <nav class="desk-list" aria-label="我的评审项目">
            <header>
                <h2 class="grow">{title}</h2>
                <span class="n muted small">{figures}</span>
            </header>
            <ul>{entries}</ul>
        </nav>
    }
}

fn desk_entry(entry: DeskEntry, current: &str) -> AnyView {
    if entry.state == EntryState::Recused {
        return view! {
            <div class="recused">
                <i aria-hidden="true">{entry.state.glyph()}</i>
                <b>{entry.code}</b>
                <span class="n">"—"</span>
                <span class="name">"本项目您已回避"</span>
            </div>
        }
        .into_any();
    }
    let open = entry.code == current;
    let glyph = if open { "▶" } else { entry.state.glyph() };
    let class = (entry.state == EntryState::Submitted).then_some("good");
    let total = entry.total.get().unwrap_or_else(|| "—".to_owned());
    let title = entry.name.clone();
    view! {
        <a href=entry.href title=title aria-current=open.then_some("page")>
            <i class=class aria-hidden="true">{glyph}</i>
            <b>{entry.code} <span class="sr">{entry.state.words()}</span></b>
            <span class="n">{total}</span>
            <span class="name">{entry.name}</span>
        </a>
    }
    .into_any()
}

/// Whether what the expert typed is safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Nothing typed yet.
    Untouched,
    /// On the server since this time of day.
    At(String),
    /// Kept on this machine only, to be sent when the network is back.
    Locally(String),
    Failed(String),
    /// Nothing more is saved: how the sheet stands.
    Closed(String),
}

/// The foot of the form that never scrolls away: total, saved mark, actions.
#[component]
pub fn DeskTotal(#[prop(into)] total: String, saved: Saved, children: Children) -> impl IntoView {
    let (class, glyph, words) = match saved {
        Saved::Untouched => ("saved muted", "○", "尚未填写".to_owned()),
        Saved::At(time) => ("saved good", "●", format!("已保存 {time}")),
        Saved::Locally(time) => ("saved warn", "▲", format!("仅存本机 {time}，待同步")),
        Saved::Failed(why) => ("saved bad", "✕", format!("未保存：{why}")),
        Saved::Closed(how) => ("saved", "✓", how),
    };
    view! {
        <footer class="desk-total">
            <div class="sum">
                <span class="muted small">"合计 "</span>
                <output class="total" name="total">{total}</output>
                <div class=class role="status">
                    <i aria-hidden="true">{glyph}</i>
                    {words}
                </div>
            </div>
            {children()}
        </footer>
    }
}
