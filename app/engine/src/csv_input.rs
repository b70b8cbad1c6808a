//! Reading comma-separated input: UTF-8 with or without byte order mark, header required, extra columns ignored.

use std::fmt;

use serde::Serialize;

/// One fault in an input file; `column` is empty if the whole line is at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowError {
    pub file: String,
    /// Counted from 1; the header is line 1.
    pub line: u64,
    pub column: String,
    pub reason: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 第 {} 行", self.file, self.line)?;
        if !self.column.is_empty() {
            write!(f, "“{}”列", self.column)?;
        }
        write!(f, "：{}", self.reason)
    }
}

impl std::error::Error for RowError {}

/// The cells of one line, in the order of the columns asked for; an optional column that is absent is empty.
pub struct Row {
    pub line: u64,
    pub cells: Vec<String>,
}

/// Reads the named columns of a file. `required` columns come first in every row, then `optional` ones.
///
/// Cells are trimmed; blank lines are skipped; a line with too few cells, or a cell that is not UTF-8, is a fault and
/// its row is left out.
#[must_use]
pub fn read(
    file: &str,
    bytes: &[u8],
    required: &[&str],
    optional: &[&str],
) -> (Vec<Row>, Vec<RowError>) {
    let fault = |line: u64, column: &str, reason: &str| RowError {
        file: file.to_owned(),
        line,
        column: column.to_owned(),
        reason: reason.to_owned(),
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(_) => return (Vec::new(), vec![fault(1, "", "表头不是有效的 UTF-8 文本")]),
    };
    let mut faults = Vec::new();
    let mut places = Vec::with_capacity(required.len() + optional.len());
    for (name, needed) in required
        .iter()
        .map(|name| (name, true))
        .chain(optional.iter().map(|name| (name, false)))
    {
        let mut found = header
            .iter()
            .enumerate()
            .filter(|(_, title)| title == name)
            .map(|(index, _)| index);
        let place = found.next();
        if place.is_none() && needed {
            faults.push(fault(1, name, "表头缺少此列"));
        }
        if found.next().is_some() {
            faults.push(fault(1, name, "表头中此列重复"));
        }
        places.push((*name, needed, place));
    }
    if !faults.is_empty() {
        return (Vec::new(), faults);
    }

    let mut rows = Vec::new();
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                faults.push(fault(line, "", "此行无法读取"));
                break;
            }
        }
        let line = record.position().map_or(1, csv::Position::line);
        let mut cells = Vec::with_capacity(places.len());
        for (name, needed, place) in &places {
            match place
                .and_then(|index| record.get(index))
                .map(std::str::from_utf8)
            {
                Some(Ok(cell)) => cells.push(cell.to_owned()),
                Some(Err(_)) => faults.push(fault(line, name, "不是有效的 UTF-8 文本")),
                None if *needed => faults.push(fault(line, name, "缺少此列")),
                None => cells.push(String::new()),
            }
        }
        if cells.len() == places.len() {
            rows.push(Row { line, cells });
        }
    }
    (rows, faults)
}
