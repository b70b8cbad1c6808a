//! 专家邀请链接: who opens an account where, once.

use crate::table::{Table, to_xlsx as write};
use crate::{Cell, ExportError};
use domain::Timestamp;
use domain::beijing::minute;

#[derive(Debug, Clone)]
pub struct Invited {
    pub name: String,
    pub login: String,
    pub link: String,
}

/// Writes the links, which hold until a moment.
///
/// # Errors
/// More rows than a sheet holds.
pub fn to_xlsx(invited: &[Invited], until: Option<Timestamp>) -> Result<Vec<u8>, ExportError> {
    let until = until.map_or_else(String::new, |until| format!("，{}前有效", minute(until)));
    let row = |one: &Invited| vec![Cell::text(&one.name), Cell::text(&one.login), Cell::text(&one.link)];
    write(&Table {
        title: "专家邀请链接".to_owned(),
        lines: vec![format!("每个链接只能使用一次{until}；请逐一发给本人，由本人打开并设定密码。重新下载后旧链接作废")],
        headers: ["姓名", "登录名", "邀请链接"].map(str::to_owned).to_vec(),
        rows: invited.iter().map(row).collect(),
    })
}
