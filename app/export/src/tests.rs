//! Files are read back with another library, and looked at from inside.

use crate::panel_summary::{self, Mark, Panel, Seat, Summary, Variant, Votes};
use crate::ranking::{self, Correction, Head, PassMark, Placement, Ranking};
use crate::table::{self, Table};
use crate::{Cell, Edition, ExportError, Milli};
use calamine::{Data, Range, Reader, Xlsx};
use chrono::NaiveDate;
use domain::Timestamp;
use domain::points::Points;
use domain::result::Outcome;
use domain::round::{Method, QuotaScope, Trimming};
use std::io::{Cursor, Read};

fn sheet(bytes: &[u8], name: &str) -> Range<Data> {
    Xlsx::new(Cursor::new(bytes.to_vec())).unwrap().worksheet_range(name).unwrap()
}

fn row(range: &Range<Data>, index: usize) -> Vec<String> {
    range.rows().nth(index).unwrap().iter().map(ToString::to_string).collect()
}

/// Every XML part, by name.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut part = zip.by_index(i).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            (part.name().unwrap().into_owned(), text)
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    parts(bytes).into_iter().find(|(n, _)| n == name).unwrap().1
}

fn example_ranking() -> Ranking {
    let first = ranking::Row {
        place: Placement::Tied(1),
        panel: "第一组".to_owned(),
        panel_place: Some(1),
        code: "SL-001".to_owned(),
        task: "示例任务".to_owned(),
        lead: "示例材料有限公司".to_owned(),
        participants: vec!["示例大学".to_owned(), "示例研究院".to_owned()],
        raw: Some(Milli(84_125)),
        trimmed: Some(Milli(84_333)),
        method: Method::Coefficient,
        correction: Correction::Coefficient(10_431),
        final_score: Some(Points(8796)),
        dimensions: vec![Some(Points(2650)), Some(Points(3510)), None],
        interval: Some((1, 3)),
        probability: Some(Milli(925)),
        pass_mark: PassMark::Reached,
        task_place: Some(1),
        advice: Outcome::Shortlisted,
        conclusion: None,
        reachable: Points::whole(100),
        notes: Vec::new(),
    };
    let out = ranking::Row {
        place: Placement::Unranked,
        panel_place: None,
        raw: None,
        trimmed: None,
        correction: Correction::Shift(Milli(-1250)),
        final_score: None,
        interval: None,
        probability: None,
        pass_mark: PassMark::Unscored,
        task_place: None,
        advice: Outcome::KnockedOut,
        notes: vec!["=HYPERLINK(\"http://example.invalid\")".to_owned()],
        ..first.clone()
    };
    Ranking {
        title: "示例批次综合排序表".to_owned(),
        head: Head {
            basis: "示例文号".to_owned(),
            batch: "示例批次".to_owned(),
            scope: QuotaScope::PerSector,
            digest: "0123456789abcdef0123".to_owned(),
            quota: 10,
            pass_mark: Points::whole(60),
            method: Method::Coefficient,
            generated: Timestamp::UNIX_EPOCH,
        },
        dimensions: vec!["研发基础".to_owned(), "创新能力".to_owned(), "资金支撑".to_owned()],
        rows: vec![first, out],
        signatories: vec!["省工信厅".to_owned(), "省教育厅".to_owned(), "省科技厅".to_owned()],
    }
}

fn example_summary() -> Summary {
    let marks = vec![Mark::Score(Points(8800)), Mark::Recused, Mark::Missing, Mark::Voided];
    let seat = |i: usize| Seat { code: format!("专家{i}"), name: format!("示例{i}") };
    let guests = |panel: &str| match panel {
        "第一组" => Vec::new(),
        _ => vec![(Seat { code: "第一组3号".to_owned(), name: "示例3".to_owned() }, Mark::Score(Points(7700)))],
    };
    let panel = |name: &str| Panel {
        name: name.to_owned(),
        seats: (1..=4).map(seat).collect(),
        dimensions: vec!["研发基础".to_owned()],
        rows: vec![panel_summary::Row {
            code: "SL-001".to_owned(),
            task: "示例任务".to_owned(),
            lead: "示例材料有限公司".to_owned(),
            participants: vec!["示例大学".to_owned()],
            recommender: "兰州市".to_owned(),
            marks: marks.clone(),
            guests: guests(name),
            valid: 1,
            highest: Some(Points(8800)),
            lowest: Some(Points(8800)),
            mean: Some(Milli(88_000)),
            deviation: None,
            dimensions: vec![Some(Points(2600))],
            votes: Some(Votes { recommend: 1, cast: 1 }),
            far: vec![1],
            far_guests: guests(name).len(),
            reachable: Points::whole(94),
        }],
    };
    Summary {
        title: "组内评分汇总表".to_owned(),
        basis: "示例文号".to_owned(),
        trim_from: 7,
        trimming: Trimming::Totals,
        generated: Timestamp::UNIX_EPOCH,
        panels: vec![panel("第一组"), panel("第一组"), panel("第二组/冶金")],
    }
}

