//! Any list, as it stands on the screen.

use crate::cell::Cell;
use crate::workbook::{self, Column, ExportError, Page, Purpose, text_width};

/// A list with its title, such as the filtered list a user looks at.
#[derive(Debug, Clone)]
pub struct Table {
    pub title: String,
    /// The restrictions of the list, when it was made: one line each.
    pub lines: Vec<String>,
    pub headers: Vec<String>,
    /// Each as long as `headers`.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a list: its heading, and the cell it has for a row.
pub(crate) type ColumnOf<R> = (&'static str, fn(&R) -> Cell);

impl Table {
    /// A list whose first column counts the rows.
    pub(crate) fn numbered<R>(title: String, lines: Vec<String>, columns: &[ColumnOf<R>], rows: &[R]) -> Self {
        let headings = columns.iter().map(|(heading, _)| (*heading).to_owned());
        let cells = |(number, row)| {
            let own = columns.iter().map(|(_, cell)| cell(row));
            std::iter::once(Cell::count(number)).chain(own).collect()
        };
        Self {
            title,
            lines,
            headers: std::iter::once("序号".to_owned()).chain(headings).collect(),
            rows: (1..).zip(rows).map(cells).collect(),
        }
    }
}

const NARROWEST: f64 = 8.0;
const WIDEST: f64 = 44.0;
/// Rows that are measured for the widths.
const MEASURED: usize = 500;

/// A list that is one sheet of several, with signature lines below it.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub name: String,
    pub table: Table,
    pub tail: Vec<String>,
}

/// Writes the list as one sheet.
///
/// # Errors
/// A row whose length differs from the header's, no columns, or more rows than a sheet holds.
pub fn to_xlsx(table: &Table) -> Result<Vec<u8>, ExportError> {
    workbook::write(&[page(table, table.title.clone(), Vec::new())])
}

/// Writes the lists as the sheets of one book.
///
/// # Errors
/// As [`to_xlsx`].
pub fn book(sheets: &[Sheet]) -> Result<Vec<u8>, ExportError> {
    let pages: Vec<_> = sheets.iter().map(|sheet| page(&sheet.table, sheet.name.clone(), sheet.tail.clone())).collect();
    workbook::write(&pages)
}

fn page(table: &Table, name: String, tail: Vec<String>) -> Page {
    let columns = table
        .headers
        .iter()
        .enumerate()
        .map(|(i, header)| {
            let cells = table.rows.iter().take(MEASURED).filter_map(|row| row.get(i)).map(width);
            let widest = cells.fold(text_width(header), f64::max);
            Column::new(header, (widest + 2.0).clamp(NARROWEST, WIDEST))
        })
        .collect();
    Page {
        name,
        title: table.title.clone(),
        lines: table.lines.clone(),
        columns,
        rows: table.rows.clone(),
        frozen: 1,
        purpose: if tail.is_empty() { Purpose::Reading } else { Purpose::Signing },
        tail,
    }
}

fn width(cell: &Cell) -> f64 {
    match cell {
        Cell::Text(text) => text_width(text),
        Cell::Date(_) => 14.0,
        Cell::Blank => 0.0,
        _ => 9.0,
    }
}
