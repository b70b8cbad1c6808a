//! The audit table: rows are added, never changed. The database itself refuses to change or remove one.

use crate::Result;
use crate::corrupt::code;
use crate::entity::audit;
use crate::scope::{of_audit, of_own_account, traces};
use crate::within::Within;
use domain::Timestamp;
use domain::access::Role;
use domain::audit::{AuditRow, Link};
use domain::ids::{AccountId, RoundId};
use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

/// Rows that a search must not find.
#[derive(Debug, Clone, Default)]
pub struct Withheld {
    pub actors: Vec<String>,
    pub actions: Vec<String>,
}

pub struct Audit<'a, C>(pub(crate) Within<'a, C>);

impl<C: ConnectionTrait> Audit<'_, C> {
    /// One page, newest first, with the number of all matching rows. `search` looks in actor, action and detail, literally
    /// and without regard to case.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn page(&self, search: &str, page: u64, size: u64) -> Result<(Vec<AuditRow>, u64)> {
        self.page_without(search, &Withheld::default(), page, size).await
    }

    /// The same without rows that must not be found by what they say.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn page_without(
        &self,
        search: &str,
        withheld: &Withheld,
        page: u64,
        size: u64,
    ) -> Result<(Vec<AuditRow>, u64)> {
        let mut query = self.0.find::<audit::Entity>(of_audit()).order_by_desc(audit::Column::Seq);
        if !search.is_empty() {
            let holds = |column: audit::Column| super::holds(column, search);
            query = query.filter(
                Condition::any()
                    .add(holds(audit::Column::Actor))
                    .add(holds(audit::Column::Action))
                    .add(holds(audit::Column::Detail)),
            );
        }
        if !withheld.actors.is_empty() {
            query = query.filter(audit::Column::Actor.is_not_in(&withheld.actors));
        }
        if !withheld.actions.is_empty() {
            query = query.filter(audit::Column::Action.is_not_in(&withheld.actions));
        }
        let (rows, total) = query.page(page, size).await?;
        Ok((rows.into_iter().map(read).collect::<Result<_>>()?, total))
    }

    /// The acts of an account on an object since a moment, the oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn recent(
        &self,
        account: AccountId,
        action: &str,
        object: uuid::Uuid,
        since: Timestamp,
    ) -> Result<Vec<AuditRow>> {
        let query = self
            .0
            .find::<audit::Entity>(of_own_account(audit::Column::AccountId))
            .filter(audit::Column::At.gt(since))
            .filter(audit::Column::ObjectId.eq(object))
            .filter(audit::Column::AccountId.eq(account.0))
            .filter(audit::Column::Action.eq(action))
            .order_by_asc(audit::Column::Seq);
        query.all().await?.into_iter().map(read).collect()
    }

    /// The last row's place, if there is a row.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn tail(&self) -> Result<Option<Link>> {
        let row = self.0.find::<audit::Entity>(traces()).order_by_desc(audit::Column::Seq).one().await?;
        Ok(row.map(|row| Link { seq: row.seq, previous: row.previous, hash: row.hash }))
    }

    /// The rows of an action, in the order of the chain.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of_action(&self, action: &str) -> Result<Vec<AuditRow>> {
        let query = self.0.find::<audit::Entity>(of_audit()).filter(audit::Column::Action.eq(action));
        query.order_by_asc(audit::Column::Seq).all().await?.into_iter().map(read).collect()
    }

    /// The numbers of rows that stand before the first of the chain, where none belongs.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn before_the_first(&self) -> Result<Vec<i64>> {
        let query = self.0.find::<audit::Entity>(of_audit()).filter(audit::Column::Seq.lt(1));
        Ok(query.order_by_asc(audit::Column::Seq).all().await?.into_iter().map(|row| row.seq).collect())
    }

    /// Up to `most` rows whose number is greater than `after`, in the order of the chain.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn following(&self, after: i64, most: u64) -> Result<Vec<AuditRow>> {
        let query = self
            .0
            .find::<audit::Entity>(of_audit())
            .filter(audit::Column::Seq.gt(after))
            .order_by_asc(audit::Column::Seq);
        query.limit(most).all().await?.into_iter().map(read).collect()
    }

    /// The last row that carries the digests of what a round rests on.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn last_imprinted(&self, round: RoundId) -> Result<Option<AuditRow>> {
        let query = self
            .0
            .find::<audit::Entity>(of_audit())
            .filter(audit::Column::RoundId.eq(round.0))
            .filter(audit::Column::Imprints.is_not_null())
            .order_by_desc(audit::Column::Seq);
        query.one().await?.map(read).transpose()
    }

    /// The last row of every object of a kind in a round that tells how it was left.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn last_changes(&self, round: RoundId, object: &str) -> Result<Vec<AuditRow>> {
        let last = Query::select()
            .expr(audit::Column::Seq.into_expr().max())
            .from(audit::Entity)
            .and_where(audit::Column::RoundId.eq(round.0))
            .and_where(audit::Column::Object.eq(object))
            .and_where(audit::Column::After.is_not_null())
            .group_by_col(audit::Column::ObjectId)
            .to_owned();
        let query = self.0.find::<audit::Entity>(of_audit()).filter(audit::Column::Seq.in_subquery(last));
        query.all().await?.into_iter().map(read).collect()
    }

    /// The last row of all that were written before `moment`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn last_before(&self, moment: Timestamp) -> Result<Option<AuditRow>> {
        let query = self
            .0
            .find::<audit::Entity>(of_audit())
            .filter(audit::Column::At.lt(moment))
            .order_by_desc(audit::Column::Seq);
        query.one().await?.map(read).transpose()
    }
}

fn read(row: audit::Model) -> Result<AuditRow> {
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
        address: row.address,
        result: code(&row.result)?,
        before: row.before,
        after: row.after,
        imprints: row.imprints,
        link: Link { seq: row.seq, previous: row.previous, hash: row.hash },
    })
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
            seq: row.link.seq,
            address: row.address,
            result: row.result.key().to_owned(),
            before: row.before,
            after: row.after,
            imprints: row.imprints,
            previous: row.link.previous,
            hash: row.link.hash,
        };
        audit::Entity::insert(row.into_active_model()).exec_without_returning(self.0.leaving_traces()).await?;
        Ok(())
    }
}
