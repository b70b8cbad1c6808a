//! A sheet as the texts of its form: `A1` is an item's score, `A1.reason` its reason, `vote` and `comment` the end.

use domain::points::Points;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub type Entries = BTreeMap<String, String>;

pub const VOTE: &str = "vote";
pub const COMMENT: &str = "comment";
pub const REASON: &str = ".reason";

/// The side of a difference that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// What was typed here.
    Own,
    /// What is stored.
    Stored,
}

/// A field that says one thing here and another where it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub field: String,
    pub own: String,
    pub stored: String,
    /// The side that changed, where only one did since both were the same.
    pub proposed: Option<Side>,
}

/// Whether two texts of a field say the same: `1。5` and `1.5` are one score.
pub fn says_same(field: &str, one: &str, other: &str) -> bool {
    let (one, other) = (one.trim().replace("\r\n", "\n"), other.trim().replace("\r\n", "\n"));
    let is_score = field != VOTE && field != COMMENT && !field.ends_with(REASON);
    one == other || is_score && Points::parse(&one).is_ok_and(|points| Points::parse(&other) == Ok(points))
}

fn of<'a>(entries: &'a Entries, field: &str) -> &'a str {
    entries.get(field).map_or("", String::as_str)
}

/// The fields that differ. `base` is what was stored when the typing began.
pub fn differences(own: &Entries, stored: &Entries, base: &Entries) -> Vec<Difference> {
    let differs = |(field, text): &(&String, &String)| !says_same(field, text, of(stored, field));
    own.iter()
        .filter(differs)
        .map(|(field, text)| {
            let side = |one: &str, kept: Side| says_same(field, one, of(base, field)).then_some(kept);
            Difference {
                field: field.clone(),
                own: text.clone(),
                stored: of(stored, field).to_owned(),
                proposed: side(text, Side::Stored).or_else(|| side(of(stored, field), Side::Own)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(pairs: &[(&str, &str)]) -> Entries {
        pairs.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn only_what_says_something_else_differs() {
        let own = entries(&[("A1", "８。0"), ("A1.reason", "可行\r\n"), ("vote", ""), ("comment", "1.0")]);
        let stored = entries(&[("A1", "8"), ("A1.reason", "可行"), ("comment", "1")]);
        let found = differences(&own, &stored, &Entries::new());
        assert_eq!(found.iter().map(|d| d.field.as_str()).collect::<Vec<_>>(), ["comment"], "a comment is no score");
    }

    #[test]
    fn the_side_that_changed_is_proposed_and_two_changes_are_left_to_the_person() {
        let base = entries(&[("A1", "3"), ("A2", "3"), ("A3", "3")]);
        let own = entries(&[("A1", "4"), ("A2", "3"), ("A3", "4")]);
        let stored = entries(&[("A1", "3"), ("A2", "5"), ("A3", "5")]);
        let proposed: Vec<_> = differences(&own, &stored, &base).into_iter().map(|d| d.proposed).collect();
        assert_eq!(proposed, [Some(Side::Own), Some(Side::Stored), None]);
    }
}
