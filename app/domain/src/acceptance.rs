//! 验收: indicators with completion rates, knock-outs, and a suggested conclusion. The panel decides.

use crate::application::{Direction, Indicator, IndicatorKind, Weighting};
use crate::ids::IndicatorId;
use crate::points::{Points, round_half_up};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

crate::coded! {
    /// 一票否决
    Knockout {
        CoreUnmet = "K1", "核心指标完成不足80%";
        Untrue = "K2", "资料不真实";
        Altered = "K3", "擅自变更考核目标、内容或牵头单位";
        Overdue = "K4", "逾期超过6个月未获批准";
        Funds = "K5", "资金重大违规";
        Dispute = "K6", "权属纠纷未决";
    }
}

crate::coded! {
    /// 验收结论
    Conclusion {
        Passed = "passed", "通过";
        Rectify = "rectify", "限期整改（不超过3个月，一次）";
        Failed = "failed", "不通过";
        Diligent = "diligent", "结题（未达标，勤勉尽责）";
    }
}

/// 完成率 in 1/1000: 1000 is 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(pub i64);

impl Rate {
    pub const FULL: Self = Self(1000);
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}%", self.0 / 10, self.0 % 10)
    }
}

/// 完成率 of one indicator. `actual` is in 1/1000 of the unit; for qualitative indicators it is 1000 (完成),
/// 500 (部分) or 0 (未完成). Rates are rounded down, so that 99.96 % never shows as reached.
///
/// For ≤ indicators the rate is target ÷ actual; for = it is reached or not.
pub fn completion(indicator: &Indicator, actual: i64) -> Rate {
    let target = indicator.target;
    let ratio = |part: i64, whole: i64| Rate(part.saturating_mul(1000) / whole);
    match indicator.direction {
        Direction::Qualitative => Rate(actual.clamp(0, 1000)),
        Direction::Equal => Rate(if actual == target { 1000 } else { 0 }),
        Direction::AtLeast if target <= 0 => Rate(if actual >= target { 1000 } else { 0 }),
        Direction::AtLeast => ratio(actual.max(0), target),
        Direction::AtMost if actual <= target => {
            if actual > 0 {
                ratio(target, actual)
            } else {
                Rate::FULL
            }
        }
        Direction::AtMost if target <= 0 => Rate(0),
        Direction::AtMost => ratio(target, actual),
    }
}

/// Values reached, by indicator.
pub type Results = BTreeMap<IndicatorId, i64>;

/// D2 技术指标达成: Σ w · min(rate, 1) over all indicators, core ones weighing double, of `full` points;
/// with a core indicator unmet at most 60 % of them. `None` while a result is missing.
pub fn indicator_points(indicators: &[Indicator], results: &Results, full: Points) -> Option<Points> {
    let mut weighted = 0_i128;
    let mut weights = 0_i128;
    let mut core_met = true;
    for indicator in indicators {
        let rate = completion(indicator, *results.get(&indicator.id)?);
        let weight = if indicator.weighting == Weighting::Core { 2 } else { 1 };
        core_met &= indicator.weighting != Weighting::Core || rate >= Rate::FULL;
        weighted += weight * i128::from(rate.min(Rate::FULL).0);
        weights += weight;
    }
    if weights == 0 {
        return None;
    }
    let points = round_half_up(weighted * i128::from(full.0), weights * 1000);
    let ceiling = if core_met { full.0 } else { full.0 * 60 / 100 };
    i64::try_from(points).ok().map(|p| Points(p.min(ceiling)))
}

/// The lowest completion among core indicators. `None` if there is none or a result is missing.
pub fn core_completion(indicators: &[Indicator], results: &Results) -> Option<Rate> {
    let core = indicators.iter().filter(|i| i.weighting == Weighting::Core);
    let rates: Option<Vec<Rate>> = core.map(|i| results.get(&i.id).map(|a| completion(i, *a))).collect();
    rates?.into_iter().min()
}

pub fn economic_indicators(indicators: &[Indicator]) -> usize {
    indicators.iter().filter(|i| i.kind == IndicatorKind::Economic).count()
}

/// A suggested conclusion and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub conclusion: Conclusion,
    pub because: Vec<String>,
}

/// Facts a conclusion is suggested from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Achieved {
    /// 最终成绩
    pub score: Points,
    /// 任务完成 points reached and reachable; below 80 % presumes K1.
    pub task_points: (Points, Points),
    pub core: Option<Rate>,
    pub knockouts: BTreeSet<Knockout>,
}

