//! Entry gates: what must be true before a round may enter a step, and who must act while it is not.

use crate::dossier::Dossier;
use crate::ranking::Freshness;
use crate::{Context, Result};
use domain::application::ApplicationState;
use domain::conflict::Decision;
use domain::ids::ApplicationId;
use domain::round::{Condition, Freeze, Gate, Met, Method, Step};
use domain::run::RunKind;
use domain::seat::Presence;
use std::collections::{HashMap, HashSet};
use store::{Repositories, if_any};

fn condition(holds: bool, text: String, who: &str) -> Condition {
    Condition { met: if holds { Met::Yes } else { Met::No }, text, who: who.to_owned() }
}

/// "done" when nothing is left, else how many are left.
fn none_left(left: usize, done: &str, open: &str, who: &str) -> Condition {
    let text = if left == 0 { done.to_owned() } else { format!("{left} {open}") };
    condition(left == 0, text, who)
}

/// The conditions for entering `step`.
///
/// # Errors
/// The database cannot be read.
#[expect(clippy::too_many_lines, reason = "one list: a step and its conditions")]
pub async fn conditions(ctx: &Context, dossier: &Dossier, step: Step) -> Result<Vec<Condition>> {
    let store = ctx.store();
    let round = &dossier.round;
    let coordinator = "协调员";
    Ok(match step {
        Step::Formality => vec![condition(
            !dossier.applications.is_empty(),
            format!("已导入申报 {} 项", dossier.applications.len()),
            coordinator,
        )],
        Step::Recusal => {
            let open = dossier.applications.iter().filter(|a| a.state == ApplicationState::Filed).count();
            vec![none_left(open, "形式审查全部完成", "项申报尚未形式审查", coordinator)]
        }
        Step::Grouping => {
            let compared = if_any(store.runs().latest(round.id, RunKind::Detection).await)?.is_some();
            let conflicts = store.conflicts().of_round(round.id).await?;
            let open = conflicts
                .iter()
                .filter(|c| {
                    c.decision == Decision::Pending && c.rule.effect() == domain::conflict::Effect::Discretionary
                })
                .count();
            vec![
                condition(
                    compared,
                    if compared { "已完成回避比对" } else { "尚未进行回避比对" }.to_owned(),
                    coordinator,
                ),
                none_left(open, "待认定的回避全部认定", "条回避待认定", coordinator),
            ]
        }
        Step::Draw => {
            let open = dossier.eligible().filter(|a| dossier.panel_of(a.id).is_none()).count();
            vec![none_left(open, "全部申报已分组", "项申报尚未分组", coordinator)]
        }
        Step::SignIn => {
            let seats = store.panels().seats(round.id).await?;
            let seated: HashSet<_> = seats.iter().map(|s| s.panel).collect();
            let open = dossier.panels.iter().filter(|p| !seated.contains(&p.id)).count();
            let draw = if_any(store.draws().current(round.id).await)?;
            let drawn = draw.is_none_or(|draw| draw.state == domain::draw::DrawState::Drawn);
            let overlooked = crate::conflict::overlooked(ctx, dossier).await?;
            let excluded = crate::session::excluded(&store.conflicts().of_round(round.id).await?);
            let mut reviewers: HashMap<_, u32> = HashMap::new();
            for seat in &seats {
                for application in dossier.reviewed_from(seat).filter(|a| !excluded.contains(&(seat.expert, a.id))) {
                    *reviewers.entry(application.id).or_default() += 1;
                }
            }
            let few = too_few(dossier, &reviewers);
            let enough = format!("每个项目不回避的入座专家不少于{}名", round.terms.min_sheets);
            vec![
                none_left(open, "各评审组专家已就位", "个评审组尚无专家", coordinator),
                condition(
                    drawn,
                    if drawn {
                        "没有未完成的抽取"
                    } else {
                        "抽取尚未完成，须三厅公布随机数或者作废"
                    }
                    .to_owned(),
                    "三厅协调员",
                ),
                none_left(few, &enough, "个项目不回避的入座专家不足", coordinator),
                none_left(overlooked, "回避登记与专家库一致", "条回避情形尚未登记，须重新比对", coordinator),
            ]
        }
        Step::Scoring => scoring_conditions(ctx, dossier).await?,
        Step::Checking => {
            let sheets = store.sheets().of_round(round.id).await?;
            let drafts = sheets.iter().filter(|s| s.state.key() == "draft").count();
            let missing = without_objectives(ctx, dossier).await?;
            vec![
                none_left(drafts, "评分表全部提交", "张评分表未提交", "专家"),
                none_left(missing, "客观分登记齐全", "个项目客观分未登记齐全", coordinator),
            ]
        }
        Step::Deliberation => {
            let sheets = store.sheets().of_round(round.id).await?;
            let mut valid: HashMap<_, u32> = HashMap::new();
            for sheet in sheets.iter().filter(|s| s.is_submitted()) {
                *valid.entry(sheet.application).or_default() += 1;
            }
            let few = too_few(dossier, &valid);
            let done = format!("每个项目有效评分表不少于{}份", round.terms.min_sheets);
            // They may still change during 核对, and never after it.
            let missing = without_objectives(ctx, dossier).await?;
            vec![
                none_left(few, &done, "个项目有效评分表不足", coordinator),
                none_left(missing, "客观分登记齐全", "个项目客观分未登记齐全", coordinator),
            ]
        }
        Step::Calibration => vec![condition(true, "合议完成".to_owned(), "组织者")],
        Step::Ranking => {
            let run = if_any(store.runs().latest(round.id, RunKind::Calibration).await)?.is_some();
            vec![condition(run, if run { "校准已计算" } else { "尚未进行校准计算" }.to_owned(), coordinator)]
        }
        Step::Countersign => match crate::ranking::open_ends(ctx, dossier).await? {
            None => vec![condition(false, "尚未进行排序计算".to_owned(), coordinator)],
            Some(ends) => {
                let current = ends.freshness == Freshness::Current;
                let text = if current {
                    "排序已计算"
                } else {
                    "评分表在排序后有变动，须重新校准、排序"
                };
                vec![
                    condition(current, text.to_owned(), coordinator),
                    none_left(ends.ties, "跨线并列全部会商", "个跨线并列项目尚未会商", coordinator),
                    none_left(
                        ends.without_score,
                        "冻结的方法给出了全部成绩",
                        "个项目用冻结的校准方法不能得出成绩，须由三厅研究处理",
                        "三厅协调员",
                    ),
                    within_quota(&ends.over_quota, round.terms.quota),
                ]
            }
        },
        Step::Notice => {
            let signed = crate::decision::signed(ctx, dossier, Gate::Shortlist).await?;
            vec![condition(signed.len() == 3, format!("三厅会签 {}/3", signed.len()), "三厅协调员")]
        }
        Step::Preparation | Step::Objection | Step::Publication | Step::Archive => {
            vec![condition(true, "前一步骤已完成".to_owned(), coordinator)]
        }
    })
}

