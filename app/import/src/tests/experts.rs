use super::*;
use crate::experts::ExpertRow;
use crate::{Parsed, SheetKind, Unreadable};
use chrono::NaiveDate;
use domain::access::Department;
use domain::expert::TieKind;
use domain::rubric::ExpertRole;
use domain::sector::Sector;

const HEADER: &str =
    "专家编号|姓名|来源部门|专家类别|重点领域|专业方向|职称|工作单位|统一社会信用代码|所在地区|身份证号";
const ONE: &str =
    "ZJ-0001|示例甲|省工信厅|技术|新材料、冶金有色|材料学|教授|示例大学|916200000000000004|兰州市|620102199001010011";
const TWO: &str = "ZJ-0002|示例乙|省科技厅|财务|电子信息||会计师|示例会计师事务所|||";
const TIES: &str = "专家编号|关系|单位名称|统一社会信用代码|职务|起始时间|结束时间";

fn read(bytes: &[u8]) -> Result<Parsed<ExpertRow>, crate::Unreadable> {
    crate::experts::read(bytes, crate::Whole::default())
}

fn parse(rows: Vec<Vec<Put>>) -> Parsed<ExpertRow> {
    read(&book(&[("专家", rows)])).unwrap()
}

fn with_ties(ties: Vec<Vec<Put>>) -> Parsed<ExpertRow> {
    read(&book(&[("专家", lines(&[HEADER, ONE, TWO])), ("任职经历", ties)])).unwrap()
}

fn clean(parsed: &Parsed<ExpertRow>, count: usize) {
    assert_eq!(told(&parsed.problems), Vec::<String>::new());
    assert_eq!(parsed.rows.len(), count);
}

fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(y, m, d)
}

#[test]
fn a_tidy_file_is_read_whole() {
    let parsed = parse(lines(&[HEADER, ONE, TWO]));
    clean(&parsed, 2);
    let one = &parsed.rows[0];
    assert_eq!((one.sheet.as_str(), one.row), ("专家", 2));
    let expert = &one.value;
    assert_eq!((expert.code.as_deref(), expert.name.as_str()), (Some("ZJ-0001"), "示例甲"));
    assert_eq!((expert.source, expert.role), (Department::Industry, ExpertRole::Technical));
    assert_eq!(expert.sectors, [Sector::Materials, Sector::Metallurgy]);
    assert_eq!((expert.specialities.as_str(), expert.title.as_str()), ("材料学", "教授"));
    assert_eq!((expert.employer.as_str(), expert.region.as_str()), ("示例大学", "兰州市"));
    assert_eq!(expert.employer_uscc.as_ref().map(ToString::to_string).as_deref(), Some(CODE_A));
    assert_eq!(expert.id_number.as_deref(), Some("620102199001010011"));
    assert!(expert.ties.is_empty());
    assert_eq!(parsed.rows[1].value.employer_uscc, None);
}

#[test]
fn disciplines_are_read_by_code_and_a_wrong_code_is_told() {
    let header = format!("{HEADER}|学科分类代码");
    let one = format!("{ONE}|450；430.4 金属材料");
    let two = format!("{TWO}|999");
    let parsed = parse(lines(&[&header, &one]));
    clean(&parsed, 1);
    let shown: Vec<_> = parsed.rows[0].value.disciplines.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["450 冶金工程技术", "430.40 金属材料"]);
    let parsed = parse(lines(&[&header, &one, &two]));
    assert_eq!(told(&parsed.problems), ["L3：学科代码：学科代码999不在GB/T 13745—2009的一级学科之内"]);
}

#[test]
fn title_rows_above_the_header_are_passed_over() {
    let rows = lines(&["甘肃省揭榜挂帅评审专家库姓名及工作单位一览表", "填报日期：2025年3月", "", HEADER, ONE]);
    let bytes = book_with(&[("专家", rows)], |_, sheet| {
        sheet.merge_range(0, 0, 0, 10, "甘肃省揭榜挂帅评审专家库姓名及工作单位一览表", &Format::new()).unwrap();
    });
    let parsed = read(&bytes).unwrap();
    clean(&parsed, 1);
    assert_eq!(parsed.rows[0].row, 5);
}

