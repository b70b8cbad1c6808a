//! 同一人: entries of the pool that may be one person are shown, decided, and counted once until then.

use crate::audit::{Event, note_reading};
use crate::{Context, Error, Result, kept};
use domain::Timestamp;
use domain::access::Permission;
use domain::expert::{Expert, PoolState};
use domain::identity::doubles::{Double, Resemblance};
use domain::identity::persons::{IdentityError, Judgement, Ruling, with_posts_of};
use domain::ids::ExpertId;
use domain::reason::{Reason, Unreasoned};
use engine::draw::Pool;
use std::collections::HashMap;
use store::repo::judgement::Stored;
use store::{Repositories, Tx, if_any};
use uuid::Uuid;

/// Two entries that may be one person.
#[derive(Debug, Clone)]
pub struct Pair {
    pub first: Expert,
    pub second: Expert,
    pub why: Resemblance,
}

/// What was decided of two entries, and by whom.
#[derive(Debug, Clone)]
pub struct Decided {
    pub id: Uuid,
    pub first: Expert,
    pub second: Expert,
    pub ruling: Ruling,
    pub reason: String,
    pub by: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Default)]
pub struct Doubles {
    pub open: Vec<Pair>,
    /// The last first.
    pub decided: Vec<Decided>,
}

/// How many pairs wait for a decision.
///
/// # Errors
/// `Denied` without `ReadExperts`.
pub async fn count_open(ctx: &Context) -> Result<usize> {
    ctx.require(Permission::ReadExperts)?;
    Ok(kept::open_doubles(&ctx.store().current().await?).await?.0.len())
}

/// Every pair that may be one person, and what was decided. That it was looked at is recorded.
///
/// # Errors
/// `Denied` without `ReadExperts`.
pub async fn doubles(ctx: &Context) -> Result<Doubles> {
    ctx.require(Permission::ReadExperts)?;
    let current = ctx.store().current().await?;
    let (pool, open) = (kept::pool(&current).await?, kept::open_doubles(&current).await?);
    let entry = |id: ExpertId| pool.get(id).cloned();
    let pair =
        |double: &Double| Some(Pair { first: entry(double.first)?, second: entry(double.second)?, why: double.why });
    let judged = ctx.store().judgements().all().await?;
    let accounts: Vec<_> = judged.iter().map(|stored| stored.by).collect();
    let names = ctx.store().accounts().names_of(&accounts).await?;
    let decided = |stored: Stored| {
        let Judgement { first, second, ruling, reason } = stored.judgement;
        Some(Decided {
            id: stored.id,
            first: entry(first)?,
            second: entry(second)?,
            ruling,
            reason: reason.to_string(),
            by: names.get(&stored.by).cloned().unwrap_or_default(),
            at: stored.at,
        })
    };
    let doubles = Doubles {
        open: open.0.iter().filter_map(pair).collect(),
        decided: judged.into_iter().filter_map(decided).collect(),
    };
    note_reading(ctx, Event::DoublesRead { pairs: doubles.open.len() }.into()).await?;
    Ok(doubles)
}

/// What is asked for about a pair.
#[derive(Debug, Clone)]
pub struct Asked {
    pub first: ExpertId,
    pub second: ExpertId,
    pub ruling: Ruling,
    pub reason: String,
}

/// Decides pairs, all or none. Of one person the kept entry takes over the posts, and the numbers it lacks; the other is 退库.
///
/// # Errors
/// `Denied`; `Rule` without a reason, for a pair that is not open, or where the entry to be given up has a seat or stands in a draw.
pub async fn decide(ctx: &Context, asked: Vec<Asked>) -> Result<()> {
    ctx.require(Permission::ImportData)?;
    let open = kept::open_doubles(&ctx.store().current().await?).await?;
    let mut judgements = Vec::new();
    for asked in asked {
        let Asked { first, second, ruling, reason } = asked;
        let same = |d: &Double| (d.first, d.second) == (first, second) || (d.first, d.second) == (second, first);
        if !open.0.iter().any(same) || matches!(ruling, Ruling::Same { kept } if kept != first && kept != second) {
            return Err(IdentityError::NotOpen.into());
        }
        judgements.push(Judgement { first, second, ruling, reason: Reason::of(&reason, Unreasoned::Identity)? });
    }
    ctx.store()
        .write(async |tx| {
            for judgement in &judgements {
                judge(ctx, tx, judgement).await?;
            }
            Ok(())
        })
        .await
}

