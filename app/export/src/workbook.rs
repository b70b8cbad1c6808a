//! The look that all official tables share: landscape, title, bordered header that stays in view and repeats on every printed page, page x of y.
//! No table is printed smaller than 9 pt: what is too wide for A4 goes on A3, and what is too wide for that over two pages side by side.

use crate::cell::Cell;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use std::collections::{BTreeSet, HashMap};

/// Why no file came out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("生成 Excel 文件失败：{0}")]
    Workbook(#[from] XlsxError),
    #[error("工作表“{sheet}”第{row}行有{found}格，表头有{expected}列")]
    Ragged { sheet: String, row: usize, found: usize, expected: usize },
    #[error("表格没有列")]
    NoColumns,
}

/// One column: its header, and its width in Latin characters (a Chinese character takes two).
pub struct Column {
    pub header: String,
    pub width: f64,
}

impl Column {
    pub fn new(header: impl Into<String>, width: f64) -> Self {
        Self { header: header.into(), width }
    }
}

/// One sheet to be written.
pub struct Page {
    pub name: String,
    pub title: String,
    /// 依据, 批次, 组别, 生成时间: one line each, above the header.
    pub lines: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Columns that stay in view when scrolling to the right.
    pub frozen: u16,
    pub purpose: Purpose,
    /// Signature lines below the table.
    pub tail: Vec<String>,
}

/// What the sheet is printed for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Reading,
    /// Signing by hand: rows of 8 mm at least.
    Signing,
}

impl Purpose {
    /// Points.
    const fn least_height(self) -> f64 {
        match self {
            Self::Reading => 20.0,
            Self::Signing => 23.0,
        }
    }
}

const A3: u8 = 8;
const A4: u8 = 9;
/// Their long sides in inches.
const A3_LONG: f64 = 16.54;
const A4_LONG: f64 = 11.69;
const MARGIN: f64 = 0.5;
/// Of the font of 10 pt: what is printed is 9 pt at least.
const LEAST_SCALE: f64 = 0.9;
/// Excel refuses texts of more than 32,767 UTF-16 units in a cell.
const LONGEST_TEXT: usize = 32_000;
const UNFINISHED: &str = "……（未完）";
/// So many of the places with such a text are named.
const NAMED: usize = 10;
const LONGEST_NAME: usize = 31;
const LINE_HEIGHT: f64 = 15.0;
const MOST_LINES: usize = 12;

/// Writes the pages in order.
pub fn write(pages: &[Page]) -> Result<Vec<u8>, ExportError> {
    let mut book = Workbook::new();
    // The moment of export is printed on the page; in the file's properties it would change the digest.
    let day = ExcelDateTime::from_ymd(2025, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let mut names = BTreeSet::new();
    for page in pages {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&page.name, &mut names))?;
        write_page(sheet, page)?;
    }
    Ok(book.save_to_buffer()?)
}

fn write_page(sheet: &mut Worksheet, page: &Page) -> Result<(), ExportError> {
    let last = u16::try_from(page.columns.len()).ok().and_then(|n| n.checked_sub(1)).ok_or(ExportError::NoColumns)?;
    let styles = Styles::new();
    // Over two pages side by side a title in the middle would be cut by the edge of the first.
    let title = if paper(&page.columns).1 > 1 { &styles.wide_title } else { &styles.title };
    spanning(sheet, 0, last, &page.title, title)?;
    sheet.set_row_height(0, 30)?;
    let mut row = 1;
    for line in page.lines.iter().chain(&shortened(page)) {
        spanning(sheet, row, last, line, &styles.line)?;
        row += 1;
    }
    let header = row;
    for (column, i) in page.columns.iter().zip(0_u16..) {
        sheet.set_column_width(i, column.width)?;
        sheet.write_string_with_format(header, i, &column.header, &styles.header)?;
    }
    let tallest = page.columns.iter().map(|c| lines_needed(&c.header, c.width)).max().unwrap_or(1);
    sheet.set_row_height(header, height(tallest.max(2)))?;
    row = header + 1;
    for (cells, i) in page.rows.iter().zip(1..) {
        if cells.len() != page.columns.len() {
            return Err(ExportError::Ragged {
                sheet: page.name.clone(),
                row: i,
                found: cells.len(),
                expected: page.columns.len(),
            });
        }
        write_row(sheet, row, cells, page, &styles)?;
        row += 1;
    }
    for line in &page.tail {
        row += 1;
        spanning(sheet, row, last, line, &styles.line)?;
        sheet.set_row_height(row, 28)?;
    }
    sheet.set_freeze_panes(header + 1, page.frozen.min(last))?;
    sheet.set_repeat_rows(header, header)?;
    if paper(&page.columns).1 > 1 && page.frozen > 0 {
        sheet.set_repeat_columns(0, page.frozen.min(last) - 1)?;
    }
    print_setup(sheet, page);
    Ok(())
}

