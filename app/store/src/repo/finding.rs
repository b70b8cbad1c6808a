//! Facts that staff establish once for all experts: objective points, indicator results, knock-outs.

use crate::Result;
use crate::corrupt::code;
use crate::entity::{indicator_result, knockout, objective_score};
use crate::scope::of_application;
use crate::within::Within;
use domain::acceptance::{Knockout, Results};
use domain::access::Owner;
use domain::ids::{ApplicationId, IndicatorId, RoundId};
use domain::objective::{Objective, Objectives};
use domain::points::Points;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use std::collections::{BTreeMap, HashMap};

pub struct Findings<'a, C>(pub(crate) Within<'a, C>);

impl<C: ConnectionTrait> Findings<'_, C> {
    /// # Errors
    /// The database cannot be read.
    pub async fn objectives(&self, round: RoundId) -> Result<Objectives> {
        let query = self
            .0
            .find::<objective_score::Entity>(of_application(objective_score::Column::ApplicationId))
            .filter(objective_score::Column::RoundId.eq(round.0));
        let mut all = Objectives::new();
        for row in query.all().await? {
            let objective = Objective { points: Points(row.points), evidence: row.evidence };
            all.entry(ApplicationId(row.application_id)).or_default().insert(row.criterion, objective);
        }
        Ok(all)
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn indicator_results(&self, round: RoundId) -> Result<HashMap<ApplicationId, Results>> {
        let query = self
            .0
            .find::<indicator_result::Entity>(of_application(indicator_result::Column::ApplicationId))
            .filter(indicator_result::Column::RoundId.eq(round.0));
        let mut all: HashMap<ApplicationId, Results> = HashMap::new();
        for row in query.all().await? {
            all.entry(ApplicationId(row.application_id)).or_default().insert(IndicatorId(row.indicator_id), row.actual);
        }
        Ok(all)
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn knockouts(&self, round: RoundId) -> Result<HashMap<ApplicationId, BTreeMap<Knockout, String>>> {
        let query = self
            .0
            .find::<knockout::Entity>(of_application(knockout::Column::ApplicationId))
            .filter(knockout::Column::RoundId.eq(round.0));
        let mut all: HashMap<ApplicationId, BTreeMap<Knockout, String>> = HashMap::new();
        for row in query.all().await? {
            all.entry(ApplicationId(row.application_id)).or_default().insert(code(&row.code)?, row.reason);
        }
        Ok(all)
    }
}

fn id(round: RoundId, application: ApplicationId, what: &str) -> uuid::Uuid {
    uuid::Uuid::new_v5(&round.0, format!("{application}/{what}").as_bytes())
}

impl Findings<'_, DatabaseTransaction> {
    /// Replaces the objective points of the given applications.
    ///
    /// # Errors
    /// The database refuses a row.
    pub async fn set_objectives(&self, round: RoundId, objectives: Objectives) -> Result<()> {
        objective_score::Entity::delete_many()
            .filter(objective_score::Column::RoundId.eq(round.0))
            .filter(objective_score::Column::ApplicationId.is_in(objectives.keys().map(|a| a.0)))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        let rows = objectives.into_iter().flat_map(|(application, scores)| {
            scores.into_iter().map(move |(criterion, objective)| {
                objective_score::Model {
                    id: id(round, application, &criterion),
                    round_id: round.0,
                    application_id: application.0,
                    criterion,
                    points: objective.points.0,
                    evidence: objective.evidence,
                }
                .into_active_model()
            })
        });
        super::insert_all(self.0.writing(Owner::Review)?, rows.collect()).await
    }

    /// Replaces the indicator results of one application.
    ///
    /// # Errors
    /// The database refuses a row.
    pub async fn set_indicator_results(
        &self,
        round: RoundId,
        application: ApplicationId,
        results: &Results,
    ) -> Result<()> {
        indicator_result::Entity::delete_many()
            .filter(indicator_result::Column::RoundId.eq(round.0))
            .filter(indicator_result::Column::ApplicationId.eq(application.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        let rows = results.iter().map(|(indicator, actual)| {
            indicator_result::Model {
                id: id(round, application, &indicator.to_string()),
                round_id: round.0,
                application_id: application.0,
                indicator_id: indicator.0,
                actual: *actual,
                evidence: String::new(),
            }
            .into_active_model()
        });
        super::insert_all(self.0.writing(Owner::Review)?, rows.collect()).await
    }

    /// Replaces the knock-outs of one application.
    ///
    /// # Errors
    /// The database refuses a row.
    pub async fn set_knockouts(
        &self,
        round: RoundId,
        application: ApplicationId,
        found: &BTreeMap<Knockout, String>,
    ) -> Result<()> {
        knockout::Entity::delete_many()
            .filter(knockout::Column::RoundId.eq(round.0))
            .filter(knockout::Column::ApplicationId.eq(application.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        let rows = found.iter().map(|(knockout, reason)| {
            knockout::Model {
                id: id(round, application, knockout.key()),
                round_id: round.0,
                application_id: application.0,
                code: knockout.key().to_owned(),
                reason: reason.clone(),
            }
            .into_active_model()
        });
        super::insert_all(self.0.writing(Owner::Review)?, rows.collect()).await
    }
}
