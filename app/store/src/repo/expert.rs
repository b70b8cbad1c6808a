//! Experts with their ties, affiliations of units, and supervising authorities.

use crate::corrupt::{code, json, to_json, uscc};
use crate::entity::{affiliation, authority, expert, expert_tie};
use crate::scope::{of_expert, of_staff};
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::conflict::Surroundings;
use domain::expert::{Expert, Tie};
use domain::identity::Authorities;
use domain::ids::ExpertId;
use domain::uscc::Uscc;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use std::collections::HashMap;

pub struct Experts<'a, C>(pub(crate) Within<'a, C>);

fn read_tie(row: expert_tie::Model) -> Result<Tie> {
    Ok(Tie {
        kind: code(&row.kind)?,
        uscc: row.uscc.as_deref().map(uscc).transpose()?,
        unit: row.unit,
        position: row.position,
        since: row.since,
        until: row.until,
    })
}

fn read(row: expert::Model, ties: Vec<Tie>) -> Result<Expert> {
    Ok(Expert {
        id: ExpertId(row.id),
        code: row.code,
        name: row.name,
        source: code(&row.source)?,
        role: code(&row.role)?,
        sectors: row.sectors.split('|').filter(|s| !s.is_empty()).map(code).collect::<Result<_>>()?,
        specialities: row.specialities,
        disciplines: json(&row.disciplines)?,
        title: row.title,
        employer: row.employer,
        employer_uscc: row.employer_uscc.as_deref().map(uscc).transpose()?,
        region: row.region,
        standing: code(&row.standing)?,
        ties,
    })
}

fn row(expert: Expert) -> Result<expert::Model> {
    let sectors: Vec<_> = expert.sectors.iter().map(|s| s.key()).collect();
    Ok(expert::Model {
        id: expert.id.0,
        code: expert.code,
        name: expert.name,
        source: expert.source.key().to_owned(),
        role: expert.role.key().to_owned(),
        sectors: sectors.join("|"),
        specialities: expert.specialities,
        disciplines: to_json(&expert.disciplines)?,
        title: expert.title,
        employer: expert.employer,
        employer_uscc: expert.employer_uscc.map(String::from),
        region: expert.region,
        standing: expert.standing.key().to_owned(),
    })
}

fn tie_rows(expert: &Expert) -> Vec<expert_tie::Model> {
    let row = |(seq, tie): (i32, &Tie)| expert_tie::Model {
        id: super::child_id(expert.id.0, "tie", seq),
        expert_id: expert.id.0,
        seq,
        kind: tie.kind.key().to_owned(),
        uscc: tie.uscc.clone().map(String::from),
        unit: tie.unit.clone(),
        position: tie.position.clone(),
        since: tie.since,
        until: tie.until,
    };
    (1..).zip(&expert.ties).map(row).collect()
}

