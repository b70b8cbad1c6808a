//! Tables from outside: UTF-8 CSV with a header, read so that every bad row is reported at once.

use std::fmt;
use std::str::FromStr;

/// One thing wrong in a file. `line` counts from 1, the header being line 1; `column` is the name in the header, empty if the whole row is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    pub file: String,
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

/// A column that a file must or may have; its position in the returned cells is its position in the list of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Required(&'static str),
    Optional(&'static str),
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Required(name) | Self::Optional(name) => name,
        }
    }
}

/// A table whose rows are read one after the other; errors are kept until the end.
pub struct Table<'a> {
    file: &'a str,
    columns: &'a [Column],
    /// Position in the file of each column.
    places: Vec<Option<usize>>,
    header: csv::ByteRecord,
    reader: csv::Reader<&'a [u8]>,
    record: csv::ByteRecord,
    errors: Vec<RowError>,
}

/// One row: its cells by column, trimmed.
pub struct Row<'t> {
    pub line: u64,
    file: &'t str,
    columns: &'t [Column],
    places: &'t [Option<usize>],
    record: &'t csv::ByteRecord,
}

impl<'a> Table<'a> {
    /// # Errors
    /// One error if there is no header or the header does not name a required column, or names a wanted one twice.
    pub fn new(file: &'a str, bytes: &'a [u8], columns: &'a [Column]) -> Result<Self, Vec<RowError>> {
        let fault = |column: &str, reason: &str| RowError {
            file: file.to_owned(),
            line: 1,
            column: column.to_owned(),
            reason: reason.to_owned(),
        };
        if let Some(format) = foreign(bytes) {
            let reason = format!("文件是{format}。请用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”");
            return Err(vec![fault("", &reason)]);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter(bytes)).from_reader(bytes);
        let header = reader.byte_headers().map_err(|e| vec![fault("", &format!("无法读取表头：{e}"))])?.clone();
        if header.iter().all(<[u8]>::is_empty) {
            return Err(vec![fault("", "文件为空，缺少表头")]);
        }
        let mut errors = Vec::new();
        let mut places = Vec::new();
        for column in columns {
            let mut found = header.iter().enumerate().filter(|(_, name)| name.trim_ascii() == column.name().as_bytes());
            let first = found.next().map(|(at, _)| at);
            if found.next().is_some() {
                errors.push(fault(column.name(), "表头中出现两次"));
            } else if first.is_none() && matches!(column, Column::Required(_)) {
                errors.push(fault(column.name(), "缺少此列"));
            }
            places.push(first);
        }
        if errors.is_empty() {
            Ok(Self { file, columns, places, header, reader, record: csv::ByteRecord::new(), errors })
        } else {
            Err(errors)
        }
    }

    /// The columns whose names begin with `prefix`: the names in full, and where they stand.
    pub fn prefixed(&self, prefix: &str) -> Vec<(String, usize)> {
        let named = |(place, name): (usize, &[u8])| {
            let name = std::str::from_utf8(name.trim_ascii()).ok()?;
            name.starts_with(prefix).then(|| (name.to_owned(), place))
        };
        self.header.iter().enumerate().filter_map(named).collect()
    }

    /// Reads every row by `row`, whose errors are collected; blank rows are passed over.
    ///
    /// # Errors
    /// Every error of every row.
    pub fn rows<T>(
        mut self,
        mut row: impl FnMut(&Row<'_>) -> Result<T, Vec<RowError>>,
    ) -> Result<Vec<T>, Vec<RowError>> {
        let mut out = Vec::new();
        loop {
            match self.reader.read_byte_record(&mut self.record) {
                Ok(false) => break,
                Ok(true) => {}
                Err(e) => {
                    let line = e.position().map_or(0, csv::Position::line);
                    self.errors.push(RowError {
                        file: self.file.to_owned(),
                        line,
                        column: String::new(),
                        reason: format!("无法读取：{e}"),
                    });
                    break;
                }
            }
            if self.record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            let line = self.record.position().map_or(0, csv::Position::line);
            let current =
                Row { line, file: self.file, columns: self.columns, places: &self.places, record: &self.record };
            match row(&current) {
                Ok(value) => out.push(value),
                Err(errors) => self.errors.extend(errors),
            }
        }
        if self.errors.is_empty() { Ok(out) } else { Err(self.errors) }
    }
}

/// What a file is that is no text in UTF-8, where that can be told; ASCII is UTF-8.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const LOOKED_AT: usize = 4096;
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    if bytes.starts_with(b"PK\x03\x04") {
        Some("Excel 工作簿，不是 CSV")
    } else if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || head.contains(&0) {
        Some("UTF-16 编码的文本")
    } else if std::str::from_utf8(bytes).is_err() && is_gbk(bytes) {
        Some("GBK（ANSI）编码的文本")
    } else {
        None
    }
}

/// Whether everything beyond ASCII comes in pairs as GBK writes them.
fn is_gbk(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let [first, behind @ ..] = rest {
        rest = match (first, behind) {
            (0..=0x7f, _) => behind,
            (0x81..=0xfe, [0x40..=0x7e | 0x80..=0xfe, behind @ ..]) => behind,
            _ => return false,
        };
    }
    true
}

/// What stands between the names of the header: a comma, or where it has none, what spreadsheets of other countries write.
fn delimiter(bytes: &[u8]) -> u8 {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    [b',', b'\t', b';'].into_iter().find(|delimiter| header.contains(delimiter)).unwrap_or(b',')
}

impl<'t> Row<'t> {
    /// An error in this row.
    pub fn error(&self, column: usize, reason: impl Into<String>) -> RowError {
        self.error_in(self.columns.get(column).map_or("", |c| c.name()), reason)
    }