/// ≥80, no knock-out and core indicators all reached: 通过. 60–79, or core 80–<100 %: 限期整改. Otherwise 不通过.
pub fn suggest(achieved: &Achieved) -> Suggestion {
    let mut because: Vec<String> = achieved.knockouts.iter().map(|k| format!("{} {}", k.key(), k.label())).collect();
    let core = achieved.core.unwrap_or(Rate::FULL);
    if core < Rate(800) && !achieved.knockouts.contains(&Knockout::CoreUnmet) {
        because.push(format!("{} {}（最低完成率{core}）", Knockout::CoreUnmet.key(), Knockout::CoreUnmet.label()));
    }
    let (reached, reachable) = achieved.task_points;
    if reached.0 * 100 < reachable.0 * 80 {
        because.push(format!("任务完成得分{reached}，低于该项{reachable}分的80%，推定{}", Knockout::CoreUnmet.key()));
    }
    if !because.is_empty() || achieved.score < Points::whole(60) {
        if achieved.score < Points::whole(60) {
            because.push(format!("成绩{}，低于60分", achieved.score));
        }
        return Suggestion { conclusion: Conclusion::Failed, because };
    }
    if achieved.score < Points::whole(80) {
        because.push(format!("成绩{}，低于80分", achieved.score));
    }
    if core < Rate::FULL {
        because.push(format!("核心指标最低完成率{core}，未全部达成"));
    }
    if because.is_empty() {
        because.push(format!("成绩{}，核心指标全部达成，无一票否决情形", achieved.score));
        Suggestion { conclusion: Conclusion::Passed, because }
    } else {
        Suggestion { conclusion: Conclusion::Rectify, because }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn indicator(n: u128, direction: Direction, target: i64, weighting: Weighting) -> Indicator {
        Indicator {
            id: IndicatorId(Uuid::from_u128(n)),
            kind: IndicatorKind::Technical,
            name: String::new(),
            unit: String::new(),
            direction,
            target,
            weighting,
        }
    }

    #[test]
    fn completion_rates_follow_the_direction() {
        let rate = |direction, target, actual| completion(&indicator(1, direction, target, Weighting::Core), actual).0;
        assert_eq!(rate(Direction::AtLeast, 450_000, 420_000), 933);
        assert_eq!(rate(Direction::AtMost, 4000, 4500), 888);
        assert_eq!(rate(Direction::AtMost, 4000, 3200), 1250);
        assert_eq!(rate(Direction::AtMost, 4000, 0), 1000);
        assert_eq!(rate(Direction::AtMost, 0, 1), 0);
        assert_eq!(rate(Direction::Equal, 3000, 3000), 1000);
        assert_eq!(rate(Direction::Qualitative, 1000, 500), 500);
        assert_eq!(rate(Direction::AtLeast, 10_000, 9_999), 999, "never rounded up to reached");
    }

    #[test]
    fn core_indicators_weigh_double_and_cap_when_unmet() {
        let all = [
            indicator(1, Direction::AtLeast, 1000, Weighting::Core),
            indicator(2, Direction::AtLeast, 1000, Weighting::Ordinary),
        ];
        let results = |a, b| Results::from([(all[0].id, a), (all[1].id, b)]);
        let full = Points::whole(25);
        assert_eq!(indicator_points(&all, &results(1000, 1000), full), Some(full));
        // (2·1 + 1·0.4) / 3 · 25 = 20
        assert_eq!(indicator_points(&all, &results(1000, 400), full), Some(Points::whole(20)));
        assert_eq!(indicator_points(&all, &results(990, 2000), full), Some(Points::whole(15)));
        assert_eq!(indicator_points(&all, &Results::new(), full), None);
    }

    #[test]
    fn conclusions_are_suggested_with_reasons() {
        let good = Achieved {
            score: Points(8500),
            task_points: (Points(5000), Points(6000)),
            core: Some(Rate::FULL),
            knockouts: BTreeSet::new(),
        };
        assert_eq!(suggest(&good).conclusion, Conclusion::Passed);
        assert_eq!(suggest(&Achieved { score: Points(7999), ..good.clone() }).conclusion, Conclusion::Rectify);
        assert_eq!(suggest(&Achieved { core: Some(Rate(950)), ..good.clone() }).conclusion, Conclusion::Rectify);
        assert_eq!(suggest(&Achieved { core: Some(Rate(799)), ..good.clone() }).conclusion, Conclusion::Failed);
        assert_eq!(
            suggest(&Achieved { task_points: (Points(4799), Points(6000)), ..good.clone() }).conclusion,
            Conclusion::Failed
        );
        let untrue = Achieved { knockouts: BTreeSet::from([Knockout::Untrue]), ..good };
        let suggestion = suggest(&untrue);
        assert_eq!(suggestion.conclusion, Conclusion::Failed);
        assert_eq!(suggestion.because, ["K2 资料不真实"]);
    }
}
