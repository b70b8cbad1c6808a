//! One pair with all its records: rule, source, evidence of both sides, decision, and the form to decide.

use super::actions::{DecideConflict, UndoRecusal};
use super::pairs::{Pair, PairState};
use crate::components::{
    Button, Card, CardBody, Form, KeyValue, KeyValues, LinkButton, Need, Query, Tag, TextArea, Use,
};
use crate::request::post;
use crate::routes::{self, Round};
use domain::conflict::{Conflict, Decision, Effect, Origin};
use domain::ids::RoundId;
use leptos::prelude::*;

/// The people who may decide now, or why nobody may.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Deciding {
    Allowed,
    /// The role only reads.
    ReadOnly,
    /// Scoring has begun: declarations made by mistake are undone.
    Undoing,
    /// Scoring is over.
    Over,
}

pub fn card(round: RoundId, pair: &Pair<'_>, query: &Query, deciding: Deciding, next: Option<String>) -> AnyView {
    let (expert, application) = (pair.expert, pair.application);
    let state = pair.state;
    let participants: Vec<_> = application.participants().map(|m| m.name.clone()).collect();
    let mut project = vec![application.title.clone()];
    project.extend(application.lead().map(|lead| format!("牵头：{}", lead.name)));
    if !participants.is_empty() {
        project.push(format!("参与：{}", participants.join("、")));
    }
    let facts = vec![
        KeyValue::new("专家", expert.name.clone()).source(format!("{} {}", expert.employer, expert.title)),
        KeyValue::new("项目", project.remove(0)).source(project.join("；")),
    ];
    let count = pair.records.len();
    let records = pair
        .records
        .iter()
        .enumerate()
        .map(|(i, conflict)| {
            let number = (count > 1).then(|| format!("记录 {}/{count}", i + 1));
            record(round, conflict, query, deciding, number)
        })
        .collect_view();
    let expert_page = routes::expert(expert.id);
    let application_page = Round(round).application(application.id);
    let close = query.without("pair").href();
    view! {
        <aside class="aside" aria-label="回避记录">
            <Card
                title=format!("{} × {}", expert.code, application.code)
                actions=move || view! { <Tag label=state.label() tone=state.tone() glyph=state.glyph() /> }
                body=CardBody::Stacked
            >
                <KeyValues items=facts />
                {records}
                <div class="row">
                    {next.map(|href| view! { <LinkButton href=href>"下一条待认定"</LinkButton> })}
                    <LinkButton href=expert_page>"专家履历"</LinkButton>
                    <LinkButton href=application_page>"申报项目"</LinkButton>
                    <a class="small" href=close>"收起"</a>
                </div>
            </Card>
        </aside>
    }
    .into_any()
}

fn record(
    round: RoundId,
    conflict: &Conflict,
    query: &Query,
    deciding: Deciding,
    number: Option<String>,
) -> impl IntoView + use<> {
    let items = vec![
        KeyValue::new("规则", view! { <b>{format!("{} {}", conflict.rule.mark(), conflict.rule.label())}</b> })
            .source(conflict.rule.source()),
        KeyValue::new("专家证据", conflict.evidence.expert_side.clone()),
        KeyValue::new("项目证据", conflict.evidence.application_side.clone()),
        KeyValue::new("来源", conflict.origin.label()),
        KeyValue::new("认定", standing(conflict))
            .source((!conflict.reason.is_empty()).then(|| format!("理由：{}", conflict.reason))),
    ];
    let declared = conflict.origin == Origin::Declared && conflict.decision == Decision::Upheld;
    let form = match deciding {
        Deciding::Allowed => Some(form(round, conflict, query)),
        Deciding::Undoing if declared => Some(undoing(round, conflict, query)),
        Deciding::ReadOnly => None,
        Deciding::Over | Deciding::Undoing => Some(
            view! { <p class="small muted">"已开始评分，不再认定；评分中发现须回避的，请在“评分核对”作废评分表。"</p> }
                .into_any(),
        ),
    };
    view! {
        <section class="record">
            {number.map(|words| view! { <h3>{words}</h3> })}
            <KeyValues items=items />
            {form}
        </section>
    }
}

/// The decision, and what an open one means.
fn standing(conflict: &Conflict) -> AnyView {
    let state = PairState::of(conflict);
    let (label, words) = match (conflict.decision, conflict.rule.effect()) {
        (Decision::Pending, Effect::Mandatory) => ("先予回避", "应当回避的情形，尚未逐条认定"),
        (Decision::Pending, Effect::Discretionary) => ("待认定", "认定之前不排除"),
        (decided, _) => (decided.label(), ""),
    };
    view! {
        <Tag label=label tone=state.tone() glyph=state.glyph() />
        {(!words.is_empty()).then(|| view! { <span class="src">{words}</span> })}
    }
    .into_any()
}

/// What an expert declared by mistake is undone, with the reason on record.
fn undoing(round: RoundId, conflict: &Conflict, query: &Query) -> AnyView {
    let (key, came_from) = (conflict.id.to_string(), came_from(query));
    view! {
        <Form action={post::<UndoRecusal>()} own=vec![("conflict", key.clone())] class="stack">
            <input type="hidden" name="round" value=round.to_string() />
            <input type="hidden" name="query" value=came_from />
            <TextArea
                name="reason"
                label="撤销误报的理由"
                rows=2
                need=Need::Required
                hint="专家误报申明的，在独立评分期间撤销：评分表恢复为草稿，由专家重新提交"
                id=format!("undo-{key}")
            />
            <div class="row"><Button>"撤销误报"</Button></div>
        </Form>
    }
    .into_any()
}

/// The query goes through a form field, so it is taken from the address and not written by hand.
fn came_from(query: &Query) -> String {
    query.href().split_once('?').map_or_else(String::new, |(_, pairs)| pairs.to_owned())
}

fn form(round: RoundId, conflict: &Conflict, query: &Query) -> AnyView {
    let (key, came_from) = (conflict.id.to_string(), came_from(query));
    let bound = conflict.origin == Origin::Declared && conflict.rule.effect() == Effect::Mandatory;
    let hint = bound.then_some("专家本人申明的法定回避情形，不得认定为不回避");
    let label = if conflict.decision == Decision::Pending { "认定理由" } else { "改变认定的理由" };
    view! {
        <Form action={post::<DecideConflict>()} own=vec![("conflict", key.clone())] class="stack">
            <input type="hidden" name="round" value=round.to_string() />
            <input type="hidden" name="query" value=came_from />
            <TextArea name="reason" label=label rows=2 need=Need::Required hint=hint id=format!("reason-{key}") />
            <div class="row">
                <Button name="decision" value=Decision::Upheld.key()>"认定回避"</Button>
                <Button
                    name="decision"
                    value=Decision::Dismissed.key()
                    usable=if bound { Use::Disabled } else { Use::Enabled }
                >
                    "认定不回避"
                </Button>
            </div>
        </Form>
    }
    .into_any()
}
