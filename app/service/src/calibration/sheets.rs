//! The submitted sheets of a round as the engine takes them and as they are handed out for recomputing.

use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::scoring::shared_points;
use crate::{Context, Error, Result, kept};
use domain::access::Permission;
use domain::application::Application;
use domain::ids::{ApplicationId, ExpertId, PanelId, RoundId};
use domain::objective::IncompleteObjectives;
use domain::points::Points;
use domain::round::Work;
use domain::rubric::{Applicability, Weighted};
use domain::sheet::Sheet;
use engine::calibration::{Score, files};
use engine::total::Total;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use store::Current;

/// A submitted sheet with everything that was scored for it.
pub struct Valid {
    application: ApplicationId,
    expert: String,
    panel: Option<PanelId>,
    points: BTreeMap<String, Points>,
}

/// The submitted sheets of a round.
pub(crate) async fn valid_sheets(current: &Current<'_>, dossier: &Dossier) -> Result<Vec<Valid>> {
    let findings = kept::findings(current, dossier.round.id).await?;
    let pool = kept::pool(current).await?;
    let seats = kept::seats(current, dossier.round.id).await?;
    let seats: HashMap<ExpertId, PanelId> = seats.iter().map(|seat| (seat.expert, seat.panel)).collect();
    let sheets = kept::sheets(current, &dossier.round).await?;
    let valid = |sheet: &Sheet| Valid {
        application: sheet.application,
        expert: pool.get(sheet.expert).map_or_else(|| sheet.expert.to_string(), |expert| expert.code.clone()),
        panel: seats.get(&sheet.expert).copied().or_else(|| dossier.panel_of(sheet.application)),
        points: sheet.scores(&shared_points(&findings.objectives, sheet.application)),
    };
    Ok(sheets.iter().filter(|sheet| sheet.is_submitted()).map(valid).collect())
}

/// The submitted totals as the engine takes them.
///
/// # Errors
/// `Rule` while objective points are missing.
pub(crate) async fn scores(current: &Current<'_>, dossier: &Dossier) -> Result<Vec<Score>> {
    totals(dossier, &valid_sheets(current, dossier).await?)
}

/// The sheets with their totals as they count.
///
/// # Errors
/// `Rule` naming an application whose objective points are missing.
pub fn totals(dossier: &Dossier, sheets: &[Valid]) -> Result<Vec<Score>> {
    let rubric = &dossier.round.rubric;
    let incomplete = |sheet: &Valid| {
        let application = dossier.application(sheet.application)?;
        let total = rubric.total(dossier.facts(application), &sheet.points);
        total.is_none().then(|| application.code.clone())
    };
    if let Some(code) = sheets.iter().find_map(incomplete) {
        return Err(IncompleteObjectives(code).into());
    }
    scores_by(dossier, sheets, |facts, points| rubric.itemised(facts, points))
}

/// The sheets with the total that `total` makes of each, in the order of applications and experts; those of which it makes
/// none are left out.
pub fn scores_by(
    dossier: &Dossier,
    sheets: &[Valid],
    total: impl Fn(Applicability, &BTreeMap<String, Points>) -> Option<Weighted>,
) -> Result<Vec<Score>> {
    let mut scores = Vec::with_capacity(sheets.len());
    for sheet in sheets {
        let Some(application) = dossier.application(sheet.application) else { continue };
        if let Some(weighted) = total(dossier.facts(application), &sheet.points) {
            scores.push(score_of(dossier, application, sheet.panel, sheet.expert.clone(), &weighted)?);
        }
    }
    scores.sort_by(|a, b| (&a.application, &a.expert).cmp(&(&b.application, &b.expert)));
    Ok(scores)
}

