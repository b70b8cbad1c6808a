//! 总览: the way through the round, progress without values, the next gate.

use super::actions::AdvanceRound;
use crate::components::{
    Button, ButtonTone, Card, CardBody, Checklist, EmptyState, Gate, GateItem, LinkButton, PageHead, ProgressBar,
    Step as StepMark, StepState, Stepper, Table, Tag, Tone, num, text,
};
use crate::frame::{Page, page};
use crate::request::{path_id, post};
use crate::routes;
use domain::access::Permission;
use domain::gate::{self, Condition};
use domain::round::{Round, RoundKind, Step};
use leptos::prelude::*;
use service::Context;
use service::round::{Overview, PanelProgress};

#[component]
pub fn OverviewPage() -> AnyView {
    let id = path_id("round");
    page(move |ctx| async move {
        let overview = service::round::overview(&ctx, id?).await?;
        let round = overview.dossier.round.clone();
        let batch = &overview.dossier.batch;
        let eyebrow = format!("{} · {} · 第{}轮", batch.basis, batch.title, round.seq);
        let steps = steps(&ctx, &round);
        let panels = panel_table(&overview.panels, round.step);
        let gate = gate_card(&ctx, &overview);
        let figures = figures(&overview);
        Ok(Page::new(
            "总览",
            view! {
                <PageHead title=format!("{}进行中", round.step) eyebrow=eyebrow lede=move || figures />
                <Card><Stepper label="轮次步骤" steps=steps /></Card>
                <div class="split">
                    <Card title="各组进度" hint="只显示是否填写，不显示分值" body=CardBody::Flush>{panels}</Card>
                    {gate}
                </div>
            },
        )
        .of(round))
    })
}

fn figures(overview: &Overview) -> String {
    let subject = if overview.dossier.round.kind == RoundKind::Selection { "申报" } else { "验收项目" };
    format!(
        "{subject} {} 项 · 评审组 {} 个 · 专家库 {} 人 · 回避记录 {} 条，待认定 {} 条",
        overview.dossier.applications.len(),
        overview.panels.len(),
        overview.experts_in_pool,
        overview.conflicts,
        overview.conflicts_open
    )
}

/// Steps link to their pages, but for those the caller may not see.
fn steps(ctx: &Context, round: &Round) -> Vec<StepMark> {
    let state = |step: Step| match step.cmp(&round.step) {
        std::cmp::Ordering::Less => StepState::Done,
        std::cmp::Ordering::Equal => StepState::Now,
        std::cmp::Ordering::Greater => StepState::Todo,
    };
    Step::ALL.iter().map(|step| StepMark::new(step.label(), state(*step)).href(place(ctx, round, *step))).collect()
}

/// The page on which a step is done.
fn place(ctx: &Context, round: &Round, step: Step) -> Option<String> {
    let at = routes::Round(round.id);
    Some(match step {
        Step::Preparation => at.terms(),
        Step::Formality => at.applications(),
        Step::Recusal => ctx.may(Permission::ReadConflicts).then(|| at.conflicts())?,
        Step::Grouping => at.panels(),
        Step::Draw => at.draw(),
        Step::SignIn => at.session(),
        Step::Scoring | Step::Checking | Step::Deliberation => at.board(),
        Step::Calibration => ctx.may(Permission::ReadResults).then(|| at.calibration())?,
        Step::Ranking | Step::Countersign => at.ranking(),
        Step::Notice | Step::Objection | Step::Publication | Step::Archive => return None,
    })
}