async fn judge(ctx: &Context, tx: &Tx, judgement: &Judgement) -> Result<()> {
    let (first, second) = (tx.experts().get(judgement.first).await?, tx.experts().get(judgement.second).await?);
    let id = ctx.id();
    let stored = Stored { id, judgement: judgement.clone(), by: ctx.actor.account, at: ctx.now() };
    tx.judgements().insert(&stored).await.map_err(|error| match error {
        store::StoreError::Duplicate => Error::from(IdentityError::NotOpen),
        other => other.into(),
    })?;
    let reason = judgement.reason.to_string();
    let codes = vec![first.code.clone(), second.code.clone()];
    let Ruling::Same { kept } = judgement.ruling else {
        return ctx.record(tx, Event::FoundDistinct { codes, reason }.of(id)).await;
    };
    let (kept, given_up) = if kept == first.id { (first, second) } else { (second, first) };
    // A pair of the same list may have taken one of them.
    if [&kept, &given_up].iter().any(|entry| entry.standing == PoolState::Removed) {
        return Err(IdentityError::NotOpen.into());
    }
    InUse::load(tx).await?.require_unused(&given_up)?;
    tx.experts().replace(&with_posts_of(&kept, &[&given_up])).await?;
    tx.personal().hand_over(given_up.id, kept.id).await?;
    tx.experts().replace(&Expert { standing: PoolState::Removed, ..given_up.clone() }).await?;
    let event = Event::FoundSame { kept: kept.code, given_up: given_up.code, reason };
    ctx.record(tx, event.of(id)).await
}

/// The entries that have a seat, or may be called to one, in rounds that are not over, each with the title of its round.
#[derive(Debug, Default)]
pub(crate) struct InUse {
    seated: HashMap<ExpertId, String>,
    drawable: HashMap<String, String>,
}

impl InUse {
    pub async fn load(store: &impl Repositories) -> Result<Self> {
        let mut used = Self::default();
        for round in store.rounds().all().await?.into_iter().filter(|round| !round.is_over()) {
            let seats = store.panels().seats(round.id).await?;
            used.seated.extend(seats.into_iter().map(|seat| (seat.expert, round.title.clone())));
            if let Some(draw) = if_any(store.draws().current(round.id).await)? {
                let pool: Pool = serde_json::from_str(&draw.pool)?;
                let codes = pool.candidates.into_iter().map(|candidate| candidate.id);
                used.drawable.extend(codes.map(|code| (code, round.title.clone())));
            }
        }
        Ok(used)
    }

    pub fn round_of(&self, entry: &Expert) -> Option<&str> {
        self.seated.get(&entry.id).or_else(|| self.drawable.get(&entry.code)).map(String::as_str)
    }

    /// # Errors
    /// `InUse`.
    pub fn require_unused(&self, entry: &Expert) -> Result<(), IdentityError> {
        match self.round_of(entry) {
            Some(round) => Err(IdentityError::InUse { code: entry.code.clone(), round: round.to_owned() }),
            None => Ok(()),
        }
    }
}

/// Takes back that two entries are two people: the pair is open again.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` without a reason.
pub async fn reopen(ctx: &Context, id: Uuid, reason: &str) -> Result<()> {
    ctx.require(Permission::ImportData)?;
    let reason = Reason::of(reason, Unreasoned::Identity)?;
    ctx.store()
        .write(async |tx| {
            tx.judgements().withdraw(id).await?;
            ctx.record(tx, Event::IdentityReopened { reason: reason.to_string() }.of(id)).await
        })
        .await
}

/// Whom entries that may be one person are to be told apart from, of one expert's page.
///
/// # Errors
/// `Denied` without `ReadExperts`.
pub async fn of(ctx: &Context, expert: ExpertId) -> Result<Vec<(Expert, Resemblance)>> {
    ctx.require(Permission::ReadExperts)?;
    let current = ctx.store().current().await?;
    let (pool, open) = (kept::pool(&current).await?, kept::open_doubles(&current).await?);
    let other = |double: &Double| match (double.first == expert, double.second == expert) {
        (true, _) => Some((double.second, double.why)),
        (_, true) => Some((double.first, double.why)),
        _ => None,
    };
    let found = open.0.iter().filter_map(other);
    Ok(found.filter_map(|(id, why)| Some((pool.get(id)?.clone(), why))).collect())
}
