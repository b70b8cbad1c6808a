//! Calibration and ranking as they were kept, against what the sheets give now.

use super::trail::Trail;
use crate::dossier::Dossier;
use crate::{Error, Result, calibration, ranking};
use domain::ids::RoundId;
use domain::invariant::{Part, Violation};
use domain::points::Points;
use domain::ranking::Row;
use domain::round::Method;
use std::collections::{BTreeMap, HashMap};
use store::{Current, Repositories};

/// Computations against their digests and the audit.
pub async fn of_runs(current: &Current<'_>, round: RoundId, trail: &Trail) -> Result<Vec<Violation>> {
    let runs = current.store().runs().of_round(round).await?;
    Ok(runs.iter().filter_map(|run| trail.of_run(run)).collect())
}

/// The last calibration and the last ranking against what follows from the sheets.
pub async fn recomputed(current: &Current<'_>, dossier: &Dossier) -> Result<Vec<Violation>> {
    let round = dossier.round.id;
    let mut found = Vec::new();
    let Some(calibrated) = calibration::last(current, round).await? else { return Ok(found) };
    // Sheets are set aside until the results are signed: a calibration that rests on others waits to be made again, and is nobody's fault.
    let record = &calibrated.record;
    match calibration::present_digest(current, dossier).await {
        Ok(present) if present == record.input_digest => {}
        // Points that are missing are named by the gate that demands them.
        Ok(_) | Err(Error::Rule(_)) => return Ok(found),
        Err(error) => return Err(error),
    }
    found.extend(scores(current, dossier, record).await?);
    let Some(ranked) = ranking::last(current, round).await? else { return Ok(found) };
    if ranked.ranking.input_digest == record.input_digest {
        let (_, again) = ranking::drawn_up(current, dossier, record).await?;
        found.extend(rows(&ranked.ranking.rows, &again.rows));
    }
    Ok(found)
}

/// Every final score of the record, computed again.
async fn scores(current: &Current<'_>, dossier: &Dossier, record: &calibration::Record) -> Result<Vec<Violation>> {
    let again = calibration::finals(current, dossier).await?;
    let computed: HashMap<&str, &BTreeMap<Method, Points>> =
        again.iter().map(|own| (own.code.as_str(), &own.finals)).collect();
    let mut kept: BTreeMap<&str, &BTreeMap<Method, Points>> =
        record.applications.iter().map(|line| (line.code.as_str(), &line.finals)).collect();
    let none = BTreeMap::new();
    for code in computed.keys() {
        kept.entry(code).or_insert(&none);
    }
    let mut found = Vec::new();
    for (code, finals) in kept {
        let now = computed.get(code).copied().unwrap_or(&none);
        for method in Method::ALL.iter().copied() {
            let (kept, computed) = (finals.get(&method).copied(), now.get(&method).copied());
            if kept != computed {
                found.push(Violation::Score { application: code.to_owned(), method, kept, computed });
            }
        }
    }
    Ok(found)
}

/// The rows of a ranking against those that follow from its calibration. What people decided on them stands.
fn rows(kept: &[Row], again: &[Row]) -> Vec<Violation> {
    let mut found = Vec::new();
    let of: HashMap<_, &Row> = kept.iter().map(|row| (row.application, row)).collect();
    for row in again {
        let differing = of.get(&row.application).map_or_else(|| vec![Part::Missing], |own| differing(own, row));
        found.extend(differing.into_iter().map(|what| Violation::Ranking { application: row.code.clone(), what }));
    }
    let known: HashMap<_, &Row> = again.iter().map(|row| (row.application, row)).collect();
    let stray = kept.iter().filter(|row| !known.contains_key(&row.application));
    found.extend(stray.map(|row| Violation::Ranking { application: row.code.clone(), what: Part::Missing }));
    found
}

fn differing(kept: &Row, again: &Row) -> Vec<Part> {
    let decided = !kept.settled.is_empty();
    let parts = [
        (Part::Score, (kept.score, kept.raw, kept.trimmed) == (again.score, again.raw, again.trimmed)),
        (Part::Rank, (kept.rank, kept.tied, &kept.group) == (again.rank, again.tied, &again.group)),
        (Part::Dimensions, kept.dimensions == again.dimensions),
        (Part::Votes, (kept.sheets, kept.recommend) == (again.sheets, again.recommend)),
        (Part::Outcome, decided || (kept.outcome, kept.conclusion) == (again.outcome, again.conclusion)),
    ];
    parts.into_iter().filter(|(_, same)| !same).map(|(what, _)| what).collect()
}
