//! Applications with their members and people.

use crate::corrupt::{code, json, to_json, uscc};
use crate::entity::{application, application_member, application_person, round_application};
use crate::scope::of_filing;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::application::{Application, ApplicationState, Member, Person};
use domain::ids::{ApplicationId, BatchId, TaskId};
use domain::money::Fen;
use domain::people::ANONYMOUS;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use std::collections::{HashMap, HashSet};

pub struct Applications<'a, C>(pub(crate) Within<'a, C>);

fn selected(condition: Condition) -> SelectStatement {
    Query::select().column(application::Column::Id).from(application::Entity).cond_where(condition).to_owned()
}

impl<C: ConnectionTrait> Applications<'_, C> {
    /// All applications of a batch, by code.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of_batch(&self, batch: BatchId) -> Result<Vec<Application>> {
        self.load(Condition::all().add(application::Column::BatchId.eq(batch.0))).await
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn get(&self, id: ApplicationId) -> Result<Application> {
        let mut found = self.load(Condition::all().add(application::Column::Id.eq(id.0))).await?;
        found.pop().ok_or(StoreError::NotFound)
    }

    /// All applications the caller reaches, by code.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<Application>> {
        self.load(Condition::all()).await
    }

    /// Which applications the caller reaches.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn reached(&self) -> Result<HashSet<ApplicationId>> {
        let query =
            Query::select().column((application::Entity, application::Column::Id)).from(application::Entity).to_owned();
        let rows = self.0.select(of_filing((application::Entity, application::Column::Id)), query).await?;
        rows.into_iter().map(|row| Ok(ApplicationId(row.try_get_by_index(0)?))).collect()
    }

    /// How many applications of each batch are in no round, though the formal check has not rejected them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn outside_rounds(&self) -> Result<HashMap<BatchId, u64>> {
        let id = (application::Entity, application::Column::Id);
        let batch = (application::Entity, application::Column::BatchId);
        let entered =
            Query::select().column(round_application::Column::ApplicationId).from(round_application::Entity).to_owned();
        let query = Query::select()
            .column(batch)
            .expr(Expr::col(id).count())
            .from(application::Entity)
            .and_where(Expr::col(id).not_in_subquery(entered))
            .and_where(application::Column::State.ne(ApplicationState::Rejected.key()))
            .group_by_col(batch)
            .to_owned();
        let rows = self.0.select(of_filing(id), query).await?;
        let counted = |count: i64| u64::try_from(count).unwrap_or_default();
        rows.into_iter().map(|row| Ok((BatchId(row.try_get_by_index(0)?), counted(row.try_get_by_index(1)?)))).collect()
    }

    async fn load(&self, condition: Condition) -> Result<Vec<Application>> {
        let id = (application::Entity, application::Column::Id);
        let condition = condition.add(self.0.bound(of_filing(id)));
        let rows = self
            .0
            .find::<application::Entity>(of_filing(id))
            .filter(condition.clone())
            .order_by_asc(application::Column::Code)
            .all()
            .await?;
        let mut members: HashMap<_, Vec<Member>> = HashMap::new();
        let member_rows = self
            .0
            .find::<application_member::Entity>(of_filing(application_member::Column::ApplicationId))
            .filter(application_member::Column::ApplicationId.in_subquery(selected(condition.clone())))
            .order_by_asc(application_member::Column::Seq)
            .all()
            .await?;
        for row in member_rows {
            members.entry(row.application_id).or_default().push(Member {
                uscc: uscc(&row.uscc)?,
                name: row.name,
                kind: code(&row.kind)?,
                role: code(&row.role)?,
            });
        }
        let mut people: HashMap<_, Vec<Person>> = HashMap::new();
        let person_rows = self
            .0
            .find::<application_person::Entity>(of_filing(application_person::Column::ApplicationId))
            .filter(application_person::Column::ApplicationId.in_subquery(selected(condition)))
            .order_by_asc(application_person::Column::Seq)
            .all()
            .await?;
        for row in person_rows {
            let person = Person { name: row.name, unit: row.unit, duty: row.duty };
            people.entry(row.application_id).or_default().push(person);
        }
        let read = |row: application::Model| {
            Ok(Application {
                id: ApplicationId(row.id),
                batch: BatchId(row.batch_id),
                task: TaskId(row.task_id),
                code: row.code,
                title: row.title,
                form: code(&row.form)?,
                recommender: code(&row.recommender)?,
                investment: Fen(row.investment),
                committed_on: row.committed_on,
                state: code(&row.state)?,
                state_reason: row.state_reason,
                members: members.remove(&row.id).unwrap_or_default(),
                people: people.remove(&row.id).unwrap_or_default(),
                sections: json(&row.sections)?,
            })
        };
        rows.into_iter().map(read).collect()
    }
}

impl Applications<'_, DatabaseTransaction> {
    /// # Errors
    /// `Duplicate` if a code is taken in the batch or an application has two leads.
    pub async fn insert(&self, applications: Vec<Application>) -> Result<()> {
        let mut rows = Vec::new();
        let mut members = Vec::new();
        let mut people = Vec::new();
        for a in applications {
            for (seq, m) in (1..).zip(a.members) {
                members.push(
                    application_member::Model {
                        id: super::child_id(a.id.0, "member", seq),
                        application_id: a.id.0,
                        seq,
                        uscc: m.uscc.to_string(),
                        name: m.name,
                        kind: m.kind.key().to_owned(),
                        role: m.role.key().to_owned(),
                    }
                    .into_active_model(),
                );
            }
            for (seq, p) in (1..).zip(a.people) {
                people.push(
                    application_person::Model {
                        id: super::child_id(a.id.0, "person", seq),
                        application_id: a.id.0,
                        seq,
                        name: p.name,
                        unit: p.unit,
                        duty: p.duty,
                    }
                    .into_active_model(),
                );
            }
            rows.push(
                application::Model {
                    id: a.id.0,
                    batch_id: a.batch.0,
                    task_id: a.task.0,
                    code: a.code,
                    title: a.title,
                    form: a.form.key().to_owned(),
                    recommender: a.recommender.key().to_owned(),
                    investment: a.investment.0,
                    committed_on: a.committed_on,
                    state: a.state.key().to_owned(),
                    state_reason: a.state_reason,
                    sections: to_json(&a.sections)?,
                }
                .into_active_model(),
            );
        }
        super::insert_all(self.0.writing(Owner::Review)?, rows).await?;
        super::insert_all(self.0.writing(Owner::Review)?, members).await?;
        super::insert_all(self.0.writing(Owner::Review)?, people).await
    }

    /// Takes the names and duties from the people of an application; how many took part, and their units, stay.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn anonymise_people(&self, id: ApplicationId) -> Result<()> {
        application_person::Entity::update_many()
            .col_expr(application_person::Column::Name, Expr::value(ANONYMOUS))
            .col_expr(application_person::Column::Duty, Expr::value(""))
            .filter(application_person::Column::ApplicationId.eq(id.0))
            .exec(self.0.writing(Owner::Program)?)
            .await?;
        Ok(())
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn set_state(&self, id: ApplicationId, state: ApplicationState, reason: String) -> Result<()> {
        let change = application::ActiveModel {
            state: Set(state.key().to_owned()),
            state_reason: Set(reason),
            ..Default::default()
        };
        let query = application::Entity::update_many().set(change).filter(application::Column::Id.eq(id.0));
        if query.exec(self.0.writing(Owner::Review)?).await?.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }
}
