//! `scores.csv`: what is accepted, and that every bad row is named.

use proptest::prelude::*;

use crate::calibration::files::read_scores;
use crate::total::Total;

#[test]
fn byte_order_mark_extra_columns_and_any_column_order_are_accepted() {
    let text = "\u{feff}备注,score,panel,expert,application\r\n无,84.125,甲,E1,项目一\r\n,19,,E2,项目一\r\n";
    let scores = read_scores("scores.csv", text.as_bytes()).unwrap();
    assert_eq!(scores.len(), 2);
    assert_eq!((scores[0].application.as_str(), scores[0].panel.as_deref()), ("项目一", Some("甲")));
    assert_eq!(scores[0].score.decimal().to_string(), "84.125");
    assert_eq!(scores[1].panel, None);
}

#[test]
fn all_bad_rows_are_listed_with_line_and_column() {
    let text = "application,expert,score\na,E1,80\na,E1,81\n,E2,82\nb,E2,\nb,E3,八十\nb\n";
    let errors = read_scores("scores.csv", text.as_bytes()).unwrap_err();
    let places: Vec<(u64, &str)> = errors.iter().map(|error| (error.line, error.column.as_str())).collect();
    assert_eq!(places, [(3, "expert"), (4, "application"), (5, "score"), (6, "score"), (7, "expert"), (7, "score")]);
    assert_eq!(errors[0].to_string(), "scores.csv 第 3 行“expert”列：专家 E1 对申报 a 已在第 2 行评分");
    assert!(errors[2].reason.contains("不得计为 0"));
}

#[test]
fn a_missing_column_and_an_empty_file_are_named() {
    let errors = read_scores("scores.csv", b"application,score\na,80\n").unwrap_err();
    assert_eq!((errors.len(), errors[0].line, errors[0].column.as_str()), (1, 1, "expert"));
    assert_eq!(read_scores("scores.csv", b"").unwrap_err()[0].reason, "文件为空，缺少表头");
    assert_eq!(read_scores("scores.csv", b"application,expert,score\n").unwrap_err()[0].reason, "没有评分");
}

/// One criterion of 6 points does not apply: 88 of 94 points are a third of a millionth more than is written.
#[test]
fn a_rescaled_score_is_the_fraction_and_not_its_six_decimals() {
    let text = "application,expert,score,reached,reachable,item:A1,item:A2,item:B4\na,E1,93.617021,88,94,48,40,\n";
    let scores = read_scores("scores.csv", text.as_bytes()).unwrap();
    assert_eq!(scores[0].score, Total::from_ratio(8800, 94).unwrap());
    assert_eq!(scores[0].items, [Total::from_ratio(4800, 94).unwrap(), Total::from_ratio(4000, 94).unwrap()]);
}

#[test]
fn parts_that_do_not_make_the_score_are_refused() {
    let reasons = |rows: &str| -> Vec<(u64, String)> {
        let text = format!("application,expert,score,reached,reachable,item:A,item:B\n{rows}");
        let errors = read_scores("scores.csv", text.as_bytes()).unwrap_err();
        errors.into_iter().map(|error| (error.line, error.column)).collect()
    };
    let at = |line: u64, column: &str| (line, column.to_owned());
    assert_eq!(reasons("a,E1,93.617020,88,94,48,40\na,E2,88,88,,48,40\n"), [at(2, "score"), at(3, "reachable")]);
    assert_eq!(reasons("a,E1,88,,100,48,40\na,E2,88,88,0,48,40\n"), [at(2, "reached"), at(3, "reachable")]);
    assert_eq!(reasons("a,E1,88,88,100,48,39\na,E2,88,,,48,x\n"), [at(2, "score"), at(3, "item:B")]);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_scores("scores.csv", &bytes);
        let with_header = [b"application,expert,score,panel\n".as_slice(), &bytes].concat();
        let _ = read_scores("scores.csv", &with_header);
    }
}
