//! The score sheet as a form, and as it stands once it is closed.

use super::actions::WithdrawSheet;
use super::actions::server_side::stored;
use super::keeper::SheetKeeper;
use crate::components::{
    Band as BandLine, Button, ButtonTone, Choice, ChoiceLayout, DeskTotal, LinkButton, Need, RadioGroup, Saved,
    ScoreEntry, ScoreGroup, ScoreItem, Tag, TextArea, Tone, came_back,
};
use crate::request::{post, sign_in_address};
use crate::routes;
use domain::points::Points;
use domain::round::Work;
use domain::rubric::{Band, Criterion, Dimension, Scoring};
use domain::sheet::{SheetState, Vote};
use leptos::prelude::*;
use service::scoring::{DeviceKey, SheetView};
use std::collections::BTreeMap;

/// The form while the sheet can be changed.
pub fn open(view: &SheetView, saved: String, next: Option<String>, device: DeviceKey) -> AnyView {
    let sheet = &view.sheet;
    let first = first_item(view);
    let groups =
        view.round.rubric.dimensions.iter().map(|d| group(view, d, Editing::Open, first.as_deref())).collect_view();
    let criteria: Vec<Criterion> = view.round.rubric.applicable(view.facts).cloned().collect();
    let mark = if saved.is_empty() { Saved::Untouched } else { Saved::At(saved) };
    let votes = Vote::ALL.iter().map(|v| Choice::new(v.key(), v.label())).collect();
    let shared = shared(view);
    let full = view.round.rubric.full();
    let (version, stored) = (sheet.version.to_string(), stored(sheet));
    let id = sheet.id.to_string();
    let recusal = routes::recusal(sheet.id);
    let sign_in = sign_in_address(&routes::desk(sheet.id));
    let last_save = sheet.last_save.map(|save| save.0.to_string());
    view! {
        {head(view)}
        <input type="hidden" name="sheet" value=id.clone() />
        <input type="hidden" name="version" value=version />
        <input type="hidden" name="unanswered" value="" />
        <div class="items">
            {groups}
            <fieldset>
                <legend><span><b>"推荐意见"</b></span></legend>
                <div class="item">
                    <RadioGroup
                        name="vote"
                        label="是否推荐"
                        choices=votes
                        value=sheet.vote.map(|v| v.key().to_owned())
                        layout=ChoiceLayout::Inline
                        need=Need::Required
                    />
                    <TextArea name="comment" label="总体意见" rows=2 value=sheet.comment.clone() need=Need::Optional />
                </div>
            </fieldset>
            <p class="item foot small">
                <a href=recusal>"与本项目有应当回避的关系，申明回避"</a>
            </p>
        </div>
        <aside class="desk-anchors" aria-label="评分标准" hidden></aside>
        <DeskTotal total=total_words(view) saved=mark>
            {next.map(|href| view! { <LinkButton href=href>"下一项"</LinkButton> })}
            <Button name="intent" value="save">"保存"</Button>
            <Button name="intent" value="submit" tone=ButtonTone::Primary title="“核对”开始之前可以撤回">"提交"</Button>
            <SheetKeeper
                sheet=id
                criteria=criteria
                shared=shared
                full=full
                stored=stored
                last_save=last_save
                owner=device.owner
                key=device.key
                sign_in=sign_in
                sign_out=routes::SIGN_OUT.to_owned()
            />
        </DeskTotal>
    }
    .into_any()
}

