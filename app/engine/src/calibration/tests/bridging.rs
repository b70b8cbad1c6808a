//! 连接评审: sheets of other panels join the panels and leave the panel methods as they are.

use super::{calibrate, noise, score};
use crate::calibration::{Method, Score};

/// Two panels of four applications and three experts; the second panel is `severity` points stricter.
fn two_panels(severity: f64) -> Vec<Score> {
    let mut scores = Vec::new();
    for panel in 0..2_u64 {
        for application in 0..4_u64 {
            for expert in 0..3_u64 {
                let merit = 70.0 + 4.0 * application as f64 + noise(panel * 100 + application * 10 + expert);
                let value = merit - if panel == 1 { severity } else { 0.0 };
                let name = if panel == 0 { "甲组" } else { "乙组" };
                scores.push(score(
                    &format!("{panel}{application}"),
                    &format!("E{panel}{expert}"),
                    &format!("{value:.2}"),
                    Some(name),
                ));
            }
        }
    }
    scores
}

/// The first expert of 甲组 also scores all of 乙组.
fn bridges() -> Vec<Score> {
    let value = |application: u64| format!("{:.2}", 70.0 + 4.0 * application as f64 + noise(application + 900));
    (0..4).map(|a| score(&format!("1{a}"), "E00", &value(a), Some("甲组"))).collect()
}

#[test]
fn panel_methods_are_those_without_the_bridges() {
    let alone = calibrate(&two_panels(6.0));
    let joined = calibrate(&[two_panels(6.0), bridges()].concat());
    assert_eq!(joined.design.panel_of, alone.design.panel_of);
    for (with, without) in joined.results.iter().zip(&alone.results) {
        assert!(without.coefficient.is_some());
        assert_eq!(
            (with.coefficient, with.grand, with.standard),
            (without.coefficient, without.grand, without.standard)
        );
    }
    assert_eq!(joined.panels, alone.panels);
    // The plain mean is that of all valid sheets.
    let of_second = |c: &crate::calibration::Calibration| c.final_score(4, Method::Raw).unwrap();
    assert!(of_second(&joined) > of_second(&alone));
}

#[test]
fn bridges_join_what_was_apart_and_uncover_the_stricter_panel() {
    let alone = calibrate(&two_panels(6.0));
    assert_eq!(alone.components.count, 2);
    let joined = calibrate(&[two_panels(6.0), bridges()].concat());
    assert_eq!(joined.components.count, 1);
    // Applications of equal merit: 00–03 and 10–13.
    let additive = joined.additive.as_ref().unwrap();
    for application in 0..4 {
        let difference = additive.applications[application] - additive.applications[application + 4];
        assert!(difference.abs() < 2.0, "{application}: {difference}");
    }
}

#[test]
fn an_application_with_as_many_sheets_of_each_panel_belongs_to_none() {
    let mut scores = two_panels(0.0);
    for expert in 0..3 {
        scores.push(score("10", &format!("E0{expert}"), "75", Some("甲组")));
    }
    let calibration = calibrate(&scores);
    assert_eq!(calibration.design.panel_of[4], None);
    assert_eq!(calibration.results[4].coefficient, None);
    assert!(calibration.results[4].mixed.is_some());
}
