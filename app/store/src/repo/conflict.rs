//! Recusal records.

use crate::corrupt::code;
use crate::entity::conflict;
use crate::scope::of_expert;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::conflict::{Conflict, Decision, Evidence, Origin, Rule};
use domain::ids::{ApplicationId, ConflictId, ExpertId, RoundId};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

pub struct Conflicts<'a, C>(pub(crate) Within<'a, C>);

fn read(row: conflict::Model) -> Result<Conflict> {
    Ok(Conflict {
        id: ConflictId(row.id),
        expert: ExpertId(row.expert_id),
        application: ApplicationId(row.application_id),
        rule: code(&row.rule)?,
        origin: code(&row.origin)?,
        evidence: Evidence { expert_side: row.expert_side, application_side: row.application_side },
        decision: code(&row.decision)?,
        reason: row.reason,
    })
}

impl<C: ConnectionTrait> Conflicts<'_, C> {
    /// # Errors
    /// The database cannot be read.
    pub async fn of_round(&self, round: RoundId) -> Result<Vec<Conflict>> {
        let rows = self
            .0
            .find::<conflict::Entity>(of_expert(conflict::Column::ExpertId))
            .filter(conflict::Column::RoundId.eq(round.0))
            .order_by_asc(conflict::Column::ExpertId)
            .order_by_asc(conflict::Column::ApplicationId)
            .all()
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// The records of one expert in a round.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of_expert(&self, round: RoundId, expert: ExpertId) -> Result<Vec<Conflict>> {
        let rows = self
            .0
            .find::<conflict::Entity>(of_expert(conflict::Column::ExpertId))
            .filter(conflict::Column::RoundId.eq(round.0))
            .filter(conflict::Column::ExpertId.eq(expert.0))
            .all()
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// # Errors
    /// `NotFound` unless the record belongs to the round.
    pub async fn get(&self, round: RoundId, id: ConflictId) -> Result<Conflict> {
        let query = self
            .0
            .find::<conflict::Entity>(of_expert(conflict::Column::ExpertId))
            .filter(conflict::Column::Id.eq(id.0))
            .filter(conflict::Column::RoundId.eq(round.0));
        read(query.one().await?.ok_or(StoreError::NotFound)?)
    }
}

impl Conflicts<'_, DatabaseTransaction> {
    /// # Errors
    /// `Duplicate` if the same finding is on record.
    pub async fn insert(&self, round: RoundId, conflicts: Vec<Conflict>) -> Result<()> {
        let tx = self.0.writing_all(conflicts.iter().map(|c| Owner::Concerning(c.expert)))?;
        let rows = conflicts.into_iter().map(|c| {
            conflict::Model {
                id: c.id.0,
                round_id: round.0,
                expert_id: c.expert.0,
                application_id: c.application.0,
                rule: c.rule.key().to_owned(),
                origin: c.origin.key().to_owned(),
                expert_side: c.evidence.expert_side,
                application_side: c.evidence.application_side,
                decision: c.decision.key().to_owned(),
                reason: c.reason,
            }
            .into_active_model()
        });
        super::insert_all(tx, rows.collect()).await
    }

    /// Forgets undecided detected findings, before detection runs again.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn clear_undecided(&self, round: RoundId) -> Result<()> {
        conflict::Entity::delete_many()
            .filter(conflict::Column::RoundId.eq(round.0))
            .filter(conflict::Column::Origin.eq(Origin::Detected.key()))
            .filter(conflict::Column::Decision.eq(Decision::Pending.key()))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        Ok(())
    }

    /// Replaces what the records of an expert say of them; rules, decisions and reasons stay.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget_evidence_of(&self, expert: ExpertId, instead: &str) -> Result<()> {
        let change = conflict::ActiveModel { expert_side: Set(instead.to_owned()), ..Default::default() };
        let own = conflict::Entity::update_many().set(change).filter(conflict::Column::ExpertId.eq(expert.0));
        own.exec(self.0.writing(Owner::Program)?).await?;
        self.forget_named(conflict::Column::ExpertId.eq(expert.0), instead).await
    }

    /// Replaces the people of an application where its records name them.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget_people_of(&self, application: ApplicationId, instead: &str) -> Result<()> {
        self.forget_named(conflict::Column::ApplicationId.eq(application.0), instead).await
    }

    /// Namesakes and listed persons are named on the application's side.
    async fn forget_named(&self, of: SimpleExpr, instead: &str) -> Result<()> {
        let change = conflict::ActiveModel { application_side: Set(instead.to_owned()), ..Default::default() };
        let named = [Rule::ListedPerson, Rule::Namesake].map(Rule::key);
        let rows = conflict::Entity::update_many().set(change).filter(of).filter(conflict::Column::Rule.is_in(named));
        rows.exec(self.0.writing(Owner::Program)?).await?;
        Ok(())
    }

    /// Keeps the decision that the record now has.
    ///
    /// # Errors
    /// `NotFound` unless the record belongs to the round.
    pub async fn decide(&self, round: RoundId, decided: &Conflict) -> Result<()> {
        let change = conflict::ActiveModel {
            decision: Set(decided.decision.key().to_owned()),
            reason: Set(decided.reason.clone()),
            ..Default::default()
        };
        let done = conflict::Entity::update_many()
            .set(change)
            .filter(conflict::Column::Id.eq(decided.id.0))
            .filter(conflict::Column::RoundId.eq(round.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }
}
