//! 评分一致性: how well the experts of one panel agree.

use std::collections::BTreeMap;

use super::design::Design;

/// Agreement among the sheets of one panel; a measure the sheets do not support is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    pub intraclass: Option<Intraclass>,
    /// Kendall's W, 0–1, corrected for ties: only where every expert scored every application.
    pub concordance: Option<f64>,
    /// Krippendorff's α for interval data: 1 is perfect agreement, 0 that of chance.
    pub alpha: Option<f64>,
}

/// Intraclass correlations, one-way random effects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intraclass {
    /// ICC(1): reliability of a single sheet.
    pub single: f64,
    /// ICC(k): reliability of the mean of an application's sheets.
    pub mean: f64,
}

impl Agreement {
    /// Of the sheets that the panel's own experts gave the `members`.
    pub fn of(design: &Design, members: &[usize]) -> Self {
        let rows: Vec<Vec<(usize, f64)>> = members
            .iter()
            .map(|member| {
                let home = design.panel_of[*member];
                let sheets = design.of_application[*member].iter().map(|index| &design.sheets[*index]);
                sheets.filter(|sheet| sheet.panel == home).map(|sheet| (sheet.expert, sheet.score.to_f64())).collect()
            })
            .collect();
        let scores: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|(_, score)| *score).collect()).collect();
        Self {
            intraclass: intraclass(&scores),
            concordance: complete(&rows).and_then(|raters| concordance(&raters)),
            alpha: alpha(&scores),
        }
    }
}

/// The scores expert by expert, if everyone scored everything.
fn complete(rows: &[Vec<(usize, f64)>]) -> Option<Vec<Vec<f64>>> {
    let mut by_expert: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (expert, score) in rows.iter().flatten() {
        by_expert.entry(*expert).or_default().push(*score);
    }
    // An expert scores an application at most once.
    by_expert.values().all(|own| own.len() == rows.len()).then(|| by_expert.into_values().collect())
}

/// Kendall's coefficient of concordance with the correction for ties; `raters[j][i]`: score of rater j for object i.
///
/// `None` below two raters or two objects, or if some rater ranks nothing apart.
///
/// Source: Kendall and Gibbons (1990), *Rank Correlation Methods*, 5th ed., ch. 6.
fn concordance(raters: &[Vec<f64>]) -> Option<f64> {
    let count = raters.len() as f64;
    let objects = raters.first()?.len();
    if raters.len() < 2 || objects < 2 {
        return None;
    }
    let mut sums = vec![0.0; objects];
    let mut ties = 0.0;
    for scores in raters {
        let mut order: Vec<usize> = (0..objects).collect();
        order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
        let mut start = 0;
        for alike in order.chunk_by(|a, b| scores[*a].total_cmp(&scores[*b]).is_eq()) {
            let size = alike.len() as f64;
            for object in alike {
                sums[*object] += start as f64 + f64::midpoint(size, 1.0);
            }
            ties += size.powi(3) - size;
            start += alike.len();
        }
    }
    let size = objects as f64;
    let mean = count * f64::midpoint(size, 1.0);
    let spread: f64 = sums.iter().map(|sum| (sum - mean).powi(2)).sum();
    let most = count * count * (size.powi(3) - size) - count * ties;
    (most > 0.0).then(|| 12.0 * spread / most)
}

/// Krippendorff's α with the interval metric; `units[u]`: the values given to unit u, however many.
///
/// `None` if fewer than two values can be paired, or if all pairable values are equal.
///
/// Source: Krippendorff (2011), "Computing Krippendorff's alpha-reliability", Annenberg School for Communication
/// Departmental Papers 43.
fn alpha(units: &[Vec<f64>]) -> Option<f64> {
    let paired: Vec<&Vec<f64>> = units.iter().filter(|unit| unit.len() > 1).collect();
    let count = paired.iter().map(|unit| unit.len()).sum::<usize>() as f64;
    let mean = paired.iter().copied().flatten().sum::<f64>() / count;
    // Σ over ordered pairs of (a − b)² is 2n·Σ(x − x̄)².
    let about = |values: &[f64]| {
        let center = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - center).powi(2)).sum::<f64>()
    };
    let observed: f64 = paired.iter().map(|unit| about(unit) * unit.len() as f64 / (unit.len() as f64 - 1.0)).sum();
    let expected: f64 = paired.iter().copied().flatten().map(|value| (value - mean).powi(2)).sum();
    // Dₒ = 2·observed/n, Dₑ = 2n·expected/(n(n − 1)).
    (expected > 1e-18 * count * mean * mean && expected > 0.0)
        .then(|| 1.0 - observed / count * (count - 1.0) / expected)
}

