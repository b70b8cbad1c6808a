//! 追加评审方案: further reviews chosen together.
//!
//! One after another, each review goes where the expected number of misclassified applications falls most; the joint
//! covariances of all open applications and their distances to the line are brought up to date after each. The line is
//! an order statistic of the others' scores; that scores and distances are jointly normal is an approximation, with their
//! moments taken from draws.

use super::{PIECES, SETTLED, after};
use crate::calibration::Calibration;
use crate::calibration::draws::{Moments, moments};
use crate::calibration::places::Places;
use crate::calibration::uncertainty::{Line, RankUncertainty};

/// Further reviews chosen together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FurtherPlan {
    /// Expected number of misclassified applications as things stand, of those that are open.
    pub now: f64,
    /// The application that each further review is best spent on, with the expected number after it.
    pub steps: Vec<(usize, f64)>,
    /// Per open application: how often it is chosen, and its chance of being misclassified before and after all steps.
    pub applications: Vec<Planned>,
}

/// The effect of a plan on one application.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planned {
    pub application: usize,
    pub reviews: usize,
    pub before: f64,
    pub after: f64,
}

/// Reviews that a plan spends at most, and open applications that it looks at.
const LONGEST: usize = 60;
const WIDEST: usize = 60;
/// Draws from which the covariances about the line are taken.
const DRAWS: usize = 2_000;
/// A review that lowers the expected number by less than this share is not worth proposing.
const WORTH: f64 = 1e-3;

/// Pieces of the rule that takes the mean while plans are compared.
const COARSE: usize = 20;

impl Calibration {
    /// Reviews chosen together; empty where nothing is open or the mixed model has no posterior. O(steps·k²) for k open
    /// applications, and [`DRAWS`] draws.
    #[must_use]
    pub fn further_plan(&self, chances: &[RankUncertainty], places: &Places, seed: [u8; 32]) -> FurtherPlan {
        let Some((mixed, posterior)) = self.mixed.as_ref().ok().and_then(|m| m.posterior.as_ref().map(|p| (m, p)))
        else {
            return FurtherPlan::default();
        };
        let now = |application: usize| chances[application].line.map_or(0.0, |line| after(&line, 0.0, PIECES));
        let mut open: Vec<usize> = (0..chances.len()).filter(|application| now(*application) > SETTLED).collect();
        open.sort_by(|a, b| now(*b).total_cmp(&now(*a)).then(a.cmp(b)));
        open.truncate(WIDEST);
        open.sort_unstable();
        let lines: Vec<Line> = open.iter().filter_map(|application| chances[*application].line).collect();
        if lines.is_empty() {
            return FurtherPlan::default();
        }
        let noise = mixed.variances.expert.unwrap_or(0.0) + mixed.variances.residual;
        let moments = moments(posterior, places, &open, seed, DRAWS);
        plan(&open, &lines, moments, noise)
    }
}