impl<C: ConnectionTrait> Experts<'_, C> {
    /// The whole pool with its ties, by code.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<Expert>> {
        let mut ties: HashMap<_, Vec<Tie>> = HashMap::new();
        let rows = self
            .0
            .find::<expert_tie::Entity>(of_expert(expert_tie::Column::ExpertId))
            .order_by_asc(expert_tie::Column::Seq)
            .all()
            .await?;
        for row in rows {
            ties.entry(row.expert_id).or_default().push(read_tie(row)?);
        }
        let rows = self
            .0
            .find::<expert::Entity>(of_expert(expert::Column::Id))
            .order_by_asc(expert::Column::Code)
            .all()
            .await?;
        rows.into_iter()
            .map(|row| {
                let own = ties.remove(&row.id).unwrap_or_default();
                read(row, own)
            })
            .collect()
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn get(&self, id: ExpertId) -> Result<Expert> {
        let row = self
            .0
            .find::<expert::Entity>(of_expert(expert::Column::Id))
            .filter(expert::Column::Id.eq(id.0))
            .one()
            .await?
            .ok_or(StoreError::NotFound)?;
        let ties = self
            .0
            .find::<expert_tie::Entity>(of_expert(expert_tie::Column::ExpertId))
            .filter(expert_tie::Column::ExpertId.eq(id.0))
            .order_by_asc(expert_tie::Column::Seq)
            .all()
            .await?;
        read(row, ties.into_iter().map(read_tie).collect::<Result<_>>()?)
    }

    /// Codes in use, to find doubles before an import.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn codes(&self) -> Result<HashMap<String, ExpertId>> {
        let rows = self.0.find::<expert::Entity>(of_expert(expert::Column::Id)).all().await?;
        Ok(rows.into_iter().map(|row| (row.code, ExpertId(row.id))).collect())
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn count(&self) -> Result<u64> {
        self.0.find::<expert::Entity>(of_expert(expert::Column::Id)).count().await
    }

    /// Affiliated units and supervising authorities, built in and registered, as the recusal rules use them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn surroundings(&self) -> Result<Surroundings> {
        let affiliates = self.0.find::<affiliation::Entity>(of_staff()).all().await?;
        let authorities = self.0.find::<authority::Entity>(of_staff()).all().await?;
        Ok(Surroundings {
            affiliates: affiliates
                .into_iter()
                .map(|row| Ok((uscc(&row.parent)?, uscc(&row.child)?)))
                .collect::<Result<_>>()?,
            authorities: Authorities::new(
                authorities
                    .iter()
                    .map(|row| Ok((row.uscc.as_deref().map(uscc).transpose()?, row.name.as_str())))
                    .collect::<Result<Vec<_>>>()?,
            ),
        })
    }
}

impl Experts<'_, DatabaseTransaction> {
    /// # Errors
    /// `Duplicate` if a code is taken.
    pub async fn insert(&self, experts: Vec<Expert>) -> Result<()> {
        let mut rows = Vec::new();
        let mut ties = Vec::new();
        for expert in experts {
            ties.extend(tie_rows(&expert).into_iter().map(IntoActiveModel::into_active_model));
            rows.push(row(expert)?.into_active_model());
        }
        super::insert_all(self.0.writing(Owner::Review)?, rows).await?;
        super::insert_all(self.0.writing(Owner::Review)?, ties).await
    }

    /// Replaces an expert with the ties.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn replace(&self, expert: &Expert) -> Result<()> {
        expert_tie::Entity::delete_many()
            .filter(expert_tie::Column::ExpertId.eq(expert.id.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        let ties = tie_rows(expert).into_iter().map(IntoActiveModel::into_active_model);
        super::insert_all(self.0.writing(Owner::Review)?, ties.collect()).await?;
        let change = row(expert.clone())?.into_active_model().reset_all();
        expert::Entity::update(change).exec(self.0.writing(Owner::Review)?).await.map_err(|error| match error {
            DbErr::RecordNotUpdated => StoreError::NotFound,
            other => other.into(),
        })?;
        Ok(())
    }

    /// # Errors
    /// The database refuses the row.
    pub async fn insert_affiliation(&self, id: uuid::Uuid, parent: &Uscc, child: &Uscc) -> Result<()> {
        let row = affiliation::Model { id, parent: parent.to_string(), child: child.to_string() };
        affiliation::Entity::insert(row.into_active_model())
            .exec_without_returning(self.0.writing(Owner::Review)?)
            .await?;
        Ok(())
    }

    /// # Errors
    /// The database refuses the row.
    pub async fn insert_authority(&self, id: uuid::Uuid, uscc: Option<&Uscc>, name: &str) -> Result<()> {
        let row = authority::Model { id, uscc: uscc.map(ToString::to_string), name: name.to_owned() };
        authority::Entity::insert(row.into_active_model())
            .exec_without_returning(self.0.writing(Owner::Review)?)
            .await?;
        Ok(())
    }
}