#[test]
fn header_notes_stars_blanks_and_line_breaks_do_not_matter() {
    let header = "*专家\n编号|姓　名（必填）|＊来源部门|专家类别\r\n（技术/财务/产业）|重点领域【可多选】|专业方向|职 称|工作单位：|统一社会\n信用代码(18位)|所在地区|身份证号（选填）";
    clean(&parse(lines(&[header, ONE, TWO])), 2);
}

#[test]
fn columns_may_come_in_another_order_under_near_names() {
    let header = "序号|专家姓名|现工作单位|组织机构代码|推荐部门|评审领域|专家类型|专家代码|身份证号码|备注";
    let parsed = parse(lines(&[
        header,
        "1|示例甲|示例大学|916200000000000004|省教育厅|新材料|管理|ZJ-0001|620102199001010011|无",
    ]));
    clean(&parsed, 1);
    let expert = &parsed.rows[0].value;
    assert_eq!((expert.code.as_deref(), expert.role), (Some("ZJ-0001"), ExpertRole::Management));
    assert_eq!(parsed.seen[0].unread, ["序号", "备注"]);
}

#[test]
fn two_columns_for_one_field_are_reported_and_nothing_is_guessed() {
    let parsed = parse(lines(&[&format!("{HEADER}|姓名"), &format!("{ONE}|示例丙")]));
    assert!(parsed.rows.is_empty());
    assert_eq!(told(&parsed.problems), ["B1：姓名：B1、L1列都可能是“姓名”，请只保留一列或改清楚表头；本表未读取"]);
}

#[test]
fn an_exact_name_wins_over_a_similar_one() {
    let parsed = parse(lines(&[&format!("{HEADER}|配偶姓名|曾工作单位"), &format!("{ONE}|示例丁|示例旧单位")]));
    clean(&parsed, 1);
    assert_eq!(parsed.rows[0].value.employer, "示例大学");
}

#[test]
fn a_missing_required_column_is_named() {
    let parsed = parse(lines(&["专家编号|姓名|来源部门|专家类别|重点领域", "ZJ-1|示例甲|省工信厅|技术|新材料"]));
    assert!(parsed.rows.is_empty());
    assert_eq!(told(&parsed.problems), ["A1：工作单位：缺少必填列“工作单位”；本表未读取"]);
}

#[test]
fn headers_of_two_rows_with_merged_groups_are_read() {
    let rows = lines(&[
        "专家编号|基本信息||来源部门|专家类别|重点领域|单位信息",
        "|姓名|职称||||工作单位|统一社会信用代码",
        "ZJ-0001|示例甲|教授|省工信厅|技术|新材料|示例大学|916200000000000004",
    ]);
    let bytes = book_with(&[("专家", rows)], |_, sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 1, 0, "专家编号", &plain).unwrap();
        sheet.merge_range(0, 1, 0, 2, "基本信息", &plain).unwrap();
        sheet.merge_range(0, 3, 1, 3, "来源部门", &plain).unwrap();
        sheet.merge_range(0, 4, 1, 4, "专家类别", &plain).unwrap();
        sheet.merge_range(0, 5, 1, 5, "重点领域", &plain).unwrap();
        sheet.merge_range(0, 6, 0, 7, "单位信息", &plain).unwrap();
    });
    let parsed = read(&bytes).unwrap();
    clean(&parsed, 1);
    assert_eq!(parsed.rows[0].value.title, "教授");
    assert!(parsed.rows[0].value.employer_uscc.is_some());
}

#[test]
fn a_merged_block_counts_for_all_its_rows() {
    let other = "ZJ-0002|示例乙||技术|新材料|||示例大学|||";
    let bytes = book_with(&[("专家", lines(&[HEADER, ONE, other]))], |_, sheet| {
        sheet.merge_range(1, 2, 2, 2, "省教育厅", &Format::new()).unwrap();
    });
    let parsed = read(&bytes).unwrap();
    clean(&parsed, 2);
    assert!(parsed.rows.iter().all(|row| row.value.source == Department::Education));
}

#[test]
fn full_width_digits_and_blanks_become_plain() {
    let row = "　ＺＪ－０００１ |示例　甲|省工信厅|技术|新材料|||示例大学|９１６２００００００００００００　０４||６２０１０２１９９００１０１００１１";
    let parsed = parse(lines(&[HEADER, row]));
    clean(&parsed, 1);
    let expert = &parsed.rows[0].value;
    assert_eq!((expert.code.as_deref(), expert.name.as_str()), (Some("ZJ-0001"), "示例甲"));
    assert_eq!(expert.employer_uscc.as_ref().map(ToString::to_string).as_deref(), Some(CODE_A));
    assert_eq!(expert.id_number.as_deref(), Some("620102199001010011"));
}

