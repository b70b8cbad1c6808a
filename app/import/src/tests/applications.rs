use super::*;
use crate::applications::ApplicationRow;
use crate::{Parsed, SheetKind};
use domain::application::{Form, MemberRole, UnitKind};
use domain::money::Fen;
use domain::region::Recommender;

const HEADER: &str = "序号|项目编号|榜单任务编号|项目名称|申报形式|牵头单位|统一社会信用代码|单位类型|参与单位|推荐单位|总投资（万元）|承诺书签署日期|研发基础|攻关方案|资金筹措";
const ONE: &str = "1|SL-001|RW-01|示例攻关一|联合体|示例材料有限公司|916200000000000004|中型企业|示例大学（91000000000000000K）|兰州市|6,200.5|2025-03-01|有平台|有方案|自筹";
const SOLO: &str = "2|SL-002|RW-01|示例攻关二||示例大学|91000000000000000K|高校|无|兰州新区经发局|800|2025年3月1日|||";
const MEMBERS: &str = "项目编号|单位名称|统一社会信用代码|单位类型|角色";
const PEOPLE: &str = "项目编号|姓名|单位|分工";

fn read(bytes: &[u8]) -> Result<Parsed<ApplicationRow>, crate::Unreadable> {
    crate::applications::read(bytes, crate::Whole::default())
}

fn parse(rows: Vec<Vec<Put>>) -> Parsed<ApplicationRow> {
    read(&book(&[("汇总表", rows)])).unwrap()
}

fn clean(parsed: &Parsed<ApplicationRow>, count: usize) {
    assert_eq!(told(&parsed.problems), Vec::<String>::new());
    assert_eq!(parsed.rows.len(), count);
}

#[test]
fn a_tidy_file_is_read_whole() {
    let people = lines(&[PEOPLE, "SL-001|示例乙|示例大学|技术负责人"]);
    let parsed = read(&book(&[("汇总表", lines(&[HEADER, ONE, SOLO])), ("参与人员", people)])).unwrap();
    clean(&parsed, 2);
    let one = &parsed.rows[0].value;
    assert_eq!(
        (one.code.as_deref().unwrap(), one.task.as_str(), one.title.as_str()),
        ("SL-001", "RW-01", "示例攻关一")
    );
    assert_eq!(
        (one.form, one.recommender, one.investment),
        (Form::Consortium, Recommender::Lanzhou, Fen(6_200_500_000))
    );
    assert_eq!(one.committed_on.map(|d| d.to_string()).as_deref(), Some("2025-03-01"));
    assert_eq!(one.members.len(), 2);
    assert_eq!((one.members[0].role, one.members[0].kind), (MemberRole::Lead, UnitKind::Enterprise));
    assert_eq!((one.members[1].role, one.members[1].name.as_str()), (MemberRole::Participant, "示例大学"));
    assert_eq!((one.people[0].name.as_str(), one.people[0].duty.as_str()), ("示例乙", "技术负责人"));
    assert_eq!(one.sections.len(), 3);
    let two = &parsed.rows[1].value;
    assert_eq!((two.form, two.recommender, two.members.len()), (Form::Solo, Recommender::NewArea, 1));
}

#[test]
fn near_names_and_groups_in_the_header_are_recognised() {
    let rows = lines(&[
        "附件3",
        "揭榜挂帅项目申报汇总表",
        "序号|申报编号|揭榜任务名称|项目名称|揭榜单位|||参与单位||推荐部门|项目总投资额",
        "||||单位名称|组织机构代码|单位性质|名称|统一社会信用代码||",
        "1|SL-001|示例任务|示例攻关一|示例材料有限公司|916200000000000004|企业|示例大学|91000000000000000K|白银市工信局|6200",
    ]);
    let bytes = book_with(&[("Sheet1", rows)], |_, sheet| {
        let plain = Format::new();
        sheet.merge_range(1, 0, 1, 10, "揭榜挂帅项目申报汇总表", &plain).unwrap();
        for (column, text) in [(0, "序号"), (1, "申报编号"), (2, "揭榜任务名称"), (3, "项目名称"), (9, "推荐部门")]
        {
            sheet.merge_range(2, column, 3, column, text, &plain).unwrap();
        }
        sheet.merge_range(2, 10, 3, 10, "项目总投资额", &plain).unwrap();
        sheet.merge_range(2, 4, 2, 6, "揭榜单位", &plain).unwrap();
        sheet.merge_range(2, 7, 2, 8, "参与单位", &plain).unwrap();
    });
    let parsed = read(&bytes).unwrap();
    clean(&parsed, 1);
    let row = &parsed.rows[0].value;
    assert_eq!(row.members[0].uscc.as_str(), CODE_A);
    assert_eq!(row.members[1].uscc.as_str(), CODE_B);
    assert_eq!(row.form, Form::Consortium);
    assert_eq!(row.recommender, Recommender::Baiyin);
}

