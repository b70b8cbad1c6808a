//! What was typed and not saved travels back in the page's address, so that an error loses nothing.

use crate::components::Query;
use crate::request::id;
use crate::routes::Round;
use domain::ids::{ApplicationId, IndicatorId, RoundId};
use service::Error;
use std::collections::BTreeMap;

/// Addresses longer than this are cut off by proxies; the form then comes back as last saved.
const LONGEST: usize = 6000;

/// The key of an indicator in a form: the reader of forms takes keys that begin with a digit for places in a list.
pub fn indicator_key(id: IndicatorId) -> String {
    format!("i{id}")
}

/// The indicator that a form's key names.
///
/// # Errors
/// `NotFound` if it names none.
pub fn indicator(key: &str) -> Result<IndicatorId, Error> {
    id(key.strip_prefix('i').ok_or(Error::NotFound)?)
}

/// The page of one application.
pub fn address(round: &str, application: &str) -> Query {
    match (id::<RoundId>(round), id::<ApplicationId>(application)) {
        (Ok(round), Ok(application)) => Query::new(Round(round).finding(application)),
        _ => Query::new("/"),
    }
}

/// The page with what was typed, as `name[key]`.
pub fn keep(page: Query, typed: &[(&str, &BTreeMap<String, String>)]) -> Query {
    let pairs = typed
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |(key, value)| (format!("{name}[{key}]"), value.clone())));
    let full = Query::from_pairs(page.path(), pairs);
    if full.href().len() > LONGEST { page } else { full }
}

/// Reads a typed value back, or what is stored.
#[derive(Clone)]
pub struct Draft(Query);

impl Draft {
    pub const fn new(query: Query) -> Self {
        Self(query)
    }

    /// Whether anything of this form came back unsaved.
    pub fn has(&self, name: &str) -> bool {
        self.0.pairs().iter().any(|(key, _)| key.strip_prefix(name).is_some_and(|rest| rest.starts_with('[')))
    }

    /// The typed value if this form came back, else the stored one.
    pub fn value(&self, form: &str, name: &str, key: &str, stored: Option<String>) -> Option<String> {
        if self.has(form) { self.0.get(&format!("{name}[{key}]")).map(ToOwned::to_owned) } else { stored }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicator_keys_are_read_back() {
        let own = IndicatorId(uuid::Uuid::from_u128(7));
        assert_eq!(indicator(&indicator_key(own)).ok(), Some(own));
        assert!(indicator("7").is_err());
    }

    #[test]
    fn what_was_typed_comes_back_instead_of_what_is_stored() {
        let points = BTreeMap::from([("A2".to_owned(), "9".to_owned()), ("B3".to_owned(), String::new())]);
        let draft = Draft::new(keep(Query::new("/x"), &[("points", &points)]));
        let stored = || Some("6".to_owned());
        assert_eq!(draft.value("points", "points", "A2", stored()).as_deref(), Some("9"));
        assert_eq!(draft.value("points", "points", "B3", stored()), None, "emptied by hand");
        assert_eq!(draft.value("actual", "actual", "A2", stored()).as_deref(), Some("6"), "the other form");
    }
}
