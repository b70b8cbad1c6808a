//! 分组: the form, the table of panels with their tasks, and how even they are.

use super::actions::{MoveTask, PlanPanels};
use crate::components::{
    Alert, AlertKind, Button, ButtonSize, ButtonTone, Card, CardBody, Choice, EmptyState, Field, FieldWidth, Form,
    InputKind, Select, Table, num, text,
};
use crate::request::post;
use domain::application::Task;
use domain::ids::{PanelId, TaskId};
use domain::panel::Panel;
use domain::points::round_half_up;
use leptos::prelude::*;
use service::dossier::Dossier;
use std::collections::{BTreeMap, BTreeSet};

/// Applications a panel reads well in one session.
const COMFORTABLE: usize = 12;

/// Whether the groups may be changed here and now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    Open,
    Fixed,
}

/// As many panels as would hold about twelve applications each, one per sector at least, one per task at most.
fn default_count(dossier: &Dossier) -> usize {
    let tasks: BTreeSet<TaskId> = dossier.eligible().map(|a| a.task).collect();
    let sectors: BTreeSet<_> = dossier.eligible().filter_map(|a| dossier.task(a)).map(|t| t.sector).collect();
    let wish = dossier.eligible().count().div_ceil(COMFORTABLE);
    wish.max(sectors.len()).min(tasks.len()).max(1)
}

pub fn plan_form(dossier: &Dossier) -> AnyView {
    let again = !dossier.panels.is_empty();
    let count = if again { dossier.panels.len() } else { default_count(dossier) };
    let tasks: BTreeSet<TaskId> = dossier.eligible().map(|a| a.task).collect();
    let sectors: BTreeSet<_> = dossier.eligible().filter_map(|a| dossier.task(a)).map(|t| t.sector).collect();
    let facts = format!(
        "形式审查通过 {} 项，涉及 {} 个领域、{} 个榜单任务。同一榜单任务的项目不拆分；每组约{COMFORTABLE}项。",
        dossier.eligible().count(),
        sectors.len(),
        tasks.len()
    );
    let tone = if again { ButtonTone::Danger } else { ButtonTone::Primary };
    let round = dossier.round.id.to_string();
    view! {
        <Card title="分组" hint=facts>
            <Form action={post::<PlanPanels>()} class="line-form">
                <input type="hidden" name="round" value=round />
                <Field
                    name="count"
                    label="评审组数"
                    kind=InputKind::Whole
                    value=count.to_string()
                    width=FieldWidth::Short
                />
                <Button tone=tone>{if again { "重新分组" } else { "分组" }}</Button>
                {again.then(|| view! { <span class="small muted">"重新分组会取消现有分组和已移动的任务"</span> })}
            </Form>
        </Card>
    }
    .into_any()
}

pub fn panels(dossier: &Dossier, grouping: Grouping) -> AnyView {
    if dossier.panels.is_empty() {
        let what = match grouping {
            Grouping::Open => "请在上方填写评审组数后分组，再按需要把个别任务移到其他组。",
            Grouping::Fixed => "进入“分组”步骤后，由协调员按领域和榜单任务分组。",
        };
        return view! { <Card title="评审组" body=CardBody::Flush><EmptyState title="尚未分组" what_to_do=what /></Card> }
            .into_any();
    }
    let sizes: Vec<usize> = dossier.panels.iter().map(|p| dossier.in_panel(p.id).count()).collect();
    let (most, least) = (sizes.iter().max().copied().unwrap_or(0), sizes.iter().min().copied().unwrap_or(0));
    let balance = if least == 0 {
        format!("每组 0 至 {most} 项")
    } else {
        let tenths = round_half_up(most * 10, least);
        format!("每组 {least} 至 {most} 项，最多与最少之比 {}.{}", tenths / 10, tenths % 10)
    };
    let uneven = (most > 2 * least).then(|| {
        view! {
            <Alert
                kind=AlertKind::Warn
                title="各组项目数相差较大"
                details=vec![format!("{balance}。组间校准以各组规模和水平大体相当为前提，建议移动任务或调整组数。")]
            />
        }
    });
    let rows = dossier.panels.iter().map(|panel| row(dossier, panel, grouping)).collect_view();
    view! {
        {uneven}
        <Card title="评审组" hint=format!("{} 个，{balance}", dossier.panels.len()) body=CardBody::Flush>
            <Table label="评审组" columns=[text("评审组"), text("领域"), text("榜单任务"), num("项目")]>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

fn row(dossier: &Dossier, panel: &Panel, grouping: Grouping) -> impl IntoView + use<> {
    let mut tasks: BTreeMap<&str, (&Task, usize)> = BTreeMap::new();
    for application in dossier.in_panel(panel.id) {
        if let Some(task) = dossier.task(application) {
            tasks.entry(&task.code).or_insert((task, 0)).1 += 1;
        }
    }
    let movable = grouping == Grouping::Open && dossier.panels.len() > 1;
    let items = tasks
        .values()
        .map(|(task, count)| {
            let sector = (task.sector != panel.sector).then(|| format!("（{}）", task.sector));
            view! {
                <li>
                    <span>{format!("{} {}", task.code, task.title)} {sector}</span>
                    <span class="n">{format!("{count} 项")}</span>
                    {movable.then(|| move_form(dossier, task, panel.id))}
                </li>
            }
        })
        .collect_view();
    let empty = tasks.is_empty().then_some("没有任务");
    view! {
        <tr>
            <th scope="row">{panel.name.clone()}</th>
            <td class="nowrap">{panel.sector.label()}</td>
            <td>
                <ul class="tasks">{items}</ul>
                {empty.map(|words| view! { <span class="muted">{words}</span> })}
            </td>
            <td class="n">{dossier.in_panel(panel.id).count()}</td>
        </tr>
    }
}

fn move_form(dossier: &Dossier, task: &Task, from: PanelId) -> AnyView {
    let choices =
        dossier.panels.iter().filter(|p| p.id != from).map(|p| Choice::new(p.id.to_string(), p.name.clone())).collect();
    let (round, task) = (dossier.round.id.to_string(), task.id.to_string());
    view! {
        <details class="move">
            <summary>"移组"</summary>
            <Form action={post::<MoveTask>()} own=vec![("task", task.clone())] class="line-form">
                <input type="hidden" name="round" value=round />
                <Select name="panel" label="移到" choices=choices id=format!("move-{task}") />
                <Button size=ButtonSize::Small>"移动"</Button>
            </Form>
        </details>
    }
    .into_any()
}
