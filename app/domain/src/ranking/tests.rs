use super::*;
use uuid::Uuid;

fn id(n: u128) -> ApplicationId {
    ApplicationId(Uuid::from_u128(n))
}

fn row(n: u128, outcome: Outcome) -> Row {
    Row {
        application: id(n),
        code: format!("SL-{n:03}"),
        rank: None,
        tied: false,
        group: String::new(),
        panel_rank: None,
        task_rank: None,
        raw: None,
        trimmed: None,
        adjustment: String::new(),
        score: None,
        dimensions: Vec::new(),
        sheets: 5,
        recommend: 5,
        rank_low: None,
        rank_high: None,
        p_top: None,
        borderline: false,
        outcome,
        note: String::new(),
        settled: String::new(),
        suggestion: None,
        conclusion: None,
    }
}

fn ranking(kind: RoundKind) -> Ranking {
    Ranking {
        kind,
        method: Method::Raw,
        input_digest: String::new(),
        dimensions: Vec::new(),
        rows: vec![row(1, Outcome::Shortlisted), row(2, Outcome::LineTie), row(3, Outcome::LineTie)],
        sensitivity: None,
    }
}

fn reason(text: &str) -> Reason {
    Reason::new(text).unwrap()
}

#[test]
fn only_a_tie_across_the_line_is_settled_and_it_may_be_settled_again() {
    let mut selection = ranking(RoundKind::Selection);
    let mut settle = |n, outcome| selection.settle(id(n), outcome, reason("会商纪要")).map(|row| row.outcome);
    assert_eq!(settle(1, Outcome::Reserve), Err(RankingError::NotTied));
    assert_eq!(settle(9, Outcome::Reserve), Err(RankingError::NotRanked));
    assert_eq!(settle(2, Outcome::LineTie), Err(RankingError::Unreasoned(Unreasoned::Settlement)));
    assert_eq!(settle(2, Outcome::Reserve), Ok(Outcome::Reserve));
    assert_eq!(settle(2, Outcome::Shortlisted), Ok(Outcome::Shortlisted));
    assert_eq!((selection.over_quota(1), selection.over_quota(2)), (vec![(String::new(), 2)], Vec::new()));
    let none = ranking(RoundKind::Acceptance).settle(id(2), Outcome::Reserve, reason("会商纪要")).map(|_| ());
    assert_eq!(none, Err(RankingError::NotSelection));
}

#[test]
fn a_conclusion_departs_from_the_suggestion_only_with_a_reason() {
    let mut acceptance = ranking(RoundKind::Acceptance);
    let unreasoned = acceptance.conclude(id(1), Conclusion::Passed, None).map(|_| ());
    assert_eq!(unreasoned, Err(RankingError::Unreasoned(Unreasoned::Conclusion)));
    assert!(acceptance.conclude(id(1), Conclusion::Passed, Some(reason("专家组一致同意"))).is_ok());
    assert_eq!(acceptance.rows[0].conclusion, Some(Conclusion::Passed));
    let selection = ranking(RoundKind::Selection).conclude(id(1), Conclusion::Passed, None).map(|_| ());
    assert_eq!(selection, Err(RankingError::NotAcceptance));
}
