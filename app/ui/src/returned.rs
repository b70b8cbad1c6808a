//! Refused forms on their way back to their pages. They stay in memory, one for each browser session or set-up link, for five minutes.

use crate::components::FormState;
use domain::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Seconds after which a form is forgotten.
const LIFE: i64 = 300;

/// Passwords, the keys of links and the random numbers of a draw are never kept, nor are one-time codes.
fn is_secret(action: &str, name: &str) -> bool {
    matches!(name, "password" | "again" | "old" | "key" | "nonce")
        || (name == "code" && action.ends_with("second_factor"))
}

#[derive(Debug)]
struct Returned {
    page: String,
    at: Timestamp,
    state: FormState,
}

#[derive(Debug, Default)]
pub struct Returns(Mutex<HashMap<Uuid, Returned>>);

impl Returns {
    /// Keeps a form for the page at `back`, in place of an earlier one of its holder.
    pub fn keep(&self, holder: Uuid, back: &str, at: Timestamp, mut state: FormState) {
        state.typed.retain(|(name, _)| !is_secret(&state.action, name));
        let page = back.split(['?', '#']).next().unwrap_or(back).to_owned();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| is_alive(kept, at));
        kept.insert(holder, Returned { page, at, state });
    }

    /// Takes the form that belongs on this page; it is shown once.
    pub fn take(&self, holder: Uuid, page: &str, at: Timestamp) -> Option<FormState> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.get(&holder)?.page != page {
            return None;
        }
        kept.remove(&holder).filter(|kept| is_alive(kept, at)).map(|kept| kept.state)
    }
}

fn is_alive(kept: &Returned, at: Timestamp) -> bool {
    (at - kept.at).num_seconds() < LIFE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(typed: &[(&str, &str)]) -> FormState {
        let typed = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        FormState { action: "/api/create_account".to_owned(), typed, problems: Vec::new() }
    }

    #[test]
    fn a_form_comes_back_once_to_its_page_and_its_session() {
        let returns = Returns::default();
        let (own, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let now = Timestamp::default();
        returns.keep(own, "/accounts?page=2#new", now, form(&[("login", "zhang")]));
        assert_eq!(returns.take(other, "/accounts", now), None);
        assert_eq!(returns.take(own, "/roles", now), None);
        assert_eq!(returns.take(own, "/accounts", now), Some(form(&[("login", "zhang")])));
        assert_eq!(returns.take(own, "/accounts", now), None);
    }

    #[test]
    fn secrets_are_not_kept_and_nothing_is_kept_for_long() {
        let returns = Returns::default();
        let (own, now) = (Uuid::from_u128(1), Timestamp::default());
        let secret = [("login", "zhang"), ("password", "Ceshi-2026!"), ("again", "x"), ("nonce", "00")];
        returns.keep(own, "/accounts", now, form(&secret));
        assert_eq!(returns.take(own, "/accounts", now), Some(form(&[("login", "zhang")])));
        returns.keep(own, "/accounts", now, form(&secret));
        assert_eq!(returns.take(own, "/accounts", now + chrono::TimeDelta::seconds(LIFE)), None);
    }
}