    /// The trimmed text of a cell, `None` if it is empty or the column is absent.
    ///
    /// # Errors
    /// If the text is not UTF-8.
    pub fn optional(&self, column: usize) -> Result<Option<&'t str>, RowError> {
        let place = self.places.get(column).copied().flatten();
        self.at(place, |reason| self.error(column, reason))
    }

    /// The trimmed text of a cell in a column of [`Table::prefixed`].
    ///
    /// # Errors
    /// If the text is not UTF-8.
    pub fn optional_in(&self, (name, place): &(String, usize)) -> Result<Option<&'t str>, RowError> {
        self.at(Some(*place), |reason| self.error_in(name, reason))
    }

    /// An error in the column of that name.
    pub fn error_in(&self, column: &str, reason: impl Into<String>) -> RowError {
        RowError { file: self.file.to_owned(), line: self.line, column: column.to_owned(), reason: reason.into() }
    }

    fn at(
        &self,
        place: Option<usize>,
        error: impl FnOnce(&'static str) -> RowError,
    ) -> Result<Option<&'t str>, RowError> {
        let cell = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        let text = std::str::from_utf8(cell).map_err(|_| error("不是 UTF-8 编码"))?.trim();
        Ok(Some(text).filter(|t| !t.is_empty()))
    }

    /// The trimmed text of a cell.
    ///
    /// # Errors
    /// If it is empty or not UTF-8.
    pub fn text(&self, column: usize) -> Result<&'t str, RowError> {
        self.optional(column)?.ok_or_else(|| self.error(column, "不能为空"))
    }

    /// A number; `what` names the kind wanted, in Chinese.
    ///
    /// # Errors
    /// If the cell is empty or holds something else.
    pub fn number<N: FromStr>(&self, column: usize, what: &str) -> Result<N, RowError> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.error(column, format!("“{text}”不是{what}")))
    }

    /// A number that may be left out.
    ///
    /// # Errors
    /// If the cell holds something else.
    pub fn optional_number<N: FromStr>(&self, column: usize, what: &str) -> Result<Option<N>, RowError> {
        match self.optional(column)? {
            None => Ok(None),
            Some(_) => self.number(column, what).map(Some),
        }
    }
}

/// Takes the value, or keeps the error for the list.
pub fn keep<T>(result: Result<T, RowError>, errors: &mut Vec<RowError>) -> Option<T> {
    result.map_err(|e| errors.push(e)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COLUMNS: &[Column] = &[Column::Required("id"), Column::Required("score"), Column::Optional("note")];

    fn read(bytes: &[u8]) -> Result<Vec<(String, u32)>, Vec<RowError>> {
        Table::new("t.csv", bytes, COLUMNS)?.rows(|row| {
            let mut errors = Vec::new();
            let id = keep(row.text(0), &mut errors);
            let score = keep(row.number(1, "整数"), &mut errors);
            id.zip(score).map(|(id, score)| (id.to_owned(), score)).ok_or(errors)
        })
    }

    #[test]
    fn tabs_and_semicolons_separate_where_the_header_has_no_comma() {
        for text in ["id\tscore\na\t1\n", "id;score\r\na;1\r\n", "\u{feff}id;score\na;1\n", "id,score\n\"a\",1\n"] {
            assert_eq!(read(text.as_bytes()), Ok(vec![("a".to_owned(), 1)]), "{text:?}");
        }
        assert_eq!(read(b"id,score\na;b,1\n"), Ok(vec![("a;b".to_owned(), 1)]));
    }

    #[test]
    fn other_encodings_are_named_once() {
        let utf16: Vec<u8> = "\u{feff}id,score\n甲,1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let unmarked: Vec<u8> = "id,score\na,1\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let gbk = b"id,score,note\na,1,\xbc\xd7\xd2\xd2\nb,2,\xb1\xfb\n";
        for (bytes, name) in [
            (&utf16[..], "UTF-16"),
            (&unmarked, "UTF-16"),
            (&gbk[..], "GBK"),
            (b"PK\x03\x04 and so on", "Excel 工作簿"),
        ] {
            let errors = read(bytes).unwrap_err();
            assert!(errors.len() == 1 && errors[0].reason.contains(name), "{errors:?}");
        }
    }

    #[test]
    fn byte_order_mark_and_extra_columns_do_not_matter() {
        let rows = read("\u{feff}extra,score,id\r\nx,3, 甲 \r\n\r\ny,4,\"乙,丙\"\r\n".as_bytes()).unwrap();
        assert_eq!(rows, [("甲".to_owned(), 3), ("乙,丙".to_owned(), 4)]);
    }

    #[test]
    fn every_bad_row_is_listed_with_its_line() {
        let errors = read(b"id,score\na,1\n,x\nb\nc,\xff\n").unwrap_err();
        let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let expected = [
            "t.csv 第 3 行“id”列：不能为空",
            "t.csv 第 3 行“score”列：“x”不是整数",
            "t.csv 第 4 行“score”列：不能为空",
            "t.csv 第 5 行“score”列：不是 UTF-8 编码",
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn header_must_name_each_required_column_once() {
        assert_eq!(read(b"id,other\n").unwrap_err()[0].to_string(), "t.csv 第 1 行“score”列：缺少此列");
        assert_eq!(read(b"id,score,id\n").unwrap_err()[0].reason, "表头中出现两次");
        assert_eq!(read(b"").unwrap_err()[0].reason, "文件为空，缺少表头");
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), with_header: bool) {
            let mut file = if with_header { b"id,score\n".to_vec() } else { Vec::new() };
            file.extend(bytes);
            let _ = read(&file);
        }
    }
}
