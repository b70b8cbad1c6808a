//! Rows of a recognised table: which of them are data, and reading their fields while noting every problem.

use crate::cell::Value;
use crate::date::{self, When};
use crate::header::{Header, Table};
use crate::names::{self, PersonName, UnitName, is_placeholder};
use crate::report::{Aside, Problem, Seen, SheetKind, Told, Unreadable, WhyAside, cell_name, shorten};
use crate::workbook::{Grid, GridRow, MAX_ROWS};
use domain::text::{first_invisible, named};
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
    /// column is which. `given` fields need no column.
    ///
    /// # Errors
    /// More rows than a table may have.
    pub fn rows(
        &self,
        given: &[F],
        told: &mut Told,
        seen: &mut Vec<Seen>,
    ) -> Result<Option<Vec<&'a GridRow>>, Unreadable> {
        let name = |field: F| self.table.name(field).to_owned();
        let lacking = |field: &F| !self.header.mentions(*field) && !given.contains(field);
        let mut note = Seen {
            kind: self.table.kind,
            columns: self.header.places.iter().map(|(field, _)| name(*field)).collect(),
            missing: self.table.required().filter(lacking).map(name).collect(),
            unread: self.header.unread(),
            ..ignored(self.grid)
        };
        let header = self.table.header_problems(self.grid, &self.header, given);
        let readable = header.problems.is_empty();
        told.extend(header);
        let mut rows = Vec::new();
        if readable {
            for row in &self.grid.rows[self.header.body..] {
                match self.sort(row) {
                    Sort::Blank => {}
                    Sort::Aside(why) => note.aside.push(Aside { row: row.index + 1, why, text: line(row) }),
                    Sort::Data => rows.push(row),
                }
            }
            told.problems.extend(self.grid.unknown_errors.iter().map(|(row, column)| Problem {
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
        Ok(readable.then_some(rows))
    }

    /// A row is data unless it is plainly a part of the form: what fills the fields that a row must have is never a note.
    fn sort(&self, row: &GridRow) -> Sort {
        let known: Vec<(u16, &Value)> =
            self.header.places.iter().filter_map(|(_, column)| Some((*column, row.value(*column)?))).collect();
        let own = |column: &u16| row.cells.get(column).is_some_and(|cell| cell.merged_from.is_none());
        if !known.iter().any(|(column, _)| own(column)) {
            // 序号 is often written ahead of the rows.
            let said = row.cells.iter().any(|(column, cell)| own(column) && !is_place(&cell.value));
            return if said { Sort::Aside(WhyAside::Elsewhere) } else { Sort::Blank };
        }
        let repeated = known.iter().filter(|(c, v)| matches!(v, Value::Text(t) if self.header.repeats(*c, t))).count();
        if repeated >= 2 && repeated * 2 > known.len() {
            return Sort::Aside(WhyAside::Header);
        }
        if self.is_numbering(row) {
            return Sort::Aside(WhyAside::Numbering);
        }
        let mut keys = row.cells.iter().filter(|(column, _)| own(column)).map(|(c, cell)| (*c, cell.value.key()));
        let first = keys.next().map(|(_, key)| key).unwrap_or_default();
        if is_total(&first) && keys.all(|(_, key)| is_sum(&key)) {
            return Sort::Aside(WhyAside::Total);
        }
        let required: Vec<&Value> =
            self.table.required().filter_map(|field| row.value(self.header.column(field)?)).collect();
        let filled = required.iter().filter(|value| !is_note(&value.key())).count();
        let most = filled * 2 > self.table.required().count();
        if is_example(&first) {
            return Sort::Aside(WhyAside::Example);
        }
        // Whoever fills most of what a row must have has written a row, whatever its first word is.
        if is_note(&first) && !most && known.len() <= 2 && filled <= 1 {
            return Sort::Aside(WhyAside::Note);
        }
        Sort::Data
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
        Record { found: self, row, told: Told::default() }
    }
}

enum Sort {
    Blank,
    /// Belongs to the form, not to the data.
    Aside(WhyAside),
    Data,
}

/// The row's texts in one line.
fn line(row: &GridRow) -> String {
    let texts: Vec<String> =
        row.cells.values().filter(|cell| cell.merged_from.is_none()).map(|cell| cell.value.shown()).collect();
    shorten(&texts.join(" "))
}

fn is_place(value: &Value) -> bool {
    value.key().bytes().all(|b| b.is_ascii_digit())
}

fn is_example(key: &str) -> bool {
    matches!(key.trim_matches(['(', ')', '【', '】']), "示例" | "示例行" | "样例" | "填写示例")
}

fn is_total(key: &str) -> bool {
    const LONGEST: usize = 12;
    key.chars().count() <= LONGEST && ["合计", "总计", "小计", "共计"].iter().any(|word| key.starts_with(word))
}

/// What stands beside 合计: figures, perhaps with their unit.
fn is_sum(key: &str) -> bool {
    const LONGEST: usize = 12;
    key.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '（' | '(')) && key.chars().count() <= LONGEST
}

