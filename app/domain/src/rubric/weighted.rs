//! The total of a sheet with the items it is made of, under the rubric's own weights or under others.

use super::{Applicability, ExactScore, Rubric};
use crate::points::Points;
use std::collections::BTreeMap;

/// Items of one sheet over a common denominator, rescaled to full points: their sum is the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighted {
    /// Of the criteria that apply, in the order of the rubric: numerators of 1/100 point.
    pub items: Vec<i128>,
    pub denominator: i128,
}

impl Weighted {
    pub fn total(&self) -> ExactScore {
        ExactScore { numerator: self.items.iter().sum(), denominator: self.denominator }
    }
}

impl Rubric {
    /// 合计 and items if the dimensions weighed `weights`, of which only the proportions matter, rescaled to `full` points.
    /// With the rubric's own weights and full points, the total is [`Self::total`]. `None` while a criterion is missing,
    /// or if all that applies weighs 0.
    pub fn weighted(
        &self,
        facts: Applicability,
        scores: &BTreeMap<String, Points>,
        weights: &[i64],
        full: Points,
    ) -> Option<Weighted> {
        // Weight ÷ full points of each dimension, over the common denominator of all dimensions.
        let own = |dimension: &super::Dimension| i128::from(dimension.full().0.max(1));
        let common = self.dimensions.iter().map(own).fold(1, num_integer::lcm);
        let (mut items, mut base) = (Vec::new(), 0);
        for (dimension, weight) in self.dimensions.iter().zip(weights) {
            let each = i128::from(*weight) * (common / own(dimension));
            for criterion in dimension.criteria.iter().filter(|c| c.applies(facts)) {
                items.push(i128::from(scores.get(&criterion.code)?.0) * each * i128::from(full.0));
                base += i128::from(criterion.full.0) * each;
            }
        }
        (base > 0).then_some(Weighted { items, denominator: base })
    }

    /// 合计 and items as they count.
    pub fn itemised(&self, facts: Applicability, scores: &BTreeMap<String, Points>) -> Option<Weighted> {
        self.weighted(facts, scores, &self.weights(), self.full())
    }

    /// One dimension by itself: its items add up to its own full points. `None` if none of its criteria apply.
    pub fn dimension_alone(
        &self,
        dimension: usize,
        facts: Applicability,
        scores: &BTreeMap<String, Points>,
    ) -> Option<Weighted> {
        let only = |(place, weight)| if place == dimension { weight } else { 0 };
        let weights: Vec<i64> = self.weights().into_iter().enumerate().map(only).collect();
        self.weighted(facts, scores, &weights, self.dimensions.get(dimension)?.full())
    }

    /// The full points of each dimension, in 1/100 point.
    pub fn weights(&self) -> Vec<i64> {
        self.dimensions.iter().map(|d| d.full().0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CONSORTIUM, full_marks};
    use super::*;
    use crate::application::Form;
    use crate::rubric_default::selection;

    #[test]
    fn the_own_weights_give_the_total_and_others_move_it() {
        let rubric = selection();
        let mut scores = full_marks(&rubric);
        scores.insert("A1".to_owned(), Points::whole(6));
        let solo = Applicability { consortium: Form::Solo, ..CONSORTIUM };
        let hundred = Points::whole(100);
        for facts in [CONSORTIUM, solo] {
            let total = rubric.total(facts, &scores).unwrap();
            for weights in [[30, 40, 30], [3, 4, 3]] {
                let weighted = rubric.weighted(facts, &scores, &weights, hundred).unwrap().total();
                assert_eq!(total.numerator * weighted.denominator, weighted.numerator * total.denominator);
            }
            let items = rubric.itemised(facts, &scores).unwrap();
            assert_eq!(items.total().rounded(), total.rounded());
            assert_eq!(items.items.len(), rubric.applicable(facts).count());
        }
        let by =
            |weights: [i64; 3]| rubric.weighted(CONSORTIUM, &scores, &weights, hundred).map(|w| w.total().rounded());
        // 24 of 30 in the first dimension, all of the others: 0.8·50 + 50.
        assert_eq!(by([50, 25, 25]), Some(Points(9000)));
        assert_eq!(by([0, 0, 0]), None);
        scores.remove("B2");
        assert_eq!(rubric.itemised(CONSORTIUM, &scores), None);
    }

    #[test]
    fn a_dimension_alone_is_rescaled_to_its_own_points() {
        let rubric = selection();
        let mut scores = full_marks(&rubric);
        scores.insert("B1".to_owned(), Points::whole(6));
        let alone = |facts| rubric.dimension_alone(1, facts, &scores).unwrap().total().rounded();
        assert_eq!(alone(CONSORTIUM), Points::whole(34));
        // B4 (6 points) does not apply to whoever applies alone: 28 of 34 points, on a scale of 40.
        let solo = Applicability { consortium: Form::Solo, ..CONSORTIUM };
        assert_eq!(alone(solo), Points(3294));
    }
}
