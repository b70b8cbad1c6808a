//! The ceremony, to be projected: commitments, reveals, then one lot after the other, at a pace a room can follow.
//!
//! The time since the draw decides how many lots are shown, so every screen shows the same, with or without JavaScript.

use super::result::words;
use crate::components::{Board, Figure, ProgressBar, Seat, SeatState, Seats, Table, Tag, num, text};
use crate::frame::{Page, page};
use crate::request::{path_id, query};
use crate::routes::Round;
use crate::time;
use domain::access::{Department, Permission};
use domain::draw::DrawState;
use domain::ids::RoundId;
use leptos::prelude::*;
use service::draw::{Fate, Line, View};

/// The whole reveal takes about so long at most.
const LONGEST_SECONDS: i64 = 180;
const REFRESH_SECONDS: u32 = 2;
/// Lots that fit below the figures.
const ROWS: usize = 6;

#[component]
pub fn CeremonyPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let whole = query().get("all").is_some();
    page(move |ctx| async move {
        let round = round?;
        ctx.require(Permission::ReadProgress)?;
        let view = service::draw::view(&ctx, round).await?;
        let title = service::round::get(&ctx, round).await?.title;
        let since = view.as_ref().and_then(|v| v.drawn_at).map_or(0, |at| (ctx.now() - at).num_seconds());
        let board = match &view {
            None => waiting(title, "抽取尚未开始"),
            Some(view) if view.state != DrawState::Drawn => pledging(&title, view),
            Some(view) => {
                falling(&title, view, if whole { view.lots.len() } else { shown(view.lots.len(), since) }, round)
            }
        };
        Ok(Page::new("抽取专家（投影）", board).framed(crate::components::Frame::Bare))
    })
}

/// Lots shown after so many seconds.
fn shown(lots: usize, seconds: i64) -> usize {
    let lots = i64::try_from(lots).unwrap_or(i64::MAX);
    let pace = (lots + LONGEST_SECONDS - 1) / LONGEST_SECONDS;
    usize::try_from(seconds.saturating_mul(pace.max(1)).clamp(0, lots)).unwrap_or(0)
}

fn refresh() -> impl IntoView {
    view! { <leptos_meta::Meta http_equiv="refresh" content=REFRESH_SECONDS.to_string() /> }
}

fn waiting(title: String, words: &'static str) -> AnyView {
    view! {
        {refresh()}
        <Board title="抽取专家" subtitle=title>
            <p>{words}</p>
        </Board>
    }
    .into_any()
}

fn pledging(title: &str, view: &View) -> AnyView {
    let seats = Department::ALL
        .iter()
        .map(|department| {
            let (state, words) = match view.pledges.get(*department) {
                None => (SeatState::Away, "待承诺".to_owned()),
                Some(pledge) if pledge.nonce.is_none() => {
                    (SeatState::Waiting, format!("已承诺 {}…", pledge.commitment.get(..16).unwrap_or_default()))
                }
                Some(_) => (SeatState::Ready, "已公布，与承诺相符".to_owned()),
            };
            Seat { seat: "部门".to_owned(), name: department.label().to_owned(), state, words }
        })
        .collect();
    let step = if view.pledges.is_committed() { "二、公布随机数" } else { "一、承诺" };
    let footer = format!("候选池 {} 名 · 摘要 {}", view.candidates, view.pool_digest);
    view! {
        {refresh()}
        <Board title="抽取专家" subtitle=format!("{title} · {step}") footer=footer>
            <Seats seats=seats />
        </Board>
    }
    .into_any()
}

fn falling(title: &str, view: &View, shown: usize, round: RoundId) -> AnyView {
    let fallen = &view.lots[..shown.min(view.lots.len())];
    let accepted = fallen.iter().filter(|line| matches!(line.fate, Fate::Seated { .. })).count();
    let seats = view.lots.iter().filter(|line| matches!(line.fate, Fate::Seated { .. })).count();
    let done = fallen.len() == view.lots.len();
    let rows = fallen.iter().rev().take(ROWS).map(row).collect_view();
    let step = if done { "抽取完成" } else { "三、依签号入席" };
    let when = view.drawn_at.map(time::date_time).unwrap_or_default();
    let footer = format!("{when} · 种子 {}", view.seed);
    let skip = (!done).then(|| {
        let href = format!("{}?all", Round(round).draw_board());
        view! { <p class="no-print"><a href=href>"直接显示全部"</a></p> }
    });
    let (met, lots) = (fallen.len(), view.lots.len());
    let alternates = if done { view.alternates.len().to_string() } else { "—".to_owned() };
    view! {
        {(!done).then(refresh)}
        <Board title="抽取专家" subtitle=format!("{title} · {step}") footer=footer>
            <div class="figures">
                <Figure label="已入席" value=accepted.to_string() of=format!("/ {seats}") />
                <Figure label="已过签" value=met.to_string() of=format!("/ {lots}") />
                <Figure label="备选" value=alternates />
            </div>
            <ProgressBar done=accepted as u64 total=seats as u64 label="席位" />
            <Table label="最近的签" columns=[num("次序"), text("签号"), text("专家编号"), text("结果"), text("席位或未中原因")]>
                <tbody>{rows}</tbody>
            </Table>
            {skip}
        </Board>
    }
    .into_any()
}

fn row(line: &Line) -> impl IntoView + use<> {
    let (label, tone, words) = words(&line.fate);
    view! {
        <tr>
            <td class="n">{line.order}</td>
            <td><code>{line.lot.get(..16).unwrap_or_default().to_owned()}</code></td>
            <td class="tnum">{line.expert.clone()}</td>
            <td class="nowrap"><Tag label=label tone=tone /></td>
            <td>{words}</td>
        </tr>
    }
}