/// `填表人：…`, `说明：…`, or the bare word before a place to sign.
fn is_note(key: &str) -> bool {
    const WORDS: [&str; 14] = [
        "注",
        "备注",
        "说明",
        "附注",
        "填表",
        "填报",
        "审核",
        "审批",
        "联系人",
        "负责人",
        "制表",
        "经办人",
        "推荐单位(盖章",
        "单位(盖章",
    ];
    const NEAR: usize = 14;
    const BARE: usize = 4;
    let announced = key.chars().take(NEAR).any(|c| matches!(c, ':' | '：'));
    let bare = key.chars().count() <= BARE && !matches!(key, "注" | "说明");
    WORDS.iter().any(|word| key.starts_with(word)) && (announced || bare || key.contains("(盖章"))
}

/// One row being read. Every failed field is noted; `finish` tells whether there was any.
pub struct Record<'f, 'a, F: 'static> {
    found: &'f Found<'a, F>,
    row: &'a GridRow,
    told: Told,
}

impl<F: Copy + PartialEq> Record<'_, '_, F> {
    pub fn row_number(&self) -> u32 {
        self.row.index + 1
    }

    /// The row's problems and notes, in the order they were met.
    pub fn finish(self) -> Told {
        self.told
    }

    pub fn has_column(&self, field: F) -> bool {
        self.found.header.column(field).is_some()
    }

    /// What is given for the whole file where the sheet has no such column, else what the row has.
    pub fn given_or<T>(&mut self, given: Option<T>, field: F, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.has_column(field) { read(self) } else { given.or_else(|| read(self)) }
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
        self.told.problems.push(problem);
    }

    pub fn fail_with(&mut self, field: F, value: String, reason: impl Into<String>) {
        let problem = Problem { value, ..self.point(field, reason) };
        self.told.problems.push(problem);
    }

    /// Something that the row is imported without.
    pub fn note(&mut self, field: F, value: String, reason: impl Into<String>) {
        let note = Problem { value, ..self.point(field, reason) };
        self.told.notes.push(note);
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
        self.told.problems.is_empty()
    }

    /// Free text, one line; empty where there is none.
    pub fn text(&mut self, field: F) -> String {
        self.with(field, Value::exact_text).unwrap_or_default()
    }

    /// As `text`, with its line breaks.
    pub fn paragraphs(&mut self, field: F) -> String {
        let Some(Value::Text(text)) = self.value(field) else { return self.text(field) };
        let lines: Vec<String> = text.lines().map(domain::text::normalise).collect();
        let text = lines.join("\n").trim().to_owned();
        self.note_invisible(field);
        text
    }

    pub fn required_text(&mut self, field: F) -> Option<String> {
        self.required(field, Value::exact_text)
    }

    /// As `required_as`, of a number: without the signs that only a format shows.
    pub fn required_figure<T>(&mut self, field: F, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.required(field, |value| parse(&value.figure()?))
    }

    /// The one unit that a cell must name; the code in it, if any, is for the caller.
    pub fn required_unit(&mut self, field: F) -> Option<UnitName> {
        let text = self.required_as_lines(field)?;
        let read = names::unit(&text);
        self.clear(field, read)
    }

    /// The one person that a cell must name.
    pub fn required_person(&mut self, field: F) -> Option<String> {
        let text = self.required_as_lines(field)?;
        let read = names::person(&text);
        let person = self.clear(field, read)?;
        self.note_remarks(field, &person);
        Some(person.name)
    }

