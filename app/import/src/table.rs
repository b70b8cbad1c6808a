//! Workbooks from plain texts: examples to try an import with, as untidy as their author makes them.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// A worksheet as texts, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub rows: Vec<Vec<String>>,
}

/// Writes the tables; cells that look like numbers stay texts, empty ones stay empty. The same tables give the same bytes.
///
/// # Errors
/// Names or texts that Excel does not take.
pub fn write(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2025, 1, 1)?));
    let text = Format::new().set_num_format("@").set_text_wrap();
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(&table.name)?;
        for (r, row) in (0..).zip(&table.rows) {
            for (c, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string_with_format(r, c, cell, &text)?;
            }
        }
    }
    book.save_to_buffer()
}