#[test]
fn numbers_where_text_is_meant_are_text() {
    let parsed = parse(vec![line(HEADER), with(ONE, 0, 1001.0)]);
    clean(&parsed, 1);
    assert_eq!(parsed.rows[0].value.code.as_deref(), Some("1001"));
}

#[test]
fn codes_that_excel_turned_into_numbers_are_refused_clearly() {
    let parsed = parse(vec![
        line(HEADER),
        with(ONE, 10, 620_102_199_001_010_011.0),
        with(ONE, 8, 916_200_000_000_000_004.0),
        with(ONE, 8, "9.162E+17"),
        with(ONE, 0, Put::Date(2024, 3, 1)),
    ]);
    assert!(parsed.rows.is_empty());
    let told = told(&parsed.problems);
    assert_eq!(told.len(), 4);
    assert!(told[0].starts_with("K2：身份证号：长数字已被 Excel 改成科学计数法"), "{told:?}");
    assert!(told[1].starts_with("I3：统一社会信用代码：长数字已被"), "{told:?}");
    assert!(told[2].starts_with("I4：统一社会信用代码：长数字已被"), "{told:?}");
    assert!(told[3].starts_with("A5：专家编号：内容被 Excel 当成了日期"), "{told:?}");
}

#[test]
fn a_code_that_a_spreadsheet_would_take_for_a_formula_is_refused() {
    for code in ["=1+1", "+ZJ-0001", "-1", "@SUM(A1)"] {
        let parsed = parse(vec![line(HEADER), with(ONE, 0, code), line(TWO)]);
        assert!(
            told(&parsed.problems).iter().any(|told| told.contains("开头")),
            "{code}: {:?}",
            told(&parsed.problems)
        );
        assert_eq!(parsed.rows.len(), 1);
    }
}

#[test]
fn the_list_of_problems_never_shows_an_id_number() {
    let parsed = parse(vec![line(HEADER), with(ONE, 10, "620102199001010012")]);
    assert_eq!(parsed.problems[0].value, "（已隐去）");
    assert!(parsed.problems[0].reason.contains("校验位不符"));
}

#[test]
fn error_cells_are_problems_and_formulas_give_their_value() {
    let parsed = parse(vec![
        line(HEADER),
        with(ONE, 7, Put::Formula("=VLOOKUP(1,A1:B2,2)", "#N/A")),
        with(TWO, 1, Put::Formula("=\"示例\"&\"乙\"", "示例乙")),
    ]);
    assert_eq!(told(&parsed.problems), ["H2：工作单位：单元格是公式错误值 #N/A，请改正公式或直接填写内容"]);
    assert_eq!(parsed.rows[0].value.name, "示例乙");
}

#[test]
fn blank_rows_and_columns_do_not_matter() {
    let rows = lines(&["", &format!("||{HEADER}"), "", &format!("||{ONE}"), "", "", &format!("||{TWO}")]);
    let bytes = book_with(&[("专家", rows)], |_, sheet| {
        sheet.write_blank(900, 40, &Format::new().set_bold()).unwrap();
        sheet.write_string(1_048_575, 16_383, " ").unwrap();
        sheet.write_string(5000, 16_383, "远处").unwrap();
    });
    clean(&read(&bytes).unwrap(), 2);
}

#[test]
fn what_is_hidden_is_read_and_said() {
    let sheets = [
        ("专家", lines(&[HEADER, ONE, TWO])),
        ("任职经历", lines(&[TIES, "ZJ-0001|任职|示例公司||职员|2020-01|2023-06"])),
    ];
    let bytes = book_with(&sheets, |name, sheet| {
        if name == "任职经历" {
            sheet.set_hidden(true);
        } else {
            sheet.set_row_hidden(2).unwrap();
            sheet.set_column_hidden(7).unwrap();
            sheet.set_column_hidden(8).unwrap();
            sheet.set_column_hidden(200).unwrap();
        }
    });
    let parsed = read(&bytes).unwrap();
    clean(&parsed, 2);
    assert_eq!(parsed.rows[0].value.ties.len(), 1, "the hidden sheet is read");
    let hidden: Vec<_> = parsed.seen.iter().map(|seen| seen.hidden.words().unwrap_or_default()).collect();
    assert_eq!(hidden, ["1行是隐藏的，H～I列是隐藏的", "工作表是隐藏的"]);
}

