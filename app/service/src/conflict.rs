//! 回避: detection, declaration, decision.

use crate::audit::kinds::List;
use crate::audit::{Event, note_reading};
use crate::consent::{Acted, ask};
use crate::dossier::Dossier;
use crate::integrity::{intact, untouched};
use crate::veil::Veil;
use crate::{Context, Error, Result, kept};
use domain::Timestamp;
use domain::access::{Errand, Permission};
use domain::conflict::{Conflict, Decision, Effect, Evidence, Finding, Origin, Rule, Unregistered, detect as find};
use domain::consent::Proposal;
use domain::expert::Expert;
use domain::ids::{ApplicationId, ConflictId, ExpertId, PanelId, RoundId, RunId};
use domain::reason::{Reason, Unreasoned};
use domain::round::Work;
use domain::run::{Run, RunKind};
use domain::seat::Seat;
use domain::sheet::{Sheet, SheetState};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;
use store::{Current, Repositories, Topic, if_any};

/// Compares the pool with the applications under review. Undecided findings are replaced, decided ones stay.
/// Returns how many findings there are and how many are new.
///
/// # Errors
/// `Denied`; `Rule` before the formal check is done or once experts have signed in.
pub async fn detect(ctx: &Context, round: RoundId) -> Result<(usize, usize)> {
    let ctx = &intact(ctx, Permission::DecideConflicts, round).await?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    dossier.round.permits(Work::CompareConflicts)?;
    let (seatable, findings) = compare(&current, &dossier).await?;
    let eligible = dossier.eligible().count();
    let existing = ctx.store().conflicts().of_round(round).await?;
    let decided: HashSet<_> = existing
        .iter()
        .filter(|c| c.origin == Origin::Detected && c.decision != Decision::Pending)
        .map(|c| (c.expert, c.application, c.rule))
        .collect();
    let before: HashSet<_> = existing.iter().map(|c| (c.expert, c.application, c.rule)).collect();
    let total = findings.len();
    let new = findings.iter().filter(|f| !before.contains(&(f.expert, f.application, f.rule))).count();
    let rows: Vec<_> = findings
        .into_iter()
        .filter(|f| !decided.contains(&(f.expert, f.application, f.rule)))
        .map(|f| Conflict {
            id: ConflictId(ctx.id()),
            expert: f.expert,
            application: f.application,
            rule: f.rule,
            origin: Origin::Detected,
            evidence: f.evidence,
            decision: Decision::Pending,
            reason: String::new(),
        })
        .collect();
    let event = Event::ConflictsDetected { experts: seatable.0.len(), applications: eligible, findings: total, new };
    let output = event.detail()?;
    let run = Run::of(RunId(ctx.id()), round, RunKind::Detection, "recusal/1", output, ctx.now());
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::CompareConflicts)?;
            tx.conflicts().clear_undecided(round).await?;
            tx.conflicts().insert(round, rows.clone()).await?;
            tx.runs().insert(run.clone()).await?;
            ctx.record(tx, event.clone().of_round(round)).await
        })
        .await?;
    Ok((total, new))
}

/// Compares the present pool with the present applications.
async fn compare(current: &Current<'_>, dossier: &Dossier) -> Result<(Arc<kept::Seatable>, Vec<Finding>)> {
    let seatable = kept::seatable(current).await?;
    let surroundings = current.store().experts().surroundings().await?;
    let eligible: Vec<_> = dossier.eligible().cloned().collect();
    let findings = find(&seatable.0, &eligible, &surroundings, dossier.round.reference_day);
    Ok((seatable, findings))
}

/// Findings that a comparison made now would add to those on record: experts, units or applications were entered or changed since
/// the last one. Nobody may be seated while there are any.
pub(crate) async fn overlooked(current: &Current<'_>, dossier: &Dossier) -> Result<usize> {
    let (_, findings) = compare(current, dossier).await?;
    let known: HashSet<_> = kept::recusals(current, dossier.round.id)
        .await?
        .conflicts
        .iter()
        .map(|c| (c.expert, c.application, c.rule))
        .collect();
    Ok(findings.iter().filter(|f| !known.contains(&(f.expert, f.application, f.rule))).count())
}

