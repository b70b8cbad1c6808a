//! 入围线: who competes for which places, and where the line falls for given scores.

use super::keys::Means;
use crate::dossier::Dossier;
use domain::acceptance::Knockout;
use domain::ids::ApplicationId;
use domain::points::Points;
use domain::round::{Method, QuotaScope};
use engine::calibration::Calibration;
use engine::calibration::sensitivity::Bounds;
use engine::decimal::Decimal;
use engine::ranking::{Candidate, Entry, Exclusion, Placing, Quota, shortlist};
use std::collections::{BTreeMap, HashMap};

/// Places held in reserve below the line.
const RESERVES: usize = 3;

/// Everything that does not depend on the scores: the competing applications, their groups and tie keys, the frozen terms.
pub struct Line {
    competing: Vec<Competing>,
    min_sheets: usize,
    quota: Quota,
    pass: i64,
}

struct Competing {
    code: String,
    group: String,
    knocked_out: bool,
    /// The declared keys after the first, the untrimmed mean.
    tie_keys: Vec<i64>,
}

/// The result of a computation for one application.
#[derive(Clone, Copy, Debug)]
pub struct Attained {
    pub score: Option<Points>,
    pub sheets: usize,
    /// The untrimmed mean in 1/1000 point, the first tie key.
    pub raw_thousandths: Option<i64>,
}

impl Line {
    pub fn new(
        dossier: &Dossier,
        means: &Means,
        knockouts: &HashMap<ApplicationId, BTreeMap<Knockout, String>>,
    ) -> Self {
        let competing: Vec<Competing> = dossier
            .eligible()
            .map(|application| Competing {
                code: application.code.clone(),
                group: dossier.group(application),
                knocked_out: knockouts.get(&application.id).is_some_and(|k| !k.is_empty()),
                tie_keys: means.tie_keys(application.id, None).split_off(1),
            })
            .collect();
        let terms = &dossier.round.terms;
        let places = usize::try_from(terms.quota).unwrap_or(usize::MAX);
        let quota = match terms.scope {
            QuotaScope::Overall => Quota::Overall { places, reserves: RESERVES },
            QuotaScope::PerSector | QuotaScope::PerTask => Quota::PerGroup {
                places: competing.iter().map(|c| (c.group.clone(), places)).collect::<BTreeMap<_, _>>(),
                reserves: RESERVES,
            },
        };
        let min_sheets = usize::try_from(terms.min_sheets).unwrap_or(usize::MAX);
        Self { competing, min_sheets, quota, pass: terms.pass_mark.0 }
    }

    /// Draws the line for the results that `of` gives by code.
    pub fn draw(&self, of: impl Fn(&str) -> Attained) -> Vec<Placing<String>> {
        let entry = |competing: &Competing| {
            let Attained { score, sheets, raw_thousandths } = of(&competing.code);
            let exclusion = match (competing.knocked_out, sheets >= self.min_sheets, score) {
                (true, ..) => Some(Exclusion::KnockedOut),
                (false, false, _) => Some(Exclusion::TooFewSheets),
                (false, true, None) => Some(Exclusion::NoScore),
                (false, true, Some(_)) => None,
            };
            let first = std::iter::once(raw_thousandths.unwrap_or(0));
            Entry {
                candidate: Candidate {
                    id: competing.code.clone(),
                    score: score.map_or(0, |s| s.0),
                    tie_keys: first.chain(competing.tie_keys.iter().copied()).collect(),
                },
                group: competing.group.clone(),
                exclusion,
            }
        };
        let entries: Vec<_> = self.competing.iter().map(entry).collect();
        shortlist(&entries, &self.quota, Some(self.pass))
    }

    /// What decides the line beside scores and tie keys.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            least_sheets: self.min_sheets,
            pass: Decimal::from_hundredths(self.pass).ok(),
            per_group: matches!(self.quota, Quota::PerGroup { .. }),
        }
    }

    /// The line under one method of a calibration.
    pub fn under(&self, calibration: &Calibration, method: Method) -> Vec<Placing<String>> {
        let given = calibration.given(method);
        self.draw_given(&calibration.design.applications, &given, |index| raw_thousandths(calibration, index))
    }

    /// The line for scores that the engine gives, in the order of `codes`.
    pub fn draw_given(
        &self,
        codes: &[String],
        given: &engine::calibration::Given,
        raw_thousandths: impl Fn(usize) -> Option<i64>,
    ) -> Vec<Placing<String>> {
        self.draw(|code| match codes.binary_search_by(|other| other.as_str().cmp(code)) {
            Ok(index) => Attained {
                score: given.scores[index].map(|score| Points(score.hundredths())),
                sheets: given.sheets[index],
                raw_thousandths: raw_thousandths(index),
            },
            Err(_) => Attained { score: None, sheets: 0, raw_thousandths: None },
        })
    }
}

/// The raw mean of the application at `index`, in 1/1000 point.
pub fn raw_thousandths(calibration: &Calibration, index: usize) -> Option<i64> {
    calibration.results[index].raw.map(|raw| raw.micros() / 1000)
}
