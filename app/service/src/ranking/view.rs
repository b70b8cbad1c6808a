//! The round with its calibration and ranking, for those who may read results.

use crate::calibration::{self, KeptCalibration};
use crate::dossier::Dossier;
use crate::{Context, Error, Result};
use domain::Timestamp;
use domain::access::Permission;
use domain::ids::RoundId;
use domain::ranking::Ranking;
use domain::run::{Run, RunKind};
use std::sync::Arc;
use store::{Current, Repositories, Topic, if_any};

/// A ranking as it was kept.
#[derive(Debug)]
pub struct KeptRanking {
    pub ranking: Ranking,
    pub digest: String,
    pub at: Timestamp,
}

/// The data of the ranking page.
#[derive(Debug, Clone)]
pub struct View {
    pub dossier: Dossier,
    pub calibration: Option<Arc<KeptCalibration>>,
    pub ranking: Option<Arc<KeptRanking>>,
}

/// # Errors
/// `Denied` without `ReadResults`, `NotFound` for an unknown round.
pub async fn view(ctx: &Context, round: RoundId) -> Result<View> {
    ctx.require(Permission::ReadResults)?;
    let current = ctx.store().current().await?;
    Ok(View {
        dossier: Dossier::at(&current, round).await?,
        calibration: calibration::last(&current, round).await?,
        ranking: last(&current, round).await?,
    })
}

/// The last ranking, read once for all who look at it.
pub(crate) async fn last(current: &Current<'_>, round: RoundId) -> Result<Option<Arc<KeptRanking>>> {
    let load = async || {
        let run = if_any(current.store().runs().latest(round, RunKind::Ranking).await)?;
        let read = |run: Run| {
            let ranking = serde_json::from_str(&run.output)?;
            Ok::<_, Error>(Arc::new(KeptRanking { ranking, digest: run.digest, at: run.at }))
        };
        run.map(read).transpose()
    };
    Ok((*current.kept(round.0, &[Topic::Runs], load).await?).clone())
}
