//! 评分细则: dimensions, criteria, anchors, and the arithmetic of one sheet.

mod weighted;

pub use weighted::Weighted;

use crate::points::{Points, round_half_up};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

crate::coded! {
    /// How a criterion is scored.
    Scoring {
        Subjective = "subjective", "主观";
        /// Scored once by staff against evidence and shared by every sheet.
        Objective = "objective", "客观";
    }
}

crate::coded! {
    /// 专家类别: the role a seat asks for.
    ExpertRole {
        Technical = "technical", "技术";
        Finance = "finance", "财务";
        Management = "management", "产业/管理";
    }
}

crate::coded! {
    /// When a criterion does not apply (N/A): its points leave the base and the rest is rescaled.
    NotApplicable {
        Never = "never", "始终适用";
        SoloApplicant = "solo", "单独申报不适用";
        LeadNotEnterprise = "lead_not_enterprise", "牵头单位为高校、科研院所不适用";
        NoEconomicIndicator = "no_economic_indicator", "无经济指标不适用";
    }
}

crate::coded! {
    /// 档次. The bounds are shares of the criterion's full points.
    Band {
        Excellent = "excellent", "优";
        Good = "good", "良";
        Fair = "fair", "中";
        Poor = "poor", "差";
    }
}

impl Band {
    /// Lowest share of the full points, in percent.
    pub const fn floor_percent(self) -> i64 {
        match self {
            Self::Excellent => 90,
            Self::Good => 75,
            Self::Fair => 60,
            Self::Poor => 0,
        }
    }
}

/// 一级指标
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    pub code: String,
    pub name: String,
    pub criteria: Vec<Criterion>,
}

/// 二级指标
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub code: String,
    pub name: String,
    pub full: Points,
    pub scoring: Scoring,
    /// The field it belongs to; shown to experts, and the role that staff consult for objective items.
    pub field: ExpertRole,
    /// 评分标准: one line per band (优/良/中/差) for subjective, per step for objective criteria.
    pub anchors: Vec<String>,
    pub evidence: String,
    pub not_applicable: NotApplicable,
    /// Lowest points of 优, 良, 中 and 差 where the criterion has its own; empty: the common shares of its full points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub floors: Vec<Points>,
}

/// 评分细则
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rubric {
    pub title: String,
    /// 依据, shown wherever the rubric is shown.
    pub basis: String,
    pub dimensions: Vec<Dimension>,
}

/// Why a rubric cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RubricError {
    #[error("没有评分项“{0}”")]
    Unknown(String),
    #[error("各项分值合计应为100分，实际{0}分")]
    Sum(Points),
    #[error("“{0}”没有评分项")]
    EmptyDimension(String),
    #[error("评分项“{0}”分值应大于0")]
    NoPoints(String),
    #[error("评分项编号“{0}”重复")]
    Duplicate(String),
    #[error("单位遴选应包含研发基础、创新能力、资金支撑三个一级指标")]
    MandatoryDimension,
    #[error("应填写依据")]
    NoBasis,
}

/// 单位遴选 must weigh these three; the policy adds 等, so further ones are allowed.
pub const SELECTION_DIMENSIONS: &[&str] = &["研发基础", "创新能力", "资金支撑"];

/// Facts that decide whether a criterion applies to one application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applicability {
    pub consortium: crate::application::Form,
    pub lead: crate::application::UnitKind,
    pub economic_indicators: usize,
}

/// An exact score: `numerator / denominator` of 1/100 point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExactScore {
    pub numerator: i128,
    pub denominator: i128,
}

impl ExactScore {
    /// To 1/100 point, half-up, once.
    #[expect(clippy::cast_possible_truncation, reason = "a score is at most a few thousand hundredths of a point")]
    pub fn rounded(self) -> Points {
        Points(round_half_up(self.numerator, self.denominator) as i64)
    }
}

