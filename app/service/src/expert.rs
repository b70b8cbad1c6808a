//! 专家库.

use crate::audit::{Event, note_reading};
use crate::{Context, Result, kept};
use domain::access::{Department, Permission};
use domain::expert::{Expert, PoolState, UnitError};
use domain::ids::ExpertId;
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use domain::text::{name_key, normalise};
use domain::uscc::Uscc;
use std::ops::Range;
use store::Repositories;

/// Of what was searched for, so many characters are recorded.
const LONGEST_RECORDED: usize = 100;

/// A filter for the list of experts. `None` and empty mean all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In name, code, employer or specialities.
    pub text: String,
    pub role: Option<ExpertRole>,
    pub sector: Option<Sector>,
    pub source: Option<Department>,
    pub standing: Option<PoolState>,
}

impl Filter {
    fn admits(&self, expert: &Expert) -> bool {
        let text = name_key(&self.text);
        let within = |field: &str| name_key(field).contains(&text);
        self.role.is_none_or(|role| expert.role == role)
            && self.sector.is_none_or(|sector| expert.sectors.contains(&sector))
            && self.source.is_none_or(|source| expert.source == source)
            && self.standing.is_none_or(|standing| expert.standing == standing)
            && (text.is_empty()
                || [&expert.name, &expert.code, &expert.employer, &expert.specialities].into_iter().any(|f| within(f)))
    }

    /// That `rows` experts were shown under this filter.
    fn record(&self, rows: usize) -> Event {
        let text: String = self.text.trim().chars().take(LONGEST_RECORDED).collect();
        Event::PoolRead {
            rows,
            search: (!text.is_empty()).then_some(text),
            expert_role: self.role,
            sector: self.sector,
            source: self.source,
            standing: self.standing,
        }
    }
}

/// A part of the pool, narrowed, by code, and the number of all who match. That it was looked at is recorded.
///
/// # Errors
/// `Denied` without `ReadExperts`.
pub async fn list(ctx: &Context, filter: &Filter, part: Range<usize>) -> Result<(Vec<Expert>, usize)> {
    ctx.require(Permission::ReadExperts)?;
    let pool = kept::pool(&ctx.store().current().await?).await?;
    let matching: Vec<&Expert> = pool.experts.iter().filter(|expert| filter.admits(expert)).collect();
    note_reading(ctx, filter.record(matching.len()).into()).await?;
    let shown = matching.iter().skip(part.start).take(part.len()).map(|expert| (*expert).clone()).collect();
    Ok((shown, matching.len()))
}

/// All who match, for a document, whose making is recorded by itself.
pub(crate) async fn narrowed(ctx: &Context, filter: &Filter) -> Result<Vec<Expert>> {
    ctx.require(Permission::ReadExperts)?;
    let pool = kept::pool(&ctx.store().current().await?).await?;
    Ok(pool.experts.iter().filter(|expert| filter.admits(expert)).cloned().collect())
}

/// One expert with employment history. That it was looked at is recorded.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(ctx: &Context, id: ExpertId) -> Result<Expert> {
    ctx.require(Permission::ReadExperts)?;
    let expert = ctx.store().experts().get(id).await?;
    note_reading(ctx, Event::ExpertRead { code: expert.code.clone() }.of(id.0)).await?;
    Ok(expert)
}

/// Records that two units count as one for recusal: parent and subsidiary.
///
/// # Errors
/// `Denied` without `ImportData`; `Rule` for a unit with itself, or if it is on record.
pub async fn register_affiliation(ctx: &Context, parent: &Uscc, child: &Uscc) -> Result<()> {
    ctx.require(Permission::ImportData)?;
    if parent == child {
        return Err(UnitError::Same.into());
    }
    let id = ctx.id();
    ctx.store()
        .write(async |tx| {
            tx.experts().insert_affiliation(id, parent, child).await?;
            let event = Event::AffiliationRegistered { parent: parent.clone(), child: child.clone() };
            ctx.record(tx, event.of(id)).await
        })
        .await
}

/// Records a supervising authority besides the built-in ones: its staff review nothing.
///
/// # Errors
/// `Denied` without `ImportData`; `Rule` without a name.
pub async fn register_authority(ctx: &Context, uscc: Option<&Uscc>, name: &str) -> Result<()> {
    ctx.require(Permission::ImportData)?;
    let name = normalise(name);
    if name.is_empty() {
        return Err(UnitError::NoName.into());
    }
    let id = ctx.id();
    ctx.store()
        .write(async |tx| {
            tx.experts().insert_authority(id, uscc, &name).await?;
            let event = Event::AuthorityRegistered { name: name.clone(), uscc: uscc.cloned() };
            ctx.record(tx, event.of(id)).await
        })
        .await
}
