//! Dimension means, medians and votes: the tie keys, and what exports show beside the final score.

use crate::dossier::Dossier;
use crate::scoring::shared_points;
use crate::{Result, kept};
use domain::ids::ApplicationId;
use domain::points::{Points, round_half_up};
use domain::round::RoundKind;
use domain::rubric::{ExactScore, Rubric};
use domain::sheet::{Sheet, Vote};
use std::collections::HashMap;
use std::sync::Arc;
use store::Current;

/// Ties are broken by these dimensions, in this order.
const SELECTION_ORDER: [&str; 3] = ["创新能力", "研发基础", "资金支撑"];

/// Means of one application over its valid sheets.
#[derive(Debug, Clone, Default)]
pub struct Mean {
    /// Per dimension of the rubric: mean of points reached, and points reachable.
    pub dimensions: Vec<(Points, Points)>,
    /// Per dimension the share reached of what could be reached, in billionths: criteria that do not apply neither help nor harm.
    pub shares: Vec<i64>,
    pub median: Points,
    pub recommend: usize,
    pub sheets: usize,
}

pub struct Means {
    of: HashMap<ApplicationId, Mean>,
    order: Vec<usize>,
}

impl Means {
    /// # Errors
    /// The database cannot be read.
    pub async fn kept(current: &Current<'_>, dossier: &Dossier) -> Result<Arc<Self>> {
        kept::resting_on_sheets(current, &dossier.round, async || Self::compute(current, dossier).await).await
    }

    async fn compute(current: &Current<'_>, dossier: &Dossier) -> Result<Self> {
        let round = &dossier.round;
        let findings = kept::findings(current, round.id).await?;
        let all = kept::sheets(current, round).await?;
        let mut sheets: HashMap<ApplicationId, Vec<&Sheet>> = HashMap::new();
        for sheet in all.iter().filter(|sheet| sheet.is_submitted()) {
            sheets.entry(sheet.application).or_default().push(sheet);
        }
        let mut of = HashMap::new();
        for application in &dossier.applications {
            let own = sheets.remove(&application.id).unwrap_or_default();
            let objective = shared_points(&findings.objectives, application.id);
            let facts = dossier.facts(application);
            let mut mean = Mean { sheets: own.len(), ..Mean::default() };
            mean.recommend = own.iter().filter(|s| s.vote == Some(Vote::Recommend)).count();
            for dimension in &round.rubric.dimensions {
                let reached: Vec<_> =
                    own.iter().filter_map(|s| dimension.reached(facts, &s.scores(&objective))).collect();
                let sum: i128 = reached.iter().map(|(points, _)| i128::from(points.0)).sum();
                let base = dimension.criteria.iter().filter(|c| c.applies(facts)).map(|c| c.full).sum();
                let count = i128::try_from(reached.len().max(1)).unwrap_or(1);
                mean.shares.push(share(sum, count, base));
                mean.dimensions.push((to_points(round_half_up(sum, count)), base));
            }
            let mut totals: Vec<_> =
                own.iter().filter_map(|s| s.total(&round.rubric, facts, &objective)).map(ExactScore::rounded).collect();
            totals.sort_unstable();
            mean.median = median(&totals);
            of.insert(application.id, mean);
        }
        Ok(Self { of, order: order(round.kind, &round.rubric) })
    }

    pub fn get(&self, application: ApplicationId) -> Mean {
        self.of.get(&application).cloned().unwrap_or_default()
    }

    /// The names of the tie keys, in their order.
    pub fn key_names(&self, rubric: &Rubric) -> Vec<String> {
        let dimensions =
            self.order.iter().filter_map(|d| rubric.dimensions.get(*d)).map(|d| format!("{}得分率", d.name));
        let first = std::iter::once("算术平均（未去极值）".to_owned());
        first.chain(dimensions).chain(["中位数".to_owned(), "推荐票".to_owned()]).collect()
    }

    /// Untrimmed mean, 创新能力, 研发基础, 资金支撑, median, votes.
    pub fn tie_keys(&self, application: ApplicationId, raw_thousandths: Option<i64>) -> Vec<i64> {
        let mean = self.get(application);
        let dimensions = self.order.iter().map(|d| mean.shares.get(*d).copied().unwrap_or(0));
        let votes = i64::try_from(mean.recommend).unwrap_or(0);
        std::iter::once(raw_thousandths.unwrap_or(0)).chain(dimensions).chain([mean.median.0, votes]).collect()
    }
}

/// Billionths of what could be reached, cut off: equal shares are equal numbers.
fn share(sum: i128, sheets: i128, base: Points) -> i64 {
    let whole = sheets * i128::from(base.0);
    if whole == 0 { 0 } else { i64::try_from(sum * 1_000_000_000 / whole).unwrap_or(0) }
}

/// Where the tie-breaking dimensions stand in the rubric; in an acceptance round, all of them in their order.
fn order(kind: RoundKind, rubric: &Rubric) -> Vec<usize> {
    match kind {
        RoundKind::Selection => {
            SELECTION_ORDER.iter().filter_map(|name| rubric.dimensions.iter().position(|d| d.name == *name)).collect()
        }
        RoundKind::Acceptance => (0..rubric.dimensions.len()).collect(),
    }
}

fn to_points(value: i128) -> Points {
    Points(i64::try_from(value).unwrap_or(0))
}

/// Middle of the sorted totals, or half-up mean of the two middle ones.
fn median(sorted: &[Points]) -> Points {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => Points::ZERO,
        n if n % 2 == 1 => sorted[middle],
        _ => to_points(round_half_up(i128::from(sorted[middle - 1].0 + sorted[middle].0), 2)),
    }
}
