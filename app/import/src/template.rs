//! The import templates: a title, a header with notes, one example row, lists to choose from, and how to fill them in.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Workbook, Worksheet, XlsxError,
};

/// One column of a template.
pub struct Column {
    pub header: &'static str,
    pub width: u8,
    /// The contents of the example row.
    pub example: String,
    pub choices: Vec<&'static str>,
    /// For 填写说明.
    pub note: &'static str,
}

impl Column {
    pub fn new(header: &'static str, width: u8, example: impl Into<String>, note: &'static str) -> Self {
        Self { header, width, example: example.into(), choices: Vec::new(), note }
    }

    pub fn choices(self, choices: Vec<&'static str>) -> Self {
        Self { choices, ..self }
    }
}

pub struct Sheet {
    pub name: &'static str,
    pub title: &'static str,
    pub columns: Vec<Column>,
}

/// Rows that are formatted as text and have their lists, so that long codes stay whole.
const PREPARED_ROWS: u32 = 2000;
const TITLE_ROW: u32 = 0;
const HEADER_ROW: u32 = 1;
const EXAMPLE_ROW: u32 = 2;
/// The first column, which marks the example row.
const MARK: &str = "序号";
/// The sheet that says how to fill in the others.
pub const GUIDANCE: &str = "填写说明";

/// Builds the workbook: its tables, then 填写说明.
pub fn build(sheets: &[Sheet], guidance: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    // The same template is the same bytes on every day.
    if let Ok(day) = ExcelDateTime::from_ymd(2025, 1, 1) {
        book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    }
    let written = sheets
        .iter()
        .try_for_each(|sheet| table(book.add_worksheet(), sheet))
        .and_then(|()| notes(book.add_worksheet(), sheets, guidance))
        .and_then(|()| book.save_to_buffer());
    // The only failures are names and lists that Excel does not take; the tests build every template.
    written.unwrap_or_default()
}

fn table(out: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@").set_align(FormatAlign::VerticalCenter);
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let header = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(0x00E8_ECEF));
    let example = Format::new().set_num_format("@").set_italic().set_font_color(Color::RGB(0x0080_8080));
    out.set_name(sheet.name)?;
    let last = u16::try_from(sheet.columns.len()).unwrap_or(u16::MAX);
    out.merge_range(TITLE_ROW, 0, TITLE_ROW, last, sheet.title, &title)?;
    out.set_row_height(TITLE_ROW, 28)?;
    out.set_row_height(HEADER_ROW, 36)?;
    out.write_string_with_format(HEADER_ROW, 0, MARK, &header)?;
    out.write_string_with_format(EXAMPLE_ROW, 0, "示例", &example)?;
    out.set_column_width(0, 6)?;
    for (column, i) in sheet.columns.iter().zip(1..) {
        out.set_column_width(i, column.width)?;
        out.set_column_format(i, &text)?;
        out.write_string_with_format(HEADER_ROW, i, column.header, &header)?;
        out.write_string_with_format(EXAMPLE_ROW, i, &column.example, &example)?;
        if !column.choices.is_empty() {
            let choices = DataValidation::new()
                .allow_list_strings(&column.choices)?
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title("请从列表中选择")?
                .set_error_message("建议从下拉列表中选择")?;
            out.add_data_validation(EXAMPLE_ROW, i, PREPARED_ROWS, i, &choices)?;
        }
    }
    out.set_freeze_panes(HEADER_ROW + 1, 0)?;
    Ok(())
}

fn notes(out: &mut Worksheet, sheets: &[Sheet], guidance: &[&str]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    out.set_name(GUIDANCE)?;
    out.set_column_width(0, 14)?.set_column_width(1, 26)?.set_column_width(2, 80)?;
    let mut row = 0;
    for line in guidance {
        out.write_string(row, 0, *line)?;
        row += 1;
    }
    for sheet in sheets {
        row += 1;
        out.write_string_with_format(row, 0, format!("工作表“{}”", sheet.name), &bold)?;
        row += 1;
        for column in &sheet.columns {
            out.write_string_with_format(row, 1, column.header, &wrap)?;
            let choices = if column.choices.is_empty() {
                String::new()
            } else {
                format!("可选：{}。", column.choices.join("、"))
            };
            out.write_string_with_format(row, 2, format!("{}{choices}", column.note), &wrap)?;
            row += 1;
        }
    }
    Ok(())
}