/// The paper, and how many pages lie side by side.
fn paper(columns: &[Column]) -> (u8, u16) {
    // A column of n Latin characters is 7n + 5 pixels of 1/96 inch wide.
    let inches = columns.iter().map(|column| column.width.mul_add(7.0, 5.0)).sum::<f64>() / 96.0;
    let fits = |long: f64| inches * LEAST_SCALE <= long - 2.0 * MARGIN;
    if fits(A4_LONG) {
        (A4, 1)
    } else if fits(A3_LONG) {
        (A3, 1)
    } else {
        (A3, 2)
    }
}

fn print_setup(sheet: &mut Worksheet, page: &Page) {
    let (paper, across) = paper(&page.columns);
    sheet
        .set_paper_size(paper)
        .set_landscape()
        .set_print_fit_to_pages(across, 0)
        .set_print_center_horizontally(true)
        .set_margins(MARGIN, MARGIN, MARGIN, MARGIN + 0.2, 0.3, 0.3)
        .set_footer("&C第 &P 页 共 &N 页");
}

fn write_row(sheet: &mut Worksheet, row: u32, cells: &[Cell], page: &Page, styles: &Styles) -> Result<(), ExportError> {
    let mut lines = 1;
    for (cell, i) in cells.iter().zip(0_u16..) {
        let format = styles.of(cell);
        match (cell, cell.stored()) {
            (Cell::Text(text), _) => {
                let text = fitting(text);
                lines = lines.max(lines_needed(&text, page.columns[usize::from(i)].width));
                // `write_string` and never `write`, which would make formulas of texts that begin with `=`.
                sheet.write_string_with_format(row, i, text, format)?;
            }
            (_, Some(number)) if number.is_finite() => {
                sheet.write_number_with_format(row, i, number, format)?;
            }
            _ => {
                sheet.write_blank(row, i, format)?;
            }
        }
    }
    sheet.set_row_height(row, height(lines.min(MOST_LINES)).max(page.purpose.least_height()))?;
    Ok(())
}

/// What of a text a cell can hold.
fn fitting(text: &str) -> String {
    let mut units = 0;
    let beyond = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > LONGEST_TEXT
    });
    beyond.map_or_else(|| text.to_owned(), |(end, _)| format!("{}{UNFINISHED}", &text[..end]))
}

/// A line that says which texts of the table are not there in full.
fn shortened(page: &Page) -> Option<String> {
    let long = |cell: &Cell| matches!(cell, Cell::Text(text) if text.encode_utf16().count() > LONGEST_TEXT);
    let mut places = Vec::new();
    for (row, number) in page.rows.iter().zip(1..) {
        for (cell, column) in row.iter().zip(&page.columns).filter(|(cell, _)| long(cell)) {
            let Cell::Text(text) = cell else { continue };
            places.push(format!("第{number}行“{}”（{}字）", column.header, text.chars().count()));
        }
    }
    let more = places.len().checked_sub(NAMED).filter(|more| *more > 0).map(|more| format!("等{}处", more + NAMED));
    places.truncate(NAMED);
    let end = UNFINISHED;
    (!places.is_empty()).then(|| {
        format!(
            "说明：表中{}{}的文字超过 Excel 单元格的上限，只写入前面约 {LONGEST_TEXT} 字，以“{end}”结尾，全文请在系统中查看",
            places.join("、"),
            more.unwrap_or_default(),
        )
    })
}

/// A text over the whole width of the table.
fn spanning(sheet: &mut Worksheet, row: u32, last: u16, text: &str, format: &Format) -> Result<(), ExportError> {
    if last == 0 {
        sheet.write_string_with_format(row, 0, text, format)?;
    } else {
        // `merge_range` would turn the text into a formula if it begins with `=`; the second write keeps it a string.
        sheet.merge_range(row, 0, row, last, "", format)?;
        sheet.write_string_with_format(row, 0, text, format)?;
    }
    Ok(())
}