#[test]
fn rows_that_a_filter_leaves_out_are_read_and_said() {
    let bytes = book_with(&[("专家", lines(&[HEADER, ONE, TWO]))], |_, sheet| {
        sheet.autofilter(0, 0, 2, 10).unwrap();
        sheet.filter_column(1, &rust_xlsxwriter::FilterCondition::new().add_list_filter("示例甲")).unwrap();
        sheet.set_row_hidden(2).unwrap();
    });
    let parsed = read(&bytes).unwrap();
    clean(&parsed, 2);
    assert_eq!(parsed.seen[0].hidden.words().as_deref(), Some("1行是隐藏的（有筛选）"));
}

#[test]
fn a_formula_without_a_kept_result_is_a_problem_at_its_cell() {
    let formula =
        |result| book(&[("专家", vec![line(HEADER), with(ONE, 8, Put::Formula("VLOOKUP(I2,A:B,2,0)", result))])]);
    assert_eq!(read(&formula(CODE_B)).unwrap().rows.len(), 1, "a kept result is read");
    let bytes = without_results(&formula(CODE_B), "");
    let parsed = read(&bytes).unwrap();
    assert!(parsed.rows.is_empty());
    assert_eq!(parsed.problems.len(), 1);
    assert_eq!(parsed.problems[0].cell, "I2");
    assert!(parsed.problems[0].reason.contains("没有保存它的结果"), "{}", parsed.problems[0].reason);
}

#[test]
fn a_formula_that_gives_an_empty_text_is_an_empty_cell() {
    let bytes = book(&[("专家", vec![line(HEADER), with(ONE, 8, Put::Formula("IF(1,\"\",2)", "空"))])]);
    let parsed = read(&without_results(&bytes, " t=\"str\"")).unwrap();
    clean(&parsed, 1);
    assert_eq!(parsed.rows[0].value.employer_uscc, None);
}

#[test]
fn a_code_kept_as_a_number_is_what_the_cell_shows() {
    let padded = Format::new().set_num_format("\"ZJ-\"0000");
    let odd = Format::new().set_num_format("0.0,");
    let bytes = book_with(&[("专家", lines(&[HEADER, ONE, TWO]))], |_, sheet| {
        sheet.write_number_with_format(1, 0, 7, &padded).unwrap();
        sheet.write_number_with_format(2, 0, 12_000, &odd).unwrap();
    });
    let parsed = read(&bytes).unwrap();
    assert_eq!(parsed.rows[0].value.code.as_deref(), Some("ZJ-0007"));
    assert_eq!(parsed.problems.len(), 1);
    assert!(parsed.problems[0].cell == "A3" && parsed.problems[0].reason.contains("显示的内容"));
}

#[test]
fn a_month_that_is_shown_ends_with_its_last_day() {
    let ties = ("任职经历", lines(&[TIES, "ZJ-0001|任职|示例公司||职员||", "ZJ-0001|任职|示例二公司||职员||"]));
    let bytes = book_with(&[("专家", lines(&[HEADER, ONE])), ties], |name, sheet| {
        let shown = |code: &str| Format::new().set_num_format(code);
        if name == "任职经历" {
            let at = |y, m| ExcelDateTime::from_ymd(y, m, 1).unwrap();
            sheet.write_datetime_with_format(1, 5, at(2018, 3), &shown("yyyy-mm-dd")).unwrap();
            sheet.write_datetime_with_format(1, 6, at(2022, 7), &shown("yyyy\"年\"m\"月\"")).unwrap();
            sheet.write_datetime_with_format(2, 5, at(2018, 3), &shown("yyyy")).unwrap();
            sheet.write_datetime_with_format(2, 6, at(2022, 7), &shown("mmm-yy")).unwrap();
        }
    });
    let parsed = read(&bytes).unwrap();
    clean(&parsed, 1);
    let ties = &parsed.rows[0].value.ties;
    assert_eq!((ties[0].since, ties[0].until), (day(2018, 3, 1), day(2022, 7, 31)));
    assert_eq!((ties[1].since, ties[1].until), (day(2018, 1, 1), day(2022, 7, 31)));
}

