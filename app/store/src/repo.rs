//! Repositories: one file per aggregate. Rows become types of `domain` here and nowhere else.

pub mod account;
pub mod application;
pub mod approach;
pub mod attempt;
pub mod audit;
pub mod browser_session;
pub mod conflict;
pub mod consent;
pub mod draw;
pub mod expert;
pub mod finding;
pub mod import;
pub mod invitation;
pub mod judgement;
pub mod panel;
pub mod personal;
pub mod programme;
pub mod renewal;
pub mod round;
pub mod run;
pub mod scoring;
pub mod second_factor;
pub mod security_key;

use crate::Result;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Rows per INSERT: SQLite allows 32,766 bound values in one statement, PostgreSQL 65,535.
const CHUNK: usize = 500;

/// Inserts many rows in few statements.
async fn insert_all<A>(tx: &DatabaseTransaction, rows: Vec<A>) -> Result<()>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<A> = rows.by_ref().take(CHUNK).collect();
        A::Entity::insert_many(chunk).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Whether a column holds what people typed, literally and without regard to case: `%`, `_` and `\` stand for themselves. LIKE minds case on
/// PostgreSQL and not on SQLite, so both sides are lowered.
fn holds(column: impl ColumnTrait, search: &str) -> SimpleExpr {
    let mut text = String::from("%");
    for c in search.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('%');
    Expr::expr(Func::lower(column.into_expr())).like(LikeExpr::new(text).escape('\\'))
}

/// Rows of a list inside an aggregate have no identity of their own: their id follows from the owner and the place.
fn child_id(owner: uuid::Uuid, list: &str, seq: i32) -> uuid::Uuid {
    uuid::Uuid::new_v5(&owner, format!("{list}/{seq}").as_bytes())
}