impl Rubric {
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.dimensions.iter().flat_map(|d| &d.criteria)
    }

    pub fn criterion(&self, code: &str) -> Option<&Criterion> {
        self.criteria().find(|c| c.code == code)
    }

    pub fn full(&self) -> Points {
        self.criteria().map(|c| c.full).sum()
    }

    /// # Errors
    /// The first rule a rubric breaks.
    pub fn check(&self, mandatory: &[&str]) -> Result<(), RubricError> {
        if self.basis.trim().is_empty() {
            return Err(RubricError::NoBasis);
        }
        let mut seen = std::collections::BTreeSet::new();
        for dimension in &self.dimensions {
            if dimension.criteria.is_empty() {
                return Err(RubricError::EmptyDimension(dimension.name.clone()));
            }
            for criterion in &dimension.criteria {
                if criterion.full <= Points::ZERO {
                    return Err(RubricError::NoPoints(criterion.code.clone()));
                }
                if !seen.insert(&criterion.code) {
                    return Err(RubricError::Duplicate(criterion.code.clone()));
                }
            }
        }
        let named = |name: &&str| self.dimensions.iter().any(|d| d.name == **name);
        if !mandatory.iter().all(named) {
            return Err(RubricError::MandatoryDimension);
        }
        if self.full() == Points::whole(100) { Ok(()) } else { Err(RubricError::Sum(self.full())) }
    }

    /// The criteria that apply to an application.
    pub fn applicable(&self, facts: Applicability) -> impl Iterator<Item = &Criterion> {
        self.criteria().filter(move |c| c.applies(facts))
    }

    /// 合计 of one sheet, exact. `None` while a criterion is missing: missing never counts as 0.
    pub fn total(&self, facts: Applicability, scores: &BTreeMap<String, Points>) -> Option<ExactScore> {
        total(self.applicable(facts), self.full(), scores)
    }
}

/// The sum over the applicable criteria, rescaled to the rubric's `full` points where some dropped out of the base
/// (评价分 ÷ 标准总分 × 100). `None` while a criterion is missing.
pub fn total<'a>(
    applicable: impl Iterator<Item = &'a Criterion>,
    full: Points,
    scores: &BTreeMap<String, Points>,
) -> Option<ExactScore> {
    let mut sum = 0;
    let mut base = 0;
    for criterion in applicable {
        sum += i128::from(scores.get(&criterion.code)?.0);
        base += i128::from(criterion.full.0);
    }
    (base > 0).then(|| ExactScore { numerator: sum * i128::from(full.0), denominator: base })
}

impl Dimension {
    pub fn full(&self) -> Points {
        self.criteria.iter().map(|c| c.full).sum()
    }

    /// Points reached and points reachable in this dimension for one application. `None` while a criterion is missing.
    pub fn reached(&self, facts: Applicability, scores: &BTreeMap<String, Points>) -> Option<(Points, Points)> {
        let mut sum = Points::ZERO;
        let mut base = Points::ZERO;
        for criterion in self.criteria.iter().filter(|c| c.applies(facts)) {
            sum = sum + *scores.get(&criterion.code)?;
            base = base + criterion.full;
        }
        Some((sum, base))
    }
}

impl Criterion {
    /// Lowest points of a band, rounded up to 1/100 point.
    fn floor(&self, band: Band) -> Points {
        let common = Points((self.full.0 * band.floor_percent() + 99) / 100);
        self.floors.get(band as usize).copied().unwrap_or(common)
    }

    /// The band a score falls into.
    pub fn band(&self, points: Points) -> Band {
        Band::ALL.iter().copied().find(|band| points >= self.floor(*band)).unwrap_or(Band::Poor)
    }

    /// Lowest and highest points of a band.
    pub fn band_range(&self, band: Band) -> (Points, Points) {
        let higher = Band::ALL.iter().rev().find(|other| **other < band);
        let top = higher.map_or(self.full, |higher| Points(self.floor(*higher).0 - 1));
        (self.floor(band), top)
    }

