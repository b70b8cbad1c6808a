//! Server functions of the pages of objective points.

use super::indicator::indicator;
use crate::answer::{Refusal, answer, done};
use crate::request::{context, id};
use crate::routes::{at, of_round};
use domain::acceptance::{Knockout, Results};
use domain::numeral::NumeralError;
use domain::objective::Objective;
use domain::points::Points;
use domain::quantity::parse_thousandths;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The values that a form sends under `name[key]`.
type Typed = BTreeMap<String, String>;

/// The card of one application's page.
fn page_of(round: &str, application: &str, card: &str) -> String {
    let page = of_round(round, |round| at(application, |application| round.finding(application)));
    format!("{page}#{card}")
}

/// 登记客观分
#[server(endpoint = "score_objectives")]
pub async fn score_objectives(
    round: String,
    application: String,
    #[server(default)] points: BTreeMap<String, String>,
    #[server(default)] evidence: BTreeMap<String, String>,
) -> Result<(), ServerFnError> {
    let back = page_of(&round, &application, "objective");
    answer(&back, async {
        let ctx = context()?;
        let given = objectives(&points, &evidence)?;
        service::finding::score(&ctx, id(&round)?, id(&application)?, given).await?;
        done(&back, "客观分已保存")
    })
    .await
}

/// 登记指标完成情况与一票否决
#[server(endpoint = "record_indicators")]
pub async fn record_indicators(
    round: String,
    application: String,
    #[server(default)] actual: BTreeMap<String, String>,
    #[server(default)] knockout: BTreeMap<String, String>,
    #[server(default)] reason: BTreeMap<String, String>,
) -> Result<(), ServerFnError> {
    let back = page_of(&round, &application, "indicators");
    answer(&back, async {
        let ctx = context()?;
        let results = results(&actual)?;
        let knockouts = knockouts(&knockout, &reason)?;
        service::finding::record_indicators(&ctx, id(&round)?, id(&application)?, results, knockouts).await?;
        done(&back, "指标完成情况与一票否决情形已保存")
    })
    .await
}

/// Fields, each with the words about it.
type Problems = Vec<(String, String)>;

/// All problems at once, or nothing is saved.
fn whole<T>(value: T, problems: Problems) -> Result<T, Refusal> {
    if problems.is_empty() {
        return Ok(value);
    }
    let lines: Vec<_> = problems.iter().map(|(_, words)| words.as_str()).collect();
    Err(Refusal::of_fields(format!("没有保存：{}", lines.join("；")), problems))
}

/// Items left empty are missing, not zero.
fn objectives(points: &Typed, evidence: &Typed) -> Result<BTreeMap<String, Objective>, Refusal> {
    let mut given = BTreeMap::new();
    let mut problems = Problems::new();
    for (code, text) in points {
        let evidence = evidence.get(code).map_or("", |e| e.trim()).to_owned();
        match Points::parse(text) {
            Ok(points) => {
                given.insert(code.clone(), Objective { points, evidence });
            }
            Err(NumeralError::Empty) if evidence.is_empty() => {}
            Err(NumeralError::Empty) => {
                problems.push((format!("points[{code}]"), format!("{code} 填写了佐证材料，没有填写得分")));
            }
            Err(error) => {
                problems.push((format!("points[{code}]"), format!("{code} 得分“{}”{error}", text.trim())));
            }
        }
    }
    whole(given, problems)
}

fn results(actual: &Typed) -> Result<Results, Refusal> {
    let mut results = Results::new();
    let mut problems = Problems::new();
    for (key, text) in actual {
        match parse_thousandths(text) {
            Ok(value) => {
                results.insert(indicator(key)?, value);
            }
            Err(NumeralError::Empty) => {}
            Err(error) => {
                problems.push((format!("actual[{key}]"), format!("实际完成值“{}”{error}", text.trim())));
            }
        }
    }
    whole(results, problems)
}

fn knockouts(ticked: &Typed, reasons: &Typed) -> Result<BTreeMap<Knockout, String>, Refusal> {
    let mut found = BTreeMap::new();
    let mut problems = Problems::new();
    for knockout in Knockout::ALL {
        let key = knockout.key();
        let reason = reasons.get(key).map_or("", |r| r.trim());
        match (ticked.contains_key(key), reason.is_empty()) {
            (true, false) => {
                found.insert(*knockout, reason.to_owned());
            }
            (true, true) => problems.push((format!("reason[{key}]"), format!("{key} 须写明事实和依据"))),
            (false, false) => problems.push((format!("reason[{key}]"), format!("{key} 写了事实和依据，没有勾选"))),
            (false, true) => {}
        }
    }
    whole(found, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn empty_points_are_missing_and_evidence_without_points_is_refused() {
        let points = typed(&[("A2", "6"), ("B3", " "), ("C1", "")]);
        let given = objectives(&points, &typed(&[("A2", " 批文 ")])).unwrap();
        assert_eq!(given.len(), 1);
        assert_eq!(given["A2"], Objective { points: Points::whole(6), evidence: "批文".to_owned() });
        let refused = objectives(&points, &typed(&[("C1", "银行证明")])).unwrap_err();
        assert_eq!(refused.text(), "没有保存：C1 填写了佐证材料，没有填写得分");
    }

    #[test]
    fn every_bad_value_is_named() {
        let refused = results(&typed(&[("i1", "约3"), ("i2", "0.0001")])).unwrap_err();
        assert_eq!(refused.text(), "没有保存：实际完成值“约3”不是数字；实际完成值“0.0001”最多保留三位小数");
    }

    #[test]
    fn knockouts_need_both_tick_and_reason() {
        let found = knockouts(&typed(&[("K2", "true")]), &typed(&[("K2", "检测报告系伪造"), ("K3", "")])).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), [&Knockout::Untrue]);
        assert!(knockouts(&typed(&[]), &typed(&[("K1", "78%")])).is_err());
    }
}
