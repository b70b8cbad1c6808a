//! The check page: counts, one panel at a time, and the chosen sheet beside the table.

use super::sheet::{Voiding, card};
use super::table::{Values, submitted, table};
use crate::components::{Alert, Card, CardBody, EmptyState, PageHead, ProgressBar, Query, Tab, Tabs};
use crate::frame::{Page, page};
use crate::request::{path_id, query};
use domain::access::Permission;
use domain::ids::{PanelId, RoundId};
use domain::round::{When, Work};
use leptos::prelude::*;
use service::Context;
use service::scoring::{Board, BoardRow, Outlier};

#[component]
pub fn BoardPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let query = query();
    page(move |ctx| async move {
        let board = service::scoring::board(&ctx, round?).await?;
        let (done, total) = count(board.panels.iter().flat_map(|(_, _, rows)| rows));
        let far = board
            .panels
            .iter()
            .flat_map(|(_, _, rows)| rows)
            .flat_map(BoardRow::sheets)
            .filter(|c| c.outlier == Outlier::FarFromMean)
            .count();
        let outliers = if board.closed { format!("；偏离平均超过30%的 {far} 张") } else { String::new() };
        let facts = format!("已提交 {done} / {total} 张{outliers}");
        let content = if total == 0 { nothing(&board) } else { panels(&ctx, &board, &query) };
        let view = view! {
            <PageHead title="评分核对" lede=move || facts />
            {(total > 0 && !board.closed)
                .then(|| view! {
                    <Alert title="评分进行中：只显示是否提交，不显示任何分值；独立评分结束进入“核对”后显示合计。" />
                })}
            {content}
        };
        Ok(Page::new("评分核对", view).of(board.dossier.round.clone()).landscape())
    })
}

fn count<'a>(rows: impl Iterator<Item = &'a BoardRow>) -> (usize, usize) {
    rows.map(submitted).fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
}

fn nothing(board: &Board) -> AnyView {
    let (title, what) = if board.dossier.round.when(Work::Score) == When::Ahead {
        ("尚未开始评分", "签到承诺完成、评审办法冻结后进入“独立评分”，系统为每名到会专家生成评分表。")
    } else {
        ("没有评分表", "开始评分时没有到会专家；请联系协调员核对签到情况。")
    };
    view! { <Card body=CardBody::Flush><EmptyState title=title what_to_do=what /></Card> }.into_any()
}

fn panels(ctx: &Context, board: &Board, query: &Query) -> AnyView {
    let asked: Option<PanelId> = query.get("panel").and_then(|id| id.parse().ok());
    let shown = board.panels.iter().find(|(id, ..)| Some(*id) == asked).or_else(|| board.panels.first());
    let Some((panel, seats, rows)) = shown else { return nothing(board) };
    let base = query.without("sheet");
    let address = |id: PanelId| base.with("panel", id.to_string()).href();
    let name = |id: PanelId| board.dossier.panel(id).map_or_else(String::new, |p| p.name.clone());
    let tabs = board
        .panels
        .iter()
        .map(|(id, _, rows)| {
            let (done, total) = count(rows.iter());
            Tab::new(format!("{} {done}/{total}", name(*id)), address(*id))
        })
        .collect();
    let here = query.with("panel", panel.to_string());
    let chosen = rows.iter().find_map(|row| {
        let at = row.cells.iter().zip(seats);
        at.filter_map(|(cell, seat)| cell.as_ref().map(|c| (seat, row, c)))
            .chain(row.guests.iter().map(|(seat, sheet)| (seat, row, sheet)))
            .find(|(_, _, c)| query.get("sheet") == Some(c.id.to_string().as_str()))
    });
    let may = ctx.may(Permission::DecideConflicts) && board.dossier.round.permits(Work::VoidSheet).is_ok();
    let voiding = if may { Voiding::Allowed } else { Voiding::Forbidden };
    let aside = chosen.map(|chosen| card(&board.dossier, *panel, chosen, &here, voiding));
    let values = if board.closed { Values::Shown } else { Values::Sealed };
    let (done, total) = count(rows.iter());
    let content = table(&board.dossier, &name(*panel), seats, rows, values, &here);
    view! {
        <Tabs label="评审组" tabs=tabs here=address(*panel) />
        <div class="stack">
            <Card
                title=name(*panel)
                hint=format!("{} 项，{} 个席位", rows.len(), seats.len())
                body=CardBody::Flush
                footer=footer(values)
            >
                <div class="bar-pad"><ProgressBar done=done as u64 total=total as u64 label="已提交" /></div>
                {content}
            </Card>
            {aside}
        </div>
    }
    .into_any()
}

const fn footer(values: Values) -> &'static str {
    match values {
        Values::Shown => "平均为已提交各表合计的算术平均，未去极值、未校准；▲ 偏离：与本项目平均相差超过30%。",
        Values::Sealed => "✓ 已提交　◐ 填写中　○ 未开始　╱ 回避　✕ 作废　– 缺席",
    }
}
