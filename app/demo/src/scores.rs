//! How the experts of the story score: merit of the application, severity of panel and expert, and what remains.

use crate::source::Dice;
use domain::application::Application;
use domain::expert::Expert;
use domain::ids::{ApplicationId, ExpertId, PanelId};
use domain::objective::Objective;
use domain::points::Points;
use domain::rubric::{Applicability, Criterion, Rubric, Scoring};
use domain::sheet::{Typed, Vote, own_criteria};
use service::{Error, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Standard deviations in points of 100.
const MERIT: f64 = 6.0;
const SEVERITY: f64 = 3.0;
const RESIDUAL: f64 = 3.0;
/// One criterion of a sheet differs from the others by so much, as a share of its points.
const UNEVENNESS: f64 = 0.05;
/// Mean of all sheets as a share of the points.
const CENTRE: f64 = 0.76;
/// Panels differ by these points, in the order of the panels.
const PANEL_SHIFTS: [f64; 10] = [2.0, -6.0, 3.0, -4.0, 5.0, -2.0, 6.0, -5.0, 1.0, 0.0];
/// Recommended applications reach this share.
const RECOMMENDED: f64 = 0.72;

/// The panel's severity by its place.
pub fn panel_shift(place: usize) -> f64 {
    PANEL_SHIFTS[place % PANEL_SHIFTS.len()]
}

/// Decides every sheet of a round before any is filled in.
#[derive(Debug, Default)]
pub struct Model {
    pub shifts: HashMap<PanelId, f64>,
    /// Applications whose merit the story sets, and under whose name they throw: twins throw alike.
    pub set: HashMap<ApplicationId, (f64, String)>,
    /// Sheets far below the others.
    pub outliers: BTreeSet<(ExpertId, ApplicationId)>,
}

impl Model {
    fn name<'a>(&'a self, application: &'a Application) -> &'a str {
        self.set.get(&application.id).map_or(&application.code, |(_, name)| name)
    }

    fn merit(&self, application: &Application) -> f64 {
        self.set
            .get(&application.id)
            .map_or_else(|| Dice::about(&format!("merit/{}", application.code)).normal() * MERIT, |(merit, _)| *merit)
    }

    /// The texts that the expert types for this application.
    pub fn sheet(
        &self,
        rubric: &Rubric,
        facts: Applicability,
        expert: &Expert,
        application: &Application,
        panel: Option<PanelId>,
    ) -> Typed {
        let severity = Dice::about(&format!("severity/{}", expert.code)).normal() * SEVERITY;
        let mut dice = Dice::about(&format!("sheet/{}/{}", expert.code, self.name(application)));
        let shift = panel.and_then(|p| self.shifts.get(&p)).copied().unwrap_or(0.0);
        // Objective points are the same for all, so the experts' own items carry what differs between them.
        let own: i64 = own_criteria(rubric, facts).map(|c| c.full.0).sum();
        let carried = (shift + severity + dice.normal() * RESIDUAL) * rubric.full().0 as f64 / own.max(1) as f64;
        let mut share = CENTRE + (self.merit(application) + carried) / 100.0;
        if self.outliers.contains(&(expert.id, application.id)) {
            share *= 0.4;
        }
        let mut typed = Typed::default();
        for criterion in own_criteria(rubric, facts) {
            let text = half_points(criterion, share + dice.normal() * UNEVENNESS);
            if let Ok(points) = Points::parse(&text)
                && criterion.needs_reason(points)
            {
                typed.reasons.insert(criterion.code.clone(), reason(criterion, points));
            }
            typed.points.insert(criterion.code.clone(), text);
        }
        typed.vote = Some(if share >= RECOMMENDED { Vote::Recommend } else { Vote::Decline });
        if dice.percent(35) {
            comment(&mut dice, share).clone_into(&mut typed.comment);
        }
        typed
    }

    /// Points that staff give against evidence, following merit in steps.
    pub fn objectives(
        &self,
        rubric: &Rubric,
        facts: Applicability,
        application: &Application,
    ) -> BTreeMap<String, Objective> {
        let mut dice = Dice::about(&format!("objective/{}", self.name(application)));
        let merit = self.merit(application);
        let mut found = BTreeMap::new();
        for criterion in rubric.applicable(facts).filter(|c| c.scoring == Scoring::Objective) {
            let share = CENTRE + merit / 100.0 + dice.normal() * 0.12;
            let points = step(&criterion.code, share);
            let points = points.filter(|p| *p <= criterion.full).unwrap_or(criterion.full);
            let evidence = format!("{}，申报材料第{}页", criterion.evidence, dice.between(12, 96));
            found.insert(criterion.code.clone(), Objective { points, evidence });
        }
        found
    }
}

/// A share of the full points in steps of half a point, within 0 and the full points.
fn half_points(criterion: &Criterion, share: f64) -> String {
    let full = criterion.full.0 as f64 / 100.0;
    let halves = (share.clamp(0.0, 1.0) * full * 2.0).round();
    format!("{:.1}", halves / 2.0)
}

/// The step of the scoring standard that comes nearest, for the objective items of the default rubrics.
fn step(code: &str, share: f64) -> Option<Points> {
    let (full, steps): (f64, &[i64]) = match code {
        "A2" => (800.0, &[800, 600, 400, 200, 0]),
        "B3" | "C3" => (600.0, &[600, 450, 300, 150]),
        "C1" => (1000.0, &[1000, 800, 600, 300]),
        "D3" | "D4" => (1000.0, &[1000, 900, 800, 700, 500]),
        "F1" => (600.0, &[600, 450, 300]),
        "F3" => (600.0, &[600, 400]),
        "G2" => (500.0, &[500, 400, 300]),
        _ => return None,
    };
    let distance = |points: i64| (points as f64 - share * full).abs();
    steps.iter().copied().min_by(|a, b| distance(*a).total_cmp(&distance(*b))).map(Points)
}

fn reason(criterion: &Criterion, points: Points) -> String {
    let anchor = |i: usize| criterion.anchors.get(i).map_or("", String::as_str);
    if points == criterion.full {
        format!("材料显示{}，依据充分。", anchor(0))
    } else {
        format!("{}方面支撑不足，{}。", criterion.name, anchor(criterion.anchors.len().saturating_sub(1)))
    }
}

fn comment(dice: &mut Dice, share: f64) -> &'static str {
    let texts: &[&'static str] = if share >= 0.82 {
        &["基础扎实，路线清楚，建议支持。", "指标先进且可考核，团队力量强。"]
    } else if share >= RECOMMENDED {
        &["总体可行，建议细化中试放大方案。", "方案较完整，资金到位计划应进一步落实。"]
    } else {
        &["前期基础偏弱，指标依据不足。", "技术路线不够清晰，产业化前景论证不充分。"]
    };
    dice.pick::<&'static str>(texts)
}

/// The sheet as it will be after it is typed in and submitted.
pub fn filled(
    sheet: domain::sheet::Sheet,
    rubric: &Rubric,
    facts: Applicability,
    typed: &Typed,
    at: domain::Timestamp,
) -> Result<domain::sheet::Sheet> {
    let saved = sheet.save(rubric, facts, typed, &0.into(), at)?;
    let version = saved.version;
    saved.submit(rubric, facts, version, at).map_err(Error::from)
}
