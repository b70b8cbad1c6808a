//! Rows of a recognised table: which of them are data, and reading their fields while noting every problem.

use crate::cell::Value;
use crate::date::{self, When};
use crate::header::{Header, Table};
use crate::report::{Problem, Seen, SheetKind, Unreadable, cell_name};
use crate::workbook::{Grid, GridRow, MAX_ROWS};
use domain::uscc::Uscc;

/// A sheet whose header was recognised as that of `table`.
pub struct Found<'a, F: 'static> {
    pub grid: &'a Grid,
    pub table: &'static Table<F>,
    pub header: Header<F>,
}

impl<'a, F: Copy + PartialEq> Found<'a, F> {
    /// Looks for the table in a sheet.
    pub fn look(table: &'static Table<F>, grid: &'a Grid) -> Option<Self> {
        Some(Self { grid, table, header: table.find(grid)? })
    }

    /// The data rows with something in a known column; `None`, with problems, if the header does not say clearly which
    /// column is which.
    ///
    /// # Errors
    /// More rows than a table may have.
    pub fn rows(
        &self,
        problems: &mut Vec<Problem>,
        seen: &mut Vec<Seen>,
    ) -> Result<Option<Vec<&'a GridRow>>, Unreadable> {
        let mut note = Seen {
            sheet: self.grid.name.clone(),
            kind: self.table.kind,
            rows: 0,
            skipped: 0,
            unread: self.header.unread(),
        };
        let obstacles = self.table.header_problems(self.grid, &self.header);
        let mut rows = Vec::new();
        if obstacles.is_empty() {
            for row in &self.grid.rows[self.header.body..] {
                match self.sort(row) {
                    Sort::Blank => {}
                    Sort::Aside => note.skipped += 1,
                    Sort::Data => rows.push(row),
                }
            }
            problems.extend(self.grid.unknown_errors.iter().map(|(row, column)| Problem {
                sheet: self.grid.name.clone(),
                cell: cell_name(*row, *column),
                column: String::new(),
                value: String::new(),
                reason: "单元格（或其左右）是公式错误值，请改正公式或直接填写内容".to_owned(),
            }));
        }
        if self.grid.truncated || rows.len() > MAX_ROWS {
            return Err(Unreadable::TooManyRows { sheet: self.grid.name.clone(), limit: MAX_ROWS });
        }
        note.rows = rows.len();
        seen.push(note);
        let readable = obstacles.is_empty();
        problems.extend(obstacles);
        Ok(readable.then_some(rows))
    }

    fn sort(&self, row: &GridRow) -> Sort {
        let known: Vec<(u16, &Value)> =
            self.header.places.iter().filter_map(|(_, column)| Some((*column, row.value(*column)?))).collect();
        let own = |column: &u16| row.cells.get(column).is_some_and(|cell| cell.merged_from.is_none());
        if !known.iter().any(|(column, _)| own(column)) {
            return Sort::Blank;
        }
        let repeated = known.iter().filter(|(c, v)| matches!(v, Value::Text(t) if self.header.repeats(*c, t))).count();
        let first = row.cells.values().map(|cell| cell.value.key()).next().unwrap_or_default();
        let aside = (repeated >= 2 && repeated * 2 > known.len())
            || is_example(&first)
            || is_total(&first)
            || (known.len() <= 2 && is_note(&first))
            || self.is_numbering(row);
        if aside { Sort::Aside } else { Sort::Data }
    }

    /// The row `1 2 3 4 …` that some tables have below their header.
    fn is_numbering(&self, row: &GridRow) -> bool {
        const FEWEST: usize = 4;
        let numbers: Vec<String> = row.cells.values().map(|cell| cell.value.key()).collect();
        let strip = |text: &str| text.trim_matches(['(', ')']).to_owned();
        self.grid.row_at(row.index) == Some(self.header.body)
            && numbers.len() >= FEWEST
            && numbers.iter().zip(1..).all(|(text, n)| strip(text) == n.to_string())
    }

    pub fn record(&self, row: &'a GridRow) -> Record<'_, 'a, F> {
        Record { found: self, row, problems: Vec::new() }
    }
}

enum Sort {
    Blank,
    /// Belongs to the form, not to the data.
    Aside,
    Data,
}

fn is_example(key: &str) -> bool {
    matches!(key.trim_matches(['(', ')', '【', '】']), "示例" | "示例行" | "样例" | "填写示例")
}

fn is_total(key: &str) -> bool {
    const LONGEST: usize = 12;
    key.chars().count() <= LONGEST && ["合计", "总计", "小计", "共计"].iter().any(|word| key.starts_with(word))
}

fn is_note(key: &str) -> bool {
    [
        "注:",
        "注：",
        "备注:",
        "备注：",
        "说明:",
        "说明：",
        "填表",
        "填报",
        "审核",
        "联系人",
        "负责人",
        "制表",
        "推荐单位(盖章",
        "单位(盖章",
    ]
    .iter()
    .any(|word| key.starts_with(word))
}

