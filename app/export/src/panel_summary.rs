//! 组内评分汇总表: one sheet per panel, every seat's total in its column.

use crate::cell::{Cell, Milli};
use crate::workbook::{self, Column, ExportError, Page};
use crate::{Edition, rescaled};
use domain::Timestamp;
use domain::beijing::minute;
use domain::points::Points;
use domain::round::Trimming;

/// Which heading the experts' columns have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// 代号, for everyone outside the panel.
    Coded,
    /// 实名, internal.
    RealName,
}

#[derive(Debug, Clone)]
pub struct Summary {
    pub title: String,
    pub basis: String,
    /// Sheets from which the highest and the lowest are dropped, and of what.
    pub trim_from: u32,
    pub trimming: Trimming,
    pub generated: Timestamp,
    pub panels: Vec<Panel>,
}

#[derive(Debug, Clone)]
pub struct Panel {
    pub name: String,
    pub seats: Vec<Seat>,
    /// Names of the rubric's dimensions, in its order.
    pub dimensions: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone)]
pub struct Seat {
    /// 代号
    pub code: String,
    /// 姓名
    pub name: String,
}

/// The points of one seat for an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Score(Points),
    /// 回避
    Recused,
    /// No submitted sheet.
    Missing,
    /// 作废
    Voided,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub code: String,
    pub task: String,
    pub lead: String,
    pub participants: Vec<String>,
    pub recommender: String,
    /// As many as the panel's seats.
    pub marks: Vec<Mark>,
    /// 连接评审: experts of other panels and what they gave.
    pub guests: Vec<(Seat, Mark)>,
    pub valid: u32,
    pub highest: Option<Points>,
    pub lowest: Option<Points>,
    /// 平均(去极值)
    pub mean: Option<Milli>,
    pub deviation: Option<Milli>,
    /// As many as the panel's dimensions.
    pub dimensions: Vec<Option<Points>>,
    /// 推荐票
    pub votes: Option<Votes>,
    /// Seats whose points are far from the mean, and how many of other panels are.
    pub far: Vec<usize>,
    pub far_guests: usize,
    /// The points that its dimensions have together.
    pub reachable: Points,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Votes {
    pub recommend: u32,
    pub cast: u32,
}

/// Writes 组内评分汇总表.
///
/// # Errors
/// A row with another number of marks or dimensions than its panel.
pub fn to_xlsx(summary: &Summary, variant: Variant, edition: Edition) -> Result<Vec<u8>, ExportError> {
    let pages: Vec<Page> = summary.panels.iter().map(|panel| page(summary, panel, variant, edition)).collect();
    workbook::write(&pages)
}

fn page(summary: &Summary, panel: &Panel, variant: Variant, edition: Edition) -> Page {
    let marking = match variant {
        Variant::Coded => "代号版",
        Variant::RealName => "实名版（内部）",
    };
    let trimming = match summary.trimming {
        Trimming::Totals => "去掉一个最高总分和一个最低总分后平均",
        Trimming::Items => "每个评分项各去掉一个最高分和一个最低分后平均，再相加",
    };
    let (from, generated) = (summary.trim_from, minute(summary.generated));
    let lines = vec![
        format!("依据：{}", summary.basis),
        format!("有效评分表不少于{from}份时，{trimming}；生成时间：{generated}"),
        format!("组别：{}    {marking}", panel.name),
    ];
    Page {
        name: panel.name.clone(),
        title: summary.title.clone(),
        lines,
        columns: match edition {
            Edition::Signing => signed_columns(panel, variant),
            Edition::Full => columns(panel, variant),
        },
        rows: panel
            .rows
            .iter()
            .zip(1..)
            .map(|(row, n)| match edition {
                Edition::Signing => signed_cells(row, n),
                Edition::Full => cells(panel, row, n, variant),
            })
            .collect(),
        frozen: 2,
        purpose: edition.purpose(),
        tail: vec![
            "说明：回避席位不评分、不计入有效份数；“—”为未提交；作废的评分表不计入统计；连接评审为其他评审组专家的评分表，计入有效份数。"
                .to_owned(),
            "组长（签字）：________________________    日期：______年____月____日".to_owned(),
            format!("全体专家（签字）：{}", "________________    ".repeat(panel.seats.len())),
        ],
    }
}

/// The widths of seats and leading unit together: with the other columns they fill A4.
const SEATS_AND_LEAD: f64 = 92.0;

