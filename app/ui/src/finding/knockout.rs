//! 一票否决 and the indicator table in one form: both are facts of acceptance, saved together.

use super::actions::RecordIndicators;
use super::editing::Editing;
use super::form::{self, Words};
use super::indicator;
use crate::components::{Alert, AlertKind, Checkbox, Field, Tag, Tone};
use crate::request::post;
use domain::acceptance::{Knockout, Rate, Results, core_completion};
use domain::application::{Application, Task};
use leptos::prelude::*;
use service::finding::Established;
use std::collections::BTreeMap;

pub fn card(found: &Established, application: &Application, task: &Task, editing: Editing) -> AnyView {
    let none = (Results::new(), BTreeMap::new());
    let results = found.indicator_results.get(&application.id).unwrap_or(&none.0);
    let knockouts = found.knockouts.get(&application.id).unwrap_or(&none.1);
    let content = || {
        view! {
            {presumed(task, results, knockouts)}
            <div class="bleed">{indicator::table(task, results, editing)}</div>
            <h3>"一票否决情形"</h3>
            {list(knockouts, editing)}
        }
        .into_any()
    };
    let words = Words {
        title: "指标完成情况与一票否决",
        hint: format!("{} 项指标，已填 {} 项；完成率不进位", task.indicators.len(), results.len()),
        note: "指标填齐后自动计算 D2；其他客观分不变",
        save: "保存指标与一票否决",
        anchor: "indicators",
    };
    form::card(words, post::<RecordIndicators>(), found, application, editing, content)
}

/// A core indicator below 80 % suggests K1; people decide.
fn presumed(task: &Task, results: &Results, knockouts: &BTreeMap<Knockout, String>) -> Option<AnyView> {
    let lowest = core_completion(&task.indicators, results).filter(|rate| *rate < Rate(800))?;
    (!knockouts.contains_key(&Knockout::CoreUnmet)).then(|| {
        let line = format!("核心指标最低完成率 {lowest}，低于80%。请核实；属实的，勾选 K1 并写明事实和依据。");
        view! { <Alert kind=AlertKind::Warn title="可能构成一票否决" details=vec![line] /> }.into_any()
    })
}

fn list(knockouts: &BTreeMap<Knockout, String>, editing: Editing) -> AnyView {
    let items = Knockout::ALL
        .iter()
        .map(|knockout| {
            let stored = knockouts.get(knockout);
            if editing == Editing::Open { choice(*knockout, stored) } else { stated(*knockout, stored) }
        })
        .collect_view();
    view! { <ul class="knockouts">{items}</ul> }.into_any()
}

fn choice(knockout: Knockout, stored: Option<&String>) -> AnyView {
    let key = knockout.key();
    view! {
        <li>
            <Checkbox
                name=format!("knockout[{key}]")
                label=format!("{key} {}", knockout.label())
                ticked=stored.is_some()
                id=format!("knockout-{key}")
            />
            <Field
                name=format!("reason[{key}]")
                label="事实和依据"
                value=stored.cloned()
                maxlength=500
                id=format!("reason-{key}")
            />
        </li>
    }
    .into_any()
}

fn stated(knockout: Knockout, stored: Option<&String>) -> AnyView {
    let name = format!("{} {}", knockout.key(), knockout.label());
    match stored {
        Some(reason) => view! { <li><Tag label=name tone=Tone::Bad /> <span>{reason.clone()}</span></li> }.into_any(),
        None => view! { <li class="muted">{name} "：无"</li> }.into_any(),
    }
}