/// The sheet as submitted.
pub fn closed(view: &SheetView) -> AnyView {
    let groups = view.round.rubric.dimensions.iter().map(|d| group(view, d, Editing::Closed, None)).collect_view();
    let vote = view.sheet.vote.map_or("未填写", Vote::label);
    let comment = view.sheet.comment.clone();
    let recusal = view.round.permits(Work::DeclareConflict).is_ok().then(|| {
        view! {
            <p class="item foot small no-print">
                <a href=routes::recusal(view.sheet.id)>"与本项目有应当回避的关系，申明回避"</a>
            </p>
        }
    });
    let withdrawable = view.sheet.is_submitted() && view.round.permits(Work::Score).is_ok();
    let withdraw = withdrawable.then(|| {
        view! {
            <input type="hidden" name="sheet" value=view.sheet.id.to_string() />
            <Button formaction={post::<WithdrawSheet>()} title="恢复为草稿，改好后重新提交">"撤回"</Button>
        }
    });
    view! {
        {head(view)}
        <div class="items">
            {groups}
            <div class="item">
                <p>{format!("推荐意见：{vote}")}</p>
                {(!comment.is_empty()).then(|| view! { <p class="small whole">{comment}</p> })}
            </div>
            {recusal}
        </div>
        <DeskTotal total=total_words(view) saved=Saved::Closed(state_words(view))>
            {withdraw}
            <LinkButton href=routes::DESKS>"返回列表"</LinkButton>
        </DeskTotal>
        {signature()}
    }
    .into_any()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Editing {
    Open,
    Closed,
}

fn head(view: &SheetView) -> impl IntoView + use<> {
    let application = &view.application;
    let submitted = view.sheet.is_submitted();
    view! {
        <header>
            <div>
                <h2>{format!("{}　{}", application.code, application.title)}</h2>
                <p class="small muted">
                    {format!(
                        "榜单任务 {} · {} {} 家 · 总投资 {} 万元",
                        view.task.code,
                        application.form,
                        application.members.len(),
                        application.investment.in_wan(),
                    )}
                </p>
            </div>
            {submitted.then(|| view! { <Tag label="已提交" tone=Tone::Good /> })}
        </header>
        <p class="print-only">
            {format!("{} · {} · 专家{}号 · {}", view.round.title, view.panel, view.seat, state_words(view))}
        </p>
    }
}

/// When it was submitted, for the printed sheet.
fn state_words(view: &SheetView) -> String {
    match &view.sheet.state {
        SheetState::Draft => "尚未提交，不作为评审依据".to_owned(),
        SheetState::Submitted { at } => format!("提交于 {}", crate::time::date_time(*at)),
        SheetState::Voided { reason, .. } => format!("已作废：{reason}"),
    }
}

/// For the ink of the expert on the printed sheet.
fn signature() -> impl IntoView {
    view! {
        <div class="sign print-only">
            <p>"专家签名"</p>
            <p>"日期"</p>
        </div>
    }
}

fn shared(view: &SheetView) -> BTreeMap<String, Points> {
    view.objective.iter().map(|(code, (points, _))| (code.clone(), *points)).collect()
}

fn total_words(view: &SheetView) -> String {
    let shared = shared(view);
    if let Some(total) = view.sheet.total(&view.round.rubric, view.facts, &shared) {
        return total.rounded().to_string();
    }
    let sum: Points = view.sheet.scores(&shared).into_values().sum();
    format!("{sum} 未完")
}

/// The item the page opens at: the first without a score, or the first. A form that came back opens at its first problem.
fn first_item(view: &SheetView) -> Option<String> {
    if came_back() {
        return None;
    }
    let own = || view.round.rubric.applicable(view.facts).filter(|c| c.scoring == Scoring::Subjective);
    let is_open = |c: &&Criterion| view.sheet.entries.get(&c.code).is_none_or(|entry| entry.points.is_none());
    own().find(is_open).or_else(|| own().next()).map(|c| c.code.clone())
}

fn group(view: &SheetView, dimension: &Dimension, editing: Editing, first: Option<&str>) -> impl IntoView + use<> {
    let scores = view.sheet.scores(&shared(view));
    let sum: Points = dimension.criteria.iter().filter_map(|c| scores.get(&c.code).copied()).sum();
    let items =
        dimension.criteria.iter().map(|c| item(view, c, editing, first == Some(c.code.as_str()))).collect_view();
    view! {
        <ScoreGroup
            code=dimension.code.clone()
            title=dimension.name.clone()
            max=format!("{} 分", dimension.full().short())
            sum=sum.to_string()
        >
            {items}
        </ScoreGroup>
    }
}

fn item(view: &SheetView, criterion: &Criterion, editing: Editing, first: bool) -> AnyView {
    if !criterion.applies(view.facts) {
        let words =
            format!("{}　{}：{}，分值从满分中扣除后折算", criterion.code, criterion.name, criterion.not_applicable);
        return view! { <div class="item"><p class="small muted">{words}</p></div> }.into_any();
    }
    let (code, name, full) = (criterion.code.clone(), criterion.name.clone(), criterion.full.short());
    if criterion.scoring == Scoring::Objective {
        let (value, basis) = view.objective.get(&criterion.code).map_or_else(
            || (String::new(), "尚未登记".to_owned()),
            |(points, evidence)| (points.short(), evidence.clone()),
        );
        return view! {
            <ScoreItem name=code.clone() code=code title=name max=full value=value entry=ScoreEntry::Shared(basis) />
        }
        .into_any();
    }
    let entry = view.sheet.entries.get(&criterion.code).cloned().unwrap_or_default();
    let value = entry.points.map(Points::short);
    if editing == Editing::Closed {
        let reason = entry.reason;
        return view! {
            <div class="item">
                <label><span><span class="code">{code}</span>{name}</span><span class="max">{format!("满分 {full}")}</span></label>
                <b class="n">{value.unwrap_or_else(|| "—".to_owned())}</b>
                {(!reason.is_empty()).then(|| view! { <p class="small muted">{reason}</p> })}
            </div>
        }
        .into_any();
    }
    let band = entry.points.map(|p| criterion.band(p).label().to_owned());
    let need = if entry.points.is_some_and(|p| criterion.needs_reason(p)) { Need::Required } else { Need::Optional };
    view! {
        <ScoreItem
            name=code.clone()
            code=code
            title=name
            max=full
            value=value
            bands=bands(criterion)
            band=band
            reason=entry.reason
            reason_need=need
            first=first
        />
    }
    .into_any()
}

fn bands(criterion: &Criterion) -> Vec<BandLine> {
    Band::ALL
        .iter()
        .zip(&criterion.anchors)
        .map(|(band, anchor)| {
            let (low, high) = criterion.band_range(*band);
            let range = if *band == Band::Poor {
                format!("≤{}", high.short())
            } else {
                format!("{}–{}", low.short(), high.short())
            };
            BandLine::new(band.label(), range, anchor.clone())
        })
        .collect()
}
