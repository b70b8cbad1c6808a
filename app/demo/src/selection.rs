//! 2025年第1批单位遴选: the main round, from the formal check to the ranking with a tie on the line.

use crate::convene::{Convening, Sitting, convene, freeze};
use crate::scores::{Model, panel_shift};
use crate::tie::{Withdrawn, settle, twins};
use crate::{Story, astray, day};
use domain::application::Application;
use domain::conflict::Rule;
use domain::ids::{ApplicationId, BatchId, RoundId};
use domain::round::{Method, RoundKind, Terms};
use domain::seat::Presence;
use domain::sheet::Typed;
use service::scoring::{DeskLine, desks, save, submit};
use service::session::RosterLine;
use service::{Context, Result, calibration, conflict, finding, ranking, round};
use std::collections::HashMap;

const TITLE: &str = "2025年第1批单位遴选";
const BASIS: &str = "评审细则第十二条（演示）";
const PANELS: usize = 10;

/// 连接评审, one of an expert at most.
const BRIDGES: u32 = 60;

/// Declared at the desk after scoring has begun: panel, rule, what the expert says.
const DECLARED: [(usize, Rule, &str); 3] = [
    (0, Rule::Kinship, "本人配偶的弟弟现任该项目参与单位财务负责人"),
    (3, Rule::Mentorship, "项目负责人是本人指导的博士研究生，2023年毕业"),
    (5, Rule::Kinship, "本人堂兄为牵头单位技术负责人"),
];
/// One sheet of each of these panels is far below the others.
const OUTLIERS: [usize; 2] = [1, 6];

/// The round when scoring opens.
pub struct Opened {
    id: RoundId,
    pub sitting: Sitting,
    script: Script,
}

/// As far as 独立评分.
pub async fn open(story: &mut Story, batch: BatchId, progress: &impl Fn(&str)) -> Result<Opened> {
    let coordinator = story.cast.industry.clone();
    story.clock.turn_to(day(2025, 4, 1), 9);
    let id = round::create(&coordinator, batch, RoundKind::Selection, TITLE, day(2025, 4, 1), None).await?;
    let plan = Convening {
        panels: PANELS * story.scale,
        recusals: 1,
        bridges: BRIDGES,
        absent: vec![1, 4, 7],
        from: day(2025, 4, 2),
        session: day(2025, 4, 22),
        lots: "示例随机数",
    };
    let sitting = convene(story, id, &plan).await?;
    progress("遴选轮次：形式审查、回避、分组、抽取、签到");

    let (script, quota) = Script::write(&sitting, story.scale)?;
    let terms = Terms { method: Method::Mixed, quota, basis: BASIS.to_owned(), ..Terms::default() };
    freeze(story, id, terms).await?;
    story.advance(id).await?;
    finding::set_objectives(&coordinator, id, script.objectives(&sitting)).await?;
    progress("遴选轮次：办法冻结、客观分");
    Ok(Opened { id, sitting, script })
}

pub async fn play(story: &mut Story, batch: BatchId, progress: &impl Fn(&str)) -> Result<()> {
    let Opened { id, sitting, script } = open(story, batch, progress).await?;
    let coordinator = story.cast.industry.clone();
    story.clock.turn_to(day(2025, 4, 22), 10);
    score(story, id, &sitting, &script).await?;
    progress("遴选轮次：独立评分");

    story.clock.turn_to(day(2025, 4, 24), 9);
    // 核对, 合议, 校准
    for _ in 0..3 {
        story.advance(id).await?;
    }
    calibration::compute(&coordinator, id).await?;
    story.advance(id).await?;
    ranking::compute(&coordinator, id).await?;
    if let Some(line) = sitting.seated.iter().find(|l| l.seat.presence == Presence::Present) {
        story.cast.show(&line.expert, "专家（单位遴选，评分表已全部提交）");
    }
    progress("遴选轮次：校准与排序");
    Ok(())
}

