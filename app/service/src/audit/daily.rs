//! 每日摘要: the chain's state at the end of each day, to be kept where the program cannot reach. That one was kept is itself recorded, so
//! that it is noticed when it is gone.

use super::day::{DayDigest, VERSION};
use super::kinds::Guarding;
use super::{Entry, Event, record_unsigned};
use crate::account::CONSOLE;
use crate::{App, Client, Error, Result};
use domain::access::Errand;
use domain::audit::AuditRow;
use domain::reason::Reason;
use std::collections::BTreeMap;
use store::{Repositories, Scoped};

/// The digest to keep for a Beijing day that is over. `None` before the first row.
///
/// # Errors
/// The database cannot be read.
pub async fn digest_of_day(app: &App, day: chrono::NaiveDate) -> Result<Option<DayDigest>> {
    let Some(end) = day.succ_opt().and_then(|next| next.and_hms_opt(0, 0, 0)) else { return Ok(None) };
    let end = domain::beijing::moment(end);
    let kept = |row: AuditRow| DayDigest {
        version: VERSION.to_owned(),
        day: day.to_string(),
        seq: row.link.seq,
        hash: row.link.hash,
        written: Some(app.clock.now()),
    };
    Ok(app.program(Errand::Audit).audit().last_before(end).await?.map(kept))
}

/// The digests that were kept, by day, as the audit says.
///
/// # Errors
/// The database cannot be read.
pub async fn digests_kept(store: &Scoped) -> Result<BTreeMap<String, DayDigest>> {
    let mut kept = BTreeMap::new();
    for row in store.audit().of_action(super::Action::DigestKept.key()).await? {
        if let Some(Event::DigestKept { day, seq, hash }) = Event::read(&row.action, &row.object, &row.detail) {
            let digest = DayDigest { version: VERSION.to_owned(), day: day.clone(), seq, hash, written: Some(row.at) };
            kept.insert(day, digest);
        }
    }
    Ok(kept)
}

/// Records that digests were kept; with a reason where they take the place of some that are gone.
///
/// # Errors
/// The database cannot be written.
pub async fn record_digests(app: &App, digests: &[DayDigest], instead: Option<Reason>) -> Result<()> {
    let mut events = Vec::new();
    if let Some(reason) = instead {
        let days = digests.iter().map(|own| own.day.clone()).collect();
        events.push(Event::DigestsRemade { days, reason: reason.into() });
    }
    events.extend(digests.iter().map(|own| {
        let DayDigest { day, seq, hash, .. } = own.clone();
        Event::DigestKept { day, seq, hash }
    }));
    record_all(app, events).await
}

/// Records that digests are gone, unless the last such entry says the same.
///
/// # Errors
/// The database cannot be written.
pub async fn record_gone(app: &App, days: Vec<String>) -> Result<()> {
    let said = app.program(Errand::Audit).audit().of_action(super::Action::DigestsGone.key()).await?;
    let event = Event::DigestsGone { days };
    if said.last().is_some_and(|row| event.detail().is_ok_and(|detail| detail == row.detail)) {
        return Ok(());
    }
    record_all(app, vec![event]).await
}

/// Puts up again what keeps the audit from being changed, and records that it was not there. Returns what was not.
///
/// # Errors
/// The database cannot be read or written.
pub async fn watch_guards(app: &App) -> Result<Vec<&'static str>> {
    let gone = app.store.unguarded().await?;
    if !gone.is_empty() {
        let then = if app.store.guard().await.is_ok() { Guarding::Restored } else { Guarding::Gone };
        let guards = gone.iter().map(|&name| name.to_owned()).collect();
        record_all(app, vec![Event::Unguarded { guards, then }]).await?;
    }
    Ok(gone)
}

async fn record_all(app: &App, events: Vec<Event>) -> Result<()> {
    app.program(Errand::Audit)
        .write(async |tx| {
            for event in &events {
                record_unsigned(tx, app, &Client::default(), CONSOLE, Entry::from(event.clone())).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}
