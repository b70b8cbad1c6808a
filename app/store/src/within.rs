//! A connection as one caller reaches it. It is private to this file: a repository comes by it only by naming which rows it reads, or
//! whose rows it writes.

use crate::revision::{Changes, Topic};
use crate::{Result, StoreError};
use domain::access::{Owner, Scope};
use sea_orm::sea_query::{Condition, Expr, SelectStatement};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, IdenStatic, Iterable, PaginatorTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, Select,
};

/// A connection with its caller's scope.
pub struct Within<'a, C> {
    connection: &'a C,
    scope: Scope,
    /// Where a transaction notes what it changes.
    changes: Option<&'a Changes>,
    /// The topic of the rows reached here, unless nothing of theirs is kept.
    topic: Option<Topic>,
}

/// Selects the columns of a table under names that begin with `prefix`, for a statement over several tables.
pub fn columns<E: EntityTrait>(statement: &mut SelectStatement, prefix: &str) {
    for column in E::Column::iter() {
        let name = format!("{prefix}{}", column.as_str());
        statement.expr_as(Expr::col((E::default(), column)), name);
    }
}

/// A query that a rule already bounds. Whatever is added only narrows it.
pub struct Bounded<'a, C, E: EntityTrait> {
    connection: &'a C,
    select: Select<E>,
}

impl<'a, C: ConnectionTrait> Within<'a, C> {
    pub const fn new(connection: &'a C, scope: Scope, changes: Option<&'a Changes>) -> Self {
        Self { connection, scope, changes, topic: None }
    }

    /// Whatever is written changes this topic.
    pub const fn about(self, topic: Topic) -> Self {
        Self { topic: Some(topic), ..self }
    }

    /// The same connection once more.
    pub const fn again(&self) -> Within<'a, C> {
        Within { connection: self.connection, scope: self.scope, changes: self.changes, topic: self.topic }
    }

    /// The rows of a table that `rule` leaves the caller.
    pub fn find<E: EntityTrait>(&self, rule: impl FnOnce(Scope) -> Condition) -> Bounded<'a, C, E> {
        Bounded { connection: self.connection, select: E::find().filter(rule(self.scope)) }
    }

    /// The rows of a statement over several tables that `rule` leaves the caller.
    pub async fn select(
        &self,
        rule: impl FnOnce(Scope) -> Condition,
        mut statement: SelectStatement,
    ) -> Result<Vec<QueryResult>> {
        Ok(self.connection.query_all(statement.cond_where(rule(self.scope))).await?)
    }

    /// The rows that a rule leaves the caller, for a query within a query.
    pub fn bound(&self, rule: impl FnOnce(Scope) -> Condition) -> Condition {
        rule(self.scope)
    }
}

impl<'a> Within<'a, DatabaseTransaction> {
    /// The transaction, to write what belongs to `owner`.
    ///
    /// # Errors
    /// `OutOfScope` unless the caller may.
    pub fn writing(&self, owner: Owner) -> Result<&'a DatabaseTransaction> {
        if !self.scope.may_write(owner) {
            return Err(StoreError::OutOfScope);
        }
        if !matches!(owner, Owner::Expert(_)) {
            self.changing();
            if let (Some(changes), Some(topic)) = (self.changes, self.topic) {
                changes.note_unrecorded(topic);
            }
        }
        Ok(self.connection)
    }

    /// Notes that what is written changes the topic.
    pub fn changing(&self) {
        if let (Some(changes), Some(topic)) = (self.changes, self.topic) {
            changes.note(topic);
        }
    }

    /// The transaction, to write several rows.
    ///
    /// # Errors
    /// `OutOfScope` unless the caller may write every one.
    pub fn writing_all(&self, owners: impl IntoIterator<Item = Owner>) -> Result<&'a DatabaseTransaction> {
        owners.into_iter().try_for_each(|owner| self.writing(owner).map(drop))?;
        Ok(self.connection)
    }

    /// The transaction, to write what everybody leaves behind and nobody owns: the audit, and counts of failed attempts.
    pub const fn leaving_traces(&self) -> &'a DatabaseTransaction {
        self.connection
    }
}

impl<C: ConnectionTrait, E: EntityTrait> Bounded<'_, C, E>
where
    E::Model: Send + Sync,
{
    pub async fn all(self) -> Result<Vec<E::Model>> {
        Ok(self.select.all(self.connection).await?)
    }

    pub async fn one(self) -> Result<Option<E::Model>> {
        Ok(self.select.one(self.connection).await?)
    }

    pub async fn count(self) -> Result<u64> {
        Ok(self.select.count(self.connection).await?)
    }

    /// One page, counted from 0, and the number of all rows.
    pub async fn page(self, page: u64, size: u64) -> Result<(Vec<E::Model>, u64)> {
        let pages = self.select.paginate(self.connection, size);
        let total = pages.num_items().await?;
        Ok((pages.fetch_page(page).await?, total))
    }
}

impl<C, E: EntityTrait> QueryFilter for Bounded<'_, C, E> {
    type QueryStatement = SelectStatement;

    fn query(&mut self) -> &mut SelectStatement {
        QueryFilter::query(&mut self.select)
    }
}

impl<C, E: EntityTrait> QueryOrder for Bounded<'_, C, E> {
    type QueryStatement = SelectStatement;

    fn query(&mut self) -> &mut SelectStatement {
        QueryOrder::query(&mut self.select)
    }
}

impl<C, E: EntityTrait> QuerySelect for Bounded<'_, C, E> {
    type QueryStatement = SelectStatement;

    fn query(&mut self) -> &mut SelectStatement {
        QuerySelect::query(&mut self.select)
    }
}
