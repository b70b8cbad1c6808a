//! 工作台: what waits for the caller, over all rounds.

mod accounts;
mod programme;

use crate::dossier::Dossier;
use crate::scoring::{DeskLine, desks};
use crate::{Context, Result, consent};
use domain::access::{Department, Permission, Standing};
use domain::gate;
use domain::ids::{BatchId, RoundId};
use domain::round::{Freeze, Gate, Step, Work};
use std::collections::HashMap;
use store::{Current, Repositories};

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The round or batch it belongs to, if to one.
    pub of: Option<String>,
    pub what: String,
    pub why: String,
    pub subject: Subject,
}

/// The kind of work, and where it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Accounts,
    Roles,
    /// Resets of credentials, for whoever agrees to them.
    Renewals,
    Batches,
    Batch(BatchId),
    Experts,
    Doubles,
    Sheets,
    Step(RoundId),
    Signature(RoundId, Gate),
    /// An act that waits for the caller's agreement.
    Act(RoundId),
}

/// The caller's next tasks. Nobody sees the tasks of others.
///
/// # Errors
/// The database cannot be read.
pub async fn waiting(ctx: &Context) -> Result<Vec<Waiting>> {
    if matches!(ctx.actor.standing, Standing::Expert(_)) {
        return own_sheets(ctx).await;
    }
    let mut items = accounts::waiting(ctx).await?;
    if !ctx.may(Permission::ReadRound) {
        return Ok(items);
    }
    let current = ctx.store().current().await?;
    let all = ctx.store().rounds().all().await?;
    let rounds: HashMap<RoundId, String> = all.iter().map(|round| (round.id, round.title.clone())).collect();
    for round in all.into_iter().filter(|round| !round.is_over()) {
        let dossier = Dossier::at(&current, round.id).await?;
        signatures(ctx, &current, &dossier, &mut items).await?;
        if ctx.may(Permission::RunSession)
            && round.step.next().is_some_and(|next| next <= gate::LAST)
            && let Some((next, conditions)) = crate::round::next(&current, &dossier).await?
        {
            let (what, why) = match conditions.iter().find(|c| !c.met().holds()) {
                None => (format!("可进入“{next}”"), "各项条件已满足".to_owned()),
                Some(first) => {
                    (format!("“{}”进行中", round.step), format!("进入“{next}”前：{}（{}）", first.text(), first.who()))
                }
            };
            items.push(Waiting { of: Some(round.title.clone()), what, why, subject: Subject::Step(round.id) });
        }
    }
    for own in consent::awaiting(ctx).await? {
        let agreed: Vec<_> = own
            .agreed
            .iter()
            .map(|(by, name, _)| format!("{} {name}", by.map_or("组织者", Department::label)))
            .collect();
        items.push(Waiting {
            of: rounds.get(&own.consent.round).cloned(),
            what: format!("{}，待您同意", own.consent.proposal.act()),
            why: format!("{}已同意", agreed.join("、")),
            subject: Subject::Act(own.consent.round),
        });
    }
    items.extend(programme::waiting(ctx).await?);
    Ok(items)
}

async fn own_sheets(ctx: &Context) -> Result<Vec<Waiting>> {
    let mut items = Vec::new();
    for desk in desks(ctx).await? {
        if desk.round.permits(Work::Score).is_err() {
            continue;
        }
        let open =
            desk.lines.iter().filter(|l| matches!(l, DeskLine::Own { sheet, .. } if !sheet.is_submitted())).count();
        if open > 0 {
            items.push(Waiting {
                of: Some(desk.round.title.clone()),
                what: format!("{open} 张评分表待提交"),
                why: format!("{}，{} 号席", desk.panel, desk.seat),
                subject: Subject::Sheets,
            });
        }
    }
    Ok(items)
}

/// Signatures of the caller's department that are still missing.
async fn signatures(ctx: &Context, current: &Current<'_>, dossier: &Dossier, items: &mut Vec<Waiting>) -> Result<()> {
    let round = &dossier.round;
    let Ok(department) = ctx.actor.department() else { return Ok(()) };
    let gate = match (round.step, &round.frozen) {
        (Step::Countersign, _) => Gate::Shortlist,
        (_, Freeze::Open) if round.terms.check().is_ok() => Gate::Terms,
        _ => return Ok(()),
    };
    let signs = crate::decision::signed(current, dossier, gate).await?;
    let signed = signs.as_ref().map_or(&[][..], |signs| signs.signed());
    if signed.iter().all(|sign| sign.department != department) {
        items.push(Waiting {
            of: Some(round.title.clone()),
            what: format!("{gate}待{department}会签"),
            why: format!("已会签 {} / 3", signed.len()),
            subject: Subject::Signature(round.id, gate),
        });
    }
    Ok(())
}