fn panel_table(panels: &[PanelProgress], step: Step) -> AnyView {
    if panels.is_empty() {
        return view! { <EmptyState title="尚未分组" what_to_do="形式审查和回避审查完成后，在“分组与席位”中分组" /> }
            .into_any();
    }
    let rows = panels.iter().map(|panel| panel_row(panel, step)).collect_view();
    view! {
        <Table
            label="各组进度"
            class="middle"
            columns=[text("评审组"), num("项目"), num("专家"), num("回避"), text("评分表"), num("已提交"), text("状态")]
        >
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

fn panel_row(panel: &PanelProgress, step: Step) -> impl IntoView + use<> {
    let (label, tone) = match (panel.sheets, panel.submitted) {
        (0, _) if panel.experts == 0 => ("待抽取", Tone::Neutral),
        (0, _) => ("待开始", Tone::Neutral),
        (all, done) if all > done => ("评分中", Tone::Accent),
        _ if step > Step::Checking => ("已核对", Tone::Good),
        _ => ("可核对", Tone::Good),
    };
    let experts = if panel.absent > 0 {
        format!("{}（缺席{}）", panel.experts, panel.absent)
    } else {
        panel.experts.to_string()
    };
    let bar = (panel.sheets > 0)
        .then(|| view! { <ProgressBar done=panel.submitted as u64 total=panel.sheets as u64 title=format!("{}评分表", panel.name) /> });
    view! {
        <tr>
            <td>{panel.name.clone()}</td>
            <td class="n">{panel.applications.to_string()}</td>
            <td class="n">{experts}</td>
            <td class="n">{panel.recused.to_string()}</td>
            <td>{bar}</td>
            <td class="n">{format!("{} / {}", panel.submitted, panel.sheets)}</td>
            <td><Tag label=label tone=tone /></td>
        </tr>
    }
}

fn gate_card(ctx: &Context, overview: &Overview) -> AnyView {
    let round = &overview.dossier.round;
    let Some((next, conditions)) = &overview.next else {
        return view! { <Card title="已归档"><p>"本轮次全部步骤已完成"</p></Card> }.into_any();
    };
    // The steps after the shortlist are announced outside this program for now.
    if *next > gate::LAST {
        let exports = routes::Round(round.id).exports();
        return view! {
            <Card title="结果已确认">
                <p>"三厅会签完成，可导出结果办理公示。"</p>
                <p><LinkButton href=exports>"导出中心"</LinkButton></p>
            </Card>
        }
        .into_any();
    }
    let ready = conditions.iter().all(|c| c.met().holds());
    let items = conditions.iter().map(|c| gate_item(ctx, round, c)).collect();
    let may = ctx.may(Permission::RunSession);
    let (round_id, from) = (round.id.to_string(), round.step.key());
    let (label, finality) = (format!("进入“{next}”"), finality(*next));
    view! {
        <Card title=format!("下一道关口：{next}") body=CardBody::Stacked>
            <Checklist items=items />
            {(may && ready).then(|| view! {
                <form method="post" action={post::<AdvanceRound>()}>
                    <input type="hidden" name="round" value=round_id />
                    <input type="hidden" name="from" value=from />
                    <Button tone=ButtonTone::Primary>{label}</Button>
                </form>
            })}
            {(may && ready).then(|| view! { <p class="muted small">{finality}</p> })}
        </Card>
    }
    .into_any()
}

/// What cannot be changed any more once the step is entered.
const fn finality(next: Step) -> &'static str {
    match next {
        Step::Preparation | Step::Formality => "步骤不可回退：进入后，新的申报只能作为补录受理",
        Step::Recusal => "步骤不可回退：进入后，形式审查的结论不再变更，不通过的申报退出本轮",
        Step::Grouping => "步骤不可回退：进入后仍可补充认定回避，分组以已有的认定为准",
        Step::Draw => "进入后不再分组；抽取开启之前可以写明理由退回分组",
        Step::SignIn => "步骤不可回退：进入后不能重新抽取，缺席的席位只能递补",
        Step::Scoring => "步骤不可回退：进入后生成评分表，席位和连接评审不再变更，只能递补",
        Step::Checking => "步骤不可回退：进入后，专家不能再填写或撤回评分表",
        Step::Deliberation => "步骤不可回退：进入后，客观分不再变更",
        Step::Calibration => "步骤不可回退：进入后即可计算并看到成绩",
        Step::Ranking => "步骤不可回退：进入后按冻结的办法排出名次",
        Step::Countersign => "步骤不可回退：进入后，成绩和名次不再重新计算，评分表不再作废",
        Step::Notice | Step::Objection | Step::Publication | Step::Archive => {
            "步骤不可回退：名单即三厅会签的内容，不再变更"
        }
    }
}

fn gate_item(ctx: &Context, round: &Round, condition: &Condition) -> GateItem {
    if condition.met().holds() {
        return GateItem::new(Gate::Met, condition.text());
    }
    let href = match condition {
        Condition::Frozen(_) => Some(routes::Round(round.id).terms()),
        _ => place(ctx, round, round.step),
    };
    GateItem::new(Gate::Unmet, condition.text()).who(condition.who()).href(href)
}
