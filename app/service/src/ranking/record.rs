//! Forms the ranking that is kept from placings, calibration and findings.

use super::keys::Means;
use crate::calibration::Record;
use crate::dossier::Dossier;
use domain::acceptance::{self, Knockout, Results, Suggestion};
use domain::ids::ApplicationId;
use domain::points::Points;
use domain::ranking::{DimensionMean, Ranking, Row};
use domain::round::{Method, RoundKind};
use engine::ranking::Placing;
use std::collections::{BTreeMap, HashMap};

pub struct Frame<'a> {
    pub dossier: &'a Dossier,
    pub record: &'a Record,
    pub means: &'a Means,
    pub knockouts: &'a HashMap<ApplicationId, BTreeMap<Knockout, String>>,
    pub indicators: &'a HashMap<ApplicationId, Results>,
}

impl Frame<'_> {
    pub fn ranking(&self, placings: Vec<Placing<String>>) -> Ranking {
        let mut rows: Vec<Row> = placings.into_iter().filter_map(|p| self.row(p)).collect();
        rows.sort_by(|a, b| {
            let key = |r: &Row| (r.rank.is_none(), r.rank.unwrap_or(0));
            (&a.group, key(a), &a.code).cmp(&(&b.group, key(b), &b.code))
        });
        self.rank_within(
            &mut rows,
            |frame, id| frame.dossier.panel_of(id).map(|p| p.to_string()),
            |row, n| row.panel_rank = n,
        );
        self.rank_within(
            &mut rows,
            |frame, id| frame.dossier.application(id).map(|a| a.task.to_string()),
            |row, n| row.task_rank = n,
        );
        Ranking {
            kind: self.dossier.round.kind,
            method: self.record.method,
            input_digest: self.record.input_digest.clone(),
            dimensions: self.dossier.round.rubric.dimensions.iter().map(|d| d.name.clone()).collect(),
            rows,
            sensitivity: None,
        }
    }

    fn row(&self, placing: Placing<String>) -> Option<Row> {
        let application = self.dossier.applications.iter().find(|a| a.code == placing.id)?;
        let line = self.record.application(&application.code);
        let mean = self.means.get(application.id);
        // Whoever takes no part in the ranking has no chance of a place either.
        let competing = line.filter(|_| placing.rank.is_some());
        let found = self.knockouts.get(&application.id).cloned().unwrap_or_default();
        let of = |method| line.and_then(|l| l.finals.get(&method)).copied();
        let score = of(self.record.method);
        let note: Vec<_> = found.iter().map(|(k, reason)| format!("{} {}：{reason}", k.key(), k.label())).collect();
        let mut row = Row {
            application: application.id,
            code: placing.id,
            rank: placing.rank,
            tied: placing.tied,
            group: placing.group,
            panel_rank: None,
            task_rank: None,
            raw: of(Method::Raw),
            trimmed: of(Method::Trimmed),
            adjustment: self.adjustment(application.id, of(Method::Raw), score),
            score,
            dimensions: mean
                .dimensions
                .iter()
                .map(|(reached, reachable)| DimensionMean { reached: *reached, reachable: *reachable })
                .collect(),
            sheets: mean.sheets,
            recommend: mean.recommend,
            rank_low: competing.and_then(|l| l.rank_low),
            rank_high: competing.and_then(|l| l.rank_high),
            p_top: competing.and_then(|l| l.p_top),
            borderline: competing.is_some_and(|l| l.borderline),
            outcome: placing.outcome,
            note: note.join("；"),
            settled: String::new(),
            suggestion: None,
            conclusion: None,
        };
        if self.dossier.round.kind == RoundKind::Acceptance {
            row.suggestion =
                score.and_then(|score| self.suggestion(application, score, &row, found.into_keys().collect()));
            row.conclusion = row.suggestion.as_ref().map(|s| s.conclusion);
        }
        Some(row)
    }

    fn suggestion(
        &self,
        application: &domain::application::Application,
        score: Points,
        row: &Row,
        knockouts: std::collections::BTreeSet<Knockout>,
    ) -> Option<Suggestion> {
        let task = self.dossier.task(application)?;
        let results = self.indicators.get(&application.id)?;
        let first = row.dimensions.first()?;
        Some(acceptance::suggest(&acceptance::Achieved {
            score,
            task_points: (first.reached, first.reachable),
            core: acceptance::core_completion(&task.indicators, results),
            knockouts,
        }))
    }

    fn adjustment(&self, id: ApplicationId, raw: Option<Points>, score: Option<Points>) -> String {
        let panel =
            self.dossier.panel_of(id).and_then(|p| self.dossier.panel(p)).and_then(|p| self.record.panel(&p.name));
        match (self.record.method, panel, raw, score) {
            (Method::Raw, ..) => String::new(),
            (Method::Coefficient, Some(panel), ..) => {
                panel.coefficient.map_or_else(String::new, |k| format!("×{k:.4}"))
            }
            (_, _, Some(raw), Some(score)) => {
                let difference = Points(score.0 - raw.0);
                if difference.0 > 0 { format!("+{difference}") } else { difference.to_string() }
            }
            _ => String::new(),
        }
    }

    /// Standard competition ranks inside a panel or task, in the order of the rows' scores.
    fn rank_within(
        &self,
        rows: &mut [Row],
        part: impl Fn(&Self, ApplicationId) -> Option<String>,
        set: impl Fn(&mut Row, Option<usize>),
    ) {
        let parts: Vec<_> = rows.iter().map(|r| part(self, r.application)).collect();
        let scores: Vec<_> = rows.iter().map(|r| r.rank.and(r.score)).collect();
        for (i, row) in rows.iter_mut().enumerate() {
            let better = |j: usize| parts[j] == parts[i] && scores[j] > scores[i];
            set(row, scores[i].map(|_| 1 + (0..scores.len()).filter(|j| better(*j)).count()));
        }
    }
}