    pub const fn applies(&self, facts: Applicability) -> bool {
        use crate::application::{Form, UnitKind};
        match self.not_applicable {
            NotApplicable::Never => true,
            NotApplicable::SoloApplicant => matches!(facts.consortium, Form::Consortium),
            NotApplicable::LeadNotEnterprise => !matches!(facts.lead, UnitKind::University | UnitKind::Institute),
            NotApplicable::NoEconomicIndicator => facts.economic_indicators > 0,
        }
    }

    /// 满分或低于六成须写理由.
    pub const fn needs_reason(&self, points: Points) -> bool {
        matches!(self.scoring, Scoring::Subjective)
            && (points.0 == self.full.0 || points.0 * 100 < self.full.0 * Band::Fair.floor_percent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::{Form, UnitKind};
    use crate::rubric_default::{acceptance, selection};

    pub const CONSORTIUM: Applicability =
        Applicability { consortium: Form::Consortium, lead: UnitKind::Enterprise, economic_indicators: 1 };

    pub fn full_marks(rubric: &Rubric) -> BTreeMap<String, Points> {
        rubric.criteria().map(|c| (c.code.clone(), c.full)).collect()
    }

    #[test]
    fn default_rubrics_are_usable_and_add_up() {
        assert_eq!(selection().check(SELECTION_DIMENSIONS), Ok(()));
        assert_eq!(acceptance().check(&[]), Ok(()));
        let sums: Vec<_> = selection().dimensions.iter().map(Dimension::full).collect();
        assert_eq!(sums, [Points::whole(30), Points::whole(40), Points::whole(30)]);
    }

    #[test]
    fn a_mandatory_dimension_cannot_be_dropped() {
        let mut rubric = selection();
        let extra = rubric.dimensions.remove(2);
        rubric.dimensions[0].criteria.extend(extra.criteria);
        assert_eq!(rubric.check(SELECTION_DIMENSIONS), Err(RubricError::MandatoryDimension));
    }

    #[test]
    fn a_missing_item_is_missing_and_not_zero() {
        let rubric = selection();
        let mut scores = full_marks(&rubric);
        scores.remove("B2");
        assert_eq!(rubric.total(CONSORTIUM, &scores), None);
    }

    #[test]
    fn items_that_do_not_apply_leave_the_base() {
        let rubric = selection();
        let mut scores = full_marks(&rubric);
        scores.insert("A1".to_owned(), Points::whole(6));
        let solo = Applicability { consortium: Form::Solo, ..CONSORTIUM };
        scores.remove("B4");
        // (100 − 6 − 6) of 94, rescaled to 100.
        let total = rubric.total(solo, &scores).unwrap();
        assert_eq!(total.rounded(), Points(9362));
        assert_eq!((total.numerator, total.denominator), (8800 * 10_000, 9400));
    }

    #[test]
    fn bands_meet_without_gap_or_overlap() {
        for rubric in [selection(), acceptance()] {
            for criterion in rubric.criteria() {
                for points in (0..=criterion.full.0).map(Points) {
                    let holds = |band: &&Band| {
                        let (low, high) = criterion.band_range(**band);
                        low <= points && points <= high
                    };
                    let inside: Vec<_> = Band::ALL.iter().filter(holds).collect();
                    assert_eq!(inside, [&criterion.band(points)], "{} {points}", criterion.code);
                }
            }
        }
    }

    #[test]
    fn a_criterion_may_have_bands_of_its_own() {
        let rubric = acceptance();
        let d1 = rubric.criterion("D1").unwrap();
        let bands = [1500, 1499, 1200, 1199, 899].map(|p| d1.band(Points(p)));
        assert_eq!(bands, [Band::Excellent, Band::Good, Band::Good, Band::Fair, Band::Poor]);
    }

    #[test]
    fn full_marks_and_less_than_six_tenths_need_a_reason() {
        let rubric = selection();
        let b2 = rubric.criterion("B2").unwrap();
        assert!(b2.needs_reason(Points(1000)));
        assert!(b2.needs_reason(Points(599)));
        assert!(!b2.needs_reason(Points(600)));
        assert!(!rubric.criterion("A2").unwrap().needs_reason(Points::ZERO), "objective items cite evidence instead");
    }
}
