//! 演示数据: a whole story, told through the services, the same every time.

mod acceptance;
mod applications;
mod cast;
mod convene;
mod experts;
mod files;
mod names;
mod plant;
mod scores;
mod selection;
mod source;
mod tasks;
#[cfg(test)]
mod tests;
mod texts;
mod tie;
mod units;

pub use files::sample_files;

use cast::Cast;
use domain::NaiveDate;
use domain::ids::BatchId;
use domain::round::RoundKind;
use domain::seat::Presence;
use domain::sector::Sector;
use service::consent::Acted;
use service::crypto::{Algorithm, ImprintKey, Keyring, Passwords};
use service::import::Rows;
use service::{App, Error, Result, expert, import, programme, round};
use source::{StoryClock, StoryIds};
use std::sync::Arc;
use store::Store;
use units::{SECTORS, Units};

/// The password of every account; it exists in demonstrations only.
pub const PASSWORD: &str = "Yanshi-2025!";

const EXPERTS: usize = 900;
const BASIS: &str = "甘工信发〔2025〕40号（演示）";
/// The finished projects are of these sectors, one panel each.
const FINISHED: [Sector; 2] = [Sector::Metallurgy, Sector::Materials];
/// The batch that waits for its 汇总表.
const COMING: [Sector; 2] = [Sector::Electronics, Sector::Biomedicine];

/// An account to sign in with.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DemoAccount {
    pub login: String,
    pub password: String,
    pub name: String,
    /// The role, in words.
    pub role: String,
}

/// The things that were built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    pub accounts: Vec<DemoAccount>,
}

/// Fills an empty, migrated database. `scale` multiplies applications, experts and panels of the main round.
///
/// # Errors
/// The database is not empty, or a service refuses what the story asks.
pub async fn build(
    store: Store,
    hash_key: Vec<u8>,
    keys: Keyring,
    scale: usize,
    progress: impl Fn(&str),
) -> Result<Demo> {
    let Filed { mut told, finished, open } = Box::pin(file(store, hash_key, keys, scale, &progress)).await?;
    let coordinator = told.cast.industry.clone();
    Box::pin(selection::play(&mut told, open, &progress)).await?;
    acceptance::play(&mut told, finished, &progress).await?;

    told.clock.turn_to(day(2025, 6, 12), 9);
    let coming = programme::create_batch(&coordinator, 2025, 2, "2025年第2批", BASIS).await?;
    let tasks = tasks::tasks(&coordinator, coming, "B2-RW", &COMING, 2, day(2027, 12, 31));
    programme::add_tasks(&coordinator, coming, tasks).await?;
    round::create(&coordinator, coming, RoundKind::Selection, "2025年第2批单位遴选", day(2025, 7, 1), None).await?;
    progress("待导入汇总表的批次");
    Ok(Demo { accounts: told.cast.into_accounts() })
}

/// The same as far as the main round's 独立评分, where nobody has scored yet; returns the logins of those who will.
///
/// # Errors
/// As [`build`].
pub async fn at_scoring(
    store: Store,
    hash_key: Vec<u8>,
    keys: Keyring,
    scale: usize,
    progress: impl Fn(&str),
) -> Result<Vec<String>> {
    let Filed { mut told, open, .. } = Box::pin(file(store, hash_key, keys, scale, &progress)).await?;
    let opened = Box::pin(selection::open(&mut told, open, &progress)).await?;
    let present = opened.sitting.seated.iter().filter(|line| line.seat.presence == Presence::Present);
    let mut logins = Vec::new();
    for line in present {
        told.cast.expert(&line.expert).await?;
        logins.push(cast::login(&line.expert));
    }
    Ok(logins)
}

/// The story as far as the applications are filed.
struct Filed {
    told: Story,
    finished: BatchId,
    open: BatchId,
}