#[test]
fn the_ranking_carries_raw_correction_and_final_side_by_side() {
    let bytes = ranking::to_xlsx(&example_ranking(), Edition::Full).unwrap();
    let range = sheet(&bytes, "综合排序表");
    assert_eq!(row(&range, 0)[0], "示例批次综合排序表");
    assert_eq!(row(&range, 1)[0], "依据：示例文号");
    assert_eq!(row(&range, 2)[0], "批次：示例批次    名额范围：按领域    结果校验码：0123456789abcdef");
    assert_eq!(row(&range, 4)[0], "生成时间：1970年1月1日 08:00");
    assert_eq!(row(&range, 3)[0], "名额：10项    合格线：60分    冻结的校准方法：修正系数法");
    let header = row(&range, 5);
    assert_eq!(header[..5], ["名次", "并列", "组别", "组内名次", "项目编号"]);
    assert_eq!(
        header[13..],
        ["研发基础", "创新能力", "资金支撑", "90%名次区间", "入围概率", "是否达线", "任务内名次", "建议", "否决/说明"]
    );
    let first = range.rows().nth(6).unwrap();
    assert_eq!(first[0], Data::Float(1.0));
    assert_eq!(first[1], Data::String("并列".to_owned()));
    assert_eq!(first[7], Data::String("示例大学、示例研究院".to_owned()));
    assert_eq!(
        [&first[8], &first[9], &first[11], &first[12]],
        [84.125, 84.333, 1.0431, 87.96].map(Data::Float).each_ref()
    );
    assert_eq!((&first[13], &first[15]), (&Data::Float(26.5), &Data::Empty));
    assert_eq!((&first[16], &first[17]), (&Data::String("1–3".to_owned()), &Data::Float(0.925)));
    let out = row(&range, 7);
    assert_eq!((out[0].as_str(), out[11].as_str(), out[12].as_str(), out[20].as_str()), ("—", "-1.25", "", "一票否决"));
    let signatures: Vec<String> = (8..range.height()).map(|i| row(&range, i)[0].clone()).collect();
    assert!(["省工信厅", "省教育厅", "省科技厅"].iter().all(|d| signatures.iter().any(|s| s.starts_with(d))));
}

#[test]
fn summaries_have_one_sheet_per_panel_and_two_variants() {
    let coded = panel_summary::to_xlsx(&example_summary(), Variant::Coded, Edition::Full).unwrap();
    let names = Xlsx::new(Cursor::new(coded.clone())).unwrap().sheet_names();
    assert_eq!(names, ["第一组", "第一组（2）", "第二组冶金"]);
    let range = sheet(&coded, "第一组");
    assert_eq!(
        row(&range, 2)[0],
        "有效评分表不少于7份时，去掉一个最高总分和一个最低总分后平均；生成时间：1970年1月1日 08:00"
    );
    let header = row(&range, 4);
    assert_eq!(header[6..12], ["专家1", "专家2", "专家3", "专家4", "有效份数", "最高"]);
    assert_eq!(row(&range, 5)[6..11], ["88", "回避", "—", "作废", "1"]);
    assert_eq!(row(&range, 5)[16..18], ["1/1", "专家1号偏离平均超过30%"]);
    assert!(row(&range, 5)[18].contains("适用分值94"));
    let visited = sheet(&coded, "第二组冶金");
    assert_eq!(row(&visited, 4)[9..12], ["专家4", "连接评审", "有效份数"]);
    assert_eq!(row(&visited, 5)[10], "第一组3号 77.00");
    assert!(!parts(&coded).iter().any(|(_, text)| text.contains("示例1")), "a coded file names an expert");

    let real = panel_summary::to_xlsx(&example_summary(), Variant::RealName, Edition::Full).unwrap();
    assert_eq!(row(&sheet(&real, "第一组"), 4)[6..8], ["示例1", "示例2"]);
    assert_eq!(row(&sheet(&real, "第二组冶金"), 5)[10], "示例3 77.00");
    let last = sheet(&real, "第一组");
    assert!(row(&last, last.height() - 1)[0].starts_with("全体专家"));
}

