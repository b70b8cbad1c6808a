//! 综合排序表: every application with its raw, corrected and final score side by side.

use crate::cell::{Cell, Milli};
use crate::workbook::{self, Column, ExportError, Page};
use crate::{Edition, rescaled};
use domain::Timestamp;
use domain::acceptance::Conclusion;
use domain::beijing::minute;
use domain::points::Points;
use domain::result::Outcome;
use domain::round::{Method, QuotaScope};

/// The whole table.
#[derive(Debug, Clone)]
pub struct Ranking {
    pub title: String,
    pub head: Head,
    /// Names of the rubric's dimensions, in its order.
    pub dimensions: Vec<String>,
    pub rows: Vec<Row>,
    /// The signatures at the end: the three departments.
    pub signatories: Vec<String>,
}

/// The terms frozen before the first score, printed above the table.
#[derive(Debug, Clone)]
pub struct Head {
    /// Document number and title.
    pub basis: String,
    /// The title of the batch.
    pub batch: String,
    pub scope: QuotaScope,
    /// Digest of the ranking as it was kept.
    pub digest: String,
    pub quota: u32,
    pub pass_mark: Points,
    pub method: Method,
    pub generated: Timestamp,
}

/// 名次
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    Sole(u32),
    /// 并列
    Tied(u32),
    /// Knocked out, or too few valid sheets.
    Unranked,
}

/// The change that calibration made to the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    None,
    /// 修正系数 in 1/10000: the mean was multiplied by it.
    Coefficient(i64),
    /// 校准量: it was added to the mean.
    Shift(Milli),
}

/// 是否达线
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassMark {
    Reached,
    Missed,
    /// No final score to compare.
    Unscored,
}

