//! Secrets that are told once, such as a first password: they wait in memory for the next page of the session that caused them, and pass through no
//! cookie and no address.

use domain::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Seconds after which what was not looked at is forgotten.
const LIFE: i64 = 120;

#[derive(Debug, Default)]
pub struct Told(Mutex<HashMap<Uuid, (Timestamp, String)>>);

impl Told {
    /// Keeps a message for the session's next page, in place of an earlier one.
    pub fn keep(&self, session: Uuid, at: Timestamp, message: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (since, _)| is_alive(*since, at));
        kept.insert(session, (at, message));
    }

    /// Takes the session's message; it is shown once.
    pub fn take(&self, session: Uuid, at: Timestamp) -> Option<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&session).filter(|(since, _)| is_alive(*since, at)).map(|(_, message)| message)
    }
}

fn is_alive(since: Timestamp, at: Timestamp) -> bool {
    (at - since).num_seconds() < LIFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_once_to_its_session_and_soon() {
        let (told, own, other) = (Told::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        let now = Timestamp::default();
        told.keep(own, now, "初始密码".to_owned());
        assert_eq!(told.take(other, now), None);
        assert_eq!(told.take(own, now).as_deref(), Some("初始密码"));
        assert_eq!(told.take(own, now), None);
        told.keep(own, now, "初始密码".to_owned());
        assert_eq!(told.take(own, now + chrono::TimeDelta::seconds(LIFE)), None);
    }
}