    /// The people that a cell must name.
    pub fn required_people(&mut self, field: F) -> Option<Vec<PersonName>> {
        let text = self.required_as_lines(field)?;
        let read = names::people(&text);
        self.clear(field, read)
    }

    /// The units that a cell names.
    pub fn units(&mut self, field: F) -> Option<Vec<UnitName>> {
        let text = self.paragraphs(field);
        let read = names::units(&text);
        self.clear(field, read)
    }

    pub fn note_remarks(&mut self, field: F, person: &PersonName) {
        if person.name.chars().any(|c| c.is_ascii_digit()) {
            self.note(field, person.name.clone(), "姓名中有数字，回避比对按原样进行；若只是序号，请在原文件中删去");
        }
        if !person.remarks.is_empty() {
            let remarks = person.remarks.join("、");
            self.note(field, remarks, format!("姓名读作“{}”，后面的内容没有读入", person.name));
        }
    }

    fn required_as_lines(&mut self, field: F) -> Option<String> {
        if self.is_blank(field) {
            self.fail(field, "必填，不能为空");
            return None;
        }
        Some(self.paragraphs(field)).filter(|text| !text.is_empty())
    }

    fn clear<T>(&mut self, field: F, read: Result<T, names::Unclear>) -> Option<T> {
        read.map_err(|(value, reason)| self.fail_with(field, value, reason)).ok()
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

    /// The code of a unit: from the column of codes, or out of the cell that names it.
    pub fn code_of(&mut self, unit: Option<&UnitName>, cell: F, column: F) -> Option<Uscc> {
        let beside = self.uscc(column);
        let Some(text) = unit.and_then(|unit| unit.code.as_deref()) else { return beside };
        match (uscc(text), beside) {
            (Err(reason), _) => {
                self.fail(cell, reason);
                None
            }
            (Ok(inside), Some(beside)) if inside != beside => {
                self.fail(cell, format!("名称中的代码{inside}与代码列的{beside}不一致"));
                None
            }
            (Ok(inside), _) => Some(inside),
        }
    }

    pub fn required_code_of(&mut self, unit: Option<&UnitName>, cell: F, column: F) -> Option<Uscc> {
        if unit.is_none_or(|unit| unit.code.is_none()) {
            return self.required_uscc(column);
        }
        self.code_of(unit, cell, column)
    }

    pub fn when(&mut self, field: F) -> Option<When> {
        self.with(field, date::read)
    }

    /// A beginning and an end in one cell.
    pub fn span(&mut self, field: F) -> Option<(When, When)> {
        if self.is_blank(field) {
            return None;
        }
        self.with(field, date::span)
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

    /// Characters that nobody sees stay in what is shown and count for nothing in what is compared; that they are there is said.
    fn note_invisible(&mut self, field: F) {
        if let Some(Value::Text(text)) = self.value(field)
            && let Some(c) = first_invisible(text)
        {
            let reason = format!("含不可见字符 {}，比对时不计；可在原文件中删去", named(c));
            if !self.told.notes.iter().any(|note| note.reason == reason && note.column == self.found.table.name(field))
            {
                let value = self.value(field).map(Value::shown).unwrap_or_default();
                self.note(field, value, reason);
            }
        }
    }

    fn with<T>(&mut self, field: F, read: impl FnOnce(&Value) -> Result<T, String>) -> Option<T> {
        self.note_invisible(field);
        match read(self.value(field)?) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.fail(field, reason);
                None
            }
        }
    }
}

pub fn uscc(text: &str) -> Result<Uscc, String> {
    Uscc::parse(text).map_err(|e| format!("统一社会信用代码{e}"))
}

/// What there is to say of a sheet that is not read: how many rows it has.
pub fn ignored(grid: &Grid) -> Seen {
    Seen {
        sheet: grid.name.clone(),
        kind: SheetKind::Ignored,
        rows: grid.rows.len(),
        aside: Vec::new(),
        columns: Vec::new(),
        missing: Vec::new(),
        unread: Vec::new(),
        hidden: grid.hidden.clone(),
    }
}

/// Codes go out in CSV as well, where a spreadsheet would take such a beginning for a formula.
fn plain_code(code: String) -> Result<String, String> {
    if code.starts_with(['=', '+', '-', '@']) { Err("不能以 =、+、-、@ 开头".to_owned()) } else { Ok(code) }
}
