//! 专家库.

use crate::{Context, Result};
use domain::access::{Department, Permission};
use domain::expert::{Expert, Standing};
use domain::ids::ExpertId;
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use domain::text::name_key;
use store::Repositories;

/// What the list of experts is narrowed to. `None` and empty mean all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In name, code, employer or specialities.
    pub text: String,
    pub role: Option<ExpertRole>,
    pub sector: Option<Sector>,
    pub source: Option<Department>,
    pub standing: Option<Standing>,
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
}

/// The pool, narrowed, by code.
///
/// # Errors
/// `Denied` without `ReadExperts`.
pub async fn list(ctx: &Context, filter: &Filter) -> Result<Vec<Expert>> {
    ctx.require(Permission::ReadExperts)?;
    let mut all = ctx.store().experts().all().await?;
    all.retain(|expert| filter.admits(expert));
    Ok(all)
}

/// One expert with employment history.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(ctx: &Context, id: ExpertId) -> Result<Expert> {
    ctx.require(Permission::ReadExperts)?;
    Ok(ctx.store().experts().get(id).await?)
}