/// Whom nobody may call to which application now: by the records that stand, and by what a comparison made now would add to them.
pub(crate) async fn barred(current: &Current<'_>, dossier: &Dossier) -> Result<Vec<(ExpertId, ApplicationId, Rule)>> {
    let (_, findings) = compare(current, dossier).await?;
    let recusals = kept::recusals(current, dossier.round.id).await?;
    let known: HashSet<_> = recusals.conflicts.iter().map(|c| (c.expert, c.application, c.rule)).collect();
    let standing = recusals.conflicts.iter().filter(|c| c.excludes()).map(|c| (c.expert, c.application, c.rule));
    let new = findings.iter().map(|f| (f.expert, f.application, f.rule)).filter(|found| !known.contains(found));
    Ok(standing.chain(new).collect())
}

/// # Errors
/// `Rule` while the recusal records lag behind the pool.
pub(crate) async fn require_compared(ctx: &Context, dossier: &Dossier) -> Result<()> {
    match overlooked(&ctx.store().current().await?, dossier).await? {
        0 => Ok(()),
        count => Err(Unregistered(count).into()),
    }
}

/// The recusal records of a round beside what they are about.
#[derive(Debug, Clone)]
pub struct Picture {
    pub dossier: Dossier,
    scene: Arc<Scene>,
}

impl Deref for Picture {
    type Target = Scene;

    fn deref(&self) -> &Scene {
        &self.scene
    }
}

/// The recusal records of a round with the experts they name.
#[derive(Debug)]
pub struct Scene {
    pub conflicts: Vec<Conflict>,
    /// Where the records of each pair stand in `conflicts`, by expert and application.
    pub pairs: Vec<Vec<usize>>,
    /// Experts with a record or a seat.
    pub experts: BTreeMap<ExpertId, Expert>,
    /// Where each seated expert sits.
    pub seats: HashMap<ExpertId, PanelId>,
    /// Experts who may be seated.
    pub pool: usize,
    /// When the pool was last compared with the applications.
    pub compared_at: Option<Timestamp>,
}

/// The records of a round with the experts they name. That they were looked at is recorded.
///
/// # Errors
/// `Denied` without `ReadConflicts`, `NotFound`.
pub async fn picture(ctx: &Context, round: RoundId) -> Result<Picture> {
    let picture = load(ctx, round).await?;
    let event = Event::RoundRead { list: List::Conflicts, experts: picture.experts.len() };
    note_reading(ctx, event.of_round(round)).await?;
    Ok(picture)
}

/// The same for a document, whose making is recorded by itself.
pub(crate) async fn load(ctx: &Context, round: RoundId) -> Result<Picture> {
    ctx.require(Permission::ReadConflicts)?;
    let current = ctx.store().current().await?;
    let topics = [Topic::Conflicts, Topic::Experts, Topic::Panels, Topic::Runs];
    let load = async || Scene::load(&current, round).await;
    let scene = current.kept(round.0, &topics, load).await?;
    let dossier = Dossier::at(&current, round).await?;
    // Who was drawn does not show here before it shows anywhere.
    let scene = if Veil::of(ctx, &dossier).closed { Arc::new(scene.without_seats()) } else { scene };
    Ok(Picture { dossier, scene })
}

impl Scene {
    /// The same as if nobody were seated.
    fn without_seats(&self) -> Self {
        let named: HashSet<ExpertId> = self.conflicts.iter().map(|conflict| conflict.expert).collect();
        let experts = self.experts.iter().filter(|(id, _)| named.contains(id)).map(|(id, own)| (*id, own.clone()));
        Self {
            conflicts: self.conflicts.clone(),
            pairs: self.pairs.clone(),
            experts: experts.collect(),
            seats: HashMap::new(),
            pool: self.pool,
            compared_at: self.compared_at,
        }
    }