/// Eligible applications that lack the points of an objective criterion that applies.
async fn without_objectives(ctx: &Context, dossier: &Dossier) -> Result<usize> {
    let objectives = ctx.store().findings().objectives(dossier.round.id).await?;
    let lacks = |a: &&domain::application::Application| {
        let scored = objectives.get(&a.id);
        dossier
            .round
            .rubric
            .applicable(dossier.facts(a))
            .filter(|c| c.scoring == domain::rubric::Scoring::Objective)
            .any(|c| scored.is_none_or(|s| !s.contains_key(&c.code)))
    };
    Ok(dossier.eligible().filter(lacks).count())
}

/// Applications with fewer reviews than each must have.
fn too_few(dossier: &Dossier, reviews: &HashMap<ApplicationId, u32>) -> usize {
    let least = dossier.round.terms.min_sheets;
    dossier.eligible().filter(|a| reviews.get(&a.id).is_none_or(|n| *n < least)).count()
}

fn within_quota(over: &[(String, usize)], quota: u32) -> Condition {
    let lines: Vec<_> = over
        .iter()
        .map(|(group, count)| {
            format!("{group}{}入围 {count} 项，超过名额 {quota}", if group.is_empty() { "" } else { " " })
        })
        .collect();
    let text = if lines.is_empty() {
        "入围数不超过名额".to_owned()
    } else {
        format!("{}；请重新会商", lines.join("，"))
    };
    condition(lines.is_empty(), text, "协调员")
}

async fn scoring_conditions(ctx: &Context, dossier: &Dossier) -> Result<Vec<Condition>> {
    let round = &dossier.round;
    let frozen = matches!(round.frozen, Freeze::Frozen { .. });
    let seats = ctx.store().panels().seats(round.id).await?;
    let expected = seats.iter().filter(|s| s.presence == Presence::Expected).count();
    let planned = crate::session::sheets_to_open(ctx, ctx.store(), dossier).await?;
    let mut valid: HashMap<_, u32> = HashMap::new();
    for sheet in &planned {
        *valid.entry(sheet.application).or_default() += 1;
    }
    let few = too_few(dossier, &valid);
    let enough = format!("每个项目到会且不回避的专家不少于{}名", round.terms.min_sheets);
    let bridged = dossier.bridges.is_empty() || round.terms.method.uses_bridges();
    let joined = round.terms.method != Method::Additive || dossier.is_joined_by(&planned);
    Ok(vec![
        condition(
            bridged && joined,
            match (bridged, joined) {
                (false, _) => "校准方法不能利用已安排的连接评审，须修改评审办法或取消连接评审",
                (_, false) => "加性校正要求全部项目经共同的专家连通，须安排连接评审或修改评审办法",
                (true, true) => "校准方法与分组相符",
            }
            .to_owned(),
            "协调员",
        ),
        condition(
            frozen,
            if frozen {
                "评分细则与评审办法已冻结"
            } else {
                "评分细则与评审办法尚未由三厅会签冻结"
            }
            .to_owned(),
            "三厅协调员",
        ),
        none_left(expected, "专家到会情况登记完毕", "名专家到会情况未登记", "组织者"),
        none_left(few, &enough, "个项目专家不足", "协调员"),
    ])
}
