//! 2024年第1批验收: twelve finished projects, the sheets about half submitted.

use crate::convene::{Convening, Sitting, convene, freeze};
use crate::scores::{Model, panel_shift};
use crate::{FINISHED, Story, astray, day};
use domain::acceptance::{Knockout, Results};
use domain::application::{Application, Direction, Indicator, Task, Weighting};
use domain::ids::{BatchId, RoundId};
use domain::round::{Method, RoundKind, Terms};
use domain::sheet::{Typed, own_criteria};
use service::scoring::{DeskLine, desks, save, submit};
use service::session::RosterLine;
use service::{Context, Result, application, finding, round};
use std::collections::BTreeMap;

const TITLE: &str = "2024年第1批验收评估";
/// Places by code: the core indicator reached 70 %, an ordinary one was missed, knocked out.
const CORE_MISSED: usize = 2;
const ORDINARY_MISSED: [usize; 3] = [1, 5, 8];
const KNOCKED_OUT: usize = 9;
const OVERDUE: &str = "任务书期限2024年6月，实际2025年3月完成，逾期8个月，未见延期批复";

pub async fn play(story: &mut Story, batch: BatchId, progress: &impl Fn(&str)) -> Result<()> {
    let coordinator = story.cast.science.clone();
    story.clock.turn_to(day(2025, 5, 19), 9);
    let (_, tasks) = service::programme::batch(&coordinator, batch).await?;
    let id = round::create(&coordinator, batch, RoundKind::Acceptance, TITLE, day(2025, 5, 19), None).await?;
    let plan = Convening {
        panels: FINISHED.len(),
        bridges: 0,
        recusals: 1,
        absent: Vec::new(),
        from: day(2025, 5, 20),
        session: day(2025, 6, 10),
        // By these lots ZJ0813, whose desk every walk-through opens, has sheets that nobody has begun.
        lots: "验收随机数7",
    };
    let sitting = convene(story, id, &plan).await?;
    let projects = u32::try_from(sitting.dossier.applications.len()).unwrap_or(u32::MAX);
    let basis = "验收评估细则第八条（演示）".to_owned();
    freeze(story, id, Terms { method: Method::Trimmed, quota: projects, basis, ..Terms::default() }).await?;
    story.advance(id).await?;

    let mut model = Model::default();
    for (place, panel) in sitting.dossier.panels.iter().enumerate() {
        model.shifts.insert(panel.id, panel_shift(place) / 2.0 + 4.0);
    }
    establish(&coordinator, id, &sitting, &model, &tasks).await?;
    progress("验收轮次：指标与客观分");
    story.clock.turn_to(day(2025, 6, 10), 10);
    score(story, id, &sitting, &model).await?;
    progress("验收轮次：独立评分进行中");
    Ok(())
}

/// Objective points first, then the indicator tables, from which D2 follows.
async fn establish(ctx: &Context, id: RoundId, sitting: &Sitting, model: &Model, tasks: &[Task]) -> Result<()> {
    let rubric = &sitting.dossier.round.rubric;
    let mut objectives = domain::objective::Objectives::new();
    for project in sitting.dossier.eligible() {
        let mut own = model.objectives(rubric, sitting.dossier.facts(project), project);
        own.remove(finding::INDICATOR_CRITERION);
        objectives.insert(project.id, own);
    }
    finding::set_objectives(ctx, id, objectives).await?;
    let (dossier, _) = application::list(ctx, id).await?;
    for (place, project) in dossier.applications.iter().enumerate() {
        let task = tasks.iter().find(|t| t.id == project.task).ok_or_else(|| astray("no task"))?;
        let results = task.indicators.iter().zip(0..).map(|(i, n)| (i.id, reached(i, place, n))).collect::<Results>();
        let knockouts = if place == KNOCKED_OUT {
            BTreeMap::from([(Knockout::Overdue, OVERDUE.to_owned())])
        } else {
            BTreeMap::new()
        };
        finding::record_indicators(ctx, id, project.id, results, knockouts).await?;
    }
    Ok(())
}