    async fn load(current: &Current<'_>, round: RoundId) -> Result<Self> {
        let conflicts = kept::recusals(current, round).await?.conflicts.clone();
        let seats: HashMap<_, _> =
            kept::seats(current, round).await?.iter().map(|seat| (seat.expert, seat.panel)).collect();
        let latest = current.store().runs().latest(round, RunKind::Detection).await;
        let (pool, seatable) = (kept::pool(current).await?, kept::seatable(current).await?.0.len());
        let named: BTreeSet<_> = conflicts.iter().map(|c| c.expert).chain(seats.keys().copied()).collect();
        let experts = named.into_iter().filter_map(|id| Some((id, pool.get(id)?.clone()))).collect();
        let mut pairs: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, conflict) in conflicts.iter().enumerate() {
            pairs.entry((conflict.expert, conflict.application)).or_default().push(place);
        }
        let pairs = pairs.into_values().collect();
        let compared_at = if_any(latest)?.map(|run| run.at);
        Ok(Self { conflicts, pairs, experts, seats, pool: seatable, compared_at })
    }
}

/// Decides a record. Every decision states its reason; a mandatory recusal is dismissed by two departments.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` without a reason, or once scores exist.
pub async fn decide(
    ctx: &Context,
    round: RoundId,
    id: ConflictId,
    decision: Decision,
    reason: &str,
) -> Result<Acted<()>> {
    let ctx = &intact(ctx, Permission::DecideConflicts, round).await?;
    let reason = Reason::of(reason, Unreasoned::ConflictDecision)?;
    ctx.store().rounds().get(round).await?.permits(Work::DecideConflicts)?;
    let seen = ctx.store().conflicts().get(round, id).await?;
    seen.clone().decide(decision, reason.clone())?;
    let decided = Box::pin(keep_decision(ctx, round, id, decision, reason.clone()));
    if decision == Decision::Dismissed && seen.rule.effect() == Effect::Mandatory {
        return ask(ctx, round, Proposal::Dismiss { conflict: id, reason }, decided).await;
    }
    Ok(Acted::Done(decided.await?))
}

async fn keep_decision(
    ctx: &Context,
    round: RoundId,
    id: ConflictId,
    decision: Decision,
    reason: Reason,
) -> Result<()> {
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::DecideConflicts)?;
            let before = tx.conflicts().get(round, id).await?;
            let after = before.clone().decide(decision, reason.clone())?;
            tx.conflicts().decide(round, &after).await?;
            let event = Event::ConflictDecided {
                rule: after.rule,
                decision,
                reason: after.reason.clone(),
                expert: after.expert,
                application: after.application,
            };
            ctx.record(tx, event.of(id.0).in_round(round).changing(&before, &after)?).await
        })
        .await
}

/// Undoes a declaration made by mistake while scoring is open: the record no longer stands, and the sheet it voided comes back as a draft.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` without a reason, for a record that nobody declared, or outside 独立评分.
pub async fn undo(ctx: &Context, round: RoundId, id: ConflictId, reason: &str) -> Result<Acted<()>> {
    let ctx = &intact(ctx, Permission::DecideConflicts, round).await?;
    let reason = Reason::of(reason, Unreasoned::ConflictDecision)?;
    ctx.store().rounds().get(round).await?.permits(Work::Reopen)?;
    ctx.store().conflicts().get(round, id).await?.undo(reason.clone())?;
    let undone = Box::pin(keep_undone(ctx, round, id, reason.clone()));
    ask(ctx, round, Proposal::UndoDeclaration { conflict: id, reason }, undone).await
}

