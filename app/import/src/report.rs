//! The result of an import: rows with their place in the file, and problems that a person can find and mend.

use serde::{Deserialize, Serialize};

domain::coded! {
    /// 工作表的用途
    SheetKind {
        Experts = "experts", "专家";
        Ties = "ties", "任职经历";
        Summary = "summary", "汇总表";
        Members = "members", "联合体成员";
        People = "people", "参与人员";
        Tasks = "tasks", "榜单任务";
        Indicators = "indicators", "考核指标";
        Accounts = "accounts", "账号";
        Ignored = "ignored", "未读取";
    }
}

/// Everything found in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parsed<T> {
    /// The rows without any problem, in the file's order.
    pub rows: Vec<Located<T>>,
    /// A row named here is not among `rows`.
    pub problems: Vec<Problem>,
    /// What a row is imported without, although the file has something there: optional data that cannot be right.
    pub notes: Vec<Problem>,
    /// One entry per sheet of the workbook, in its order.
    pub seen: Vec<Seen>,
}

/// A value and the row it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located<T> {
    pub sheet: String,
    /// As Excel numbers it, from 1.
    pub row: u32,
    pub value: T,
}

/// One thing to mend in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub sheet: String,
    /// Such as `C12`.
    pub cell: String,
    /// The column's name in the template.
    pub column: String,
    /// As found, shortened.
    pub value: String,
    pub reason: String,
}

/// What there is to tell of rows: problems that keep them out, and notes on what they go without.
#[derive(Debug, Default)]
pub struct Told {
    pub problems: Vec<Problem>,
    pub notes: Vec<Problem>,
}

impl Told {
    pub fn extend(&mut self, more: Self) {
        self.problems.extend(more.problems);
        self.notes.extend(more.notes);
    }
}

/// The result of one sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub sheet: String,
    pub kind: SheetKind,
    /// Rows of data, good or bad; of a sheet that is not read, rows with anything in them.
    pub rows: usize,
    /// Rows that were left out.
    pub aside: Vec<Aside>,
    /// The columns that were read, by the names of the template.
    pub columns: Vec<String>,
    /// The columns that it must have and has not, by the names of the template.
    pub missing: Vec<String>,
    /// Headers of columns that belong to no known field.
    pub unread: Vec<String>,
    /// What of it nobody sees in a spreadsheet program. It was read.
    pub hidden: Hidden,
}

impl Seen {
    /// Whether the sheet holds something of which nothing was read. The guidance of the templates is no data.
    pub fn is_unread(&self) -> bool {
        self.kind == SheetKind::Ignored && self.rows > 0 && self.sheet != crate::template::GUIDANCE
    }
}

/// A row that was not taken for data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// As Excel numbers it, from 1.
    pub row: u32,
    pub why: WhyAside,
    /// The row's texts, shortened.
    pub text: String,
}

domain::coded! {
    /// 没有读作数据的原因
    WhyAside {
        Header = "header", "重复的表头";
        Numbering = "numbering", "列号";
        Example = "example", "示例";
        Total = "total", "合计";
        Note = "note", "表下的说明";
        Elsewhere = "elsewhere", "内容都在没有读取的列";
    }
}

/// The parts of a sheet that a spreadsheet program does not show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    pub sheet: bool,
    /// Rows with content.
    pub rows: usize,
    /// Columns with content, as `C`, `E～G`.
    pub columns: Vec<String>,
    /// Rows are hidden by a filter.
    pub filtered: bool,
}

impl Hidden {
    /// In words; `None` where all is shown.
    pub fn words(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.sheet {
            parts.push("工作表是隐藏的".to_owned());
        }
        if self.rows > 0 {
            let by = if self.filtered { "（有筛选）" } else { "" };
            parts.push(format!("{}行是隐藏的{by}", self.rows));
        }
        if !self.columns.is_empty() {
            parts.push(format!("{}列是隐藏的", self.columns.join("、")));
        }
        (!parts.is_empty()).then(|| parts.join("，"))
    }
}

/// Why nothing could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("文件是空的")]
    Empty,
    #[error("文件是旧版 Excel 格式（.xls 或 .et）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传")]
    LegacyFormat,
    #[error("文件是文本或 CSV，不是 Excel 工作簿。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传")]
    PlainText,
    #[error("文件设有打开密码。请取消密码后再上传")]
    Encrypted,
    #[error("文件不是 .xlsx 工作簿。请用 Excel 或 WPS 另存为 .xlsx 后再上传")]
    NotWorkbook,
    #[error("文件已损坏，无法读取。请用 Excel 或 WPS 打开并重新保存后再上传")]
    Broken(String),
    #[error("文件解压后过大（{part}约{megabytes}MB，上限{limit}MB），为安全起见不予读取")]
    TooLarge { part: String, megabytes: u64, limit: u64 },
    #[error("文件内含{found}个部件，上限{limit}个，为安全起见不予读取")]
    TooManyParts { found: usize, limit: usize },
    #[error("文件压缩比异常（{part}为{ratio}倍，上限{limit}倍），为安全起见不予读取")]
    Ratio { part: String, ratio: u64, limit: u64 },
    #[error("工作表“{sheet}”超过{limit}行。请拆分后分批上传")]
    TooManyRows { sheet: String, limit: usize },
    #[error("工作表“{sheet}”内容过多，无法读取。请删去无关内容或拆分后分批上传")]
    TooMuch { sheet: String },
    #[error("工作簿有{found}个工作表，上限{limit}个。请只保留需要导入的工作表")]
    TooManySheets { found: usize, limit: usize },
    #[error("没有找到可读取的工作表。需要的表头：{}。文件中找到：{}", wanted.join("、"), found.join("；"))]
    NoTable { wanted: Vec<String>, found: Vec<String> },
}

/// `C12` for row 11, column 2, both counted from 0.
pub fn cell_name(row: u32, column: u16) -> String {
    format!("{}{}", column_name(column), row + 1)
}

pub fn column_name(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

const LONGEST_VALUE: usize = 40;

/// Cut to a length that fits a table of problems.
pub fn shorten(text: &str) -> String {
    let text = domain::text::normalise(text);
    if text.chars().count() <= LONGEST_VALUE {
        return text;
    }
    text.chars().take(LONGEST_VALUE).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_excel_does() {
        assert_eq!(cell_name(11, 2), "C12");
        assert_eq!(cell_name(0, 25), "Z1");
        assert_eq!(cell_name(0, 26), "AA1");
        assert_eq!(cell_name(0, 16383), "XFD1");
    }
}