async fn file(store: Store, hash_key: Vec<u8>, keys: Keyring, scale: usize, progress: &impl Fn(&str)) -> Result<Filed> {
    let scale = scale.max(1);
    let clock = Arc::new(StoryClock::default());
    clock.turn_to(day(2025, 2, 24), 9);
    let ids = Arc::new(StoryIds::new(clock.clone()));
    let passwords = Passwords::cheap()?;
    let app = Arc::new(App {
        store,
        clock: clock.clone(),
        ids,
        imprint_key: ImprintKey::of(&hash_key, Algorithm::Sha256)?,
        hash_key,
        passwords,
        keys,
        policy: service::Policy::Demonstration,
        second_factor: domain::second_factor::Demanded::Staff,
        ceremonies: service::account::Ceremonies::default(),
        transport: service::Transport::Plain,
        address: "http://hengping.example".to_owned(),
        digest: Algorithm::Sha256,
    });
    service::account::mark_as_demonstration(&app).await?;
    let told = Story { cast: Cast::open(&app).await?, clock, scale };
    progress("账号");

    let units = Units::make(scale)?;
    let pool = experts::pool(&units, "ZJ", 0, EXPERTS * scale);
    let planted = plant::plant(&units, pool, applications::open_batch(&units, scale), scale);
    let coordinator = told.cast.industry.clone();
    import::import_rows(&coordinator, "演示专家库", Rows::Experts(planted.experts)).await?;
    for (parent, child) in &planted.affiliations {
        expert::register_affiliation(&coordinator, parent, child).await?;
    }
    expert::register_authority(&coordinator, None, plant::REGISTERED_AUTHORITY).await?;
    progress("专家库");

    told.clock.turn_to(day(2025, 2, 25), 9);
    let basis = "甘工信发〔2024〕12号（演示）";
    let finished = programme::create_batch(&coordinator, 2024, 1, "2024年第1批", basis).await?;
    let tasks = tasks::tasks(&coordinator, finished, "A1-RW", &FINISHED, 3, day(2025, 3, 31));
    programme::add_tasks(&coordinator, finished, tasks).await?;
    let projects = applications::finished_batch(&units, &FINISHED);
    let rows = projects.into_iter().map(|filing| filing.row).collect();
    import::import_rows(&coordinator, "演示已完成项目", Rows::Applications(finished, rows)).await?;

    told.clock.turn_to(day(2025, 2, 26), 10);
    let open = programme::create_batch(&coordinator, 2025, 1, "2025年第1批", BASIS).await?;
    let tasks = tasks::tasks(&coordinator, open, "B1-RW", SECTORS, 3 * scale, day(2027, 6, 30));
    programme::add_tasks(&coordinator, open, tasks).await?;
    told.clock.turn_to(day(2025, 3, 31), 10);
    let rows = planted.filings.into_iter().map(|filing| filing.row).collect();
    import::import_rows(&coordinator, "演示汇总表", Rows::Applications(open, rows)).await?;
    progress("批次、任务与申报");
    Ok(Filed { told, finished, open })
}

/// The things that the parts of the story share.
struct Story {
    cast: Cast,
    clock: Arc<StoryClock>,
    scale: usize,
}

impl Story {
    /// Moves the round on by one step.
    async fn advance(&self, round: domain::ids::RoundId) -> Result<domain::round::Step> {
        let now = round::get(&self.cast.industry, round).await?.step;
        match round::advance(&self.cast.organizer, round, now).await? {
            Acted::Done(step) => Ok(step),
            // 会签 is over: a department agrees.
            Acted::Waiting(_) => {
                let agreed = round::advance(&self.cast.industry, round, now).await?.done();
                agreed.ok_or_else(|| service::Error::Internal("a second person was not enough".to_owned()))
            }
        }
    }
}

/// A day of the story. All of them exist.
fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// The story met something that its own data rule out.
fn astray(what: &str) -> Error {
    Error::Internal(format!("demonstration: {what}"))
}