#[test]
fn a_beginning_and_an_end_may_share_a_column() {
    let header = "专家编号|关系|单位名称|统一社会信用代码|职务|起止时间";
    let parsed = with_ties(lines(&[
        header,
        "ZJ-0001|任职|示例公司||职员|2018.3-2022.6",
        "ZJ-0001|任职|示例二公司||职员|2020年3月至今",
        "ZJ-0002|任职|示例三公司||职员|",
    ]));
    clean(&parsed, 2);
    let ties = &parsed.rows[0].value.ties;
    assert_eq!((ties[0].since, ties[0].until), (day(2018, 3, 1), day(2022, 6, 30)));
    assert_eq!((ties[1].since, ties[1].until), (day(2020, 3, 1), None));
    let parsed = with_ties(lines(&[header, "ZJ-0001|任职|示例公司||职员|三年"]));
    assert!(parsed.problems[0].reason.contains("起止"), "{}", parsed.problems[0].reason);
}

#[test]
fn a_wrong_phone_or_card_is_left_out_and_said() {
    let header = format!("{HEADER}|手机号|银行卡号");
    let parsed = parse(lines(&[&header, &format!("{ONE}|1380013800|6222 0000 0000 0000 000")]));
    clean(&parsed, 1);
    assert_eq!((&parsed.rows[0].value.phone, &parsed.rows[0].value.bank_card), (&None, &None));
    let notes: Vec<_> = parsed.notes.iter().map(|note| (note.cell.as_str(), note.value.as_str())).collect();
    assert_eq!(notes, [("L2", "（已隐去）"), ("M2", "（已隐去）")]);
}

#[test]
fn names_lose_titles_and_units_their_codes() {
    let parsed = parse(lines(&[
        HEADER,
        "ZJ-1|示例甲 教授|省工信厅|技术|新材料|||示例大学（916200000000000004）|||",
        "ZJ-2|示例\u{202c}乙（退休）|省工信厅|技术|新材料|||示例大学|||",
    ]));
    clean(&parsed, 2);
    let one = &parsed.rows[0].value;
    assert_eq!((one.name.as_str(), one.employer.as_str()), ("示例甲", "示例大学"));
    assert_eq!(one.employer_uscc.as_ref().map(ToString::to_string).as_deref(), Some(CODE_A));
    let notes: Vec<_> = parsed.notes.iter().map(|note| note.reason.as_str()).collect();
    assert!(notes[0].contains("读作“示例甲”"), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("不可见字符 U+202C")), "{notes:?}");
}

#[test]
fn two_in_a_cell_for_one_is_a_problem() {
    let parsed = parse(lines(&[
        HEADER,
        "ZJ-1|示例甲、示例乙|省工信厅|技术|新材料|||示例大学|||",
        "ZJ-2|示例丙|省工信厅|技术|新材料|||示例大学、示例公司|||",
        "ZJ-3|示例丁|省工信厅|技术|新材料|||示例大学（916200000000000004）|91000000000000000K||",
    ]));
    let told = told(&parsed.problems);
    assert!(told[0].starts_with("B2") && told[0].contains("2个人"), "{told:?}");
    assert!(told[1].starts_with("H3") && told[1].contains("2家单位"), "{told:?}");
    assert!(told[2].starts_with("H4") && told[2].contains("不一致"), "{told:?}");
}

#[test]
fn repeated_headers_totals_examples_numbering_and_notes_are_skipped() {
    let parsed = parse(lines(&[
        HEADER,
        "1|2|3|4|5|6|7|8|9|10|11",
        ONE,
        HEADER,
        "示例|示例丙|省工信厅|技术|新材料|||示例大学|||",
        TWO,
        "合计（2人）||||||||||",
        "注：以上专家均已核实。",
        "填表人：示例丁",
    ]));
    clean(&parsed, 2);
    let aside: Vec<_> = parsed.seen[0].aside.iter().map(|aside| (aside.row, aside.why)).collect();
    let why = crate::WhyAside::from_key;
    let expected = [(2, "numbering"), (4, "header"), (5, "example"), (7, "total"), (8, "note"), (9, "note")];
    assert_eq!(aside, expected.map(|(row, key)| (row, why(key).unwrap())));
    assert_eq!(parsed.seen[0].aside[5].text, "填表人：示例丁");
}

