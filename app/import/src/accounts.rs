//! 账号: the sheet 账号, one account a row.

use crate::cell::Value;
use crate::header::Need::{Optional, Required};
use crate::header::{Column, Table};
use crate::record::{Found, Record, ignored};
use crate::report::{Located, Parsed, SheetKind, Told, Unreadable};
use crate::template::{self, Sheet, build};
use crate::{header, workbook};
use domain::text::name_key;
use std::collections::HashMap;

/// One account as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    pub login: String,
    pub name: String,
    /// In clear: for the caller to hash, never to keep.
    pub password: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Login,
    Name,
    Password,
    Unit,
}

static ACCOUNTS: Table<Field> = Table {
    kind: SheetKind::Accounts,
    minimum: 3,
    evidence: 3,
    columns: &[
        Column {
            field: Field::Login,
            name: "登录名",
            need: Required,
            aliases: &["账号", "用户名", "登录账号", "帐号"],
            within: &["登录名", "用户名"],
            never: &["密码"],
        },
        Column {
            field: Field::Name,
            name: "姓名",
            need: Required,
            aliases: &["名字", "使用人", "人员姓名"],
            within: &["姓名"],
            never: &["登录"],
        },
        Column {
            field: Field::Password,
            name: "初始密码",
            need: Required,
            aliases: &["密码", "口令", "初始口令"],
            within: &["密码", "口令"],
            never: &[],
        },
        // Read by nobody, but no surprise either: lists of staff have it.
        Column {
            field: Field::Unit,
            name: "单位",
            need: Optional,
            aliases: &["部门", "工作单位", "所在单位"],
            within: &[],
            never: &[],
        },
    ],
};

/// Reads 账号. Problems never show a password.
///
/// # Errors
/// The file is no workbook, is too large, or has no sheet with the columns of 账号.
pub fn read(bytes: &[u8]) -> Result<Parsed<AccountRow>, Unreadable> {
    let grids = workbook::open(bytes)?;
    let found: Vec<_> = grids.iter().filter_map(|grid| Found::look(&ACCOUNTS, grid)).collect();
    if found.is_empty() {
        return Err(Unreadable::NoTable {
            wanted: ACCOUNTS.required_names(),
            found: grids.iter().map(header::fullest_row).collect(),
        });
    }
    let (mut told, mut seen, mut rows) = (Told::default(), Vec::new(), Vec::new());
    let mut logins: HashMap<String, (String, u32)> = HashMap::new();
    for sheet in &found {
        for row in sheet.rows(&[], &mut told, &mut seen)?.unwrap_or_default() {
            let mut record = sheet.record(row);
            let account = read_account(&mut record);
            let (name, number) = (sheet.grid.name.clone(), record.row_number());
            if let Some(account) = &account
                && let Some((first, at)) = logins.insert(name_key(&account.login), (name.clone(), number))
            {
                record.fail(Field::Login, format!("登录名与工作表“{first}”第{at}行重复"));
            }
            let clean = record.is_clean();
            told.extend(record.finish());
            rows.extend(account.filter(|_| clean).map(|value| Located { sheet: name, row: number, value }));
        }
    }
    seen.extend(grids.iter().filter(|grid| !found.iter().any(|f| f.grid.name == grid.name)).map(ignored));
    Ok(Parsed { rows, problems: told.problems, notes: told.notes, seen })
}

fn read_account(record: &mut Record<'_, '_, Field>) -> Option<AccountRow> {
    let login = record.required_code(Field::Login);
    let name = record.required_text(Field::Name);
    let password = read_password(record);
    record.is_clean().then_some(())?;
    Some(AccountRow { login: login?, name: name?, password: password? })
}

/// A password is what was typed: nothing of it is folded, so it may hold only what every keyboard types alike.
fn read_password(record: &mut Record<'_, '_, Field>) -> Option<String> {
    let hidden = || "（已隐去）".to_owned();
    match record.value(Field::Password) {
        Some(Value::Text(text)) if text.trim().chars().all(|c| c.is_ascii_graphic()) && !text.trim().is_empty() => {
            Some(text.trim().to_owned())
        }
        None => {
            record.fail(Field::Password, "必填，不能为空");
            None
        }
        Some(Value::Text(_)) => {
            record.fail_with(Field::Password, hidden(), "初始密码只用英文字母、数字和英文符号，中间没有空格");
            None
        }
        Some(_) => {
            record.fail_with(Field::Password, hidden(), "不是文本。请把该列设为“文本”格式，再重新填写");
            None
        }
    }
}

/// The empty 账号 workbook to fill in.
pub fn template() -> Vec<u8> {
    build(
        &[Sheet {
            name: "账号",
            title: "开通账号",
            columns: vec![
                template::Column::new("*登录名", 20, "zhangsan", "3至32位字母、数字、点、横线或下划线。"),
                template::Column::new("*姓名", 14, "示例甲", "使用人的姓名。"),
                template::Column::new(
                    "*初始密码",
                    24,
                    "Shili-9537!",
                    "至少10位，含三类字符，不含登录名；本人首次登录时必须修改。",
                ),
            ],
        }],
        &[
            "1. 每人一行，每人的初始密码应各不相同；灰色斜体的示例行不读。",
            "2. 全部开通，或一个也不开通。开通后由安全管理员在“授权”中授予角色。",
            "3. 专家不在此开通：由“专家账号”的邀请链接开通。",
            "4. 开通后请删除本文件。",
        ],
    )
}
