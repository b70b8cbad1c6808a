//! Untidy workbooks, one untidiness at a time.

mod applications;
mod experts;
mod hostile;
mod tasks;
mod templates;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

/// A cell of a test workbook.
#[derive(Clone)]
enum Put {
    Text(String),
    Number(f64),
    Date(u16, u8, u8),
    Formula(&'static str, &'static str),
    Nothing,
}

impl From<&str> for Put {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.to_owned()) }
    }
}

impl From<f64> for Put {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// Cells separated by `|`.
fn line(text: &str) -> Vec<Put> {
    text.split('|').map(Put::from).collect()
}

fn lines(texts: &[&str]) -> Vec<Vec<Put>> {
    texts.iter().map(|text| line(text)).collect()
}

/// The line with one cell replaced.
fn with(text: &str, column: usize, put: impl Into<Put>) -> Vec<Put> {
    let mut cells = line(text);
    cells[column] = put.into();
    cells
}

fn fill(sheet: &mut Worksheet, rows: &[Vec<Put>]) {
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (r, row) in (0_u32..).zip(rows) {
        for (c, put) in (0_u16..).zip(row) {
            match put {
                Put::Text(text) => sheet.write_string(r, c, text),
                Put::Number(n) => sheet.write_number(r, c, *n),
                Put::Date(y, m, d) => {
                    sheet.write_datetime_with_format(r, c, ExcelDateTime::from_ymd(*y, *m, *d).unwrap(), &day)
                }
                Put::Formula(formula, result) => sheet.write_formula(r, c, Formula::new(*formula).set_result(*result)),
                Put::Nothing => continue,
            }
            .unwrap();
        }
    }
}

fn book(sheets: &[(&str, Vec<Vec<Put>>)]) -> Vec<u8> {
    book_with(sheets, |_, _| {})
}

/// As `book`, and then something more on every sheet.
fn book_with(sheets: &[(&str, Vec<Vec<Put>>)], more: impl Fn(&str, &mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        fill(sheet, rows);
        more(name, sheet);
    }
    book.save_to_buffer().unwrap()
}

/// `C12：column：reason` of every problem.
fn told(problems: &[crate::Problem]) -> Vec<String> {
    problems.iter().map(|p| format!("{}：{}：{}", p.cell, p.column, p.reason)).collect()
}

/// The workbook without the kept results of its formulas, whose cells are said to be of this type.
fn without_results(bytes: &[u8], kind: &str) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..old.len() {
        let mut part = old.by_index(i).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = String::new();
        part.read_to_string(&mut content).unwrap();
        if name.starts_with("xl/worksheets/") {
            let mut from = 0;
            while let Some(at) = content[from..].find("</f><v>").map(|at| from + at) {
                let end = at + content[at..].find("</v>").unwrap();
                content.replace_range(at + "</f>".len()..end + "</v>".len(), "<v></v>");
                from = at + "</f><v>".len();
            }
            content = content.replace(" t=\"str\"", kind);
        }
        new.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(content.as_bytes()).unwrap();
    }
    new.finish().unwrap().into_inner()
}

const CODE_A: &str = "916200000000000004";
const CODE_B: &str = "91000000000000000K";
