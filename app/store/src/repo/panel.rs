//! Panels and the seats of experts in them.

use crate::corrupt::code;
use crate::entity::{bridge, panel, round_application, seat};
use crate::scope::{archived, of_expert, of_panel};
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::bridge::Bridge;
use domain::ids::{ApplicationId, ExpertId, PanelId, RoundId};
use domain::panel::Panel;
use domain::seat::{Presence, Seat};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

pub struct Panels<'a, C>(pub(crate) Within<'a, C>);

fn read_seat(row: &seat::Model) -> Result<Seat> {
    Ok(Seat {
        id: row.id,
        round: RoundId(row.round_id),
        panel: PanelId(row.panel_id),
        expert: ExpertId(row.expert_id),
        number: row.number,
        role: code(&row.role)?,
        presence: code(&row.presence)?,
    })
}

impl<C: ConnectionTrait> Panels<'_, C> {
    /// # Errors
    /// The database cannot be read.
    pub async fn of_round(&self, round: RoundId) -> Result<Vec<Panel>> {
        let rows = self
            .0
            .find::<panel::Entity>(of_panel(panel::Column::Id))
            .filter(panel::Column::RoundId.eq(round.0))
            .order_by_asc(panel::Column::Seq)
            .all()
            .await?;
        let read = |row: panel::Model| {
            Ok(Panel { id: PanelId(row.id), round, seq: row.seq, name: row.name, sector: code(&row.sector)? })
        };
        rows.into_iter().map(read).collect()
    }

    /// The seats of a round, by panel and number.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn seats(&self, round: RoundId) -> Result<Vec<Seat>> {
        let rows = self
            .0
            .find::<seat::Entity>(of_expert(seat::Column::ExpertId))
            .filter(seat::Column::RoundId.eq(round.0))
            .order_by_asc(seat::Column::PanelId)
            .order_by_asc(seat::Column::Number)
            .all()
            .await?;
        rows.iter().map(read_seat).collect()
    }

    /// The bridges of a round, by panel, number and application.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn bridges(&self, round: RoundId) -> Result<Vec<Bridge>> {
        let rows = self
            .0
            .find::<bridge::Entity>(of_panel(bridge::Column::PanelId))
            .filter(bridge::Column::RoundId.eq(round.0))
            .order_by_asc(bridge::Column::PanelId)
            .order_by_asc(bridge::Column::Number)
            .order_by_asc(bridge::Column::ApplicationId)
            .all()
            .await?;
        let read = |row: bridge::Model| Bridge {
            panel: PanelId(row.panel_id),
            number: row.number,
            application: ApplicationId(row.application_id),
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// The seats of one expert, over all rounds that are not archived.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn seats_of(&self, expert: ExpertId) -> Result<Vec<Seat>> {
        let own =
            self.0.find::<seat::Entity>(of_expert(seat::Column::ExpertId)).filter(seat::Column::ExpertId.eq(expert.0));
        let rows = own.filter(seat::Column::RoundId.not_in_subquery(archived())).all().await?;
        rows.iter().map(read_seat).collect()
    }
}

impl Panels<'_, DatabaseTransaction> {
    /// Replaces the panels of a round that has no sheets yet; seats go with them.
    ///
    /// # Errors
    /// The database refuses a row.
    pub async fn replace(&self, round: RoundId, panels: &[Panel]) -> Result<()> {
        self.replace_seats(round, Vec::new()).await?;
        round_application::Entity::update_many()
            .col_expr(round_application::Column::PanelId, Expr::value(None::<uuid::Uuid>))
            .filter(round_application::Column::RoundId.eq(round.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        panel::Entity::delete_many()
            .filter(panel::Column::RoundId.eq(round.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        let rows = panels.iter().map(|p| {
            panel::Model {
                id: p.id.0,
                round_id: round.0,
                seq: p.seq,
                name: p.name.clone(),
                sector: p.sector.key().to_owned(),
            }
            .into_active_model()
        });
        super::insert_all(self.0.writing(Owner::Review)?, rows.collect()).await
    }

    /// Seats the round anew; bridges between the old seats go with them.
    ///
    /// # Errors
    /// `Duplicate` if an expert would sit twice.
    pub async fn replace_seats(&self, round: RoundId, seats: Vec<Seat>) -> Result<()> {
        self.replace_bridges(round, &[]).await?;
        self.reseat(round, seats).await
    }

    /// # Errors
    /// The database refuses a row; `Duplicate` for the same bridge twice.
    pub async fn replace_bridges(&self, round: RoundId, bridges: &[Bridge]) -> Result<()> {
        bridge::Entity::delete_many()
            .filter(bridge::Column::RoundId.eq(round.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        let rows = bridges.iter().map(|b| {
            bridge::Model { round_id: round.0, panel_id: b.panel.0, number: b.number, application_id: b.application.0 }
                .into_active_model()
        });
        super::insert_all(self.0.writing(Owner::Review)?, rows.collect()).await
    }

    /// Changes who holds the seats; bridges stay with panel and number.
    ///
    /// # Errors
    /// `Duplicate` if an expert would sit twice.
    pub async fn reseat(&self, round: RoundId, seats: Vec<Seat>) -> Result<()> {
        seat::Entity::delete_many()
            .filter(seat::Column::RoundId.eq(round.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        let rows = seats.into_iter().map(|s| {
            seat::Model {
                id: s.id,
                round_id: s.round.0,
                panel_id: s.panel.0,
                expert_id: s.expert.0,
                number: s.number,
                role: s.role.key().to_owned(),
                presence: s.presence.key().to_owned(),
            }
            .into_active_model()
        });
        super::insert_all(self.0.writing(Owner::Review)?, rows.collect()).await
    }

    /// # Errors
    /// `NotFound` if the expert has no seat in the round.
    pub async fn set_presence(&self, round: RoundId, expert: ExpertId, presence: Presence) -> Result<()> {
        let done = seat::Entity::update_many()
            .col_expr(seat::Column::Presence, Expr::value(presence.key()))
            .filter(seat::Column::RoundId.eq(round.0))
            .filter(seat::Column::ExpertId.eq(expert.0))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }
}
