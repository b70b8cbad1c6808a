//! Server functions of the pages of a round.

#![expect(clippy::too_many_arguments, reason = "a server function takes one argument per field of its form")]

use crate::answer::{Beside, answer, done};
use crate::consent::waiting;
use crate::request::{coded, context, decimal, id, number};
use crate::routes::{Round, of_round};
use domain::round::{Step, Terms};
use leptos::prelude::*;
use service::consent::Acted;
use service::round;
use std::collections::BTreeMap;

/// 进入下一步
#[server(endpoint = "advance_round")]
pub async fn advance_round(round: String, from: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::overview);
    answer(&back, async {
        let ctx = context()?;
        let from: Step = coded(&from, "步骤").beside("from")?;
        match round::advance(&ctx, id(&round)?, from).await? {
            Acted::Done(now) => done(&back, format!("已进入“{now}”")),
            Acted::Waiting(needs) => waiting(&round, needs),
        }
    })
    .await
}

/// 修改评审办法
#[server(endpoint = "set_terms")]
pub async fn set_terms(
    round: String,
    method: String,
    trim_from: String,
    trimming: String,
    quota: String,
    scope: String,
    pass_mark: String,
    min_sheets: String,
    basis: String,
) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::terms);
    answer(&back, async {
        let ctx = context()?;
        let terms = Terms {
            method: coded(&method, "校准方法").beside("method")?,
            trim_from: number(&trim_from, "去极值起始份数").beside("trim_from")?,
            trimming: coded(&trimming, "去极值的对象").beside("trimming")?,
            quota: number(&quota, "名额").beside("quota")?,
            scope: coded(&scope, "名额范围").beside("scope")?,
            pass_mark: decimal(&pass_mark, "合格线").beside("pass_mark")?,
            min_sheets: number(&min_sheets, "最少有效评分表").beside("min_sheets")?,
            basis: domain::text::normalise(&basis),
        };
        let fallen = round::set_terms(&ctx, id(&round)?, terms).await?;
        done(&back, saved("评审办法", fallen))
    })
    .await
}

/// 修改评分细则: `full.A1` is the points of criterion A1.
#[server(endpoint = "set_rubric")]
pub async fn set_rubric(
    round: String,
    rubric_basis: String,
    #[server(flatten)] full: BTreeMap<String, String>,
) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::terms);
    answer(&back, async {
        let ctx = context()?;
        let mut changes = Vec::new();
        for (key, text) in &full {
            if let Some(code) = key.strip_prefix("full.") {
                changes.push((code.to_owned(), decimal(text, code).beside(key)?));
            }
        }
        let fallen = round::set_rubric(&ctx, id(&round)?, &rubric_basis, &changes).await?;
        done(&back, saved("评分细则", fallen))
    })
    .await
}

fn saved(what: &str, fallen: usize) -> String {
    match fallen {
        0 => format!("{what}已保存"),
        n => format!("{what}已保存；已有{n}个部门的会签作废，须重新会签"),
    }
}
