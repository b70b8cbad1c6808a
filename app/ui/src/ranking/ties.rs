//! 跨线并列: projects that the declared keys cannot separate stand across the line; people decide, with a reason.

use super::actions::SettleTie;
use super::may::May;
use super::parts::project;
use crate::components::format::score;
use crate::components::{Alert, AlertKind, Button, Choice, ChoiceLayout, Field, Form, Need, RadioGroup};
use crate::request::post;
use domain::ranking::Row;
use domain::result::Outcome;
use leptos::prelude::*;
use service::ranking::View;

const CHOICES: [Outcome; 3] = [Outcome::Shortlisted, Outcome::Reserve, Outcome::NotShortlisted];

/// The applications tied across the line, with the form that settles them while that is allowed.
pub fn alert(view: &View, rows: &[Row], may: May) -> Option<impl IntoView + use<>> {
    let open: Vec<&Row> = rows.iter().filter(|r| r.outcome == Outcome::LineTie).collect();
    let settled: Vec<&Row> = rows.iter().filter(|r| r.tied && !r.settled.is_empty()).collect();
    if open.is_empty() && (settled.is_empty() || may == May::Read) {
        return None;
    }
    let (kind, title) = if let Some(over) = over(view, rows, &settled) {
        (AlertKind::Warn, over)
    } else if open.is_empty() {
        (AlertKind::Ok, format!("跨线并列的{}项均已会商，会签之前可以修改", settled.len()))
    } else {
        let names: Vec<_> = open.iter().map(|r| r.code.as_str()).collect();
        (AlertKind::Warn, format!("{} 跨线并列，须会商：最终分和全部比较项都相同，程序不作取舍", names.join("、")))
    };
    let round = view.dossier.round.id.to_string();
    let items: Vec<_> = open.iter().chain(&settled).map(|row| facts(view, row)).collect();
    let who = if may == May::Read { "由协调员在“排序”步骤登记会商结论和理由。" } else { "" };
    let forms = if may == May::Decide {
        let forms = items.iter().map(|item| form(&round, item)).collect_view();
        view! { {forms} <div class="print-only">{listed(&items)}</div> }.into_any()
    } else {
        listed(&items)
    };
    let body = view! {
        <p class="small">{who}</p>
        <div class="ties">{forms}</div>
    }
    .into_any();
    Some(view! {
        <section id="ties">
            <Alert kind=kind title=title body=move || body />
        </section>
    })
}

/// Whether what was settled fills more places than there are.
fn over(view: &View, rows: &[Row], settled: &[&Row]) -> Option<String> {
    let quota = usize::try_from(view.dossier.round.terms.quota).ok()?;
    settled.iter().find_map(|row| {
        let inside = rows.iter().filter(|r| r.group == row.group && r.outcome == Outcome::Shortlisted).count();
        (inside > quota).then(|| format!("会商后入围{inside}项，超过名额{quota}，请核对会商结论"))
    })
}

#[derive(Clone)]
struct Facts {
    application: String,
    code: String,
    words: String,
    chosen: Option<Outcome>,
    reason: String,
}

fn facts(view: &View, row: &Row) -> Facts {
    let (title, lead) = project(&view.dossier, row);
    let final_score = row.score.map_or_else(String::new, |p| score(p.0));
    let rank = row.rank.map_or_else(String::new, |r| format!("并列第{r}"));
    Facts {
        application: row.application.to_string(),
        code: row.code.clone(),
        words: format!("{title}（{lead}），{final_score}分，{rank}"),
        chosen: (!row.settled.is_empty()).then_some(row.outcome),
        reason: row.settled.clone(),
    }
}

fn listed(items: &[Facts]) -> AnyView {
    let line = |item: &Facts| {
        let settled = item.chosen.map(|outcome| format!("；会商结论：{outcome}，{}", item.reason));
        view! { <li><strong>{item.code.clone()}</strong> " " {item.words.clone()} {settled}</li> }
    };
    let lines = items.iter().map(line);
    view! { <ul>{lines.collect_view()}</ul> }.into_any()
}

fn form(round: &str, item: &Facts) -> impl IntoView + use<> {
    let Facts { application, code, words, chosen, reason } = item.clone();
    let round = round.to_owned();
    let choices = CHOICES.iter().map(|o| Choice::new(o.key(), o.label())).collect();
    let again = if chosen.is_some() { "修改" } else { "确定" };
    let chosen = chosen.map(|o| o.key().to_owned());
    view! {
        <Form action={post::<SettleTie>()} own=vec![("application", application)] class="tie">
            <input type="hidden" name="round" value=round />
            <input type="hidden" name="code" value=code.clone() />
            <p>
                <strong>{code.clone()}</strong>
                " "
                {words}
            </p>
            <RadioGroup
                name="outcome"
                label="会商结论"
                choices=choices
                value=chosen
                layout=ChoiceLayout::Inline
                need=Need::Required
                id=format!("outcome-{code}")
            />
            <Field
                name="reason"
                label="理由"
                value=reason
                need=Need::Required
                maxlength=Some(500)
                id=format!("reason-{code}")
            />
            <Button>{again}</Button>
        </Form>
    }
}
