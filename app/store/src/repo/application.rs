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
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
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

    /// The applications of a batch that are in no round, though the formal check has not rejected them, by code.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn outside_rounds_of(&self, batch: BatchId) -> Result<Vec<Application>> {
        let id = (application::Entity, application::Column::Id);
        let entered =
            Query::select().column(round_application::Column::ApplicationId).from(round_application::Entity).to_owned();
        self.load(
            Condition::all()
                .add(application::Column::BatchId.eq(batch.0))
                .add(application::Column::State.ne(ApplicationState::Rejected.key()))
                .add(Expr::col(id).not_in_subquery(entered)),
        )
        .await
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
        for application in applications {
            members.extend(member_rows(&application));
            people.extend(person_rows(&application));
            rows.push(row(application)?.into_active_model());
        }
        super::insert_all(self.0.writing(Owner::Review)?, rows).await?;
        super::insert_all(self.0.writing(Owner::Review)?, members).await?;
        super::insert_all(self.0.writing(Owner::Review)?, people).await
    }

    /// Replaces an application with its members and people.
    ///
    /// # Errors
    /// `NotFound` for an unknown id; `Duplicate` if it has two leads.
    pub async fn replace(&self, application: &Application) -> Result<()> {
        application_member::Entity::delete_many()
            .filter(application_member::Column::ApplicationId.eq(application.id.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        application_person::Entity::delete_many()
            .filter(application_person::Column::ApplicationId.eq(application.id.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        super::insert_all(self.0.writing(Owner::Review)?, member_rows(application).collect()).await?;
        super::insert_all(self.0.writing(Owner::Review)?, person_rows(application).collect()).await?;
        let change = row(application.clone())?.into_active_model().reset_all();
        application::Entity::update(change).exec(self.0.writing(Owner::Review)?).await.map_err(
            |error| match error {
                DbErr::RecordNotUpdated => StoreError::NotFound,
                other => other.into(),
            },
        )?;
        Ok(())
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

fn row(application: Application) -> Result<application::Model> {
    Ok(application::Model {
        id: application.id.0,
        batch_id: application.batch.0,
        task_id: application.task.0,
        code: application.code,
        title: application.title,
        form: application.form.key().to_owned(),
        recommender: application.recommender.key().to_owned(),
        investment: application.investment.0,
        committed_on: application.committed_on,
        state: application.state.key().to_owned(),
        state_reason: application.state_reason,
        sections: to_json(&application.sections)?,
    })
}

fn member_rows(application: &Application) -> impl Iterator<Item = application_member::ActiveModel> {
    (1..).zip(&application.members).map(|(seq, member)| {
        application_member::Model {
            id: super::child_id(application.id.0, "member", seq),
            application_id: application.id.0,
            seq,
            uscc: member.uscc.to_string(),
            name: member.name.clone(),
            kind: member.kind.key().to_owned(),
            role: member.role.key().to_owned(),
        }
        .into_active_model()
    })
}

fn person_rows(application: &Application) -> impl Iterator<Item = application_person::ActiveModel> {
    (1..).zip(&application.people).map(|(seq, person)| {
        application_person::Model {
            id: super::child_id(application.id.0, "person", seq),
            application_id: application.id.0,
            seq,
            name: person.name.clone(),
            unit: person.unit.clone(),
            duty: person.duty.clone(),
        }
        .into_active_model()
    })
}
