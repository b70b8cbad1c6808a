//! Batches and tasks.

use crate::corrupt::code;
use crate::entity::{batch, indicator, task};
use crate::scope::published;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::application::{Batch, Indicator, Task};
use domain::ids::{BatchId, IndicatorId, TaskId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use std::collections::HashMap;

pub struct Programme<'a, C>(pub(crate) Within<'a, C>);

fn read_batch(row: batch::Model) -> Batch {
    Batch { id: BatchId(row.id), year: row.year, seq: row.seq, title: row.title, basis: row.basis }
}

fn read_indicator(row: indicator::Model) -> Result<Indicator> {
    Ok(Indicator {
        id: IndicatorId(row.id),
        kind: code(&row.kind)?,
        name: row.name,
        unit: row.unit,
        direction: code(&row.direction)?,
        target: row.target,
        weighting: code(&row.weighting)?,
    })
}

fn read_task(row: task::Model, indicators: Vec<Indicator>) -> Result<Task> {
    Ok(Task {
        id: TaskId(row.id),
        batch: BatchId(row.batch_id),
        code: row.code,
        title: row.title,
        category: code(&row.category)?,
        sector: code(&row.sector)?,
        content: row.content,
        deadline: row.deadline,
        indicators,
    })
}

impl<C: ConnectionTrait> Programme<'_, C> {
    /// Newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn batches(&self) -> Result<Vec<Batch>> {
        let query = self
            .0
            .find::<batch::Entity>(published())
            .order_by_desc(batch::Column::Year)
            .order_by_desc(batch::Column::Seq);
        Ok(query.all().await?.into_iter().map(read_batch).collect())
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn batch(&self, id: BatchId) -> Result<Batch> {
        Ok(read_batch(
            self.0
                .find::<batch::Entity>(published())
                .filter(batch::Column::Id.eq(id.0))
                .one()
                .await?
                .ok_or(StoreError::NotFound)?,
        ))
    }

    /// The tasks of a batch with their indicators, by code.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn tasks(&self, batch: BatchId) -> Result<Vec<Task>> {
        let tasks = self
            .0
            .find::<task::Entity>(published())
            .filter(task::Column::BatchId.eq(batch.0))
            .order_by_asc(task::Column::Code)
            .all()
            .await?;
        let of_batch = sea_orm::sea_query::Query::select()
            .column(task::Column::Id)
            .from(task::Entity)
            .and_where(task::Column::BatchId.eq(batch.0))
            .to_owned();
        let rows = self
            .0
            .find::<indicator::Entity>(published())
            .filter(indicator::Column::TaskId.in_subquery(of_batch))
            .order_by_asc(indicator::Column::Seq)
            .all()
            .await?;
        let mut indicators: HashMap<_, Vec<Indicator>> = HashMap::new();
        for row in rows {
            indicators.entry(row.task_id).or_default().push(read_indicator(row)?);
        }
        tasks
            .into_iter()
            .map(|row| {
                let own = indicators.remove(&row.id).unwrap_or_default();
                read_task(row, own)
            })
            .collect()
    }

    /// One task with its indicators.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn task(&self, id: TaskId) -> Result<Task> {
        let row = self
            .0
            .find::<task::Entity>(published())
            .filter(task::Column::Id.eq(id.0))
            .one()
            .await?
            .ok_or(StoreError::NotFound)?;
        let indicators = self
            .0
            .find::<indicator::Entity>(published())
            .filter(indicator::Column::TaskId.eq(id.0))
            .order_by_asc(indicator::Column::Seq)
            .all()
            .await?;
        read_task(row, indicators.into_iter().map(read_indicator).collect::<Result<_>>()?)
    }
}

impl Programme<'_, DatabaseTransaction> {
    /// # Errors
    /// `Duplicate` if year and number are taken.
    pub async fn insert_batch(&self, new: Batch) -> Result<()> {
        let row = batch::Model { id: new.id.0, year: new.year, seq: new.seq, title: new.title, basis: new.basis };
        batch::Entity::insert(row.into_active_model()).exec_without_returning(self.0.writing(Owner::Review)?).await?;
        Ok(())
    }

    /// # Errors
    /// `Duplicate` if a task code is taken in its batch.
    pub async fn insert_tasks(&self, tasks: Vec<Task>) -> Result<()> {
        let mut rows = Vec::new();
        let mut indicators = Vec::new();
        for t in tasks {
            for (seq, i) in (1..).zip(t.indicators) {
                indicators.push(
                    indicator::Model {
                        id: i.id.0,
                        task_id: t.id.0,
                        seq,
                        kind: i.kind.key().to_owned(),
                        name: i.name,
                        unit: i.unit,
                        direction: i.direction.key().to_owned(),
                        target: i.target,
                        weighting: i.weighting.key().to_owned(),
                    }
                    .into_active_model(),
                );
            }
            rows.push(
                task::Model {
                    id: t.id.0,
                    batch_id: t.batch.0,
                    code: t.code,
                    title: t.title,
                    category: t.category.key().to_owned(),
                    sector: t.sector.key().to_owned(),
                    content: t.content,
                    deadline: t.deadline,
                }
                .into_active_model(),
            );
        }
        super::insert_all(self.0.writing(Owner::Review)?, rows).await?;
        super::insert_all(self.0.writing(Owner::Review)?, indicators).await
    }
}