#[test]
fn numbers_as_text_and_text_as_numbers_are_read() {
    let parsed = parse(vec![
        line(HEADER),
        with(ONE, 10, 6200.5),
        with(SOLO, 10, "８００万元"),
        with(&SOLO.replace("SL-002", "SL-003"), 1, 20_250_003.0),
    ]);
    clean(&parsed, 3);
    assert_eq!(parsed.rows[0].value.investment, Fen(6_200_500_000));
    assert_eq!(parsed.rows[1].value.investment, Fen::wan(800));
    assert_eq!(parsed.rows[2].value.code.as_deref(), Some("20250003"));
}

#[test]
fn a_header_in_yuan_is_converted() {
    let parsed = parse(lines(&[&HEADER.replace("（万元）", "（元）"), &ONE.replace("6,200.5", "62,005,000")]));
    clean(&parsed, 1);
    assert_eq!(parsed.rows[0].value.investment, Fen(6_200_500_000));
}

#[test]
fn participants_without_codes_are_found_in_the_member_sheet() {
    let summary = lines(&[HEADER, &ONE.replace("（91000000000000000K）", "")]);
    let members = lines(&[
        MEMBERS,
        "SL-001|示例材料有限公司|916200000000000004|企业|牵头单位",
        "SL-001|示例 大学|91000000000000000K|高校|参与单位",
    ]);
    let parsed = read(&book(&[("汇总表", summary.clone()), ("联合体成员", members)])).unwrap();
    clean(&parsed, 1);
    let units = &parsed.rows[0].value.members;
    assert_eq!(units.len(), 2);
    assert_eq!(units[1].kind, UnitKind::University);

    let alone = read(&book(&[("汇总表", summary)])).unwrap();
    assert!(alone.rows.is_empty());
    assert_eq!(alone.problems[0].cell, "I2");
    assert_eq!(alone.problems[0].value, "示例大学");
    assert!(alone.problems[0].reason.contains("缺少统一社会信用代码"));
}

#[test]
fn the_rules_on_consortia_are_checked() {
    let parsed = parse(lines(&[
        HEADER,
        &ONE.replace("示例大学（91000000000000000K）", ""),
        &SOLO.replace("|无|", "|示例材料有限公司（916200000000000004）|").replace("攻关二||", "攻关二|单独|"),
    ]));
    assert!(parsed.rows.is_empty());
    assert_eq!(
        told(&parsed.problems),
        ["E2：申报形式：联合体揭榜参与单位不少于1家", "E3：申报形式：单独申报不应有参与单位"]
    );
}

#[test]
fn a_second_lead_in_the_member_sheet_is_a_problem() {
    let members = lines(&[MEMBERS, "SL-001|示例矿业公司|11620400013911751U|企业|牵头单位"]);
    let parsed = read(&book(&[("汇总表", lines(&[HEADER, ONE])), ("联合体成员", members)])).unwrap();
    assert!(parsed.rows.is_empty());
    assert_eq!(told(&parsed.problems), ["E2：申报形式：联合体揭榜牵头单位应为1家，实际2家"]);
}

#[test]
fn names_that_disagree_with_the_member_sheet_are_a_problem() {
    let members = lines(&[MEMBERS, "SL-001|示例学院|91000000000000000K|高校|参与单位"]);
    let parsed = read(&book(&[("汇总表", lines(&[HEADER, ONE])), ("联合体成员", members)])).unwrap();
    assert!(parsed.rows.is_empty());
    assert!(parsed.problems[0].reason.contains("“示例学院”不一致"));
}

#[test]
fn one_application_over_several_merged_rows_is_one() {
    let rows = lines(&[HEADER, ONE, "|||||||| 示例研究院（11620400013911751U）||||||", SOLO]);
    let bytes = book_with(&[("汇总表", rows)], |_, sheet| {
        let plain = Format::new();
        for (column, text) in [(0, "1"), (1, "SL-001"), (3, "示例攻关一"), (5, "示例材料有限公司")] {
            sheet.merge_range(1, column, 2, column, text, &plain).unwrap();
        }
    });
    let parsed = read(&bytes).unwrap();
    clean(&parsed, 2);
    assert_eq!(parsed.rows[0].value.members.len(), 3);
}

#[test]
fn a_repeated_project_code_is_reported() {
    let parsed = parse(lines(&[HEADER, ONE, &SOLO.replace("SL-002", "SL-001")]));
    assert_eq!(parsed.rows.len(), 1);
    assert_eq!(told(&parsed.problems), ["B3：项目编号：项目编号与工作表“汇总表”第2行重复"]);
}

