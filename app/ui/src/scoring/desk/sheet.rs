//! One sheet: list, materials, form.

use super::actions::server_side::clock;
use super::{form, materials};
use crate::components::{Desk, DeskEntry, DeskList, EntryState, Frame, Text, refilled};
use crate::frame::{Page, page};
use crate::request::{path_id, post};
use crate::routes;
use domain::round::Work;
use leptos::prelude::*;
use service::scoring::{DeskLine, DeviceKey, SheetView};

#[component]
pub fn SheetPage() -> AnyView {
    let id = path_id("sheet");
    page(move |ctx| async move {
        let (sheet, desk) = service::scoring::sheet(&ctx, id?).await?;
        let (title, code, round) =
            (sheet.application.title.clone(), sheet.application.code.clone(), sheet.round.clone());
        let entries: Vec<_> = desk.lines.into_iter().map(entry).collect();
        let done = entries.iter().filter(|e| e.state == EntryState::Submitted).count();
        let all = entries.iter().filter(|e| e.state != EntryState::Recused).count();
        let next = next_open(&entries, &code);
        let panel = format!("{} · 专家 {} 号", sheet.panel, sheet.seat);
        let figures = format!("{done} / {all}");
        let list = move || view! { <DeskList title=panel figures=figures entries=entries current=code /> };
        let saved = clock(sheet.sheet.saved_at);
        let paper = materials::paper(&sheet);
        let tabs = materials::tabs(&sheet);
        let device = service::scoring::device_key(&ctx)?;
        let body = refilled(post::<super::actions::PostSheet>(), &[], || form_of(&sheet, saved, next, device));
        Ok(Page::new(
            title,
            view! {
                <Desk
                    list=list
                    documents=move || tabs
                    materials=move || paper
                    form=move || body
                    action={post::<super::actions::PostSheet>()}
                />
            },
        )
        .of(round)
        .framed(Frame::Desk))
    })
}

fn form_of(sheet: &SheetView, saved: String, next: Option<String>, device: DeviceKey) -> AnyView {
    if sheet.sheet.is_submitted() || sheet.round.permits(Work::Score).is_err() {
        form::closed(sheet)
    } else {
        form::open(sheet, saved, next, device)
    }
}

fn entry(line: DeskLine) -> DeskEntry {
    match line {
        DeskLine::Recused => DeskEntry {
            code: "回避".to_owned(),
            name: String::new(),
            href: String::new(),
            state: EntryState::Recused,
            total: Text::none(),
        },
        DeskLine::Own { sheet, code, title, total, .. } => DeskEntry {
            code,
            name: title,
            href: routes::desk(sheet.id),
            state: match (sheet.is_submitted(), sheet.version) {
                (true, _) => EntryState::Submitted,
                (false, 0) => EntryState::Untouched,
                (false, _) => EntryState::Draft,
            },
            total: total.map(|t| t.to_string()).into(),
        },
    }
}

/// The next application after this one that still needs work.
fn next_open(entries: &[DeskEntry], current: &str) -> Option<String> {
    let here = entries.iter().position(|e| e.code == current)?;
    let open = |e: &&DeskEntry| matches!(e.state, EntryState::Untouched | EntryState::Draft) && e.code != current;
    let later = entries[here + 1..].iter().find(open);
    later.or_else(|| entries[..here].iter().find(open)).map(|e| e.href.clone())
}
