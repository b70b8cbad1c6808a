//! The fit of lme4 to the Penicillin data (Davies and Goldsmith 1972).

use serde_json::Value;

use crate::calibration::files::read_scores;
use crate::calibration::{Effect, Method, Origin, Places, report::report};

const SCORES: &[u8] = include_bytes!("../../../../../tests/fixtures/penicillin.csv");
const EXPECTED: &str = include_str!("../../../../../tests/fixtures/penicillin.expected.json");

fn worst(ids: &[String], effects: &[Effect], expected: &Value) -> (f64, f64) {
    let mut worst = (0.0_f64, 0.0_f64);
    for row in expected.as_array().unwrap() {
        let index = ids.iter().position(|id| *id == row["id"].as_str().unwrap()).unwrap();
        worst.0 = worst.0.max((effects[index].effect - row["effect"].as_f64().unwrap()).abs());
        worst.1 = worst.1.max((effects[index].se - row["se"].as_f64().unwrap()).abs());
    }
    worst
}

#[test]
fn agrees_with_lme4() {
    let expected: Value = serde_json::from_str(EXPECTED).unwrap();
    let calibration = super::calibrate(&read_scores("penicillin.csv", SCORES).unwrap());
    let mixed = calibration.mixed.as_ref().unwrap();
    assert_eq!(mixed.origin, Origin::Converged);

    let criterion = (mixed.criterion.unwrap() - expected["reml_criterion"].as_f64().unwrap()).abs();
    assert!(criterion < 1e-4, "criterion off by {criterion:e}");
    let intercept = (mixed.intercept - expected["intercept"].as_f64().unwrap()).abs();
    let intercept_se = (mixed.intercept_se - expected["intercept_se"].as_f64().unwrap()).abs();
    assert!(intercept < 1e-6 && intercept_se < 5e-6, "intercept off by {intercept:e}, its s.e. by {intercept_se:e}");
    let variance = |name: &str, value: f64| {
        let known = expected["variance"][name].as_f64().unwrap();
        let error = ((value - known) / known).abs();
        println!("variance {name}: relative error {error:e}");
        assert!(error < 1e-5, "variance {name} off by {error:e}");
    };
    variance("application", mixed.variances.application);
    variance("expert", mixed.variances.expert.unwrap());
    variance("residual", mixed.variances.residual);

    let applications = worst(&calibration.design.applications, &mixed.applications, &expected["applications"]);
    let experts = worst(&calibration.design.experts, &mixed.experts, &expected["experts"]);
    println!(
        "criterion {criterion:e}, intercept {intercept:e} ({intercept_se:e}), applications {applications:?}, experts {experts:?}"
    );
    assert!(applications.0 < 2e-6 && applications.1 < 2e-6, "applications off by {applications:?}");
    assert!(experts.0 < 5e-6 && experts.1 < 5e-6, "experts off by {experts:?}");
}

#[test]
fn the_report_has_the_published_form() {
    let calibration = super::calibrate(&read_scores("penicillin.csv", SCORES).unwrap());
    let order = calibration.order(Method::Mixed);
    let places = Places::overall(24, 5);
    let draws = calibration.draw(&order, Some(&places), [7; 32], 1_000);
    let json = serde_json::to_value(report(&calibration, Method::Mixed, &order, draws.as_deref(), None)).unwrap();
    assert_eq!(json["algorithm"], "calibrate/2");
    assert_eq!(json["connectivity"]["components"], 1);
    let first = &json["applications"][0];
    let keys = "application n raw trimmed coefficient grand standard additive mixed effect se rank expected_rank rank_low rank_high p_top";
    for key in keys.split(' ') {
        assert!(!first[key].is_null(), "{key} is missing");
    }
    assert_eq!(first["raw"].to_string(), "23.833");
    assert!(json["model"]["variance"]["panel"].is_null());
    let winner = json["applications"].as_array().unwrap().iter().find(|row| row["rank"] == 1).unwrap();
    assert_eq!(winner["application"], "m");
}
