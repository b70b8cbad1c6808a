//! The round with its calibration and ranking, for those who may read results.

use crate::calibration;
use crate::dossier::Dossier;
use crate::{Context, Result};
use domain::Timestamp;
use domain::ids::RoundId;
use domain::ranking::Ranking;
use domain::run::RunKind;
use store::{Repositories, if_any};

/// A ranking as it was kept.
#[derive(Debug, Clone)]
pub struct Kept {
    pub ranking: Ranking,
    pub digest: String,
    pub at: Timestamp,
}

/// What the ranking page starts from.
#[derive(Debug, Clone)]
pub struct View {
    pub dossier: Dossier,
    pub calibration: Option<calibration::Kept>,
    pub ranking: Option<Kept>,
}

/// # Errors
/// `Denied` without `ReadResults`, `NotFound` for an unknown round.
pub async fn view(ctx: &Context, round: RoundId) -> Result<View> {
    let (dossier, calibration) = calibration::view(ctx, round).await?;
    let ranking = match if_any(ctx.store().runs().latest(round, RunKind::Ranking).await)? {
        Some(run) => Some(Kept { ranking: serde_json::from_str(&run.output)?, digest: run.digest, at: run.at }),
        None => None,
    };
    Ok(View { dossier, calibration, ranking })
}