fn plan(open: &[usize], lines: &[Line], mut moments: Moments, noise: f64) -> FurtherPlan {
    let mut told = vec![0.0; open.len()];
    let mut reviews = vec![0; open.len()];
    let mut expected: Vec<f64> = lines.iter().map(|line| after(line, 0.0, COARSE)).collect();
    let now: f64 = expected.iter().sum();
    let (before, mut steps) = (expected.clone(), Vec::new());
    while steps.len() < LONGEST && expected.iter().any(|chance| *chance > SETTLED) {
        let with = |review: usize| -> Vec<f64> {
            let seen = moments.score[(review, review)] + noise;
            let more = |row: usize| moments.distance[(row, review)].powi(2) / seen;
            (0..open.len())
                .map(|row| match more(row) {
                    // A review that tells next to nothing about this row changes nothing there.
                    extra if extra <= 1e-6 * lines[row].variance => expected[row],
                    extra => after(&lines[row], told[row] + extra, COARSE),
                })
                .collect()
        };
        let all = (0..open.len()).map(|review| (review, with(review)));
        let Some((review, then)) = all.min_by(|(_, a), (_, b)| a.iter().sum::<f64>().total_cmp(&b.iter().sum())) else {
            break;
        };
        let (was, is): (f64, f64) = (expected.iter().sum(), then.iter().sum());
        if was - is < WORTH * now {
            break;
        }
        let seen = moments.score[(review, review)] + noise;
        let (of_distance, of_score) =
            (moments.distance.column(review).clone_owned(), moments.score.column(review).clone_owned());
        for (told, covariance) in told.iter_mut().zip(&of_distance) {
            *told += covariance.powi(2) / seen;
        }
        moments.distance -= &of_distance * of_score.transpose() / seen;
        moments.score -= &of_score * of_score.transpose() / seen;
        reviews[review] += 1;
        expected = then;
        steps.push((open[review], is));
    }
    let of = |(row, application): (usize, &usize)| Planned {
        application: *application,
        reviews: reviews[row],
        before: before[row],
        after: expected[row],
    };
    let mut applications: Vec<Planned> = open.iter().enumerate().map(of).collect();
    applications.sort_by(|a, b| b.reviews.cmp(&a.reviews).then(b.before.total_cmp(&a.before)));
    FurtherPlan { now, steps, applications }
}

#[cfg(test)]
mod tests {
    use super::super::expected;
    use super::*;
    use nalgebra::{DMatrix, DVector};

    fn line(distance: f64, variance: f64) -> Line {
        Line { distance, variance, covariance: 0.8 * variance, own: 0.9 * variance }
    }

    fn independent(lines: &[Line]) -> Moments {
        let diagonal = |value: fn(&Line) -> f64| {
            DMatrix::from_diagonal(&DVector::from_iterator(lines.len(), lines.iter().map(value)))
        };
        Moments { distance: diagonal(|line| line.covariance), score: diagonal(|line| line.own) }
    }

    /// Where applications have nothing in common, a plan is worth what its reviews are worth one by one.
    #[test]
    fn a_plan_for_strangers_adds_up_what_each_review_promises() {
        let lines = [line(0.3, 4.0), line(-1.2, 4.0), line(1.5, 9.0)];
        let plan = plan(&[7, 8, 9], &lines, independent(&lines), 30.0);
        let mut spent = [0_usize; 3];
        let sum = |spent: &[usize; 3]| {
            lines.iter().zip(spent).map(|(line, reviews)| expected(line, 30.0, *reviews)).sum::<f64>()
        };
        assert!((plan.now - sum(&spent)).abs() < 1e-4);
        for (application, misclassified) in &plan.steps {
            spent[application - 7] += 1;
            assert!((misclassified - sum(&spent)).abs() < 1e-4, "{spent:?} {misclassified} {}", sum(&spent));
        }
        assert!(spent.iter().all(|reviews| *reviews > 0) && plan.steps.len() > 5, "{spent:?}");
        for own in &plan.applications {
            assert_eq!(own.reviews, spent[own.application - 7]);
        }
    }

    /// Two applications compete for one place: D of either is the other's score away, and reviews of one alone leave
    /// the other's uncertainty.
    #[test]
    fn reviews_of_two_rivals_settle_what_reviews_of_one_cannot() {
        let rival = |distance: f64| Line { distance, variance: 8.0, covariance: 4.0, own: 4.0 };
        let lines = [rival(1.0), rival(-1.0)];
        let moments = Moments {
            distance: DMatrix::from_row_slice(2, 2, &[4.0, -4.0, -4.0, 4.0]),
            score: DMatrix::from_diagonal_element(2, 2, 4.0),
        };
        let plan = plan(&[0, 1], &lines, moments, 10.0);
        let last = plan.steps.last().unwrap().1;
        let alone = 2.0 * expected(&lines[0], 10.0, plan.steps.len());
        assert!(last < alone - 0.1, "{last} {alone}");
        assert!(plan.applications[0].reviews.abs_diff(plan.applications[1].reviews) <= 1);
    }
}
