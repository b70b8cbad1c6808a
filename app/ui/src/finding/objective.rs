//! The form of objective points: each criterion with its anchors, the points, and the evidence they rest on.

use super::actions::ScoreObjectives;
use super::editing::Editing;
use super::form::{self, Words};
use super::list::objective_criteria;
use crate::components::{Field, FieldWidth, InputKind, KeyValue, KeyValues, TextArea};
use crate::request::post;
use domain::application::Application;
use domain::objective::Objective;
use domain::round::RoundKind;
use domain::rubric::Criterion;
use leptos::prelude::*;
use service::finding::{Established, INDICATOR_CRITERION};

pub fn card(found: &Established, application: &Application, editing: Editing) -> AnyView {
    let facts = found.dossier.facts(application);
    let own = found.objectives.get(&application.id);
    let one = |criterion: &Criterion| {
        let scored = own.and_then(|own| own.get(&criterion.code));
        let computed = found.dossier.round.kind == RoundKind::Acceptance && criterion.code == INDICATOR_CRITERION;
        let content = if !criterion.applies(facts) {
            view! {
                <p class="muted">
                    {format!("不适用：{}。该项分值退出基数，其余按比例折算，不奖不罚。", criterion.not_applicable)}
                </p>
            }
            .into_any()
        } else if computed || editing != Editing::Open {
            stated(scored, computed)
        } else {
            fields(criterion, scored)
        };
        block(criterion, content)
    };
    let blocks = || objective_criteria(found).map(one).collect_view().into_any();
    let words = Words {
        title: "客观评分项",
        hint: "得分对照评分标准；留空为未登记，不是0分".to_owned(),
        note: "保存只改变本项目的客观分",
        save: "保存客观分",
        anchor: "objective",
    };
    form::card(words, post::<ScoreObjectives>(), found, application, editing, blocks)
}

fn block(criterion: &Criterion, content: AnyView) -> impl IntoView + use<> {
    let anchors = criterion.anchors.iter().map(|a| view! { <li>{a.clone()}</li> }).collect_view();
    view! {
        <section class="criterion">
            <header>
                <h3>{format!("{} {}", criterion.code, criterion.name)}</h3>
                <span class="muted">{format!("满分 {} 分 · {}", criterion.full.short(), criterion.field)}</span>
            </header>
            <ul class="anchors">{anchors}</ul>
            <div class="answer">{content}</div>
        </section>
    }
}

fn fields(criterion: &Criterion, scored: Option<&Objective>) -> AnyView {
    let code = &criterion.code;
    let points = scored.map(|o| o.points.short());
    let evidence = scored.map(|o| o.evidence.clone());
    view! {
        <Field
            name=format!("points[{code}]")
            label="得分"
            kind=InputKind::Decimal
            value=points
            unit="分"
            width=FieldWidth::Short
            id=format!("points-{code}")
        />
        <TextArea
            name=format!("evidence[{code}]")
            label="佐证材料及页码"
            value=evidence
            rows=2
            placeholder=criterion.evidence.clone()
            maxlength=500
            id=format!("evidence-{code}")
        />
    }
    .into_any()
}

fn stated(scored: Option<&Objective>, computed: bool) -> AnyView {
    let Some(scored) = scored else {
        let words = if computed { "指标完成情况表填齐后自动计算" } else { "尚未登记" };
        return view! { <p class="muted">{words}</p> }.into_any();
    };
    let items = vec![
        KeyValue::new("得分", view! { <b class="tnum">{format!("{} 分", scored.points.short())}</b> }),
        KeyValue::new(if computed { "由来" } else { "佐证材料" }, scored.evidence.clone()),
    ];
    view! { <KeyValues items=items /> }.into_any()
}
