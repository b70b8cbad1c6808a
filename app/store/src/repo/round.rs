//! Rounds, what is under review in them, and countersignatures.

use crate::corrupt::{code, json, to_json};
use crate::entity::{countersign, round, round_application};
use crate::scope::{of_round, of_staff, under_review};
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::countersign::Countersign;
use domain::ids::{AccountId, ApplicationId, BatchId, PanelId, RoundId};
use domain::round::{Freeze, Round};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use std::collections::BTreeMap;

pub struct Rounds<'a, C>(pub(crate) Within<'a, C>);

pub(super) fn read(row: round::Model) -> Result<Round> {
    Ok(Round {
        id: RoundId(row.id),
        batch: BatchId(row.batch_id),
        kind: code(&row.kind)?,
        seq: row.seq,
        title: row.title,
        step: code(&row.step)?,
        rubric: json(&row.rubric)?,
        terms: json(&row.terms)?,
        frozen: match (row.frozen_at, row.frozen_digest) {
            (Some(at), Some(digest)) => Freeze::Frozen { at, digest },
            _ => Freeze::Open,
        },
        reference_day: row.reference_day,
    })
}

fn row(round: &Round) -> Result<round::Model> {
    let (frozen_at, frozen_digest) = match &round.frozen {
        Freeze::Open => (None, None),
        Freeze::Frozen { at, digest } => (Some(*at), Some(digest.clone())),
    };
    Ok(round::Model {
        id: round.id.0,
        batch_id: round.batch.0,
        kind: round.kind.key().to_owned(),
        seq: round.seq,
        title: round.title.clone(),
        step: round.step.key().to_owned(),
        rubric: to_json(&round.rubric)?,
        terms: to_json(&round.terms)?,
        frozen_at,
        frozen_digest,
        reference_day: round.reference_day,
    })
}

impl<C: ConnectionTrait> Rounds<'_, C> {
    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<Round>> {
        let rows = self
            .0
            .find::<round::Entity>(of_round((round::Entity, round::Column::Id)))
            .order_by_asc(round::Column::Id)
            .all()
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn get(&self, id: RoundId) -> Result<Round> {
        read(
            self.0
                .find::<round::Entity>(of_round((round::Entity, round::Column::Id)))
                .filter(round::Column::Id.eq(id.0))
                .one()
                .await?
                .ok_or(StoreError::NotFound)?,
        )
    }

    /// The applications under review, with the panel once there is one.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn entries(&self, round: RoundId) -> Result<BTreeMap<ApplicationId, Option<PanelId>>> {
        let panel = (round_application::Entity, round_application::Column::PanelId);
        let application = (round_application::Entity, round_application::Column::ApplicationId);
        let rows = self
            .0
            .find::<round_application::Entity>(under_review(panel, application))
            .filter(round_application::Column::RoundId.eq(round.0))
            .all()
            .await?;
        Ok(rows.into_iter().map(|r| (ApplicationId(r.application_id), r.panel_id.map(PanelId))).collect())
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn countersigns(&self, round: RoundId) -> Result<Vec<Countersign>> {
        let rows = self
            .0
            .find::<countersign::Entity>(of_staff())
            .filter(countersign::Column::RoundId.eq(round.0))
            .order_by_asc(countersign::Column::At)
            .all()
            .await?;
        let read = |r: countersign::Model| {
            Ok(Countersign {
                id: r.id,
                round,
                gate: code(&r.gate)?,
                department: code(&r.department)?,
                account: AccountId(r.account_id),
                digest: r.digest,
                at: r.at,
                proof: r.proof,
            })
        };
        rows.into_iter().map(read).collect()
    }
}

impl Rounds<'_, DatabaseTransaction> {
    /// # Errors
    /// The database refuses the row.
    pub async fn insert(&self, round: &Round) -> Result<()> {
        round::Entity::insert(row(round)?.into_active_model())
            .exec_without_returning(self.0.writing(Owner::Review)?)
            .await?;
        Ok(())
    }

    /// # Errors
    /// `NotFound` for an unknown round.
    pub async fn save(&self, round: &Round) -> Result<()> {
        let change = row(round)?.into_active_model().reset_all();
        round::Entity::update(change).exec(self.0.writing(Owner::Review)?).await.map_err(|error| match error {
            sea_orm::DbErr::RecordNotUpdated => StoreError::NotFound,
            other => other.into(),
        })?;
        Ok(())
    }

    /// Puts applications under review.
    ///
    /// # Errors
    /// `Duplicate` if one is there already.
    pub async fn add_entries(&self, round: RoundId, applications: &[ApplicationId]) -> Result<()> {
        let rows = applications.iter().map(|application| {
            round_application::Model {
                id: uuid::Uuid::new_v5(&round.0, application.0.as_bytes()),
                round_id: round.0,
                application_id: application.0,
                panel_id: None,
            }
            .into_active_model()
        });
        super::insert_all(self.0.writing(Owner::Review)?, rows.collect()).await
    }

    /// Takes an application out of the round before panels exist.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn remove_entry(&self, round: RoundId, application: ApplicationId) -> Result<()> {
        round_application::Entity::delete_many()
            .filter(round_application::Column::RoundId.eq(round.0))
            .filter(round_application::Column::ApplicationId.eq(application.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        Ok(())
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn set_panel(
        &self,
        round: RoundId,
        applications: &[ApplicationId],
        panel: Option<PanelId>,
    ) -> Result<()> {
        round_application::Entity::update_many()
            .col_expr(round_application::Column::PanelId, Expr::value(panel.map(|p| p.0)))
            .filter(round_application::Column::RoundId.eq(round.0))
            .filter(round_application::Column::ApplicationId.is_in(applications.iter().map(|a| a.0)))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        Ok(())
    }

    /// # Errors
    /// `OutOfScope` for anyone but a coordinator of the department, by the own account; `Duplicate` if the department has signed this
    /// content.
    pub async fn countersign(&self, sign: &Countersign) -> Result<()> {
        let tx = self.0.writing(Owner::Department(sign.department))?;
        self.0.writing(Owner::Account(sign.account))?;
        let row = countersign::Model {
            id: sign.id,
            round_id: sign.round.0,
            gate: sign.gate.key().to_owned(),
            department: sign.department.key().to_owned(),
            account_id: sign.account.0,
            digest: sign.digest.clone(),
            at: sign.at,
            proof: sign.proof.clone(),
        };
        countersign::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        Ok(())
    }
}
