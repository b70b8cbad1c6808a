//! 请托登记: everybody may report, only the supervisor reads, and every reading is written down.

use crate::audit::Event;
use crate::{App, Context, Error, Result};
use domain::access::{Errand, Permission};
pub use domain::approach::{Channel, Report};
use domain::{NaiveDate, Timestamp};
use store::Repositories;
use store::repo::approach::Stored;
use uuid::Uuid;

/// A report with who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approach {
    pub reported_at: Timestamp,
    pub reporter: String,
    pub role: &'static str,
    pub day: NaiveDate,
    pub channel: Channel,
    pub report: Report,
}

fn purpose(id: Uuid) -> String {
    format!("approach:{id}")
}

/// Reports an approach. The audit tells that one was reported, and nothing of it.
///
/// # Errors
/// `Restricted` while something else has to happen first; `Rule` for a report without who or what, or a future day.
pub async fn report(ctx: &Context, day: NaiveDate, channel: Channel, report: Report) -> Result<()> {
    if let Some(restriction) = ctx.restriction {
        return Err(Error::Restricted(restriction));
    }
    let today = domain::beijing::day(ctx.now());
    let report = report.checked(day, today)?;
    let id = ctx.id();
    let stored = Stored {
        id,
        account: ctx.actor.account,
        reported_at: ctx.now(),
        day,
        channel,
        sealed: ctx.app.keys.seal(&purpose(id), &serde_json::to_vec(&report)?)?,
    };
    ctx.store()
        .write(async |tx| {
            tx.approaches().insert(stored.clone()).await?;
            ctx.record(tx, Event::ApproachReported {}.of(id)).await
        })
        .await
}

/// All reports, the last first.
///
/// # Errors
/// `Denied` without `ReadApproaches`.
pub async fn all(ctx: &Context) -> Result<Vec<Approach>> {
    ctx.require(Permission::ReadApproaches)?;
    let names = ctx.store().accounts().names().await?;
    let mut approaches = Vec::new();
    for stored in ctx.store().approaches().all().await? {
        let reporter = names.get(&stored.account);
        approaches.push(Approach {
            reported_at: stored.reported_at,
            reporter: reporter.map_or_else(String::new, |(name, _)| name.clone()),
            role: reporter.map_or("", |(_, role)| role.label()),
            day: stored.day,
            channel: stored.channel,
            report: serde_json::from_slice(&ctx.app.keys.open(&purpose(stored.id), &stored.sealed)?)?,
        });
    }
    let entry = Event::ApproachesRead { rows: approaches.len() }.of(ctx.actor.account.0);
    ctx.store().write(async |tx| ctx.record(tx, entry).await).await?;
    Ok(approaches)
}

/// Seals again, with the newest key, what was sealed with another. Returns how many.
///
/// # Errors
/// A text cannot be opened; nothing is changed then.
pub async fn reseal(app: &App) -> Result<usize> {
    let mut renewed = Vec::new();
    for stored in app.program(Errand::Keys).approaches().all().await? {
        if !app.keys.is_current(&stored.sealed) {
            let text = app.keys.open(&purpose(stored.id), &stored.sealed)?;
            renewed.push((stored.id, app.keys.seal(&purpose(stored.id), &text)?));
        }
    }
    app.program(Errand::Keys)
        .write(async |tx| {
            for (id, sealed) in &renewed {
                tx.approaches().reseal(*id, sealed.clone()).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(renewed.len())
}