/// Every sheet of the round, decided beforehand.
struct Script {
    model: Model,
    withdrawn: Withdrawn,
    /// By withdrawn pair: rule and statement, and whether a draft was saved before.
    declared: HashMap<ApplicationId, (Rule, &'static str)>,
}

impl Script {
    fn write(sitting: &Sitting, scale: usize) -> Result<(Self, u32)> {
        let mut script = Self { model: Model::default(), withdrawn: Withdrawn::new(), declared: HashMap::new() };
        for (place, panel) in sitting.dossier.panels.iter().enumerate() {
            script.model.shifts.insert(panel.id, panel_shift(place));
        }
        for (place, rule, statement) in DECLARED {
            let (line, application) = last_pair(sitting, place)?;
            script.withdrawn.insert((line.expert.id, application.id));
            script.declared.insert(application.id, (rule, statement));
        }
        for place in OUTLIERS {
            let (line, application) = last_pair(sitting, place)?;
            script.model.outliers.insert((line.expert.id, application.id));
        }
        let apart = |id: ApplicationId| {
            script.declared.contains_key(&id)
                || sitting.dossier.bridges.iter().any(|bridge| bridge.application == id)
                || script.model.outliers.iter().any(|(_, application)| *application == id)
        };
        let pair = twins(sitting, apart).ok_or_else(|| astray("no two applications alike"))?;
        let quota = settle(sitting, &mut script.model, &script.withdrawn, pair, scale)?;
        Ok((script, quota))
    }

    fn objectives(&self, sitting: &Sitting) -> domain::objective::Objectives {
        let rubric = &sitting.dossier.round.rubric;
        let of = |a: &Application| (a.id, self.model.objectives(rubric, sitting.dossier.facts(a), a));
        sitting.dossier.eligible().map(of).collect()
    }

    fn typed(&self, sitting: &Sitting, line: &RosterLine, application: &Application) -> Typed {
        let dossier = &sitting.dossier;
        let panel = Some(line.seat.panel);
        self.model.sheet(&dossier.round.rubric, dossier.facts(application), &line.expert, application, panel)
    }
}

/// The second present expert of a panel with the last application that this expert may score.
fn last_pair(sitting: &Sitting, place: usize) -> Result<(&RosterLine, &Application)> {
    let panel = sitting.dossier.panels.get(place).ok_or_else(|| astray("fewer panels than planned"))?;
    let line = sitting.present(panel.id).nth(1).ok_or_else(|| astray("an empty panel"))?;
    let own = sitting.dossier.in_panel(panel.id).filter(|a| sitting.may_score(line.expert.id, a.id));
    Ok((line, own.last().ok_or_else(|| astray("a panel without applications"))?))
}

async fn score(story: &mut Story, id: RoundId, sitting: &Sitting, script: &Script) -> Result<()> {
    for line in &sitting.seated {
        let ctx = story.cast.expert(&line.expert).await?;
        if line.seat.presence != Presence::Present {
            continue;
        }
        score_own(&ctx, id, sitting, script, line).await?;
    }
    Ok(())
}

/// One expert saves and submits sheet by sheet; a relation noticed on the way is declared instead.
async fn score_own(ctx: &Context, id: RoundId, sitting: &Sitting, script: &Script, line: &RosterLine) -> Result<()> {
    let desks = desks(ctx).await?;
    let desk = desks.into_iter().find(|d| d.round.id == id).ok_or_else(|| astray("no desk"))?;
    for row in desk.lines {
        let DeskLine::Own { sheet, .. } = row else { continue };
        let application = sitting.dossier.application(sheet.application).ok_or_else(|| astray("no application"))?;
        let typed = script.typed(sitting, line, application);
        let saved = save(ctx, sheet.id, sheet.version, &typed).await?;
        if script.withdrawn.contains(&(line.expert.id, application.id)) {
            let declared = script.declared.get(&application.id);
            let (rule, statement) = declared.ok_or_else(|| astray("nothing to declare"))?;
            conflict::declare(ctx, id, application.id, *rule, statement).await?;
        } else {
            submit(ctx, sheet.id, saved.version).await?;
        }
    }
    Ok(())
}