impl PassMark {
    const fn words(self) -> &'static str {
        match self {
            Self::Reached => "达线",
            Self::Missed => "未达线",
            Self::Unscored => "—",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Row {
    pub place: Placement,
    pub panel: String,
    pub panel_place: Option<u32>,
    pub code: String,
    pub task: String,
    pub lead: String,
    pub participants: Vec<String>,
    pub raw: Option<Milli>,
    pub trimmed: Option<Milli>,
    pub method: Method,
    pub correction: Correction,
    pub final_score: Option<Points>,
    /// As many as the table's dimensions.
    pub dimensions: Vec<Option<Points>>,
    /// Best and worst place of the 90 % interval.
    pub interval: Option<(u32, u32)>,
    /// P(入围), 1000 is certain.
    pub probability: Option<Milli>,
    pub pass_mark: PassMark,
    pub task_place: Option<u32>,
    /// 建议
    pub advice: Outcome,
    /// 验收结论
    pub conclusion: Option<Conclusion>,
    /// The points that its dimensions have together.
    pub reachable: Points,
    /// 否决 or 说明: knock-outs, and the reasons of what people decided.
    pub notes: Vec<String>,
}

/// Characters of the digest that are printed.
const CHECK_CODE: usize = 16;

fn note(row: &Row) -> String {
    let conclusion = row.conclusion.map(|conclusion| format!("验收结论：{conclusion}"));
    let notes = row.notes.iter().filter(|note| !note.is_empty()).cloned();
    conclusion.into_iter().chain(rescaled(row.reachable)).chain(notes).collect::<Vec<_>>().join("；")
}

/// Writes 综合排序表.
///
/// # Errors
/// A row with another number of dimensions than the table.
pub fn to_xlsx(ranking: &Ranking, edition: Edition) -> Result<Vec<u8>, ExportError> {
    let head = &ranking.head;
    let mut tail = vec!["会签：".to_owned()];
    tail.extend(
        ranking
            .signatories
            .iter()
            .map(|who| format!("{who}（签章）：________________________    日期：______年____月____日")),
    );
    workbook::write(&[Page {
        name: "综合排序表".to_owned(),
        title: ranking.title.clone(),
        lines: vec![
            format!("依据：{}", head.basis),
            format!(
                "批次：{}    名额范围：{}    结果校验码：{}",
                head.batch,
                head.scope,
                head.digest.get(..CHECK_CODE).unwrap_or(&head.digest)
            ),
            format!(
                "名额：{}项    合格线：{}分    冻结的校准方法：{}",
                head.quota,
                head.pass_mark.short(),
                head.method
            ),
            format!("生成时间：{}", minute(head.generated)),
        ],
        columns: match edition {
            Edition::Signing => signed_columns(),
            Edition::Full => columns(&ranking.dimensions),
        },
        rows: match edition {
            Edition::Signing => ranking.rows.iter().map(signed_cells).collect(),
            Edition::Full => ranking.rows.iter().map(cells).collect(),
        },
        frozen: 2,
        purpose: edition.purpose(),
        tail,
    }])
}

/// What the departments sign: who has which place, and what follows from it.
fn signed_columns() -> Vec<Column> {
    let columns = [
        ("名次", 8.0),
        ("项目编号", 13.0),
        ("组别", 11.0),
        ("任务", 30.0),
        ("单位（牵头）", 30.0),
        ("最终分", 9.0),
        ("是否达线", 9.0),
        ("建议", 10.0),
        ("否决/说明", 22.0),
    ];
    columns.iter().map(|(header, width)| Column::new(*header, *width)).collect()
}

fn signed_cells(row: &Row) -> Vec<Cell> {
    vec![
        match row.place {
            Placement::Sole(place) => Cell::count(place),
            Placement::Tied(place) => Cell::text(format!("并列 {place}")),
            Placement::Unranked => Cell::text("—"),
        },
        Cell::text(&row.code),
        Cell::text(&row.panel),
        Cell::text(&row.task),
        Cell::text(&row.lead),
        Cell::or_blank(row.final_score, Cell::Score),
        Cell::text(row.pass_mark.words()),
        Cell::text(row.advice.label()),
        Cell::text(note(row)),
    ]
}

fn columns(dimensions: &[String]) -> Vec<Column> {
    let before = [
        ("名次", 6.0),
        ("并列", 6.0),
        ("组别", 10.0),
        ("组内名次", 6.0),
        ("项目编号", 12.0),
        ("任务", 20.0),
        ("单位（牵头）", 24.0),
        ("参与单位", 30.0),
        ("原始分", 9.0),
        ("去极值平均", 9.0),
        ("校准方法", 12.0),
        ("修正系数/校准量", 10.0),
        ("最终分", 9.0),
    ];
    let after = [
        ("90%名次区间", 10.0),
        ("入围概率", 9.0),
        ("是否达线", 8.0),
        ("任务内名次", 7.0),
        ("建议", 9.0),
        ("否决/说明", 24.0),
    ];
    let fixed = |(header, width): &(&str, f64)| Column::new(*header, *width);
    let dynamic = dimensions.iter().map(|name| Column::new(name, 9.0));
    before.iter().map(fixed).chain(dynamic).chain(after.iter().map(fixed)).collect()
}

fn cells(row: &Row) -> Vec<Cell> {
    let (place, tied) = match row.place {
        Placement::Sole(place) => (Cell::count(place), Cell::Blank),
        Placement::Tied(place) => (Cell::count(place), Cell::text("并列")),
        Placement::Unranked => (Cell::text("—"), Cell::Blank),
    };
    let mut cells = vec![
        place,
        tied,
        Cell::text(&row.panel),
        Cell::or_blank(row.panel_place, Cell::count),
        Cell::text(&row.code),
        Cell::text(&row.task),
        Cell::text(&row.lead),
        Cell::text(row.participants.join("、")),
        Cell::or_blank(row.raw, Cell::Exact),
        Cell::or_blank(row.trimmed, Cell::Exact),
        Cell::text(row.method.label()),
        match row.correction {
            Correction::None => Cell::text("—"),
            Correction::Coefficient(value) => Cell::Factor(value),
            Correction::Shift(value) => Cell::Shift(value),
        },
        Cell::or_blank(row.final_score, Cell::Score),
    ];
    cells.extend(row.dimensions.iter().map(|points| Cell::or_blank(*points, Cell::Score)));
    cells.extend([
        Cell::or_blank(row.interval, |(best, worst)| Cell::text(format!("{best}–{worst}"))),
        Cell::or_blank(row.probability, Cell::Share),
        Cell::text(row.pass_mark.words()),
        Cell::or_blank(row.task_place, Cell::count),
        Cell::text(row.advice.label()),
        Cell::text(note(row)),
    ]);
    cells
}
