//! 成绩由来: the valid sheets behind one final score, and the tie keys of those that reached the same one.

use super::keys::Means;
use super::last;
use crate::dossier::Dossier;
use crate::scoring::shared_points;
use crate::{Context, Error, Result, calibration, kept};
use domain::access::Permission;
use domain::ids::{ApplicationId, RoundId};
use domain::points::Points;
use domain::ranking::Row;
use domain::sheet::Vote;

/// One valid sheet, its expert by code.
#[derive(Debug, Clone)]
pub struct SheetTotal {
    pub expert: String,
    pub total: Points,
    pub vote: Option<Vote>,
}

/// An application with the same final score in the same group, itself included, with its tie keys in words.
#[derive(Debug, Clone)]
pub struct Contender {
    pub code: String,
    pub rank: Option<usize>,
    pub keys: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Derivation {
    /// Highest total first.
    pub sheets: Vec<SheetTotal>,
    /// Sheets that were voided and count nowhere.
    pub voided: usize,
    pub key_names: Vec<String>,
    /// Best first; empty unless others reached the same score.
    pub contenders: Vec<Contender>,
}

/// # Errors
/// `Denied` without `ReadResults`; `NotFound` before there is a ranking, or for an application outside it.
pub async fn derivation(ctx: &Context, round: RoundId, id: ApplicationId) -> Result<Derivation> {
    ctx.require(Permission::ReadResults)?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let application = dossier.application(id).ok_or(Error::NotFound)?;
    let kept = last(&current, round).await?.ok_or(Error::NotFound)?;
    let ranking = &kept.ranking;
    let row = ranking.rows.iter().find(|r| r.application == id).ok_or(Error::NotFound)?;
    let calibrated = calibration::last(&current, round).await?.ok_or(Error::NotFound)?;
    let record = &calibrated.record;
    let means = Means::kept(&current, &dossier).await?;

    let findings = kept::findings(&current, round).await?;
    let objective = shared_points(&findings.objectives, id);
    let facts = dossier.facts(application);
    let pool = kept::pool(&current).await?;
    let all = kept::sheets(&current, &dossier.round).await?;
    let own = all.iter().filter(|s| s.application == id);
    let (valid, left): (Vec<_>, Vec<_>) = own.partition(|sheet| sheet.is_submitted());
    let mut sheets: Vec<_> = valid
        .iter()
        .filter_map(|sheet| {
            Some(SheetTotal {
                expert: pool.get(sheet.expert).map(|expert| expert.code.clone()).unwrap_or_default(),
                total: sheet.total(&dossier.round.rubric, facts, &objective)?.rounded(),
                vote: sheet.vote,
            })
        })
        .collect();
    sheets.sort_by(|a, b| (b.total, &a.expert).cmp(&(a.total, &b.expert)));

    let same = |r: &&Row| r.rank.is_some() && r.group == row.group && r.score == row.score;
    let raw = |code: &str| record.application(code).and_then(|line| line.raw_thousandths);
    let mut contenders: Vec<_> = ranking
        .rows
        .iter()
        .filter(same)
        .map(|r| Contender {
            code: r.code.clone(),
            rank: r.rank,
            keys: in_words(&means.tie_keys(r.application, raw(&r.code))),
        })
        .collect();
    if row.rank.is_none() || contenders.len() < 2 {
        contenders.clear();
    }
    contenders.sort_by(|a, b| (a.rank, &a.code).cmp(&(b.rank, &b.code)));
    Ok(Derivation {
        sheets,
        voided: left.iter().filter(|s| s.state.key() == "voided").count(),
        key_names: means.key_names(&dossier.round.rubric),
        contenders,
    })
}

/// The first key is in 1/1000 point, the last a count of votes, the one before it in 1/100 point, those between in billionths.
fn in_words(keys: &[i64]) -> Vec<String> {
    let last = keys.len().saturating_sub(1);
    let word = |(i, key): (usize, &i64)| match i {
        0 => format!("{}.{:03}", key / 1000, key % 1000),
        i if i == last => key.to_string(),
        i if i + 1 == last => Points(*key).to_string(),
        _ => format!("{}.{:04}%", key / 10_000_000, key % 10_000_000 / 1_000),
    };
    keys.iter().enumerate().map(word).collect()
}