fn height(lines: usize) -> f64 {
    lines as f64 * LINE_HEIGHT + 4.0
}

/// How many lines a text takes in a column, because a viewer does not grow rows of wrapped text by itself.
fn lines_needed(text: &str, width: f64) -> usize {
    text.lines()
        .map(|line| {
            let mut lines = 1;
            let mut used = 0.0;
            for c in line.chars() {
                let wide = char_width(c);
                if used + wide > width {
                    lines += 1;
                    used = 0.0;
                }
                used += wide;
            }
            lines
        })
        .sum::<usize>()
        .max(1)
}

pub fn text_width(text: &str) -> f64 {
    text.lines().map(|line| line.chars().map(char_width).sum()).fold(0.0, f64::max)
}

fn char_width(c: char) -> f64 {
    if c.is_ascii() { 1.0 } else { 2.0 }
}

/// A name Excel accepts, and no other sheet has.
fn sheet_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String = wanted
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control())
        .collect();
    let base = if clean.trim().is_empty() { "表".to_owned() } else { clean.trim().to_owned() };
    let mut n = 1;
    loop {
        let suffix = if n == 1 { String::new() } else { format!("（{n}）") };
        let mut name = base.clone();
        // Excel counts UTF-16 units.
        while name.encode_utf16().count() + suffix.encode_utf16().count() > LONGEST_NAME {
            name.pop();
        }
        name.push_str(&suffix);
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        n += 1;
    }
}

struct Styles {
    title: Format,
    wide_title: Format,
    line: Format,
    header: Format,
    /// By number format.
    body: HashMap<&'static str, Format>,
}

impl Styles {
    fn new() -> Self {
        let font = || Format::new().set_font_name("宋体").set_font_size(10);
        let middle = |format: Format| format.set_align(FormatAlign::VerticalCenter);
        let kinds = [
            Cell::Text(String::new()),
            Cell::Number(0.0),
            Cell::Score(domain::points::Points::ZERO),
            Cell::Exact(crate::Milli(0)),
            Cell::Shift(crate::Milli(0)),
            Cell::Share(crate::Milli(0)),
            Cell::Date(chrono::NaiveDate::default()),
        ];
        let body = kinds
            .iter()
            .map(|cell| {
                let align = if matches!(cell, Cell::Text(_)) { FormatAlign::Left } else { FormatAlign::Center };
                let format = middle(font())
                    .set_align(align)
                    .set_border(FormatBorder::Thin)
                    .set_text_wrap()
                    .set_num_format(cell.number_format());
                (cell.number_format(), format)
            })
            .collect();
        Self {
            title: middle(font()).set_font_size(18).set_bold().set_align(FormatAlign::Center),
            wide_title: middle(font()).set_font_size(18).set_bold().set_align(FormatAlign::Left),
            line: middle(font()).set_align(FormatAlign::Left).set_text_wrap(),
            header: middle(font())
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_text_wrap()
                .set_border(FormatBorder::Thin)
                .set_background_color(Color::RGB(0x00E8_ECEF)),
            body,
        }
    }

    fn of(&self, cell: &Cell) -> &Format {
        self.body.get(cell.number_format()).unwrap_or(&self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_legal_and_unique() {
        let mut taken = BTreeSet::new();
        assert_eq!(sheet_name("第一组[新材料/冶金]", &mut taken), "第一组新材料冶金");
        assert_eq!(sheet_name("第一组新材料:冶金", &mut taken), "第一组新材料冶金（2）");
        assert_eq!(sheet_name(" ", &mut taken), "表");
        assert_eq!(sheet_name(&"长".repeat(40), &mut taken).chars().count(), 31);
        assert_eq!(sheet_name(&"长".repeat(50), &mut taken).chars().count(), 31);
    }

    #[test]
    fn wrapped_text_gets_its_lines() {
        assert_eq!(lines_needed("揭榜挂帅", 8.0), 1);
        assert_eq!(lines_needed("揭榜挂帅", 4.0), 2);
        assert_eq!(lines_needed("甲\n乙", 8.0), 2);
        assert_eq!(lines_needed("", 8.0), 1);
    }
}
