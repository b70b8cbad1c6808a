//! The statements a store sends to its database, for tests and measurements. In normal running nothing is noted.

use sea_orm::metric::Info;
use std::sync::{Arc, Mutex, PoisonError};

/// The statements that were sent since they were last taken. BEGIN and COMMIT are not among them.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Takes the statements sent so far, in their order.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn noting(&self) -> impl Fn(&Info<'_>) + Send + Sync + 'static {
        let Self(sent) = self.clone();
        move |info| sent.lock().unwrap_or_else(PoisonError::into_inner).push(info.statement.sql.clone())
    }
}