/// The result of a project, in 1/1000 of the unit: the target or a little better, but for those that missed it.
fn reached(indicator: &Indicator, place: usize, number: usize) -> i64 {
    let better = i64::try_from((place * 7 + number * 3) % 12).unwrap_or(0);
    let percent = match indicator.weighting {
        Weighting::Core if place == CORE_MISSED => 70,
        Weighting::Ordinary if number == 1 && ORDINARY_MISSED.contains(&place) => 67,
        _ => 100 + better,
    };
    match indicator.direction {
        Direction::AtLeast if percent >= 100 && indicator.unit == "%" => indicator.target.midpoint(100_000),
        // Pieces and people are whole.
        Direction::AtLeast if matches!(indicator.unit.as_str(), "件" | "人") => {
            indicator.target * percent / 100_000 * 1000
        }
        Direction::AtLeast => indicator.target * percent / 100,
        Direction::AtMost => indicator.target * 100 / percent,
        Direction::Equal | Direction::Qualitative => indicator.target,
    }
}

/// How far an expert has come, by seat.
struct Pace {
    submitted: usize,
    drafts: usize,
}

fn pace(seat: i32, sheets: usize) -> Pace {
    match seat {
        1 | 2 | 6 => Pace { submitted: sheets, drafts: 0 },
        3 | 7 => Pace { submitted: sheets / 2, drafts: 1 },
        4 => Pace { submitted: 0, drafts: 2 },
        _ => Pace { submitted: 0, drafts: 0 },
    }
}

async fn score(story: &mut Story, id: RoundId, sitting: &Sitting, model: &Model) -> Result<()> {
    for line in &sitting.seated {
        let ctx = story.cast.expert(&line.expert).await?;
        let desk = desks(&ctx).await?.into_iter().find(|d| d.round.id == id).ok_or_else(|| astray("no desk"))?;
        let own: Vec<_> = desk
            .lines
            .into_iter()
            .filter_map(|row| match row {
                DeskLine::Own { sheet, .. } => Some(sheet),
                DeskLine::Recused => None,
            })
            .collect();
        let pace = pace(line.seat.number, own.len());
        for (place, sheet) in own.iter().enumerate().take(pace.submitted + pace.drafts) {
            let project = sitting.dossier.application(sheet.application).ok_or_else(|| astray("no project"))?;
            let typed = typed(sitting, model, line, project);
            if place < pace.submitted {
                let saved = save(&ctx, sheet.id, sheet.version, &typed).await?;
                submit(&ctx, sheet.id, saved.version).await?;
            } else {
                save(&ctx, sheet.id, sheet.version, &half(sitting, project, typed)).await?;
            }
        }
        match line.seat.number {
            1 => story.cast.show(&line.expert, "专家（验收评估，评分表已全部提交）"),
            3 => story.cast.show(&line.expert, "专家（验收评估，部分评分表待提交）"),
            4 => story.cast.show(&line.expert, "专家（验收评估，评分表填写中）"),
            5 => story.cast.show(&line.expert, "专家（验收评估，尚未开始评分）"),
            _ => {}
        }
    }
    Ok(())
}

fn typed(sitting: &Sitting, model: &Model, line: &RosterLine, project: &Application) -> Typed {
    let dossier = &sitting.dossier;
    let panel = dossier.panel_of(project.id);
    model.sheet(&dossier.round.rubric, dossier.facts(project), &line.expert, project, panel)
}

/// The first half of the items, and no vote yet.
fn half(sitting: &Sitting, project: &Application, typed: Typed) -> Typed {
    let own: Vec<_> = own_criteria(&sitting.dossier.round.rubric, sitting.dossier.facts(project)).collect();
    let kept: Vec<_> = own[..own.len() / 2].iter().map(|c| c.code.clone()).collect();
    let keep = |items: BTreeMap<String, String>| items.into_iter().filter(|(code, _)| kept.contains(code)).collect();
    Typed { points: keep(typed.points), reasons: keep(typed.reasons), vote: None, comment: String::new() }
}
