//! What every use case is given: who acts, the store, the clock, the source of ids, the key for hashes.

use crate::error::Result;
use domain::Timestamp;
use domain::access::{Actor, Permission};
use std::sync::Arc;
use store::Store;
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

/// Makes ids. The demonstration makes them from its seed.
pub trait Ids: Send + Sync {
    fn next(&self) -> Uuid;
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
    pub passwords: crate::account::Passwords,
    pub transport: Transport,
}

/// How browsers reach the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Over TLS, by a reverse proxy: cookies are marked for it.
    Tls,
    /// In the clear, on the machine itself.
    Plain,
}

/// One caller's view of the application.
#[derive(Clone)]
pub struct Context {
    pub app: Arc<App>,
    pub actor: Actor,
}

impl Context {
    /// # Errors
    /// `Denied` unless the actor's role holds the permission.
    pub fn require(&self, permission: Permission) -> Result<()> {
        Ok(self.actor.require(permission)?)
    }

    pub fn store(&self) -> &Store {
        &self.app.store
    }

    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    pub fn id(&self) -> Uuid {
        self.app.ids.next()
    }
}
