//! The workbook as sparse grids.
//!
//! Cells are streamed and kept sparsely: calamine's own ranges are dense, and one stray cell in XFD1048576 would ask for
//! billions of cells.

use crate::cell::Value;
use crate::container;
use crate::report::Unreadable;
use calamine::{Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Most rows with content that a table may have.
pub const MAX_ROWS: usize = 20_000;
/// Columns behind this one are not looked at.
pub const MAX_COLUMNS: u16 = 256;
/// Room for titles, headers and notes around a table of `MAX_ROWS`.
const MARGIN_ROWS: usize = 100;
/// Most cells in the whole workbook, empty ones with a format included.
const MAX_CELLS: usize = 4_000_000;
/// Most bytes of text: thousands of cells may share one long string of the file.
const MAX_TEXT: usize = 64 * 1024 * 1024;
/// Most visible sheets; each costs a pass over its part, and many may name the same part.
const MAX_SHEETS: usize = 60;
const MAX_MERGES: usize = 40_000;

/// One visible worksheet.
pub struct Grid {
    pub name: String,
    /// The rows with content, in order.
    pub rows: Vec<GridRow>,
    pub merges: Vec<Dimensions>,
    /// There were more rows than are kept.
    pub truncated: bool,
    /// Cells whose error value is of a kind the parser does not know.
    pub unknown_errors: Vec<(u32, u16)>,
}

#[derive(Default)]
pub struct GridRow {
    /// From 0.
    pub index: u32,
    pub cells: BTreeMap<u16, GridCell>,
}

pub struct GridCell {
    pub value: Value,
    /// The first row of the merged block this value comes from, if that is another row.
    pub merged_from: Option<u32>,
}

impl GridRow {
    pub fn value(&self, column: u16) -> Option<&Value> {
        self.cells.get(&column).map(|cell| &cell.value)
    }
}

/// Reads every visible worksheet.
pub fn open(bytes: &[u8]) -> Result<Vec<Grid>, Unreadable> {
    container::check(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let epoch_shift = if book.has_1904_epoch() { 1462.0 } else { 0.0 };
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.visible == SheetVisible::Visible && s.typ == SheetType::WorkSheet)
        .map(|s| s.name.clone())
        .collect();
    if names.len() > MAX_SHEETS {
        return Err(Unreadable::TooManySheets { found: names.len(), limit: MAX_SHEETS });
    }
    let mut budget = Budget { cells: MAX_CELLS, text: MAX_TEXT };
    let mut grids = Vec::new();
    for name in names {
        let mut grid = match read_cells(&mut book, &name, epoch_shift, &mut budget) {
            Err(XlsxError::NotAWorksheet(_)) => continue,
            other => other.map_err(unreadable)?,
        };
        grid.merges = book.merge_cells_by_sheet_name(&name).map_err(unreadable)?;
        grid.merges.truncate(MAX_MERGES);
        grid.spread_merges(&mut budget);
        if budget.is_spent() {
            return Err(Unreadable::TooMuch { sheet: name });
        }
        grids.push(grid);
    }
    Ok(grids)
}

/// The size that may still be kept in memory.
struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    fn take(&mut self, value: Option<&Value>) {
        self.cells = self.cells.saturating_sub(1);
        if let Some(Value::Text(text) | Value::Error(text)) = value {
            self.text = self.text.saturating_sub(text.len());
        }
    }

    const fn is_spent(&self) -> bool {
        self.cells == 0 || self.text == 0
    }
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

fn read_cells(book: &mut Book, name: &str, epoch_shift: f64, budget: &mut Budget) -> Result<Grid, XlsxError> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut rows: BTreeMap<u32, GridRow> = BTreeMap::new();
    let mut truncated = false;
    let mut unknown_errors = Vec::new();
    let mut last = (0, 0);
    while !budget.is_spent() {
        let cell = match reader.next_cell() {
            Ok(None) => break,
            Ok(Some(cell)) => cell,
            // The parser knows seven error values; newer ones (#SPILL!) come without their position.
            Err(XlsxError::CellError(_)) => {
                unknown_errors.push((last.0, last.1 + 1));
                budget.take(None);
                continue;
            }
            Err(error) => return Err(error),
        };
        let (row, column) = cell.get_position();
        let Some(column) = u16::try_from(column).ok().filter(|c| *c < MAX_COLUMNS) else { continue };
        last = (row, column);
        let value = Value::read(cell.get_value(), epoch_shift);
        budget.take(value.as_ref());
        let Some(value) = value else { continue };
        if !rows.contains_key(&row) && rows.len() >= MAX_ROWS + MARGIN_ROWS {
            truncated = true;
            break;
        }
        let entry = rows.entry(row).or_default();
        entry.index = row;
        entry.cells.insert(column, GridCell { value, merged_from: None });
    }
    Ok(Grid {
        name: name.to_owned(),
        rows: rows.into_values().collect(),
        merges: Vec::new(),
        truncated,
        unknown_errors,
    })
}

impl Grid {
    /// Gives the value of a merged block to all its rows that have content of their own.
    ///
    /// Only downwards: a block that is wide is a title or a group heading, which `header` looks up in `merges`.
    fn spread_merges(&mut self, budget: &mut Budget) {
        for merge in &self.merges {
            let (first, last) = (merge.start.0, merge.end.0);
            let Ok(column) = u16::try_from(merge.start.1) else { continue };
            let Some(anchor) = self.row_at(first) else { continue };
            let Some(value) = self.rows[anchor].value(column).cloned() else { continue };
            for row in self.rows[anchor + 1..].iter_mut().take_while(|row| row.index <= last) {
                if budget.is_spent() {
                    return;
                }
                budget.take(Some(&value));
                row.cells.entry(column).or_insert_with(|| GridCell { value: value.clone(), merged_from: Some(first) });
            }
        }
    }

    /// The place in `rows` of the sheet's row `index`.
    pub fn row_at(&self, index: u32) -> Option<usize> {
        self.rows.binary_search_by_key(&index, |row| row.index).ok()
    }
}

fn unreadable(error: XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::Encrypted,
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => Unreadable::NotWorkbook,
        other => Unreadable::Broken(other.to_string()),
    }
}
