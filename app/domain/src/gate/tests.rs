use super::*;

fn missing(facts: &RoundFacts) -> Vec<String> {
    unmet(facts).iter().map(Condition::text).collect()
}

#[test]
fn each_gate_opens_when_nothing_is_left_and_names_what_is() {
    use Met::{No, Yes};
    let sign_in = |panels_without_experts, draw_finished, short, unregistered_conflicts| RoundFacts::SignIn {
        panels_without_experts,
        draw_finished,
        least: 3,
        short,
        unregistered_conflicts,
    };
    let checking =
        |drafts, applications_without_objectives| RoundFacts::Checking { drafts, applications_without_objectives };
    let deliberation = |short, applications_without_objectives| RoundFacts::Deliberation {
        least: 3,
        short,
        applications_without_objectives,
    };
    let late = |without_formal_check, unregistered_conflicts, undecided_conflicts| Late {
        without_formal_check,
        unregistered_conflicts,
        undecided_conflicts,
    };
    let cases = [
        (RoundFacts::Formality { applications: 6 }, RoundFacts::Formality { applications: 0 }, vec!["尚未导入申报"]),
        (
            RoundFacts::Recusal { without_formal_check: 0 },
            RoundFacts::Recusal { without_formal_check: 2 },
            vec!["2 项申报尚未形式审查"],
        ),
        (
            RoundFacts::Grouping { late: late(0, 0, 0), compared: Yes },
            RoundFacts::Grouping { late: late(3, 0, 1), compared: No },
            vec!["3 项申报尚未形式审查", "尚未进行回避比对", "1 条回避待认定"],
        ),
        (
            RoundFacts::Draw { late: late(0, 0, 0), applications_without_panel: 0, seating: Some(Seating::Adjusted) },
            RoundFacts::Draw { late: late(0, 2, 0), applications_without_panel: 6, seating: Some(Seating::Never) },
            vec![
                "2 条回避情形尚未登记，须重新比对",
                "6 项申报尚未分组",
                "席位试算：任何席位设置都坐不满，须补充专家库、重新分组，或者核实回避",
            ],
        ),
        (
            sign_in(0, Yes, 0, 0),
            sign_in(2, No, 1, 4),
            vec![
                "2 个评审组尚无专家",
                "抽取尚未完成，须三厅公布随机数或者作废",
                "1 个项目不回避的入座专家不足",
                "4 条回避情形尚未登记，须重新比对",
            ],
        ),
        (checking(0, 0), checking(30, 1), vec!["30 张评分表未提交", "1 个项目客观分未登记齐全"]),
        (deliberation(0, 0), deliberation(1, 2), vec!["1 个项目有效评分表不足", "2 个项目客观分未登记齐全"]),
        (RoundFacts::Ranking { calibrated: Yes }, RoundFacts::Ranking { calibrated: No }, vec!["尚未进行校准计算"]),
        (RoundFacts::Notice { signatures: 3 }, RoundFacts::Notice { signatures: 2 }, vec!["三厅会签 2/3"]),
    ];
    for (open, shut, text) in cases {
        assert_eq!(missing(&open), [""; 0], "{open:?}");
        assert_eq!(missing(&shut), text, "{shut:?}");
        assert_eq!(conditions(&open).len(), conditions(&shut).len());
    }
    for free in [RoundFacts::Calibration, RoundFacts::Free] {
        assert_eq!(missing(&free), [""; 0]);
        assert_eq!(conditions(&free).len(), 1);
    }
}

#[test]
fn scoring_begins_when_the_method_fits_the_terms_are_frozen_and_enough_experts_have_come() {
    let facts = |method, bridges, joined| RoundFacts::Scoring {
        method,
        bridges,
        joined,
        frozen: Met::Yes,
        arrivals_unknown: 0,
        least: 3,
        short: 0,
    };
    assert!(unmet(&facts(Method::Mixed, 4, Met::No)).is_empty());
    assert!(unmet(&facts(Method::Additive, 4, Met::Yes)).is_empty());
    assert!(missing(&facts(Method::Additive, 0, Met::No))[0].contains("连通"));
    assert!(missing(&facts(Method::Raw, 1, Met::No))[0].contains("不能利用"));
    let early = RoundFacts::Scoring {
        method: Method::Raw,
        bridges: 0,
        joined: Met::Yes,
        frozen: Met::No,
        arrivals_unknown: 10,
        least: 3,
        short: 6,
    };
    let expected = ["评分细则与评审办法尚未由三厅会签冻结", "10 名专家到会情况未登记", "6 个项目专家不足"];
    assert_eq!(missing(&early), expected);
    assert_eq!(unmet(&early).iter().map(Condition::who).collect::<Vec<_>>(), ["三厅协调员", "组织者", "协调员"]);
}

#[test]
fn a_ranking_is_signed_when_it_is_current_settled_and_within_the_quota() {
    let ends = OpenEnds { current: Met::Yes, ties: 0, without_score: 0, quota: 24, over_quota: Vec::new() };
    let gate = |ends| RoundFacts::Countersign { ranking: ends };
    assert_eq!(missing(&gate(Some(ends.clone()))), [""; 0]);
    assert_eq!(missing(&gate(None)), ["尚未进行排序计算"]);
    let open = OpenEnds {
        current: Met::No,
        ties: 2,
        without_score: 1,
        over_quota: vec![(String::new(), 25), ("新材料".to_owned(), 26)],
        ..ends
    };
    let expected = [
        "评分表在排序后有变动，须重新校准、排序",
        "2 个跨线并列项目尚未会商",
        "1 个项目用冻结的校准方法不能得出成绩，须由三厅研究处理",
        "入围 25 项，超过名额 24，新材料 入围 26 项，超过名额 24；请重新会商",
    ];
    assert_eq!(missing(&gate(Some(open))), expected);
}