#[test]
fn only_the_sheets_that_matter_are_read() {
    let sheets = [
        ("目录", lines(&["一、专家名单", "二、任职经历"])),
        ("工信厅", lines(&[HEADER, ONE])),
        ("统计", lines(&["部门|人数", "省工信厅|1"])),
        ("科技厅", lines(&[HEADER, TWO])),
        ("经历", lines(&[TIES, "ZJ-0001||示例公司||||"])),
    ];
    let parsed = read(&book(&sheets)).unwrap();
    clean(&parsed, 2);
    let kinds: Vec<_> = parsed.seen.iter().map(|s| s.kind).collect();
    assert_eq!(
        kinds,
        [SheetKind::Ignored, SheetKind::Experts, SheetKind::Ignored, SheetKind::Experts, SheetKind::Ties]
    );
    assert_eq!(parsed.rows[0].value.ties.len(), 1);
}

#[test]
fn a_file_without_the_table_says_what_was_sought_and_found() {
    let error = read(&book(&[("工资表", lines(&["工号|实发", "1|2"]))])).unwrap_err();
    let Unreadable::NoTable { wanted, found } = &error else { panic!("{error}") };
    assert!(wanted.contains(&"工作单位".to_owned()));
    assert_eq!(found, &["工作表“工资表”：工号、实发"]);
    assert!(error.to_string().contains("需要的表头：姓名、来源部门"));
}

#[test]
fn required_and_coded_cells_are_checked() {
    let parsed = parse(lines(&[HEADER, "ZJ-1||省财政厅|法律|烹饪|||示例大学|91620000|||"]));
    assert!(parsed.rows.is_empty());
    let columns: Vec<_> = parsed.problems.iter().map(|p| (p.cell.as_str(), p.column.as_str())).collect();
    assert_eq!(
        columns,
        [("B2", "姓名"), ("C2", "来源部门"), ("D2", "专家类别"), ("E2", "重点领域"), ("I2", "统一社会信用代码")]
    );
    assert_eq!(parsed.problems[1].reason, "应为省工信厅、省教育厅、省科技厅之一");
}

#[test]
fn a_code_or_person_may_stand_only_once() {
    let same_person = ONE.replace("ZJ-0001", "ZJ-0009");
    let parsed = parse(lines(&[HEADER, ONE, &TWO.replace("ZJ-0002", "zj-0001"), &same_person]));
    assert_eq!(parsed.rows.len(), 1);
    assert_eq!(
        told(&parsed.problems),
        [
            "A3：专家编号：专家编号与工作表“专家”第2行重复",
            "K4：身份证号：身份证号与工作表“专家”第2行重复，可能是同一人"
        ]
    );
    assert_eq!(parsed.problems[1].value, "620102********0011");
}

#[test]
fn ties_are_typed_and_dated_in_every_usual_way() {
    let parsed = with_ties(vec![
        line(TIES),
        line("ZJ-0001||示例材料公司|916200000000000004|工程师|2019.3|2022年6月"),
        line("ZJ-0001|独立董事|示例矿业公司||独立董事|2021/3/1|至今"),
        with("ZJ-0001|监事|示例电池公司||||", 5, Put::Date(2024, 3, 1)),
        with("ZJ-0002|控股股东|示例会计公司||||", 5, 45352.0),
        with("ZJ-0002|技术顾问|示例软件公司||||", 6, 202_403.0),
    ]);
    clean(&parsed, 2);
    let ties = &parsed.rows[0].value.ties;
    assert_eq!((ties[0].kind, ties[0].since, ties[0].until), (TieKind::Employment, day(2019, 3, 1), day(2022, 6, 30)));
    assert_eq!((ties[1].kind, ties[1].since, ties[1].until), (TieKind::Director, day(2021, 3, 1), None));
    assert_eq!((ties[2].kind, ties[2].since), (TieKind::Supervisor, day(2024, 3, 1)));
    let ties = &parsed.rows[1].value.ties;
    assert_eq!((ties[0].kind, ties[0].since), (TieKind::Shareholder, day(2024, 3, 1)));
    assert_eq!((ties[1].kind, ties[1].until), (TieKind::Consultant, day(2024, 3, 31)));
}

