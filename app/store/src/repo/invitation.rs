//! 邀请: one-time links by which seated experts open their accounts. The secret itself is only in the link.

use crate::entity::invitation;
use crate::scope::of_program;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::Owner;
use domain::ids::{ExpertId, RoundId};
use domain::invitation::Invitation;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};

pub struct Invitations<'a, C>(pub(crate) Within<'a, C>);

impl<C: ConnectionTrait> Invitations<'_, C> {
    /// # Errors
    /// `NotFound` for an unknown secret.
    pub async fn get(&self, token_hash: &str) -> Result<Invitation> {
        let row = self
            .0
            .find::<invitation::Entity>(of_program())
            .filter(invitation::Column::TokenHash.eq(token_hash))
            .one()
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(Invitation {
            token_hash: row.token_hash,
            expert: ExpertId(row.expert_id),
            round: RoundId(row.round_id),
            issued_at: row.issued_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        })
    }
}

impl Invitations<'_, DatabaseTransaction> {
    /// Issues invitations; unused ones of the same experts stop working at `issued_at`.
    ///
    /// # Errors
    /// The database refuses a row.
    pub async fn issue(&self, invitations: Vec<Invitation>) -> Result<()> {
        for new in &invitations {
            invitation::Entity::update_many()
                .col_expr(invitation::Column::ExpiresAt, Expr::value(new.issued_at))
                .filter(invitation::Column::ExpertId.eq(new.expert.0))
                .filter(invitation::Column::UsedAt.is_null())
                .filter(invitation::Column::ExpiresAt.gt(new.issued_at))
                .exec(self.0.writing(Owner::Invitations)?)
                .await?;
        }
        let row = |new: Invitation| {
            invitation::Model {
                token_hash: new.token_hash,
                expert_id: new.expert.0,
                round_id: new.round.0,
                issued_at: new.issued_at,
                expires_at: new.expires_at,
                used_at: new.used_at,
            }
            .into_active_model()
        };
        super::insert_all(self.0.writing(Owner::Invitations)?, invitations.into_iter().map(row).collect()).await
    }

    /// Uses an invitation up.
    ///
    /// # Errors
    /// `NotFound` if it is unknown, was used, or ended before `at`.
    pub async fn take(&self, token_hash: &str, at: Timestamp) -> Result<()> {
        let done = invitation::Entity::update_many()
            .col_expr(invitation::Column::UsedAt, Expr::value(at))
            .filter(invitation::Column::TokenHash.eq(token_hash))
            .filter(invitation::Column::UsedAt.is_null())
            .filter(invitation::Column::ExpiresAt.gt(at))
            .exec(self.0.writing(Owner::Program)?)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }
}