async fn keep_undone(ctx: &Context, round: RoundId, id: ConflictId, reason: Reason) -> Result<()> {
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Reopen)?;
            let before = tx.conflicts().get(round, id).await?;
            let after = before.clone().undo(reason.clone())?;
            tx.conflicts().decide(round, &after).await?;
            let (expert, application) = (after.expert, after.application);
            let decision = after.decision;
            let event = Event::ConflictDecided {
                rule: after.rule,
                decision,
                reason: after.reason.clone(),
                expert,
                application,
            };
            ctx.record(tx, event.of(id.0).in_round(round).changing(&before, &after)?).await?;
            let still_excluded = tx
                .conflicts()
                .of_round(round)
                .await?
                .iter()
                .any(|other| (other.expert, other.application) == (expert, application) && other.excludes());
            let grounds = after.rule.declared();
            let voided_by_it = |sheet: &Sheet| {
                (sheet.expert, sheet.application) == (expert, application)
                    && matches!(&sheet.state, SheetState::Voided { reason, .. } if reason == grounds.as_str())
            };
            let mut sheets = tx.sheets().of_round(round).await?;
            sheets.retain(voided_by_it);
            if let Some(sheet) = sheets.pop().filter(|_| !still_excluded) {
                let back = sheet.clone().reinstate()?;
                tx.sheets().reinstate(&back).await?;
                let event = Event::SheetReinstated { reason: reason.as_str().to_owned() };
                ctx.record(tx, event.of(back.id.0).in_round(round).changing(&sheet, &back)?).await?;
            }
            Ok(())
        })
        .await
}

/// An expert declares a relation to an application that is theirs to review, 连接评审 included. It takes effect at once: the sheet is voided, and
/// the application disappears from the desk.
///
/// # Errors
/// `Denied` for anyone but an expert; `NotFound` for another application; `Rule` without an explanation.
pub async fn declare(
    ctx: &Context,
    round: RoundId,
    application: ApplicationId,
    rule: Rule,
    statement: &str,
) -> Result<()> {
    let expert = ctx.as_expert()?;
    let ctx = &untouched(ctx, round).await?;
    let statement = Reason::of(statement, Unreasoned::Declaration)?;
    // Before scoring nobody has sheets yet, but a relation can be known: whether it is theirs to review is looked up for them.
    let dossier = Dossier::within(&ctx.app.program(Errand::Rule), round).await?;
    let seats = ctx.store().panels().seats_of(expert).await?;
    let reviews = |seat: &Seat| dossier.reviewed_from(seat).any(|reviewed| reviewed.id == application);
    let own = seats.iter().filter(|seat| seat.round == round).any(reviews);
    let subject = dossier.application(application).filter(|_| own).ok_or(Error::NotFound)?;
    dossier.round.permits(Work::DeclareConflict)?;
    let conflict = Conflict {
        id: ConflictId(ctx.id()),
        expert,
        application,
        rule,
        origin: Origin::Declared,
        evidence: Evidence {
            expert_side: format!("本人申明：{statement}"), application_side: subject.code.clone()
        },
        decision: Decision::Upheld,
        reason: "专家本人申明".to_owned(),
    };
    let grounds = rule.declared();
    let now = ctx.now();
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::DeclareConflict)?;
            tx.conflicts().insert(round, vec![conflict.clone()]).await?;
            let sheets = tx.sheets().of(expert).in_round(round).await?;
            for sheet in sheets.into_iter().filter(|s| s.application == application) {
                let voided = sheet.clone().void(grounds.clone(), now)?;
                tx.sheets().set_aside(&voided).await?;
                let entry = Event::SheetRecused { reason: rule }.of(sheet.id.0).in_round(round);
                ctx.record(tx, entry.changing(&sheet, &voided)?).await?;
            }
            let event = Event::ConflictDeclared { rule, application, statement: statement.as_str().to_owned() };
            ctx.record(tx, event.of(conflict.id.0).in_round(round)).await
        })
        .await
}