#[test]
fn an_expert_with_an_unreadable_tie_is_left_out() {
    let parsed = with_ties(lines(&[
        TIES,
        "ZJ-0001||示例公司|||2022-06|2019-03",
        "ZJ-0099||示例公司||||",
        "ZJ-0002||示例公司|||去年|",
    ]));
    assert!(parsed.rows.is_empty());
    assert_eq!(
        told(&parsed.problems),
        [
            "G2：结束时间：结束时间早于起始时间",
            "A3：专家编号：“专家”工作表中没有这个专家编号",
            "F4：起始时间：无法识别的日期，请写成 2024-03-01 或 2024年3月",
            "A2：专家编号：该专家的任职经历有误，暂不导入；改正后重新上传",
            "A3：专家编号：该专家的任职经历有误，暂不导入；改正后重新上传",
        ]
    );
}

#[test]
fn ties_merged_under_one_code_belong_to_one_expert() {
    let rows = lines(&[TIES, "|任职|示例甲公司||||", "|顾问|示例乙公司||||", "|董事|示例丙公司||||"]);
    let sheets = [("专家", lines(&[HEADER, ONE])), ("任职经历", rows)];
    let bytes = book_with(&sheets, |name, sheet| {
        if name == "任职经历" {
            sheet.merge_range(1, 0, 3, 0, "ZJ-0001", &Format::new()).unwrap();
        }
    });
    let parsed = read(&bytes).unwrap();
    clean(&parsed, 1);
    assert_eq!(parsed.rows[0].value.ties.len(), 3);
}

#[test]
fn an_official_list_needs_no_codes_and_takes_what_is_said_for_the_whole_file() {
    let list = "序号|姓名|工作单位|职称|从事专业|联系电话";
    let rows = lines(&[list, "1|示例甲|示例大学|教授|材料学|13800138000", "2|示例乙|示例公司|高工|机械|"]);
    let parsed = parse(rows.clone());
    assert!(parsed.rows.is_empty());
    let missing: Vec<_> = parsed.problems.iter().map(|problem| problem.column.as_str()).collect();
    assert_eq!(missing, ["来源部门", "专家类别", "重点领域"]);
    let whole = crate::Whole {
        source: Some(Department::Science),
        role: Some(ExpertRole::Technical),
        sector: Some(Sector::Materials),
        recommender: None,
    };
    let parsed = crate::experts::read(&book(&[("专家", rows)]), whole).unwrap();
    clean(&parsed, 2);
    let one = &parsed.rows[0].value;
    assert_eq!((&one.code, one.source, one.role), (&None, Department::Science, ExpertRole::Technical));
    let own = crate::experts::read(&book(&[("专家", lines(&[HEADER, ONE]))]), whole).unwrap();
    assert_eq!(own.rows[0].value.source, Department::Industry, "a column that the file has counts");
}

#[test]
fn ties_may_name_their_expert_instead_of_a_code() {
    let sheet = |rows: &[&str]| {
        let same = "ZJ-0003|示例甲|省科技厅|财务|电子信息||会计师|示例银行|||";
        read(&book(&[("专家", lines(&[HEADER, ONE, TWO, same])), ("兼职情况", lines(rows))])).unwrap()
    };
    let header = "姓名|现工作单位|兼职单位|兼职职务|起止时间";
    let parsed = sheet(&[header, "示例乙||示例公司|顾问|2020.1-至今", "示例甲|示例大学|示例二公司|董事|2021.1-2022.1"]);
    clean(&parsed, 3);
    let ties = |code: &str| {
        let row = parsed.rows.iter().find(|row| row.value.code.as_deref() == Some(code)).unwrap();
        row.value.ties.iter().map(|tie| tie.unit.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ties("ZJ-0002"), ["示例公司"]);
    assert_eq!(ties("ZJ-0001"), ["示例二公司"]);
    assert!(ties("ZJ-0003").is_empty());
    for (row, reason) in [
        ("示例甲||示例公司|顾问|2020.1-至今", "2位专家同名"),
        ("示例丙||示例公司|顾问|2020.1-至今", "没有这个姓名"),
        ("示例甲|示例厂|示例公司|顾问|2020.1-至今", "工作单位不同"),
    ] {
        let told = told(&sheet(&[header, row]).problems);
        assert!(told[0].contains(reason), "{told:?}");
    }
}

#[test]
fn an_optional_column_that_may_be_either_of_two_costs_only_itself() {
    let parsed = parse(lines(&[&format!("{HEADER}|职称"), &format!("{ONE}|讲师")]));
    clean(&parsed, 1);
    assert_eq!(parsed.rows[0].value.title, "");
    assert!(parsed.notes[0].reason.contains("其余照常导入"), "{}", parsed.notes[0].reason);
}
