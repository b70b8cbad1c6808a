//! The context of every use case: the caller and the address, the store, the clock, the source of ids, the keys.

use crate::account::Ceremonies;
use crate::crypto::{Algorithm, ImprintKey, Keyring, Passwords};
use crate::error::{Error, Result};
use domain::Timestamp;
use domain::access::{Actor, Errand, Permission, Restriction, Role, Scope};
use domain::ids::{ExpertId, RoundId, SheetId};
use domain::second_factor::Demanded;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Scoped, Store};
use uuid::Uuid;

/// Tells the time. Tests set it.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The wall clock: the only place that reads it.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one home of the wall clock")]
        chrono::Utc::now()
    }
}

/// Makes ids and secrets. The demonstration makes them from its seed.
pub trait Ids: Send + Sync {
    fn next(&self) -> Uuid;

    /// A secret that nobody can guess.
    ///
    /// # Errors
    /// The system's random source fails.
    fn secret(&self) -> crate::crypto::Result<[u8; 32]> {
        crate::crypto::random()
    }
}

/// UUID v7 from the wall clock and the system's random source.
#[derive(Debug, Clone, Copy)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn next(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "the one home of new ids")]
        Uuid::now_v7()
    }
}

/// The running application, shared by all requests.
pub struct App {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// Key of the keyed hashes by which people are recognised without keeping their ID number.
    pub hash_key: Vec<u8>,
    /// Of the digests by which the audit follows what a round rests on.
    pub imprint_key: ImprintKey,
    pub passwords: Passwords,
    /// Seals what the database must not show.
    pub keys: Keyring,
    pub policy: Policy,
    /// Who has to have a second factor, where the policy is strict.
    pub second_factor: Demanded,
    /// What security keys were asked.
    pub ceremonies: Ceremonies,
    pub transport: Transport,
    /// The address of the program, without a slash at the end. Links that are handed out begin with it.
    pub address: String,
    /// By which the audit is chained from now on; rows keep the one they were written with.
    pub digest: Algorithm,
}

impl App {
    /// The database as the program itself reaches it on one of its own errands. Nothing of it is handed on unchecked.
    pub fn program(&self, errand: Errand) -> Scoped {
        self.store.of(Scope::program(errand))
    }

    /// Whether signing in with this role takes a second factor here.
    pub fn demands_second_factor(&self, role: Role) -> bool {
        self.policy == Policy::Strict && self.second_factor.of(role)
    }
}

/// How strict an installation is about who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Passwords age, and there are roles that use a second factor.
    Strict,
    /// Databases that are made and thrown away.
    Demonstration,
}

/// How browsers reach the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Over TLS, by a reverse proxy: cookies are marked for it.
    Tls,
    /// In the clear, on the machine itself.
    Plain,
}

/// Where a request came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// `None` for what the program does by itself or is told on its own console.
    pub address: Option<IpAddr>,
    /// The browser's own name, cut to a sensible length.
    pub agent: String,
    /// The cookie by which a browser is known in which somebody has signed in before.
    pub device: String,
}

impl Client {
    /// The address as it is written down.
    pub fn label(&self) -> String {
        self.address.map_or_else(|| "本机".to_owned(), |address| address.to_canonical().to_string())
    }
}

/// One caller's view of the application.
#[derive(Clone)]
pub struct Context {
    pub app: Arc<App>,
    pub actor: Actor,
    store: Scoped,
    pub client: Client,
    /// Requests that were refused while this request ran, to be written down when it ends.
    refusals: Arc<Mutex<Vec<Refused>>>,
    /// Rounds that were compared with the audit for this act.
    intact: BTreeSet<RoundId>,
    /// The session the request belongs to, if it belongs to one.
    pub session: Option<Uuid>,
    pub restriction: Option<Restriction>,
    /// When the session ends unless something is asked before.
    pub ends: Option<Timestamp>,
}

/// Something that was asked for and refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Permission(Permission),
    /// Somebody else's sheet.
    Sheet(SheetId),
}

impl Context {
    pub fn new(app: Arc<App>, actor: Actor, client: Client) -> Self {
        let store = app.store.of(actor.scope());
        Self {
            app,
            actor,
            store,
            client,
            refusals: Arc::default(),
            intact: BTreeSet::new(),
            session: None,
            restriction: None,
            ends: None,
        }
    }

    /// The round agrees with the audit.
    #[must_use]
    pub(crate) fn compared(mut self, round: RoundId) -> Self {
        self.intact.insert(round);
        self
    }

    pub(crate) fn is_compared(&self, round: RoundId) -> bool {
        self.intact.contains(&round)
    }

    #[must_use]
    pub fn in_session(self, session: Uuid) -> Self {
        Self { session: Some(session), ..self }
    }

    #[must_use]
    pub fn ending(self, at: Timestamp) -> Self {
        Self { ends: Some(at), ..self }
    }

    #[must_use]
    pub fn restricted(self, restriction: Option<Restriction>) -> Self {
        Self { restriction, ..self }
    }

    /// Asks for a permission on behalf of a use case. A refusal is remembered.
    ///
    /// # Errors
    /// `Restricted` while something else has to happen first; `Denied` unless the actor's role holds the permission.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if let Some(restriction) = self.restriction {
            return Err(Error::Restricted(restriction));
        }
        self.actor.require(permission).inspect_err(|_| self.remember(Refused::Permission(permission)))?;
        Ok(())
    }

    /// Remembers what was refused, to be written down when the request ends.
    pub fn remember(&self, refused: Refused) {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner).push(refused);
    }

    /// The expert who acts.
    ///
    /// # Errors
    /// Those of [`Self::require`], for anyone but an expert.
    pub fn as_expert(&self) -> Result<ExpertId> {
        self.require(Permission::Score)?;
        Ok(self.actor.as_expert()?)
    }

    /// Whether the actor holds a permission: for pages that show what one can do. Nothing is remembered.
    pub fn may(&self, permission: Permission) -> bool {
        self.restriction.is_none() && self.actor.require(permission).is_ok()
    }

    /// Takes the refusals so far and clears them.
    pub fn take_refusals(&self) -> Vec<Refused> {
        std::mem::take(&mut *self.refusals.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The same caller without anything that was kept in memory: what counts is read from the database as it is.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { store: self.store.afresh(), ..self.clone() }
    }

    /// The database as the caller reaches it.
    pub const fn store(&self) -> &Scoped {
        &self.store
    }

    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    pub fn id(&self) -> Uuid {
        self.app.ids.next()
    }
}
