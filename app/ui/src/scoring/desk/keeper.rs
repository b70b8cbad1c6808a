//! The island in the foot of the sheet: live total, saving while one types, a copy on this machine until the server has it, and keys.
//! The sheet itself is server-rendered and works without it.

use super::entries::{COMMENT, Difference, Entries, REASON, Side, VOTE};
use domain::points::Points;
use domain::rubric::Criterion;
use domain::sheet::Vote;
use leptos::prelude::*;
use std::collections::BTreeMap;

#[cfg(feature = "hydrate")]
mod browser;

/// The answer of a person who was about to sign out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    SaveFirst,
    /// What is not saved stays on this machine, sealed.
    Anyway,
    Stay,
}

/// What the island asks the person, and the answers.
#[derive(Debug, Clone, Copy)]
pub struct Questions {
    pub differing: RwSignal<Vec<Difference>>,
    pub decided: RwSignal<Option<Vec<(String, Side)>>>,
    pub leaving: RwSignal<bool>,
    pub left: RwSignal<Option<Leaving>>,
}

/// Watches the form it stands in.
#[island]
pub fn SheetKeeper(
    /// The sheet's id.
    sheet: String,
    /// The applicable criteria, in the rubric's order.
    criteria: Vec<Criterion>,
    /// Points given once for all experts.
    shared: BTreeMap<String, Points>,
    /// Full points of the whole rubric.
    full: Points,
    /// The sheet as it is stored.
    stored: Entries,
    /// The save that made what is stored, if the page's own script did.
    last_save: Option<String>,
    /// Under which name copies of this account lie, and their key.
    owner: String,
    key: String,
    /// Where one signs in to come back to this sheet, and where the button of every page signs out.
    sign_in: String,
    sign_out: String,
) -> impl IntoView {
    let anchor = NodeRef::<leptos::html::Span>::new();
    let questions = Questions {
        differing: RwSignal::new(Vec::new()),
        decided: RwSignal::new(None),
        leaving: RwSignal::new(false),
        left: RwSignal::new(None),
    };
    let names: BTreeMap<String, String> =
        criteria.iter().map(|c| (c.code.clone(), format!("{} {}", c.code, c.name))).collect();
    #[cfg(feature = "hydrate")]
    browser::watch(
        anchor,
        browser::Keeping { sheet, criteria, shared, full, stored, last_save, owner, key, sign_in, sign_out },
        questions,
    );
    #[cfg(not(feature = "hydrate"))]
    let _ = (sheet, criteria, shared, full, stored, last_save, owner, key, sign_in, sign_out);
    view! {
        <span class="sheet-keeper" node_ref=anchor></span>
        {move || {
            let found = questions.differing.get();
            (!found.is_empty()).then(|| differing(found, &names, questions))
        }}
        {move || questions.leaving.get().then(|| leaving(questions))}
    }
}

/// Both versions side by side; the person decides field by field.
fn differing(found: Vec<Difference>, names: &BTreeMap<String, String>, questions: Questions) -> AnyView {
    let choices: Vec<(String, RwSignal<Option<Side>>)> =
        found.iter().map(|d| (d.field.clone(), RwSignal::new(d.proposed))).collect();
    let rows = found
        .into_iter()
        .zip(choices.clone())
        .map(|(d, (_, chosen))| {
            let side = move |side: Side, field: &str, text: &str| {
                let words = shown(field, text);
                view! {
                    <button
                        type="button"
                        class="side"
                        aria-pressed=move || if chosen.get() == Some(side) { "true" } else { "false" }
                        on:click=move |_| chosen.set(Some(side))
                    >
                        <span class="small muted">{match side { Side::Own => "本机填写", Side::Stored => "已保存" }}</span>
                        <span>{words}</span>
                    </button>
                }
            };
            view! {
                <div class="difference" role="group" aria-label=name(&d.field, names)>
                    <b>{name(&d.field, names)}</b>
                    {side(Side::Own, &d.field, &d.own)}
                    {side(Side::Stored, &d.field, &d.stored)}
                </div>
            }
        })
        .collect_view();
    let all = {
        let choices = choices.clone();
        move |side: Side| choices.iter().for_each(|(_, chosen)| chosen.set(Some(side)))
    };
    let (all_own, all_stored) = (all.clone(), all);
    let ready = {
        let choices = choices.clone();
        move || choices.iter().all(|(_, chosen)| chosen.get().is_some())
    };
    let decide = move |_| {
        let decided = choices.iter().filter_map(|(field, chosen)| Some((field.clone(), chosen.get_untracked()?)));
        questions.decided.set(Some(decided.collect()));
    };
    view! {
        <section class="desk-panel" role="alertdialog" aria-label="两处填写不同" tabindex="-1">
            <h3>"本评分表已在别处保存，以下各项不同"</h3>
            <p class="small">"逐项选定保留哪一处填写的；未列出的各项两处相同。"</p>
            <div class="row">
                <button type="button" class="btn sm" on:click=move |_| all_own(Side::Own)>"全部用本机填写的"</button>
                <button type="button" class="btn sm" on:click=move |_| all_stored(Side::Stored)>"全部用已保存的"</button>
            </div>
            {rows}
            <div class="row">
                <button type="button" class="btn primary" disabled=move || !ready() on:click=decide>"按所选保存"</button>
            </div>
        </section>
    }
    .into_any()
}

fn name(field: &str, names: &BTreeMap<String, String>) -> String {
    match field {
        VOTE => "推荐意见".to_owned(),
        COMMENT => "总体意见".to_owned(),
        field => match field.strip_suffix(REASON) {
            Some(code) => format!("{} 理由", names.get(code).map_or(code, String::as_str)),
            None => names.get(field).cloned().unwrap_or_else(|| field.to_owned()),
        },
    }
}

fn shown(field: &str, text: &str) -> String {
    if text.trim().is_empty() {
        return "（空白）".to_owned();
    }
    if field == VOTE {
        text.parse().map_or_else(|_| text.to_owned(), |vote: Vote| vote.label().to_owned())
    } else {
        text.to_owned()
    }
}

/// Signing out while something is unsent.
fn leaving(questions: Questions) -> AnyView {
    let answer = move |left: Leaving| {
        move |_| {
            questions.leaving.set(false);
            questions.left.set(Some(left));
        }
    };
    view! {
        <section class="desk-panel" role="alertdialog" aria-label="还有内容没有保存" tabindex="-1">
            <h3>"还有内容没有保存到服务器"</h3>
            <p class="small">"直接退出的，未保存的内容加密留在本机，只有您本人在本机再次登录、打开本表时才能恢复。"</p>
            <div class="row">
                <button type="button" class="btn primary" on:click=answer(Leaving::SaveFirst)>"保存后退出"</button>
                <button type="button" class="btn" on:click=answer(Leaving::Anyway)>"直接退出"</button>
                <button type="button" class="btn" on:click=answer(Leaving::Stay)>"留在本页"</button>
            </div>
        </section>
    }
    .into_any()
}
