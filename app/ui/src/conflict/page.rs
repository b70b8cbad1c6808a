//! The recusal page: counts, filters, matrix or list, and the chosen pair beside it.

use super::actions::DetectConflicts;
use super::card::{Deciding, card};
use super::filter::{Filter, bar};
use super::pairs::{Pair, PairState, pairs};
use super::{grid, list};
use crate::components::format::thousands;
use crate::components::{
    Button, ButtonTone, Card, CardBody, EmptyState, LinkButton, PageHead, Query, Tab, Tabs, TabsLook,
};
use crate::frame::{Page, page};
use crate::request::{path_id, post, query};
use crate::time;
use domain::access::Permission;
use domain::ids::{ConflictId, RoundId};
use domain::round::{When, Work};
use leptos::prelude::*;
use service::Context;
use service::conflict::Picture;

#[component]
pub fn ConflictsPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let query = query();
    page(move |ctx| async move {
        let picture = service::conflict::picture(&ctx, round?).await?;
        let all = pairs(&picture);
        let view = view! {
            {head(&ctx, &picture, &all, &query)}
            {if all.is_empty() && picture.seats.is_empty() {
                nothing(&picture)
            } else {
                body(&ctx, &picture, all, &query)
            }}
        };
        Ok(Page::new("回避", view).of(picture.dossier.round.clone()).landscape())
    })
}

fn may_detect(ctx: &Context, picture: &Picture) -> bool {
    ctx.may(Permission::DecideConflicts) && picture.dossier.round.permits(Work::CompareConflicts).is_ok()
}

fn head(ctx: &Context, picture: &Picture, all: &[Pair<'_>], query: &Query) -> impl IntoView + use<> {
    let count = |state: PairState| all.iter().filter(|p| p.state == state).count() as u64;
    let (firm, open, lifted) = (count(PairState::Firm), count(PairState::Open), count(PairState::Lifted));
    let (experts, applications) = (picture.pool as u64, picture.dossier.eligible().count() as u64);
    let unseen = all.iter().filter(|p| p.excluded_unseen()).count();
    let all_pairs = format!(
        "{} 位在库专家 × {} 个项目，共 {} 对",
        thousands(experts),
        thousands(applications),
        thousands(experts * applications)
    );
    let figures = if all.is_empty() && picture.compared_at.is_none() {
        format!("{all_pairs}；尚未比对")
    } else {
        let (firm, lifted) = (thousands(firm), thousands(lifted));
        format!("{all_pairs}；确定 {firm} 对，待认定 {} 对，已排除 {lifted} 对", thousands(open))
    };
    let unseen = (unseen > 0)
        .then(|| format!("确定的 {unseen} 对属应当回避的情形，比对后即予排除，尚未逐条认定；待认定的须在分组前认定。"));
    let compared = picture.compared_at.map(|at| format!("最近一次比对：{}。", time::date_time(at)));
    let again = picture.compared_at.is_some();
    let detect = may_detect(ctx, picture).then(|| {
        let round = picture.dossier.round.id.to_string();
        let label = if again { "重新比对" } else { "进行回避比对" };
        let tone = if again { ButtonTone::Default } else { ButtonTone::Primary };
        view! {
            <form method="post" action={post::<DetectConflicts>()}>
                <input type="hidden" name="round" value=round />
                <Button tone=tone title="只更新尚未认定的系统比对记录，已认定的保留">{label}</Button>
            </form>
        }
    });
    let next = (deciding(ctx, picture) == Deciding::Allowed)
        .then(|| next_open(all, None))
        .flatten()
        .map(|id| Query::new(query.path()).with("state", PairState::Open.key()).with("pair", id.to_string()).href())
        .map(|href| view! { <LinkButton href=href tone=ButtonTone::Primary>{format!("逐条认定（{open}）")}</LinkButton> });
    view! {
        <PageHead
            title="回避"
            lede=move || view! {
                <p>{figures}</p>
                <p class="small">{compared} {unseen}</p>
            }
            actions=move || view! { {detect} {next} }
        />
    }
}

fn deciding(ctx: &Context, picture: &Picture) -> Deciding {
    if !ctx.may(Permission::DecideConflicts) {
        Deciding::ReadOnly
    } else if picture.dossier.round.permits(Work::Reopen).is_ok() {
        Deciding::Undoing
    } else if picture.dossier.round.permits(Work::DecideConflicts).is_err() {
        Deciding::Over
    } else {
        Deciding::Allowed
    }
}

/// The open record to decide next: the one behind the present pair, or the first.
fn next_open(all: &[Pair<'_>], present: Option<ConflictId>) -> Option<ConflictId> {
    let open: Vec<_> = all.iter().filter(|p| p.state == PairState::Open).filter_map(|p| p.leading(None)).collect();
    let at = open.iter().position(|c| Some(c.id) == present);
    let next = at.map_or(0, |at| at + 1);
    open.get(next).or_else(|| open.first()).map(|c| c.id).filter(|id| Some(*id) != present)
}

fn body(ctx: &Context, picture: &Picture, all: Vec<Pair<'_>>, query: &Query) -> AnyView {
    let filter = Filter::read(query);
    let chosen: Option<ConflictId> = query.get("pair").and_then(|id| id.parse().ok());
    let beside = all.iter().find(|p| p.records.iter().any(|c| Some(c.id) == chosen));
    let aside = beside.map(|pair| {
        let next = next_open(&all, chosen).map(|id| query.with("pair", id.to_string()).href());
        card(picture.dossier.round.id, pair, query, deciding(ctx, picture), next)
    });
    let selected = beside.map(|pair| (pair.expert.id, pair.application.id));
    let shown: Vec<_> = all.into_iter().filter(|pair| filter.admits(picture, pair)).collect();
    let as_list = query.get("view") == Some("list");
    let content = if as_list {
        list::table(picture, &shown, filter.rule, query, chosen)
    } else {
        grid::matrix(picture, &shown, &filter, query, selected)
    };
    let base = query.without("pair").without("page").without("columns");
    let (matrix, table) = (base.without("view").href(), base.with("view", "list").href());
    let here = if as_list { table.clone() } else { matrix.clone() };
    let tabs = vec![Tab::new("矩阵", matrix), Tab::new("列表", table)];
    let class = if aside.is_some() { "split wide-aside" } else { "stack" };
    let count = format!("符合条件 {} 对", thousands(shown.len() as u64));
    let filters = bar(picture, query);
    view! {
        <div class=class>
            <Card
                title="专家 × 项目"
                hint=count
                body=CardBody::Flush
                actions=move || view! { <Tabs label="查看方式" tabs=tabs here=here look=TabsLook::Pills /> }
            >
                {filters}
                {content}
            </Card>
            {aside}
        </div>
    }
    .into_any()
}

/// No record and no seat yet: what comes first.
fn nothing(picture: &Picture) -> AnyView {
    let (title, what) =
        match (picture.dossier.round.when(Work::CompareConflicts) == When::Ahead, picture.compared_at.is_some()) {
            (true, _) => ("尚未进入回避审查", "形式审查完成后，由协调员将专家库与申报逐对比对。"),
            (false, false) => (
                "尚未进行回避比对",
                "请由协调员进行回避比对：专家的现单位、三年内任职与申报的全部成员单位、人员逐对比对。",
            ),
            (false, true) => ("比对完成，没有发现回避情形", "专家库或申报有变化时，请重新比对。"),
        };
    view! { <Card body=CardBody::Flush><EmptyState title=title what_to_do=what /></Card> }.into_any()
}
