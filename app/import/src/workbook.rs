//! The workbook as sparse grids.
//!
//! Cells are streamed and kept sparsely: calamine's own ranges are dense, and one stray cell in XFD1048576 would ask for
//! billions of cells.

use crate::anatomy::{Anatomy, Parts};
use crate::cell::{MAX_COLUMNS, Value};
use crate::container;
use crate::format::Format;
use crate::report::{Hidden, Unreadable};
use calamine::{Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Most rows with content that a table may have.
pub const MAX_ROWS: usize = 20_000;
/// Room for titles, headers and notes around a table of `MAX_ROWS`.
const MARGIN_ROWS: usize = 100;
/// Most cells in the whole workbook, empty ones with a format included.
const MAX_CELLS: usize = 4_000_000;
/// Most bytes of text: thousands of cells may share one long string of the file.
const MAX_TEXT: usize = 64 * 1024 * 1024;
/// Most sheets; each costs a pass over its part, and many may name the same part.
const MAX_SHEETS: usize = 60;
const MAX_MERGES: usize = 40_000;

/// One worksheet, seen by people or not.
pub struct Grid {
    pub name: String,
    /// What of it is hidden. It is read like everything else, and said.
    pub hidden: Hidden,
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

/// Reads every worksheet, the hidden ones too.
pub fn open(bytes: &[u8]) -> Result<Vec<Grid>, Unreadable> {
    container::check(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let epoch_shift = if book.has_1904_epoch() { 1462.0 } else { 0.0 };
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .map(|s| (s.name.clone(), s.visible != SheetVisible::Visible))
        .collect();
    if sheets.len() > MAX_SHEETS {
        return Err(Unreadable::TooManySheets { found: sheets.len(), limit: MAX_SHEETS });
    }
    let mut parts = Parts::open(bytes)?;
    let mut reading = Reading { epoch_shift, formats: None, cells: MAX_CELLS, text: MAX_TEXT };
    let mut grids = Vec::new();
    for (name, hidden) in sheets {
        // Before the cells: their parser takes what this pass has refused for granted.
        let anatomy = parts.anatomy(&name)?;
        let mut grid = match reading.cells(&mut book, &name) {
            Err(XlsxError::NotAWorksheet(_)) => continue,
            other => other.map_err(unreadable)?,
        };
        grid.complete(anatomy, hidden, &mut reading);
        grid.merges = book.merge_cells_by_sheet_name(&name).map_err(unreadable)?;
        grid.merges.truncate(MAX_MERGES);
        grid.spread_merges(&mut reading);
        if reading.is_spent() {
            return Err(Unreadable::TooMuch { sheet: name });
        }
        grids.push(grid);
    }
    Ok(grids)
}

/// What is needed for reading cells, and how much may still be kept in memory.
struct Reading {
    epoch_shift: f64,
    /// By style, known from the first sheet on.
    formats: Option<Vec<Option<Format>>>,
    cells: usize,
    text: usize,
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

impl Reading {
    fn take(&mut self, value: Option<&Value>) {
        self.cells = self.cells.saturating_sub(1);
        if let Some(Value::Text(text) | Value::Error(text) | Value::Shown(text) | Value::Otherwise(text)) = value {
            self.text = self.text.saturating_sub(text.len());
        }
    }

    const fn is_spent(&self) -> bool {
        self.cells == 0 || self.text == 0
    }

    fn cells(&mut self, book: &mut Book<'_>, name: &str) -> Result<Grid, XlsxError> {
        let mut reader = book.worksheet_cells_reader(name)?;
        let format = |style: &calamine::Style| {
            style.number_format.as_ref().map(|format| Format::new(&format.format_code, format.format_id))
        };
        let formats = self.formats.take().unwrap_or_else(|| reader.styles().iter().map(format).collect());
        let mut grid = Grid::new(name);
        let mut last = (0, 0);
        while !self.is_spent() {
            let (cell, style) = match reader.next_cell_with_style_id() {
                Ok(None) => break,
                Ok(Some(cell)) => cell,
                // The parser knows seven error values; newer ones (#SPILL!) come without their position.
                Err(XlsxError::CellError(_)) => {
                    grid.unknown_errors.push((last.0, last.1 + 1));
                    self.take(None);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let (row, column) = cell.get_position();
            let Some(column) = u16::try_from(column).ok().filter(|c| *c < MAX_COLUMNS) else { continue };
            last = (row, column);
            let format = formats.get(style).and_then(Option::as_ref);
            let value = Value::read(cell.get_value(), format, self.epoch_shift);
            self.take(value.as_ref());
            let Some(value) = value else { continue };
            if !grid.put(row, column, value) {
                break;
            }
        }
        self.formats = Some(formats);
        Ok(grid)
    }
}

impl Grid {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            hidden: Hidden::default(),
            rows: Vec::new(),
            merges: Vec::new(),
            truncated: false,
            unknown_errors: Vec::new(),
        }
    }

    /// Adds a cell, unless the sheet has as many rows as are kept.
    fn put(&mut self, row: u32, column: u16, value: Value) -> bool {
        let at = match self.rows.binary_search_by_key(&row, |row| row.index) {
            Ok(at) => at,
            Err(_) if self.rows.len() >= MAX_ROWS + MARGIN_ROWS => {
                self.truncated = true;
                return false;
            }
            Err(at) => {
                self.rows.insert(at, GridRow { index: row, cells: BTreeMap::new() });
                at
            }
        };
        self.rows[at].cells.insert(column, GridCell { value, merged_from: None });
        true
    }

    /// Adds what is hidden, and the formulas without results: to the parser of values they are empty cells.
    fn complete(&mut self, anatomy: Anatomy, hidden: bool, reading: &mut Reading) {
        for (row, column) in anatomy.unvalued {
            reading.take(Some(&Value::Unvalued));
            if reading.is_spent() || !self.put(row, column, Value::Unvalued) {
                break;
            }
        }
        let used = |column: &u16| self.rows.iter().any(|row| row.cells.contains_key(column));
        let columns = anatomy.hidden_columns.iter().copied().filter(|column| used(column));
        self.hidden = Hidden {
            sheet: hidden,
            columns: crate::anatomy::column_names(columns),
            rows: self.rows.iter().filter(|row| anatomy.hidden_rows.contains(&row.index)).count(),
            filtered: anatomy.filtered,
        };
    }

    /// Gives the value of a merged block to all its rows that have content of their own.
    ///
    /// Only downwards: a block that is wide is a title or a group heading, which `header` looks up in `merges`.
    fn spread_merges(&mut self, budget: &mut Reading) {
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
