//! Facts of a round that pages read again and again, loaded once for every revision of their rows.

use crate::Result;
use domain::acceptance::{Knockout, Results};
use domain::application::Task;
use domain::conflict::Conflict;
use domain::expert::Expert;
use domain::identity::doubles::{self, Double};
use domain::identity::persons;
use domain::ids::{ApplicationId, BatchId, ExpertId, RoundId, TaskId};
use domain::objective::Objectives;
use domain::round::{Round, Step};
use domain::seat::Seat;
use domain::sheet::Sheet;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use store::{Current, Repositories, Topic};
use uuid::Uuid;

/// The pool of experts.
pub struct Pool {
    /// By code.
    pub experts: Vec<Expert>,
    places: HashMap<ExpertId, usize>,
}

impl Pool {
    pub fn get(&self, id: ExpertId) -> Option<&Expert> {
        self.places.get(&id).map(|place| &self.experts[*place])
    }
}

pub async fn pool(current: &Current<'_>) -> Result<Arc<Pool>> {
    let load = async || {
        let experts = current.store().experts().all().await?;
        let places = experts.iter().map(|e| e.id).zip(0..).collect();
        Ok(Pool { experts, places })
    };
    current.kept(Uuid::nil(), &[Topic::Experts], load).await
}

/// Entries of the pool that may be one person, undecided.
pub struct OpenDoubles(pub Vec<Double>);

pub async fn open_doubles(current: &Current<'_>) -> Result<Arc<OpenDoubles>> {
    let load = async || {
        let pool = pool(current).await?;
        let hashes = current.store().personal().hashes().await?;
        // Nobody's number is here: who has the same one has the same place in the order of the hashes.
        let numbers: HashMap<&str, usize> = hashes.values().map(String::as_str).zip(0..).collect();
        let codes: HashMap<ExpertId, &str> = pool.experts.iter().map(|e| (e.id, e.code.as_str())).collect();
        let found = doubles::find(&pool.experts, |id| numbers.get(codes.get(&id)?).copied());
        let judgements: Vec<_> =
            current.store().judgements().all().await?.into_iter().map(|stored| stored.judgement).collect();
        Ok(OpenDoubles(persons::open(found, &judgements)))
    };
    current.kept(Uuid::nil(), &[Topic::Experts], load).await
}

/// Whoever may be seated, each person once.
pub struct Seatable(pub Vec<Expert>);

pub async fn seatable(current: &Current<'_>) -> Result<Arc<Seatable>> {
    let load = async || {
        let (pool, doubles) = (pool(current).await?, open_doubles(current).await?);
        Ok(Seatable(persons::seatable(&pool.experts, &doubles.0)))
    };
    current.kept(Uuid::nil(), &[Topic::Experts], load).await
}

/// The tasks of a batch.
pub async fn tasks(current: &Current<'_>, batch: BatchId) -> Result<Arc<HashMap<TaskId, Task>>> {
    let load = async || {
        let tasks = current.store().programme().tasks(batch).await?;
        Ok(tasks.into_iter().map(|task| (task.id, task)).collect())
    };
    current.kept(batch.0, &[Topic::Programme], load).await
}

/// All rounds, the first first.
pub async fn rounds(current: &Current<'_>) -> Result<Arc<Vec<Round>>> {
    let load = async || Ok(current.store().rounds().all().await?);
    current.kept(Uuid::nil(), &[Topic::Rounds], load).await
}

/// The seats of a round, by panel and number.
pub async fn seats(current: &Current<'_>, round: RoundId) -> Result<Arc<Vec<Seat>>> {
    let load = async || Ok(current.store().panels().seats(round).await?);
    current.kept(round.0, &[Topic::Panels], load).await
}

/// The recusal records of a round, and the pairs that may not meet.
pub struct Recusals {
    pub conflicts: Vec<Conflict>,
    pub excluded: HashSet<(ExpertId, ApplicationId)>,
}

pub async fn recusals(current: &Current<'_>, round: RoundId) -> Result<Arc<Recusals>> {
    let load = async || {
        let conflicts = current.store().conflicts().of_round(round).await?;
        Ok(Recusals { excluded: domain::conflict::excluded(&conflicts), conflicts })
    };
    current.kept(round.0, &[Topic::Conflicts], load).await
}

/// The facts that staff have established in a round.
#[derive(Debug)]
pub struct Findings {
    pub objectives: Objectives,
    pub indicator_results: HashMap<ApplicationId, Results>,
    pub knockouts: HashMap<ApplicationId, BTreeMap<Knockout, String>>,
}

pub async fn findings(current: &Current<'_>, round: RoundId) -> Result<Arc<Findings>> {
    let load = async || {
        let findings = current.store().findings();
        Ok(Findings {
            objectives: findings.objectives(round).await?,
            indicator_results: findings.indicator_results(round).await?,
            knockouts: findings.knockouts(round).await?,
        })
    };
    current.kept(round.0, &[Topic::Findings], load).await
}

/// Every sheet of a round, voided ones included.
pub async fn sheets(current: &Current<'_>, round: &Round) -> Result<Arc<Vec<Sheet>>> {
    let load = async || Ok(current.store().sheets().of_round(round.id).await?);
    resting_on_sheets(current, round, load).await
}

/// Values that rest on what the sheets say, and on any other rows of the review. They are not kept while scoring is open, for what
/// experts enter raises no revision.
pub async fn resting_on_sheets<T: Send + Sync + 'static>(
    current: &Current<'_>,
    round: &Round,
    load: impl AsyncFnOnce() -> Result<T>,
) -> Result<Arc<T>> {
    if round.step == Step::Scoring {
        return Ok(Arc::new(load().await?));
    }
    current.kept(round.id.0, &Topic::ALL, load).await
}