/// ICC from the one-way analysis of variance; with unequal numbers of sheets, k is n₀ of the ANOVA estimator.
///
/// `None` with fewer than two applications, without repeated sheets, or if all scores are equal.
///
/// Source: Shrout and Fleiss (1979), "Intraclass correlations", Psychological Bulletin 86, 420–428; n₀ from Searle,
/// Casella and McCulloch (1992), *Variance Components*, §3.6.
fn intraclass(groups: &[Vec<f64>]) -> Option<Intraclass> {
    let sheets: usize = groups.iter().map(Vec::len).sum();
    if groups.len() < 2 || sheets <= groups.len() {
        return None;
    }
    let total = sheets as f64;
    let grand = groups.iter().flatten().sum::<f64>() / total;
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for group in groups {
        let size = group.len() as f64;
        let mean = group.iter().sum::<f64>() / size;
        between += size * (mean - grand).powi(2);
        within += group.iter().map(|score| (score - mean).powi(2)).sum::<f64>();
        squares += size * size;
    }
    let between = between / (groups.len() - 1) as f64;
    let within = within / (sheets - groups.len()) as f64;
    let size = (total - squares / total) / (groups.len() - 1) as f64;
    let spread = between + (size - 1.0) * within;
    (between > 0.0 && spread > 0.0)
        .then(|| Intraclass { single: (between - within) / spread, mean: (between - within) / between })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: Option<f64>, expected: f64, tolerance: f64) {
        assert!((value.unwrap() - expected).abs() < tolerance, "{value:?} is not {expected}");
    }

    /// Shrout and Fleiss (1979), table 2: four judges, six targets; ICC(1,1) = .17, ICC(1,4) = .44.
    #[test]
    fn intraclass_correlations_are_those_of_shrout_and_fleiss() {
        let targets = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];
        let groups: Vec<Vec<f64>> = targets.map(|row| row.map(f64::from).to_vec()).to_vec();
        near(intraclass(&groups).map(|icc| icc.single), 0.17, 0.005);
        near(intraclass(&groups).map(|icc| icc.mean), 0.44, 0.005);
    }

    /// The ratings of twenty people's anxiety by three raters that come with R's package irr; W = 0.54 corrected for
    /// ties, and Friedman's χ² = 30.8 of R's `friedman.test` is m(n − 1)W.
    #[test]
    fn concordance_is_that_of_the_anxiety_ratings() {
        let raters = [
            [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
            [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
            [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
        ];
        let raters = raters.map(|rater| rater.map(f64::from).to_vec());
        near(concordance(&raters), 0.539_657, 1e-6);
    }

    #[test]
    fn concordance_is_one_for_the_same_order_and_needs_an_order() {
        near(concordance(&[vec![1.0, 2.0, 3.0], vec![50.0, 60.0, 61.0]]), 1.0, 1e-12);
        near(concordance(&[vec![1.0, 2.0, 3.0], vec![3.0, 2.0, 1.0]]), 0.0, 1e-12);
        assert_eq!(concordance(&[vec![1.0, 1.0], vec![2.0, 2.0]]), None);
        assert_eq!(concordance(&[vec![1.0, 2.0]]), None);
    }

    /// Krippendorff (2011), section E: four observers, twelve units, values missing; interval α = .849.
    #[test]
    fn alpha_is_that_of_krippendorff() {
        let observers = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ];
        let unit = |u: usize| observers.iter().map(|own| own[u]).filter(|v| *v > 0).map(f64::from).collect();
        let units: Vec<Vec<f64>> = (0..12).map(unit).collect();
        near(alpha(&units), 0.849, 0.0005);
    }

    #[test]
    fn alpha_needs_pairs_that_differ() {
        assert_eq!(alpha(&[vec![1.0], vec![2.0]]), None);
        assert_eq!(alpha(&[vec![70.0, 70.0], vec![70.0, 70.0]]), None);
        near(alpha(&[vec![70.0, 70.0], vec![80.0, 80.0]]), 1.0, 1e-12);
    }
}
