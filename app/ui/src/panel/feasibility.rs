//! 席位试算: whether every seat can be filled, panel by panel, and beside each control what turning it would do.

use super::demand::{name, page_with};
use super::outcome;
use crate::answer::Refusal;
use crate::components::{Alert, AlertKind, Card, CardBody, Table, Tag, Tone, num, text};
use domain::ids::RoundId;
use domain::rubric::ExpertRole;
use leptos::prelude::*;
use service::assignment::{Control, Demand, Feasibility, PanelLine, Plenty, Supply};

pub type Trial = Result<Feasibility, Refusal>;

const REGION: &str = "feasibility";

/// The ids of what changes with the answer.
pub fn regions() -> Vec<String> {
    Control::ALL.into_iter().map(remedy_id).chain([REGION.to_owned()]).collect()
}

fn remedy_id(control: Control) -> String {
    format!("remedy-{}", name(control))
}

/// The change of this control that fills all seats, shown beside it; empty if none is needed.
pub fn remedy(round: RoundId, trial: &Trial, control: Control) -> AnyView {
    let found = trial.as_ref().ok().and_then(|trial| {
        let remedy = trial.remedies.iter().find(|remedy| remedy.control == control)?;
        let href = page_with(round, &remedy.demand).href();
        let words = format!("{}即可坐满", turned(&trial.demand, &remedy.demand));
        Some(view! { <a href=href>{words}</a> })
    });
    view! { <p class="remedy" id=remedy_id(control)>{found}</p> }.into_any()
}

/// The difference in words.
fn turned(from: &Demand, to: &Demand) -> String {
    let parts = [
        (from.technical, to.technical, "技术"),
        (from.finance, to.finance, "财务"),
        (from.management, to.management, "产业/管理"),
    ];
    let mut words: Vec<String> = parts
        .into_iter()
        .filter(|(before, after, _)| before != after)
        .map(|(_, after, role)| format!("{role}改为 {after} 名"))
        .collect();
    if from.employer_cap != to.employer_cap {
        words.push(format!("改为 {} 名", to.employer_cap));
    }
    if from.recusals != to.recusals {
        words.push(format!("改为 {} 项", to.recusals));
    }
    words.join("、")
}

pub fn card(trial: &Trial, seated: usize) -> AnyView {
    let inner = match trial {
        Ok(trial) => found(trial, seated),
        Err(error) => view! { <Alert kind=AlertKind::Warn title="尚不能试算" details=vec![error.text()] /> }.into_any(),
    };
    view! { <div id=REGION class="stack" aria-live="polite">{inner}</div> }.into_any()
}

fn found(trial: &Feasibility, seated: usize) -> AnyView {
    let Demand { technical, finance, management, .. } = trial.demand;
    let each = technical + finance + management;
    let all = each as usize * trial.lines.len();
    let hint = match &trial.explanation {
        None => format!("每组 {each} 人（{technical}+{finance}+{management}），候选池能坐满全部 {all} 个席位"),
        Some(_) => format!("每组 {each} 人（{technical}+{finance}+{management}），候选池坐不满全部 {all} 个席位"),
    };
    let verdict = match &trial.explanation {
        None => view! { <Tag label="可行" tone=Tone::Good /> },
        Some(_) => view! { <Tag label="不可行" tone=Tone::Bad /> },
    };
    let rows = trial.lines.iter().map(|line| row(line, trial.min_sheets)).collect_view();
    let head = |role: ExpertRole, needed: u32| num(format!("{role}（需 {needed}）"));
    let columns = [
        text("评审组"),
        num("项目"),
        head(ExpertRole::Technical, technical),
        head(ExpertRole::Finance, finance),
        head(ExpertRole::Management, management),
        num("每项候选专家"),
        text("结论"),
    ];
    let total = total(trial);
    let why = trial.explanation.as_ref().map(|found| outcome(found, seated));
    let helpless = (trial.explanation.is_some() && trial.remedies.is_empty()).then(|| {
        view! {
            <Alert
                kind=AlertKind::Warn
                title="上面任何一项单独调整都不能坐满"
                details=vec!["请补充专家库，或者退回分组，把缺专家的任务移到其他组。".to_owned()]
            />
        }
    });
    view! {
        <Card title="席位试算" hint=hint actions=move || verdict body=CardBody::Flush>
            <Table label="席位试算" columns=columns>
                <tbody>{rows}</tbody>
                <tfoot>{total}</tfoot>
            </Table>
            <p class="small muted note">
                "席：候选专家按同一单位上限最多能坐的席位；候选：在库、领域相符、不须回避的专家。紧张：坐满之后不足以备选 2 名。"
            </p>
        </Card>
        {why}
        {helpless}
    }
    .into_any()
}

fn row(line: &PanelLine, min_sheets: u32) -> impl IntoView + use<> {
    let (label, tone) = match line.plenty(min_sheets) {
        Plenty::Ample => ("充足", Tone::Good),
        Plenty::Tight => ("紧张", Tone::Warn),
        Plenty::Short => ("不足", Tone::Bad),
    };
    let label = if line.empty > 0 { format!("缺 {} 席", line.empty) } else { label.to_owned() };
    let supplies = line.supplies.iter().map(supply).collect_view();
    let fewest = format!("至少 {} 名", line.fewest);
    view! {
        <tr>
            <th scope="row">{line.name.clone()}</th>
            <td class="n">{line.applications}</td>
            {supplies}
            <td class="n">{fewest}</td>
            <td><Tag label=label tone=tone /></td>
        </tr>
    }
}

/// An expert sits in one panel at most: what the panels need together, and who may sit on any of them.
fn total(trial: &Feasibility) -> impl IntoView + use<> {
    let panels = u32::try_from(trial.lines.len()).unwrap_or(u32::MAX);
    let cell = |supply: &Supply| {
        let needed = supply.needed * panels;
        let class = if supply.seats < needed { "n bad" } else { "n" };
        view! { <td class=class>{format!("共需 {needed}")} <div class="small">{format!("候选 {} 名", supply.seats)}</div></td> }
    };
    view! {
        <tr>
            <th scope="row">"全部"</th>
            <td class="n">{trial.lines.iter().map(|line| line.applications).sum::<usize>()}</td>
            {trial.all.iter().map(cell).collect_view()}
            <td></td>
            <td></td>
        </tr>
    }
}

fn supply(supply: &Supply) -> impl IntoView + use<> {
    let class = match supply.plenty() {
        Plenty::Short => "n bad",
        Plenty::Tight => "n warn",
        Plenty::Ample => "n",
    };
    let recused = (supply.recused > 0).then(|| format!("，回避 {}", supply.recused));
    let whence = format!("候选 {}{}", supply.candidates, recused.unwrap_or_default());
    view! {
        <td class=class>
            {format!("{} 席", supply.seats)} <div class="small muted">{whence}</div>
        </td>
    }
}