#[test]
fn people_and_members_of_unknown_projects_are_reported() {
    let sheets = [
        ("汇总表", lines(&[HEADER, ONE, "合计|||||||||6200.5||||"])),
        ("成员", lines(&[MEMBERS, "SL-404|示例公司|11620400013911751U|企业|参与单位"])),
        ("人员", lines(&[PEOPLE, "SL-404|示例丙|示例大学|"])),
    ];
    let parsed = read(&book(&sheets)).unwrap();
    assert_eq!(parsed.rows.len(), 1);
    assert_eq!(
        told(&parsed.problems),
        ["A2：项目编号：“汇总表”工作表中没有这个项目编号", "A2：项目编号：“汇总表”工作表中没有这个项目编号"]
    );
    let kinds: Vec<_> = parsed.seen.iter().map(|s| s.kind).collect();
    assert_eq!(kinds, [SheetKind::Summary, SheetKind::Members, SheetKind::People]);
}

#[test]
fn an_application_with_an_unreadable_person_is_left_out() {
    let people = lines(&[PEOPLE, "SL-001||示例大学|"]);
    let parsed = read(&book(&[("汇总表", lines(&[HEADER, ONE])), ("参与人员", people)])).unwrap();
    assert!(parsed.rows.is_empty());
    assert_eq!(parsed.problems.len(), 2);
}

#[test]
fn a_missing_commitment_is_no_matter_of_the_import_but_a_vague_one_is() {
    clean(&parse(lines(&[HEADER, &ONE.replace("2025-03-01", "")])), 1);
    let vague = parse(lines(&[HEADER, &ONE.replace("2025-03-01", "2025年3月")]));
    assert_eq!(told(&vague.problems), ["L2：承诺书签署日期：承诺书签署日期应写到日，如 2024-03-01"]);
}

#[test]
fn every_bad_cell_of_a_row_is_named_at_once() {
    let parsed =
        parse(lines(&[HEADER, "1||RW-01|示例|合伙|示例公司|91620000000000000X|医院?|示例大学（1）|西安市|约六千||||"]));
    let columns: Vec<_> = parsed.problems.iter().map(|p| p.cell.as_str()).collect();
    assert_eq!(columns, ["B2", "E2", "G2", "H2", "J2", "K2"]);
}

#[test]
fn a_data_row_is_never_taken_for_a_note() {
    let solo = line(SOLO);
    let people = lines(&[
        "人员类别|姓名|项目编号|工作单位",
        "负责人|人员甲|SL-002|示例大学",
        "负责人|人员乙|SL-002|",
        "联系人|人员丙|SL-002|",
        "审核|人员丁|SL-002|",
        "注：以上人员均已核实||||",
        "填表人：人员戊|审核人：人员己|||",
    ]);
    let parsed = read(&book(&[("汇总表", vec![line(HEADER), solo]), ("参与人员", people)])).unwrap();
    clean(&parsed, 1);
    let names: Vec<_> = parsed.rows[0].value.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["人员甲", "人员乙", "人员丙", "人员丁"]);
    let aside: Vec<_> = parsed.seen[1].aside.iter().map(|aside| aside.text.as_str()).collect();
    assert_eq!(aside, ["注：以上人员均已核实", "填表人：人员戊 审核人：人员己"]);
}

#[test]
fn units_named_as_notes_begin_are_units() {
    let members = lines(&[
        "单位名称|项目编号|统一社会信用代码|单位类型|角色",
        "说明书印刷有限公司|SL-001|91000000000000000K|企业|参与单位",
    ]);
    let one = ONE.replace("示例大学（91000000000000000K）", "");
    let parsed = read(&book(&[("汇总表", lines(&[HEADER, &one])), ("联合体成员", members)])).unwrap();
    clean(&parsed, 1);
    assert_eq!(parsed.rows[0].value.members[1].name, "说明书印刷有限公司");
}

#[test]
fn several_people_in_one_cell_are_several() {
    let people = lines(&[
        PEOPLE,
        "SL-002|人员甲、人员乙|示例大学|成员",
        "SL-002|张三教授（示例大学）、李四（组长）||",
        "SL-002|王五\n赵六|示例大学、示例公司|",
    ]);
    let parsed = read(&book(&[("汇总表", lines(&[HEADER, SOLO])), ("参与人员", people)])).unwrap();
    clean(&parsed, 1);
    let people: Vec<_> = parsed.rows[0]
        .value
        .people
        .iter()
        .map(|person| (person.name.as_str(), person.unit.as_str(), person.duty.as_str()))
        .collect();
    assert_eq!(
        people,
        [
            ("人员甲", "示例大学", "成员"),
            ("人员乙", "示例大学", "成员"),
            ("张三", "示例大学", "教授"),
            ("李四", "", "组长"),
            ("王五", "示例大学", ""),
            ("赵六", "示例公司", ""),
        ]
    );
    let uneven = lines(&[PEOPLE, "SL-002|王五、赵六、孙七|示例大学、示例公司|"]);
    let parsed = read(&book(&[("汇总表", lines(&[HEADER, SOLO])), ("参与人员", uneven)])).unwrap();
    assert!(told(&parsed.problems)[0].contains("无法一一对应"));
    assert!(parsed.rows.is_empty());
}

