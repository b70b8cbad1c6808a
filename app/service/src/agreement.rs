//! 复核: doing what somebody else has asked for.

use crate::consent::Acted;
use crate::{Context, Result, assignment, conflict, draw, round, scoring};
use domain::access::Permission;
use domain::conflict::Decision;
use domain::consent::{ConsentError, ConsentState, Proposal};
use domain::ids::{ConsentId, RoundId};
use domain::reason::Reason;
use store::Repositories;

/// Agrees to what somebody else has asked for. What was seen is what is agreed to: a proposal never changes.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` where the agreement does not count, or the act can no longer be done.
pub async fn agree(ctx: &Context, round: RoundId, id: ConsentId) -> Result<Acted<()>> {
    ctx.require(Permission::RunSession)?;
    let consent = ctx.store().consents().get(round, id).await?;
    ctx.require(consent.proposal.act().permission())?;
    if consent.state != ConsentState::Open {
        return Err(ConsentError::Closed.into());
    }
    Box::pin(again(ctx, round, consent.proposal)).await
}

/// Asks for the same as the proposal does.
async fn again(ctx: &Context, round: RoundId, proposal: Proposal) -> Result<Acted<()>> {
    match proposal {
        Proposal::VoidDraw { draw, reason } => Box::pin(draw::void_this(ctx, round, draw, reason)).await,
        Proposal::Assign { demand, reason } => {
            Ok(Box::pin(assignment::assign(ctx, round, &demand, reason.as_str())).await?.map(drop))
        }
        Proposal::Replace { leaving } => {
            let one = |(expert, why, reason): (_, _, Reason)| draw::Leaving { expert, why, reason: reason.into() };
            let leaving = leaving.into_iter().map(one).collect();
            Ok(Box::pin(draw::leave(ctx, round, leaving)).await?.map(drop))
        }
        Proposal::Dismiss { conflict, reason } => {
            let decided = conflict::decide(ctx, round, conflict, Decision::Dismissed, reason.as_str());
            Box::pin(decided).await
        }
        Proposal::UndoDeclaration { conflict, reason } => {
            Box::pin(conflict::undo(ctx, round, conflict, reason.as_str())).await
        }
        Proposal::VoidSheet { sheet, reason } => Box::pin(scoring::void(ctx, round, sheet, reason.as_str())).await,
        Proposal::Advance { from } => Ok(Box::pin(round::advance(ctx, round, from)).await?.map(drop)),
    }
}