/// One row being read. Every failed field is noted; `finish` tells whether there was any.
pub struct Record<'f, 'a, F: 'static> {
    found: &'f Found<'a, F>,
    row: &'a GridRow,
    problems: Vec<Problem>,
}

impl<F: Copy + PartialEq> Record<'_, '_, F> {
    pub fn row_number(&self) -> u32 {
        self.row.index + 1
    }

    /// The row's problems, in the order they were met.
    pub fn finish(self) -> Vec<Problem> {
        self.problems
    }

    pub fn value(&self, field: F) -> Option<&Value> {
        self.row.value(self.found.header.column(field)?)
    }

    /// The first row (from 0) of the merged block that the field's value comes from, if that is a row above.
    pub fn merged_from(&self, field: F) -> Option<u32> {
        self.row.cells.get(&self.found.header.column(field)?)?.merged_from
    }

    pub fn label(&self, field: F) -> &str {
        self.found.header.label(field)
    }

    pub fn fail(&mut self, field: F, reason: impl Into<String>) {
        let problem = self.point(field, reason);
        self.problems.push(problem);
    }

    pub fn fail_with(&mut self, field: F, value: String, reason: impl Into<String>) {
        let problem = Problem { value, ..self.point(field, reason) };
        self.problems.push(problem);
    }

    /// A problem at this field that is not yet one of the row's.
    pub fn point(&self, field: F, reason: impl Into<String>) -> Problem {
        Problem {
            sheet: self.found.grid.name.clone(),
            cell: cell_name(self.row.index, self.found.header.column(field).unwrap_or(0)),
            column: self.found.table.name(field).to_owned(),
            value: self.value(field).map(Value::shown).unwrap_or_default(),
            reason: reason.into(),
        }
    }

    pub const fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// Free text, one line; empty where there is none.
    pub fn text(&mut self, field: F) -> String {
        self.with(field, Value::exact_text).unwrap_or_default()
    }

    /// As `text`, with its line breaks.
    pub fn paragraphs(&mut self, field: F) -> String {
        match self.value(field) {
            Some(Value::Text(text)) => {
                let lines: Vec<String> = text.lines().map(domain::text::normalise).collect();
                lines.join("\n").trim().to_owned()
            }
            _ => self.text(field),
        }
    }

    pub fn required_text(&mut self, field: F) -> Option<String> {
        self.required(field, Value::exact_text)
    }

    pub fn required_code(&mut self, field: F) -> Option<String> {
        self.required(field, |value| value.code().and_then(plain_code))
    }

    /// A field that must be there and pass `parse`.
    pub fn required_as<T>(&mut self, field: F, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.required(field, |value| parse(&value.exact_text()?))
    }

    /// A field that may be missing or a dash, but passes `parse` if not.
    pub fn optional_as<T>(&mut self, field: F, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        if self.is_blank(field) {
            return None;
        }
        self.with(field, |value| parse(&value.code()?))
    }

    pub fn uscc(&mut self, field: F) -> Option<Uscc> {
        self.optional_as(field, uscc)
    }

    pub fn required_uscc(&mut self, field: F) -> Option<Uscc> {
        self.required(field, |value| uscc(&value.code()?))
    }

    pub fn when(&mut self, field: F) -> Option<When> {
        self.with(field, date::read)
    }

    pub fn is_blank(&self, field: F) -> bool {
        self.value(field).is_none_or(|value| is_placeholder(&value.key()))
    }

    fn required<T>(&mut self, field: F, read: impl FnOnce(&Value) -> Result<T, String>) -> Option<T> {
        if self.is_blank(field) {
            self.fail(field, "必填，不能为空");
            return None;
        }
        self.with(field, read)
    }

    fn with<T>(&mut self, field: F, read: impl FnOnce(&Value) -> Result<T, String>) -> Option<T> {
        match read(self.value(field)?) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.fail(field, reason);
                None
            }
        }
    }
}

/// The words that people write into a cell that has nothing to say.
pub fn is_placeholder(key: &str) -> bool {
    matches!(key, "" | "无" | "暂无" | "没有" | "/" | "\\" | "N/A" | "NA")
        || key.chars().all(|c| matches!(c, '-' | '—' | '－'))
}

pub fn uscc(text: &str) -> Result<Uscc, String> {
    Uscc::parse(text).map_err(|e| format!("统一社会信用代码{e}"))
}

/// The note for a sheet that is not read.
pub fn ignored(grid: &Grid) -> Seen {
    Seen { sheet: grid.name.clone(), kind: SheetKind::Ignored, rows: 0, skipped: 0, unread: Vec::new() }
}

/// Codes go out in CSV as well, where a spreadsheet would take such a beginning for a formula.
fn plain_code(code: String) -> Result<String, String> {
    if code.starts_with(['=', '+', '-', '@']) { Err("不能以 =、+、-、@ 开头".to_owned()) } else { Ok(code) }
}