#[test]
fn units_joined_by_words_are_told_apart_or_asked_about() {
    let named = |text: &str| {
        let row = ONE.replace("示例大学（91000000000000000K）", text);
        parse(vec![line(HEADER), line(&row)])
    };
    let parsed = named("示例大学（91000000000000000K）和示例乙公司（11620400013911751U）");
    clean(&parsed, 1);
    let members: Vec<_> = parsed.rows[0].value.members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(members, ["示例材料有限公司", "示例大学", "示例乙公司"]);
    for (text, reason) in [
        ("示例大学和示例乙公司（91000000000000000K）", "缺少统一社会信用代码"),
        ("示例大学（91000000000000000K）等3家", "列全"),
        ("示例研究所与工程中心（91000000000000000K）", "一家单位还是两家"),
    ] {
        let parsed = named(text);
        assert!(parsed.rows.is_empty(), "{text}");
        assert!(told(&parsed.problems)[0].contains(reason), "{text}: {:?}", told(&parsed.problems));
    }
}

#[test]
fn an_amount_is_what_its_cell_shows() {
    let shown = |number: f64, code: &str| {
        let format = Format::new().set_num_format(code);
        let bytes = book_with(&[("汇总表", lines(&[HEADER, ONE]))], |_, sheet| {
            sheet.write_number_with_format(1, 10, number, &format).unwrap();
        });
        read(&bytes).unwrap()
    };
    for (number, code) in [(6200.0, "#,##0.00"), (6200.0, "0\"万元\""), (6200.0, "¥#,##0.00"), (6200.0, "0_ ")] {
        let parsed = shown(number, code);
        clean(&parsed, 1);
        assert_eq!(parsed.rows[0].value.investment, Fen::wan(6200), "{code}");
    }
    for (number, code) in [(0.62, "0.00\"亿元\""), (500_000.0, "0!.0,\"万\""), (62_000_000.0, "0\"元\"")] {
        assert!(shown(number, code).rows.is_empty(), "{code}");
    }
}

#[test]
fn members_and_people_may_go_by_title_where_there_are_no_codes() {
    let summary = lines(&[
        "揭榜任务|项目名称|牵头单位|统一社会信用代码|单位类型|推荐单位|总投资",
        &format!("RW-01|甲项目|示例公司|{CODE_A}|企业|兰州市|6200"),
        &format!("RW-01|乙项目|示例公司|{CODE_A}|企业|兰州市|800"),
    ]);
    let members = lines(&["项目名称|单位名称|统一社会信用代码", &format!("甲项目|示例大学|{CODE_B}")]);
    let people = lines(&["项目名称|姓名|单位", "甲项目|张三|示例大学", "丙项目|李四|示例大学"]);
    let sheets = [("汇总表", summary.clone()), ("联合体成员", members), ("参与人员", people)];
    let parsed = crate::applications::read(&book(&sheets), crate::Whole::default()).unwrap();
    assert_eq!(told(&parsed.problems), ["A3：项目名称：“汇总表”工作表中没有这个项目名称"]);
    let one = &parsed.rows[0].value;
    assert_eq!((&one.code, one.members.len(), one.people.len()), (&None, 2, 1));

    let twice = [summary, lines(&[&format!("RW-02|乙项目|示例公司|{CODE_A}|企业|兰州市|900")])].concat();
    let parsed = crate::applications::read(&book(&[("汇总表", twice)]), crate::Whole::default()).unwrap();
    assert_eq!(told(&parsed.problems), ["B4：项目名称：项目名称和牵头单位与工作表“汇总表”第3行重复"]);
}

#[test]
fn two_columns_that_may_both_be_the_code_stop_the_sheet() {
    let header = "项目编号|项目编号|榜单任务编号|项目名称|牵头单位|统一社会信用代码|单位类型|推荐单位|总投资";
    let row = format!("SL-1|SL-2|RW-01|甲项目|示例公司|{CODE_A}|企业|兰州市|6200");
    let parsed =
        crate::applications::read(&book(&[("汇总表", lines(&[header, &row]))]), crate::Whole::default()).unwrap();
    assert!(parsed.rows.is_empty() && parsed.problems[0].reason.contains("本表未读取"), "{:?}", parsed.problems);
}
