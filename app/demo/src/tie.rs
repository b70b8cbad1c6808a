//! A tie across the quota line: two applications of one panel with identical sheets, and the quota that cuts between them.
//!
//! The terms are frozen before the first sheet, so every sheet is decided beforehand and calibrated in memory.

use crate::astray;
use crate::convene::Sitting;
use crate::scores::{Model, filled};
use domain::Timestamp;
use domain::application::{Application, Form, UnitKind};
use domain::ids::{ApplicationId, ExpertId, SheetId};
use domain::round::Method;
use domain::sheet::Sheet;
use engine::calibration::{Options, Score, fit};
use service::Result;
use service::calibration::score_of;
use std::collections::{BTreeSet, HashMap};

/// The pair should come out within these ranks, times the scale.
const RANKS: std::ops::RangeInclusive<usize> = 15..=40;
/// Merits tried in this order.
const MERITS: [f64; 14] = [5.0, 6.0, 4.0, 7.0, 3.0, 8.0, 2.0, 9.0, 1.0, 10.0, 0.0, 11.0, 12.0, 13.0];

/// Pairs of expert and application that will have no sheet after all.
pub type Withdrawn = BTreeSet<(ExpertId, ApplicationId)>;

/// Two applications that all present experts of their panel score, of one form and kind.
pub fn twins(sitting: &Sitting, apart: impl Fn(ApplicationId) -> bool) -> Option<(&Application, &Application)> {
    // From the middle of the list on: the largest panels stand first.
    sitting.dossier.panels.iter().skip(4).chain(sitting.dossier.panels.iter().take(4)).find_map(|panel| {
        let alike = |a: &&Application| {
            let lead = a.lead().map(|lead| lead.kind);
            a.form == Form::Consortium
                && lead == Some(UnitKind::Enterprise)
                && !apart(a.id)
                && sitting.present(panel.id).all(|line| sitting.may_score(line.expert.id, a.id))
        };
        let mut found = sitting.dossier.in_panel(panel.id).filter(alike);
        Some((found.next()?, found.next()?))
    })
}

/// Makes the twins equal, moves them to a fair rank, and returns the quota whose line falls between them.
pub fn settle(
    sitting: &Sitting,
    model: &mut Model,
    withdrawn: &Withdrawn,
    twins: (&Application, &Application),
    scale: usize,
) -> Result<u32> {
    for merit in MERITS {
        for twin in [twins.0, twins.1] {
            model.set.insert(twin.id, (merit, twins.0.code.clone()));
        }
        let calibration = fit(&scores(sitting, model, withdrawn)?, &Options::default())
            .map_err(|error| astray(&error.to_string()))?;
        let names = calibration.design.applications.iter().zip(0..);
        let finals: HashMap<&str, i64> = names
            .filter_map(|(code, i)| Some((code.as_str(), calibration.final_score(i, Method::Mixed)?.hundredths())))
            .collect();
        let own = finals.get(twins.0.code.as_str()).copied();
        let other = finals.get(twins.1.code.as_str()).copied();
        let above = finals.values().filter(|score| Some(**score) > own).count();
        let alike = finals.values().filter(|score| Some(**score) == own).count();
        if own == other && alike == 2 && (*RANKS.start()..=RANKS.end() * scale).contains(&(above + 1)) {
            return u32::try_from(above + 1).map_err(|error| astray(&error.to_string()));
        }
    }
    Err(astray("no merit puts the tie on the line"))
}

/// The totals as the calibration of the round will read them.
fn scores(sitting: &Sitting, model: &Model, withdrawn: &Withdrawn) -> Result<Vec<Score>> {
    let dossier = &sitting.dossier;
    let rubric = &dossier.round.rubric;
    let mut scores = Vec::new();
    for (line, application) in sitting.pairs() {
        if withdrawn.contains(&(line.expert.id, application.id)) {
            continue;
        }
        let facts = dossier.facts(application);
        let typed = model.sheet(rubric, facts, &line.expert, application, Some(line.seat.panel));
        let blank = Sheet::blank(SheetId(line.seat.id), dossier.round.id, line.expert.id, application.id);
        let sheet = filled(blank, rubric, facts, &typed, Timestamp::default())?;
        let objective = model.objectives(rubric, facts, application);
        let objective = objective.into_iter().map(|(code, o)| (code, o.points)).collect();
        let total = rubric.itemised(facts, &sheet.scores(&objective));
        let total = total.ok_or_else(|| astray("a sheet without total"))?;
        scores.push(score_of(dossier, application, Some(line.seat.panel), line.expert.code.clone(), &total)?);
    }
    scores.sort_by(|a, b| (&a.application, &a.expert).cmp(&(&b.application, &b.expert)));
    Ok(scores)
}
