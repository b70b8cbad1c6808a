//! 席位代号: until the experts have signed in, whoever does not have to notify them knows the drawn by a number that leads nowhere. It is made for
//! one round, is in no list, and is the same wherever the expert is met in that round.

use crate::dossier::Dossier;
use crate::{App, Context, Error, Result, kept};
use domain::access::{Errand, Permission};
use domain::expert::Expert;
use domain::ids::{ExpertId, RoundId};
use domain::round::{Round, When, Work};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

pub(crate) const LATER: &str = "签到后显示";

/// What one caller sees of the drawn experts of a round.
pub(crate) struct Veil<'a> {
    app: &'a App,
    round: RoundId,
    pub closed: bool,
}

impl<'a> Veil<'a> {
    pub fn of(ctx: &'a Context, dossier: &Dossier) -> Self {
        Self::over(&ctx.app, &dossier.round, ctx.may(Permission::NotifyExperts))
    }

    /// For callers who reach nothing else of a review.
    pub fn over(app: &'a App, round: &Round, notifies: bool) -> Self {
        Self { app, round: round.id, closed: round.when(Work::ShowNames) == When::Ahead && !notifies }
    }

    /// The number of an expert in this round: 代号 and six characters.
    pub fn number(&self, expert: ExpertId) -> String {
        // Without letters and digits that look alike.
        const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let digest = self.app.imprint_key.digest(&format!("seat-number/{}", self.round), expert.0.as_bytes());
        let digits = digest.ok().and_then(|digest| u64::from_str_radix(digest.rsplit(':').next()?.get(..12)?, 16).ok());
        let mut left = digits.unwrap_or_default();
        let mut number = String::from("代号");
        for _ in 0..6 {
            number.push(char::from(ALPHABET[usize::try_from(left % 32).unwrap_or_default()]));
            left /= 32;
        }
        number
    }

    /// The expert as the caller may see them.
    pub fn show(&self, expert: Expert) -> Expert {
        if !self.closed {
            return expert;
        }
        Expert {
            code: self.number(expert.id),
            name: LATER.to_owned(),
            employer: LATER.to_owned(),
            employer_uscc: None,
            specialities: String::new(),
            disciplines: Vec::new(),
            title: String::new(),
            region: String::new(),
            ties: Vec::new(),
            ..expert
        }
    }

    /// The same value with numbers in the place of codes, wherever one stands.
    ///
    /// # Errors
    /// The value cannot be written and read again.
    pub fn rename<T: Serialize + DeserializeOwned>(&self, value: T, experts: &[Expert]) -> Result<T> {
        if !self.closed {
            return Ok(value);
        }
        let numbers: HashMap<&str, String> =
            experts.iter().map(|own| (own.code.as_str(), self.number(own.id))).collect();
        let mut written = serde_json::to_value(value)?;
        replace(&mut written, &numbers);
        serde_json::from_value(written).map_err(|error| Error::Internal(error.to_string()))
    }
}

/// Rounds whose drawn experts are known by numbers now.
pub(crate) async fn veiled_rounds(app: &App) -> Result<HashSet<RoundId>> {
    let program = app.program(Errand::Rule);
    let review = program.current().await?;
    let mut veiled = HashSet::new();
    for round in kept::rounds(&review).await?.iter() {
        if round.when(Work::ShowNames) == When::Ahead && !kept::seats(&review, round.id).await?.is_empty() {
            veiled.insert(round.id);
        }
    }
    Ok(veiled)
}

fn replace<S: BuildHasher>(value: &mut Value, numbers: &HashMap<&str, String, S>) {
    match value {
        Value::String(text) => {
            if let Some(number) = numbers.get(text.as_str()) {
                text.clone_from(number);
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| replace(one, numbers)),
        Value::Object(fields) => fields.values_mut().for_each(|one| replace(one, numbers)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