#[test]
fn print_titles_frozen_header_page_and_footer_are_set() {
    let bytes = ranking::to_xlsx(&example_ranking(), Edition::Full).unwrap();
    let book = part(&bytes, "xl/workbook.xml");
    assert!(
        book.contains("<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">综合排序表!$A:$B,综合排序表!$6:$6<"),
        "{book}"
    );
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<pane xSplit=\"2\" ySplit=\"6\""), "{sheet}");
    assert!(sheet.contains("state=\"frozen\""));
    assert!(sheet.contains("paperSize=\"8\"") && sheet.contains("orientation=\"landscape\""), "25 columns need A3");
    assert!(sheet.contains("fitToHeight=\"0\"") && sheet.contains("<pageSetUpPr fitToPage=\"1\"/>"));
    assert!(sheet.contains("第 &amp;P 页 共 &amp;N 页"));
}

#[test]
fn nothing_can_become_a_formula() {
    let attacks = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", "=cmd|' /C calc'!A0"];
    let table = Table {
        title: "=1+1".to_owned(),
        lines: vec!["=2+2".to_owned(), "{=3+3}".to_owned()],
        headers: vec!["=4+4".to_owned(), "说明".to_owned()],
        rows: attacks.iter().map(|text| vec![Cell::text(*text), Cell::text("@")]).collect(),
    };
    for bytes in [
        table::to_xlsx(&table).unwrap(),
        ranking::to_xlsx(&example_ranking(), Edition::Full).unwrap(),
        panel_summary::to_xlsx(&example_summary(), Variant::Coded, Edition::Full).unwrap(),
    ] {
        for (name, text) in parts(&bytes) {
            assert!(!text.contains("<f>") && !text.contains("<f "), "{name}");
            assert!(!name.contains("externalLink"), "{name}");
        }
    }
    let range = sheet(&table::to_xlsx(&table).unwrap(), "=1+1");
    assert_eq!(row(&range, 0)[0], "=1+1");
    assert_eq!(row(&range, 1)[0], "=2+2");
    assert_eq!(row(&range, 2)[0], "{=3+3}");
    assert_eq!(row(&range, 4)[0], "=1+1");
    assert_eq!(row(&range, 7)[0], "@SUM(A1)");
}

#[test]
fn cells_are_numbers_dates_and_texts_with_fixed_formats() {
    let table = Table {
        title: "清单".to_owned(),
        lines: Vec::new(),
        headers: ["文本", "数", "分", "精确", "日期", "空"].map(ToOwned::to_owned).to_vec(),
        rows: vec![vec![
            Cell::text("0012"),
            Cell::Number(6200.5),
            Cell::Score(Points(8413)),
            Cell::Exact(Milli(79_405)),
            Cell::Date(NaiveDate::from_ymd_opt(2024, 3, 1).unwrap()),
            Cell::Blank,
        ]],
    };
    let bytes = table::to_xlsx(&table).unwrap();
    let range = sheet(&bytes, "清单");
    let cells = range.rows().nth(2).unwrap();
    assert_eq!(cells[0], Data::String("0012".to_owned()));
    assert_eq!([&cells[1], &cells[2], &cells[3]], [6200.5, 84.13, 79.405].map(Data::Float).each_ref());
    let Data::DateTime(day) = &cells[4] else { panic!("{:?}", cells[4]) };
    assert!((day.as_f64() - 45352.0).abs() < f64::EPSILON);
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("0.000"), "{styles}");
    assert_eq!(cells.get(5).unwrap_or(&Data::Empty), &Data::Empty);
}

#[test]
fn the_same_table_is_the_same_bytes() {
    let bytes = || ranking::to_xlsx(&example_ranking(), Edition::Full).unwrap();
    let first = bytes();
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == bytes());
}

#[test]
fn malformed_tables_are_errors() {
    let mut ranking = example_ranking();
    ranking.rows[1].dimensions.pop();
    let error = ranking::to_xlsx(&ranking, Edition::Full).unwrap_err();
    assert_eq!(error.to_string(), "工作表“综合排序表”第2行有21格，表头有22列");
    let none = Table { title: String::new(), lines: Vec::new(), headers: Vec::new(), rows: Vec::new() };
    assert!(matches!(table::to_xlsx(&none), Err(ExportError::NoColumns)));
    let empty = Table { headers: vec!["甲".to_owned()], ..none };
    assert!(table::to_xlsx(&empty).is_ok());
    let long = Table { rows: vec![vec![Cell::text("长".repeat(40_000))]], ..empty };
    assert!(table::to_xlsx(&long).is_ok());
}

