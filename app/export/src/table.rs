//! Any list, as it stands on the screen.

use crate::cell::Cell;
use crate::workbook::{self, Column, ExportError, Page, text_width};

/// A list with its title, such as the filtered list a user looks at.
#[derive(Debug, Clone)]
pub struct Table {
    pub title: String,
    /// What the list is restricted to, when it was made: one line each.
    pub lines: Vec<String>,
    pub headers: Vec<String>,
    /// Each as long as `headers`.
    pub rows: Vec<Vec<Cell>>,
}

const NARROWEST: f64 = 8.0;
const WIDEST: f64 = 44.0;
/// Rows that are measured for the widths.
const MEASURED: usize = 500;

/// Writes the list as one sheet.
///
/// # Errors
/// A row whose length differs from the header's, no columns, or more rows than a sheet holds.
pub fn to_xlsx(table: &Table) -> Result<Vec<u8>, ExportError> {
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
    workbook::write(&[Page {
        name: table.title.clone(),
        title: table.title.clone(),
        lines: table.lines.clone(),
        columns,
        rows: table.rows.clone(),
        frozen: 1,
        tail: Vec::new(),
    }])
}

fn width(cell: &Cell) -> f64 {
    match cell {
        Cell::Text(text) => text_width(text),
        Cell::Date(_) => 14.0,
        Cell::Blank => 0.0,
        _ => 9.0,
    }
}