/// What the panel signs: each seat's total, and what follows from them.
fn signed_columns(panel: &Panel, variant: Variant) -> Vec<Column> {
    let seat = 8.0;
    let lead = (SEATS_AND_LEAD - seat * panel.seats.len() as f64).max(16.0);
    let seats = panel.seats.iter().map(|own| Column::new(own.heading(variant), seat));
    let fixed = |(header, width): &(&str, f64)| Column::new(*header, *width);
    let before = [("序号", 5.0), ("项目编号", 13.0), ("牵头单位", lead)];
    let after = [("有效份数", 6.0), ("平均（去极值）", 9.0), ("推荐票", 7.0), ("异常标记", 16.0)];
    before.iter().map(fixed).chain(seats).chain(after.iter().map(fixed)).collect()
}

fn signed_cells(row: &Row, n: u32) -> Vec<Cell> {
    let mut cells = vec![Cell::count(n), Cell::text(&row.code), Cell::text(&row.lead)];
    cells.extend(row.marks.iter().map(mark_cell));
    cells.extend([
        Cell::count(row.valid),
        Cell::or_blank(row.mean, Cell::Exact),
        votes_cell(row),
        Cell::text(flags(row)),
    ]);
    cells
}

fn mark_cell(mark: &Mark) -> Cell {
    match mark {
        Mark::Score(points) => Cell::Score(*points),
        other => Cell::text(other.words()),
    }
}

fn votes_cell(row: &Row) -> Cell {
    Cell::or_blank(row.votes, |votes| Cell::text(format!("{}/{}", votes.recommend, votes.cast)))
}

fn columns(panel: &Panel, variant: Variant) -> Vec<Column> {
    let before = [
        ("序号", 6.0),
        ("项目编号", 12.0),
        ("揭榜任务", 20.0),
        ("牵头单位", 24.0),
        ("参与单位", 30.0),
        ("推荐单位", 12.0),
    ];
    let middle = [("有效份数", 6.0), ("最高", 8.0), ("最低", 8.0), ("平均（去极值）", 9.0), ("标准差", 8.0)];
    let after = [("推荐票", 8.0), ("异常标记", 14.0), ("备注", 16.0)];
    let fixed = |(header, width): &(&str, f64)| Column::new(*header, *width);
    let seats = panel.seats.iter().map(|seat| Column::new(seat.heading(variant), 8.0));
    let guests = panel.has_guests().then(|| Column::new("连接评审", 20.0));
    let dimensions = panel.dimensions.iter().map(|name| Column::new(name, 9.0));
    before
        .iter()
        .map(fixed)
        .chain(seats)
        .chain(guests)
        .chain(middle.iter().map(fixed))
        .chain(dimensions)
        .chain(after.iter().map(fixed))
        .collect()
}

impl Seat {
    fn heading(&self, variant: Variant) -> &str {
        match variant {
            Variant::Coded => &self.code,
            Variant::RealName => &self.name,
        }
    }
}

impl Panel {
    fn has_guests(&self) -> bool {
        self.rows.iter().any(|row| !row.guests.is_empty())
    }
}

impl Mark {
    fn words(self) -> String {
        match self {
            Self::Score(points) => points.to_string(),
            Self::Recused => "回避".to_owned(),
            Self::Missing => "—".to_owned(),
            Self::Voided => "作废".to_owned(),
        }
    }
}

fn flags(row: &Row) -> String {
    const FAR: &str = "偏离平均超过30%";
    let own = row.far.iter().map(|number| format!("专家{number}号{FAR}"));
    own.chain((0..row.far_guests).map(|_| format!("连接评审专家{FAR}"))).collect::<Vec<_>>().join("；")
}

fn cells(panel: &Panel, row: &Row, n: u32, variant: Variant) -> Vec<Cell> {
    let mut cells = vec![
        Cell::count(n),
        Cell::text(&row.code),
        Cell::text(&row.task),
        Cell::text(&row.lead),
        Cell::text(row.participants.join("、")),
        Cell::text(&row.recommender),
    ];
    cells.extend(row.marks.iter().map(mark_cell));
    if panel.has_guests() {
        let guests = row.guests.iter().map(|(seat, mark)| format!("{} {}", seat.heading(variant), mark.words()));
        cells.push(Cell::text(guests.collect::<Vec<_>>().join("；")));
    }
    cells.extend([
        Cell::count(row.valid),
        Cell::or_blank(row.highest, Cell::Score),
        Cell::or_blank(row.lowest, Cell::Score),
        Cell::or_blank(row.mean, Cell::Exact),
        Cell::or_blank(row.deviation, Cell::Exact),
    ]);
    cells.extend(row.dimensions.iter().map(|points| Cell::or_blank(*points, Cell::Score)));
    cells.extend([votes_cell(row), Cell::text(flags(row)), Cell::text(rescaled(row.reachable).unwrap_or_default())]);
    cells
}