/// The scale at which a sheet is printed, from the widths in its file; 1 is the font's own size.
fn printed_scale(bytes: &[u8], sheet: &str) -> f64 {
    let xml = part(bytes, sheet);
    let of = |text: &str, name: &str| -> f64 {
        let rest = text.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let columns = xml.split("<col ").skip(1).map(|column| {
        let column = format!(" {}", column.split('>').next().unwrap());
        of(&column, "width") * (of(&column, "max") - of(&column, "min") + 1.0)
    });
    let inches = columns.sum::<f64>() * 7.0 / 96.0;
    let long = if xml.contains("paperSize=\"9\"") { 11.69 } else { 16.54 };
    let across = if xml.contains("fitToWidth=\"2\"") { 2.0 } else { 1.0 };
    ((long - 1.0) * across / inches).min(1.0)
}

#[test]
fn what_is_signed_fits_on_a4_in_nine_points_with_rows_of_eight_millimetres() {
    let mut summary = example_summary();
    for panel in &mut summary.panels {
        // The largest panel there is.
        panel.seats = (1..=9).map(|i| Seat { code: format!("专家{i}号"), name: format!("示例{i}") }).collect();
        panel.rows[0].marks = vec![Mark::Score(Points(8800)); 9];
    }
    let ranking = ranking::to_xlsx(&example_ranking(), Edition::Signing).unwrap();
    let panels = panel_summary::to_xlsx(&summary, Variant::RealName, Edition::Signing).unwrap();
    for bytes in [&ranking, &panels] {
        let xml = part(bytes, "xl/worksheets/sheet1.xml");
        assert!(xml.contains("paperSize=\"9\""), "{xml}");
        let scale = printed_scale(bytes, "xl/worksheets/sheet1.xml");
        assert!(scale >= 0.9, "printed at {scale}");
        let heights: Vec<f64> =
            xml.split(" ht=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect();
        // Title, header, rows, signature lines; the lines above the table have their own height.
        assert!(heights.iter().all(|height| *height >= 22.7), "{heights:?}");
    }
    let range = sheet(&ranking, "综合排序表");
    assert_eq!(row(&range, 6)[..3], ["并列 1", "SL-001", "第一组"]);
    assert_eq!(row(&range, 6)[5..8], ["87.96", "达线", "入围"]);
    assert!((8..range.height()).any(|i| row(&range, i)[0].starts_with("省教育厅")));
}

#[test]
fn wide_tables_go_on_a3_and_the_widest_over_two_pages() {
    let full = ranking::to_xlsx(&example_ranking(), Edition::Full).unwrap();
    assert!(printed_scale(&full, "xl/worksheets/sheet1.xml") >= 0.8);
    let headers: Vec<String> = (1..=20).map(|n| format!("很长的列名说明文字第{n}列")).collect();
    let table = Table { title: "宽表".to_owned(), lines: Vec::new(), rows: Vec::new(), headers };
    let bytes = table::to_xlsx(&table).unwrap();
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(xml.contains("fitToWidth=\"2\"") && xml.contains("paperSize=\"8\""), "{xml}");
    assert!(part(&bytes, "xl/workbook.xml").contains("宽表!$A:$A"), "the first column stands on both pages");
}

#[test]
fn a_text_that_no_cell_can_hold_is_cut_and_said_to_be() {
    // Characters beyond the basic plane take two units each.
    let long = ["评".repeat(40_000), "𠮷".repeat(17_000), "评".repeat(32_000)];
    let table = Table {
        title: "示例".to_owned(),
        lines: vec!["一行".to_owned()],
        headers: ["编号", "意见"].map(str::to_owned).to_vec(),
        rows: long.iter().map(|text| vec![Cell::text("SL-001"), Cell::text(text.clone())]).collect(),
    };
    let range = sheet(&table::to_xlsx(&table).unwrap(), "示例");
    let said = &row(&range, 2)[0];
    assert!(said.contains("第1行“意见”（40000字）、第2行“意见”（17000字）的文字"), "{said}");
    let cells: Vec<String> = (4..7).map(|index| row(&range, index).remove(1)).collect();
    assert!(cells.iter().all(|cell| cell.encode_utf16().count() <= 32_767));
    assert!(cells[0].ends_with("……（未完）") && cells[1].ends_with("𠮷……（未完）"));
    assert_eq!(cells[2], long[2], "what fits is whole");

    let short = Table { rows: vec![vec![Cell::text("SL-001"), Cell::text("短")]], ..table };
    let range = sheet(&table::to_xlsx(&short).unwrap(), "示例");
    assert_eq!(row(&range, 2)[0], "编号", "and nothing is said where nothing is cut");
}
