//! Checks rows against the present database. Files and rows from elsewhere are checked in the same way.

mod applications;
mod experts;
mod tasks;

pub(super) use applications::applications;
pub(super) use experts::experts;
pub(super) use tasks::tasks;

use domain::application::{Application, Task};
use domain::changes::Change;
use domain::expert::Expert;
use domain::ids::BatchId;
use domain::round::Round;
use import::{Located, Parsed, Problem, Seen};
use serde::Serialize;
use store::repo::personal::Datum;

/// What a file or a list amounts to.
pub(super) struct Checked {
    pub ready: Ready,
    /// The round that the applications enter.
    pub round: Option<Round>,
    pub problems: Vec<Problem>,
    pub notes: Vec<Problem>,
    pub seen: Vec<Seen>,
    pub sample: Vec<Vec<String>>,
    pub counts: Counts,
    pub changes: Vec<Changed>,
}

/// Checked data, ready to be written.
pub(super) enum Ready {
    Experts { new: Vec<Expert>, numbers: Vec<Datum>, updates: Vec<Update<Expert>> },
    Applications { batch: BatchId, new: Vec<Application>, updates: Vec<Update<Application>> },
    Tasks { batch: BatchId, new: Vec<Task> },
}

/// An entry that is filed and what takes its place.
pub(super) struct Update<T> {
    pub before: T,
    pub after: T,
    pub changes: Vec<Change>,
    /// Numbers that take the place of those on file.
    pub numbers: Vec<Datum>,
}

/// How many rows do what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: usize,
    pub updated: usize,
    /// Rows that say what is filed already.
    pub same: usize,
}

impl Counts {
    pub const fn rows(self) -> usize {
        self.new + self.updated
    }
}

/// One cell of a filed entry that a row changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub sheet: String,
    pub row: u32,
    pub code: String,
    pub name: String,
    pub change: Change,
}

const SAMPLE: usize = 5;

fn problem<T>(row: &Located<T>, column: &str, value: &str, reason: String) -> Problem {
    Problem {
        sheet: row.sheet.clone(),
        cell: format!("第{}行", row.row),
        column: column.to_owned(),
        value: value.to_owned(),
        reason,
    }
}

/// What the sheet of a row says at all. Rows that come from no file say everything.
#[derive(Clone, Copy)]
struct Given<'a>(Option<&'a [String]>);

impl<'a> Given<'a> {
    fn of<T>(row: &Located<T>, parsed: &'a Parsed<T>) -> Self {
        let own = parsed.seen.iter().find(|seen| seen.sheet == row.sheet);
        Self(own.map(|seen| seen.columns.as_slice()))
    }

    fn has(self, column: &str) -> bool {
        self.0.is_none_or(|columns| columns.iter().any(|own| own == column))
    }

    /// What the row says, or, where its sheet has no such column, what is filed.
    fn or<T>(self, column: &str, said: T, filed: T) -> T {
        if self.has(column) { said } else { filed }
    }
}

fn changed<T>(row: &Located<T>, code: &str, name: &str, changes: &[Change]) -> Vec<Changed> {
    let of = |change: &Change| Changed {
        sheet: row.sheet.clone(),
        row: row.row,
        code: code.to_owned(),
        name: name.to_owned(),
        change: change.clone(),
    };
    changes.iter().map(of).collect()
}
