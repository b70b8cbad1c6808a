//! Reads of personal data: names, careers, relations. Numbers that are masked have a record of their own, with a reason.

use super::{Action, Entry};
use crate::{Context, Result};
use chrono::Duration;
use store::Repositories;

/// Looking again at the same within so many minutes is one reading.
const ONE_READING_MINUTES: i64 = 10;

/// Writes down that the caller was shown what `entry` is about.
///
/// # Errors
/// The row cannot be written: then nothing is shown either.
pub(crate) async fn note(ctx: &Context, entry: Entry) -> Result<()> {
    let event = &entry.event;
    debug_assert_eq!(event.action(), Action::PeopleRead, "only readings are recorded once for several times");
    let since = ctx.now() - Duration::minutes(ONE_READING_MINUTES);
    let object = entry.id.unwrap_or(ctx.actor.account.0);
    let lately = ctx.store().audit().recent(ctx.actor.account, event.action().key(), object, since).await?;
    let detail = event.detail()?;
    if lately.iter().any(|row| row.detail == detail && row.object == event.object().key()) {
        return Ok(());
    }
    ctx.store().write(async |tx| ctx.record(tx, Entry { id: Some(object), ..entry }).await).await
}