/// One sheet as the engine takes it; the panel is the expert's. Public because the demonstration calibrates sheets that are not yet there.
///
/// # Errors
/// `Internal` if the total is out of range.
pub fn score_of(
    dossier: &Dossier,
    application: &Application,
    panel: Option<PanelId>,
    expert: String,
    weighted: &Weighted,
) -> Result<Score> {
    // 1/100 point over a base: in points.
    let points = |numerator: i128| {
        let total = Total::from_ratio(numerator, weighted.denominator * 100);
        total.ok_or_else(|| Error::Internal("score out of range".to_owned()))
    };
    Ok(Score {
        application: application.code.clone(),
        expert,
        score: points(weighted.total().numerator)?,
        panel: panel.and_then(|p| dossier.panel(p)).map(|p| p.name.clone()),
        items: weighted.items.iter().map(|item| points(*item)).collect::<Result<_>>()?,
    })
}

struct PresentDigest(String);

/// Digest of the submitted totals as they are now. A result that rests on another digest is out of date.
pub(crate) async fn present_digest(current: &Current<'_>, dossier: &Dossier) -> Result<String> {
    let load = async || Ok(PresentDigest(digest(&scores(current, dossier).await?)));
    Ok(kept::resting_on_sheets(current, &dossier.round, load).await?.0.clone())
}

/// SHA-256 over the sheets as `application,expert,score` lines, sorted. All sheets of an application have the same base, so
/// totals that differ also differ in six decimals.
pub fn digest(scores: &[Score]) -> String {
    let mut input = Sha256::new();
    for s in scores {
        input.update(format!("{},{},{}\n", s.application, s.expert, s.score.decimal()).as_bytes());
    }
    hex::encode(input.finalize())
}

/// The sheets of a round in the file format of `hengping calibrate`, so that anyone can recompute the result.
///
/// # Errors
/// `Denied` without `Export`; `Rule` while scoring is open or objective points are missing.
pub async fn scores_csv(ctx: &Context, round: RoundId) -> Result<String> {
    let ctx = &intact(ctx, Permission::Export, round).await?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    dossier.round.permits(Work::ExportScores)?;
    let sheets = valid_sheets(&current, &dossier).await?;
    let scores = totals(&dossier, &sheets)?;
    let given: HashMap<(&str, &str), &Valid> = sheets
        .iter()
        .filter_map(|sheet| {
            Some(((dossier.application(sheet.application)?.code.as_str(), sheet.expert.as_str()), sheet))
        })
        .collect();
    let rubric = &dossier.round.rubric;
    let knockouts = &kept::findings(&current, round).await?.knockouts;
    let group = |application: &Application| {
        let knocked_out = knockouts.get(&application.id).is_some_and(|own| !own.is_empty());
        if knocked_out { String::new() } else { group_of_places(&dossier, application) }
    };
    let mut text = "application,expert,score,panel,group,reached,reachable".to_owned();
    for criterion in rubric.criteria() {
        let _ = write!(text, ",{}", quoted(&format!("{}{}", files::ITEM, criterion.code)));
    }
    text.push('\n');
    for score in &scores {
        let Some(sheet) = given.get(&(score.application.as_str(), score.expert.as_str())) else { continue };
        let Some(application) = dossier.application(sheet.application) else { continue };
        let facts = dossier.facts(application);
        let applicable = || rubric.applicable(facts);
        let points = |code: &str| sheet.points.get(code).copied().unwrap_or_default();
        let reached: Points = applicable().map(|criterion| points(&criterion.code)).sum();
        let reachable: Points = applicable().map(|criterion| criterion.full).sum();
        let panel = score.panel.clone().unwrap_or_default();
        let total = score.score.decimal().to_string();
        let first = [score.application.clone(), score.expert.clone(), total, panel, group(application)];
        let mut fields: Vec<String> = first.iter().map(|field| quoted(field)).collect();
        fields.extend([reached.short(), reachable.short()]);
        let given = |code: &str, applies: bool| if applies { points(code).short() } else { String::new() };
        fields.extend(rubric.criteria().map(|criterion| given(&criterion.code, criterion.applies(facts))));
        let _ = writeln!(text, "{}", fields.join(","));
    }
    Ok(text)
}

/// The group whose places an application competes for, also where all compete for the same.
fn group_of_places(dossier: &Dossier, application: &Application) -> String {
    let group = dossier.group(application);
    if group.is_empty() { dossier.round.terms.scope.label().to_owned() } else { group }
}

/// A CSV field: quoted where a reader would otherwise take it apart.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
