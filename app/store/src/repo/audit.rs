//! The audit table: rows are added, never changed.

use crate::Result;
use crate::corrupt::code;
use crate::entity::audit;
use domain::Timestamp;
use domain::access::Role;
use domain::ids::{AccountId, RoundId};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};

pub struct Audit<'a, C>(pub(crate) &'a C);

/// 审计记录
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub id: uuid::Uuid,
    pub at: Timestamp,
    pub account: Option<AccountId>,
    pub actor: String,
    pub role: Option<Role>,
    pub action: String,
    pub object: String,
    pub object_id: Option<uuid::Uuid>,
    pub round: Option<RoundId>,
    pub detail: String,
}

/// `%`, `_` and `\` in what people type stand for themselves. LIKE minds case on PostgreSQL and not on SQLite, so both
/// sides are lowered.
fn pattern(search: &str) -> LikeExpr {
    let mut text = String::from("%");
    for c in search.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('%');
    LikeExpr::new(text).escape('\\')
}

impl<C: ConnectionTrait> Audit<'_, C> {
    /// One page, newest first, with the number of all matching rows. `search` looks in actor, action and detail, literally
    /// and without regard to case.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn page(&self, search: &str, page: u64, size: u64) -> Result<(Vec<AuditRow>, u64)> {
        let mut query = audit::Entity::find().order_by_desc(audit::Column::At).order_by_desc(audit::Column::Id);
        if !search.is_empty() {
            let holds = |column: audit::Column| Expr::expr(Func::lower(column.into_expr())).like(pattern(search));
            query = query.filter(
                Condition::any()
                    .add(holds(audit::Column::Actor))
                    .add(holds(audit::Column::Action))
                    .add(holds(audit::Column::Detail)),
            );
        }
        let pages = query.paginate(self.0, size);
        let total = pages.num_items().await?;
        let read = |row: audit::Model| {
            Ok(AuditRow {
                id: row.id,
                at: row.at,
                account: row.account_id.map(AccountId),
                actor: row.actor,
                role: if row.role.is_empty() { None } else { Some(code(&row.role)?) },
                action: row.action,
                object: row.object,
                object_id: row.object_id,
                round: row.round_id.map(RoundId),
                detail: row.detail,
            })
        };
        Ok((pages.fetch_page(page).await?.into_iter().map(read).collect::<Result<_>>()?, total))
    }
}

impl Audit<'_, DatabaseTransaction> {
    /// # Errors
    /// The database refuses the row.
    pub async fn record(&self, row: AuditRow) -> Result<()> {
        let row = audit::Model {
            id: row.id,
            at: row.at,
            account_id: row.account.map(|a| a.0),
            actor: row.actor,
            role: row.role.map_or("", Role::key).to_owned(),
            action: row.action,
            object: row.object,
            object_id: row.object_id,
            round_id: row.round.map(|r| r.0),
            detail: row.detail,
        };
        audit::Entity::insert(row.into_active_model()).exec_without_returning(self.0).await?;
        Ok(())
    }
}
