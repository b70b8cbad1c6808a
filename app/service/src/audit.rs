//! 审计: every write leaves a row in the same transaction; so does every sign-in that fails and every refusal.

mod action;
mod chain;
mod daily;
mod day;
mod event;
mod fact;
pub mod kinds;
mod reading;
#[cfg(test)]
mod samples;
mod sent;

pub use action::{Action, Object};
pub use chain::{Fault, Verified, verify_chain};
pub(crate) use chain::{is_as_written, verify_each};
pub use daily::{digest_of_day, digests_kept, record_digests, record_gone, watch_guards};
pub use day::{DayDigest, NoDigest};
pub use domain::audit::AuditResult;
pub use event::Event;
pub use fact::Fact;
pub use kinds::TurnedAway;
pub(crate) use reading::note as note_reading;
pub use sent::{Outline, Sent, not_as_sent, outlines, read_sent};

use crate::context::Refused;
use crate::imprint::Basis;
use crate::veil::{LATER, veiled_rounds};
use crate::{App, Client, Context, Result, imprint};
use domain::access::{Errand, Permission, Role};
use domain::audit::{AuditRow, Link};
use domain::ids::RoundId;
use serde::Serialize;
use std::collections::HashSet;
use store::repo::audit::Withheld;
use store::{Repositories, Tx};
use uuid::Uuid;

/// Characters of an address that are written down.
const LONGEST_PATH: usize = 200;

/// An event with what it is about and what came of it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub event: Event,
    /// The object's id, where it is known.
    pub id: Option<Uuid>,
    pub round: Option<RoundId>,
    pub result: AuditResult,
    /// What was changed, as it was and as it is. Only keyed digests of it are kept.
    pub(crate) changed: Option<(Vec<u8>, Vec<u8>)>,
    /// 冻结摘要, where they are taken apart from what the transaction changed.
    pub(crate) imprints: Option<String>,
}

impl From<Event> for Entry {
    /// About something that is not known, such as the account of a failed sign-in.
    fn from(event: Event) -> Self {
        Self { event, id: None, round: None, result: AuditResult::Done, changed: None, imprints: None }
    }
}

impl Event {
    pub fn of(self, id: Uuid) -> Entry {
        Entry { id: Some(id), ..self.into() }
    }

    /// About a round as a whole.
    pub fn of_round(self, round: RoundId) -> Entry {
        self.of(round.0).in_round(round)
    }
}

impl Entry {
    /// With the digests of what changed, as it was and as it is: they show that something changed without showing what. They are keyed, so
    /// that nobody finds what it was by trying.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn changing<T: Serialize + ?Sized>(self, before: &T, after: &T) -> Result<Self> {
        Ok(Self { changed: Some((serde_json::to_vec(before)?, serde_json::to_vec(after)?)), ..self })
    }

    #[must_use]
    pub fn refused(self) -> Self {
        Self { result: AuditResult::Refused, ..self }
    }

    #[must_use]
    pub fn in_round(self, round: RoundId) -> Self {
        Self { round: Some(round), ..self }
    }
}

impl Context {
    /// Records what the actor did, in the transaction that does it.
    ///
    /// # Errors
    /// The row cannot be written; the transaction then fails as a whole.
    pub async fn record(&self, tx: &Tx, entry: Entry) -> Result<()> {
        let basis = match (&entry.event, entry.round) {
            (Event::RoundCreated { .. }, _) => Basis::New,
            (_, Some(round)) if self.is_compared(round) => Basis::Compared,
            _ => Basis::Unknown,
        };
        let row = row(tx, &self.app, &self.client, &self.actor.name, entry, basis).await?;
        let row = AuditRow { account: Some(self.actor.account), role: Some(self.actor.standing.role()), ..row };
        chain::append(tx, row, self.app.digest).await
    }
}

/// Records what nobody signed in did, such as a failed sign-in or a command on the console. `actor` is what they call themselves.
///
/// # Errors
/// The row cannot be written; the transaction then fails as a whole.
pub(crate) async fn record_unsigned(tx: &Tx, app: &App, client: &Client, actor: &str, entry: Entry) -> Result<()> {
    chain::append(tx, row(tx, app, client, actor, entry, Basis::Unknown).await?, app.digest).await
}

async fn row(tx: &Tx, app: &App, client: &Client, actor: &str, entry: Entry, basis: Basis) -> Result<AuditRow> {
    let object = entry.event.object().key();
    let purpose = imprint::purpose_of_object(object, entry.id);
    let digest = |content: &[u8]| app.imprint_key.digest(&purpose, content);
    let (before, after) = match &entry.changed {
        Some((before, after)) => (Some(digest(before)?), Some(digest(after)?)),
        None => (None, None),
    };
    let imprints = match (entry.imprints, entry.round) {
        (None, Some(round)) => imprint::renewed(tx, &app.imprint_key, round, basis).await?,
        (taken, _) => taken,
    };
    Ok(AuditRow {
        id: app.ids.next(),
        at: app.clock.now(),
        account: None,
        actor: actor.to_owned(),
        role: None,
        action: entry.event.action().key().to_owned(),
        object: object.to_owned(),
        object_id: entry.id,
        round: entry.round,
        detail: entry.event.detail()?,
        address: client.label(),
        result: entry.result,
        before,
        after,
        imprints,
        link: Link::default(),
    })
}

