//! 保存期限: what of people is kept no longer, and anonymising an expert on request. Nothing official is deleted: sheets, results and
//! the audit stay, people leave them.

use crate::account::CONSOLE;
use crate::audit::kinds::{Anonymised, Ended};
use crate::audit::{Entry, Event, record_unsigned};
use crate::{App, Client, Error, Result};
use chrono::{Duration, Months};
use domain::NaiveDate;
use domain::access::{Errand, Standing};
use domain::account::AccountState;
use domain::beijing::day;
use domain::ids::{ApplicationId, ExpertId, ImportId};
use domain::people::ANONYMOUS;
use domain::reason::{Reason, Unreasoned};
use domain::round::Round;
use domain::seat::StillSeated;
use std::collections::{BTreeMap, HashMap};
use store::repo::personal::Datum;
use store::{Repositories, Tx};

/// A workbook that nobody imported.
const WORKBOOK_DAYS: i64 = 30;

/// For how many years what is kept.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Sealed numbers of an expert: from filing, or from the reference day of the last round with a seat for them.
    pub numbers: u32,
    /// Names of people in applications: from the reference day of the last round of their batch.
    pub people: u32,
}

/// Data whose retention has ended.
#[derive(Debug, Clone, Default)]
pub struct Due {
    /// By the expert's code.
    pub numbers: BTreeMap<String, Vec<Datum>>,
    /// Applications that name people, by code.
    pub applications: BTreeMap<String, ApplicationId>,
    /// Uploaded workbooks, by name.
    pub workbooks: Vec<(ImportId, String)>,
}

impl Due {
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.applications.is_empty() && self.workbooks.is_empty()
    }
}

fn years_before(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(12 * years)).unwrap_or(NaiveDate::MIN)
}

/// Data whose retention has ended today. Data of a round that is not archived is never among them.
///
/// # Errors
/// The database cannot be read.
pub async fn due(app: &App, terms: Terms) -> Result<Due> {
    let now = app.clock.now();
    let rounds = app.program(Errand::Retention).rounds().all().await?;
    let old = app
        .program(Errand::Retention)
        .imports()
        .waiting()
        .await?
        .into_iter()
        .filter(|file| now - file.at > Duration::days(WORKBOOK_DAYS));
    Ok(Due {
        numbers: numbers_due(app, &rounds, years_before(day(now), terms.numbers)).await?,
        applications: applications_due(app, &rounds, years_before(day(now), terms.people)).await?,
        workbooks: old.map(|file| (file.id, file.name)).collect(),
    })
}

async fn numbers_due(app: &App, rounds: &[Round], before: NaiveDate) -> Result<BTreeMap<String, Vec<Datum>>> {
    let mut last_needed: HashMap<ExpertId, NaiveDate> = HashMap::new();
    for round in rounds {
        let day = if round.is_over() { round.reference_day } else { NaiveDate::MAX };
        for seat in app.program(Errand::Retention).panels().seats(round.id).await? {
            let last = last_needed.entry(seat.expert).or_insert(day);
            *last = day.max(*last);
        }
    }
    let codes: HashMap<ExpertId, String> =
        app.program(Errand::Retention).experts().codes().await?.into_iter().map(|(c, id)| (id, c)).collect();
    let mut due: BTreeMap<String, Vec<Datum>> = BTreeMap::new();
    for datum in app.program(Errand::Retention).personal().sealed().await? {
        let last = last_needed.get(&datum.expert).copied().unwrap_or(NaiveDate::MIN).max(day(datum.filed_at));
        if last < before
            && let Some(code) = codes.get(&datum.expert)
        {
            due.entry(code.clone()).or_default().push(datum);
        }
    }
    Ok(due)
}

async fn applications_due(app: &App, rounds: &[Round], before: NaiveDate) -> Result<BTreeMap<String, ApplicationId>> {
    let mut due = BTreeMap::new();
    for batch in app.program(Errand::Retention).programme().batches().await? {
        // A batch that never came to a round counts from the end of its year.
        let own = || rounds.iter().filter(|round| round.batch == batch.id);
        let year_end = NaiveDate::from_ymd_opt(batch.year, 12, 31).unwrap_or(NaiveDate::MAX);
        let last = own().map(|round| round.reference_day).max().unwrap_or(year_end);
        if own().any(|round| !round.is_over()) || last >= before {
            continue;
        }
        for application in app.program(Errand::Retention).applications().of_batch(batch.id).await? {
            if application.people.iter().any(|person| !person.is_anonymous()) {
                due.insert(application.code, application.id);
            }
        }
    }
    Ok(due)
}

/// Ends what is due: numbers are forgotten but for the keyed hash that finds doubles, people in applications lose their names, workbooks go.
///
/// # Errors
/// The database cannot be written; nothing is changed then.
pub async fn end(app: &App, due: &Due) -> Result<()> {
    app.program(Errand::Retention)
        .write(async |tx| {
            let why = Ended::Retention;
            for datum in due.numbers.values().flatten() {
                tx.personal().end(datum.id).await?;
                let event = Event::NumberForgotten { number: datum.kind, why };
                recorded(tx, app, event.of(datum.expert.0)).await?;
            }
            for id in due.applications.values() {
                tx.applications().anonymise_people(*id).await?;
                tx.conflicts().forget_people_of(*id, ANONYMOUS).await?;
                let event = Event::PeopleForgotten { people: Anonymised::Anonymised, why };
                recorded(tx, app, event.of(id.0)).await?;
            }
            for (id, name) in &due.workbooks {
                tx.imports().drop(*id).await?;
                recorded(tx, app, Event::FileForgotten { name: name.clone(), why }.of(id.0)).await?;
            }
            Ok(())
        })
        .await
}

async fn recorded(tx: &Tx, app: &App, entry: Entry) -> Result<()> {
    record_unsigned(tx, app, &Client::default(), CONSOLE, entry).await
}

/// 匿名化: takes name, employer, career and numbers from an expert. Code, sheets and results stay; the account ends; what the audit and
/// the records of draws say stays as it was said.
///
/// # Errors
/// `Rule` without a reason; `NotFound` for an unknown code; `Rule` while a round that is not archived has a seat for them.
pub async fn anonymise(app: &App, code: &str, reason: &str) -> Result<()> {
    let reason = Reason::of(reason, Unreasoned::Anonymisation)?;
    app.program(Errand::Retention)
        .write(async |tx| {
            let id = *tx.experts().codes().await?.get(code.trim()).ok_or(Error::NotFound)?;
            let expert = tx.experts().get(id).await?;
            let accounts = tx.accounts().all().await?;
            let account = accounts.iter().find(|account| account.standing == Standing::Expert(id));
            if !tx.panels().seats_of(id).await?.is_empty() {
                return Err(StillSeated(code.to_owned()).into());
            }
            let anonymous = expert.clone().anonymised();
            tx.experts().replace(&anonymous).await?;
            tx.personal().forget(id).await?;
            tx.conflicts().forget_evidence_of(id, ANONYMOUS).await?;
            if let Some(account) = account {
                tx.accounts().rename(account.id, &anonymous.name).await?;
                tx.accounts().set_state(account.id, AccountState::Disabled).await?;
                tx.browser_sessions().close_all_of(account.id).await?;
            }
            let event = Event::ExpertAnonymised { code: expert.code, reason: reason.as_str().to_owned() };
            recorded(tx, app, event.of(id.0)).await
        })
        .await
}