/// Writes down what the caller asked for during a request and was refused.
///
/// # Errors
/// The database cannot be written.
pub async fn record_refusals(ctx: &Context, path: &str) -> Result<()> {
    let refused = ctx.take_refusals();
    if refused.is_empty() {
        return Ok(());
    }
    let permissions = refused.iter().filter_map(|refused| match refused {
        Refused::Permission(permission) => Some(permission.label().to_owned()),
        Refused::Sheet(_) => None,
    });
    let permissions: Vec<String> = permissions.collect();
    let sheet = refused.iter().find_map(|refused| match refused {
        Refused::Sheet(sheet) => Some(*sheet),
        Refused::Permission(_) => None,
    });
    let permission = (!permissions.is_empty()).then_some(permissions);
    let event = Event::AccessRefused { path: shortened(path), permission, sheet };
    let entry = event.of(ctx.actor.account.0).refused();
    ctx.store().write(async |tx| ctx.record(tx, entry).await).await
}

fn shortened(path: &str) -> String {
    path.chars().take(LONGEST_PATH).collect()
}

/// Writes down that a request was turned away before anything was asked of it.
///
/// # Errors
/// The database cannot be written.
pub async fn record_turned_away(
    app: &App,
    client: &Client,
    ctx: Option<&Context>,
    path: &str,
    why: TurnedAway,
) -> Result<()> {
    let event = Event::TurnedAway { path: shortened(path), turned_away: why };
    if let Some(ctx) = ctx {
        let entry = event.of(ctx.actor.account.0).refused();
        return ctx.store().write(async |tx| ctx.record(tx, entry).await).await;
    }
    let entry = Entry::from(event).refused();
    app.program(Errand::Audit).write(async |tx| record_unsigned(tx, app, client, "（未登录）", entry).await).await
}

/// One line of the audit page.
#[derive(Debug, Clone)]
pub struct AuditLine {
    pub row: AuditRow,
    pub action: String,
    pub object: String,
    pub told: Told,
}

/// The facts of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Facts(Vec<Fact>),
    /// The text as stored: it is no event that this version of the program knows.
    AsStored(String),
}

impl From<AuditRow> for AuditLine {
    fn from(row: AuditRow) -> Self {
        let label = |found: Option<&str>, stored: &str| found.unwrap_or(stored).to_owned();
        Self {
            action: label(Action::from_key(&row.action).map(Action::label), &row.action),
            object: label(Object::from_key(&row.object).map(Object::label), &row.object),
            told: Event::read(&row.action, &row.object, &row.detail)
                .map_or_else(|| Told::AsStored(row.detail.clone()), |event| Told::Facts(event.facts())),
            row,
        }
    }
}

/// A page of the audit, newest first, and the number of all matching rows. While drawn experts are known by numbers alone, rows that would tell who
/// they are show nothing of it, and are found by no words.
///
/// # Errors
/// `Denied` without `ReadAudit`.
pub async fn page(ctx: &Context, search: &str, page: u64, size: u64) -> Result<(Vec<AuditLine>, u64)> {
    ctx.require(Permission::ReadAudit)?;
    let veil = Veiled::now(ctx).await?;
    // Actions are stored by key and searched by the name people see.
    let (key, withheld) = match Action::from_label(search) {
        Some(action) => (action.key(), Withheld::default()),
        None if search.is_empty() => (search, Withheld::default()),
        None => (search, veil.withheld()),
    };
    let (rows, total) = ctx.store().audit().page_without(key, &withheld, page, size).await?;
    Ok((rows.into_iter().map(|row| veil.line(row)).collect(), total))
}

/// Whose rows tell who was drawn, while nobody is to know.
#[derive(Default)]
struct Veiled {
    /// Login names and names of experts' accounts.
    experts: HashSet<String>,
}

/// Acts on experts who have, or just had, a seat.
const TELLING: [Action; 7] = [
    Action::ExpertsInvited,
    Action::SeatReplaced,
    Action::PresenceSet,
    Action::PersonalDataRead,
    Action::ConflictDeclared,
    Action::ActAgreed,
    Action::AccountCreated,
];

impl Veiled {
    async fn now(ctx: &Context) -> Result<Self> {
        if ctx.may(Permission::NotifyExperts) || veiled_rounds(&ctx.app).await?.is_empty() {
            return Ok(Self::default());
        }
        let accounts = ctx.app.program(Errand::Invitation).accounts().all().await?;
        let experts = accounts.into_iter().filter(|own| own.standing.role() == Role::Expert);
        let mut known: HashSet<String> = experts.flat_map(|own| [own.login, own.name]).collect();
        // Also where nobody has an account yet.
        known.insert(String::new());
        Ok(Self { experts: known })
    }

    fn withheld(&self) -> Withheld {
        if self.experts.is_empty() {
            return Withheld::default();
        }
        let actions = TELLING.iter().map(|action| action.key().to_owned()).collect();
        Withheld { actors: self.experts.iter().cloned().collect(), actions }
    }

    fn line(&self, row: AuditRow) -> AuditLine {
        let own = row.role == Some(Role::Expert) || self.experts.contains(&row.actor);
        let telling = own || TELLING.iter().any(|action| action.key() == row.action);
        if self.experts.is_empty() || !telling {
            return row.into();
        }
        let actor = if own { "专家".to_owned() } else { row.actor.clone() };
        let words = LATER.to_owned();
        AuditLine { told: Told::Facts(vec![Fact { name: "内容", words }]), ..AuditRow { actor, ..row }.into() }
    }
}
