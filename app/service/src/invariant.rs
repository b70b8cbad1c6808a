//! 数据检查: the database against its own rules. Only reads, and names everything that breaks one.

mod results;
mod trail;

use crate::audit::{self, Fault};
use crate::crypto::ImprintKey;
use crate::dossier::Dossier;
use crate::{Error, Result, integrity, kept, round};
use domain::access::{Errand, Scope};
use domain::countersign::Countersigns;
use domain::invariant::{Review, Reviewed, Violation};
use domain::round::{Freeze, Gate, Round, Step};
use store::{Current, Damage, Repositories, Store, if_any};
use trail::Trail;

/// 不合规则之处
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("{0}")]
    Storage(#[from] Damage),
    #[error("审计链：{0}")]
    Chain(Fault),
    #[error("轮次“{round}”：{violation}")]
    Round { round: String, violation: Violation },
}

/// The result of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    pub rounds: usize,
    pub sheets: usize,
    /// Rows of the audit.
    pub rows: u64,
    pub broken: Vec<Broken>,
}

/// Checks everything.
///
/// # Errors
/// The database cannot be read.
pub async fn check(store: &Store, key: &ImprintKey) -> Result<Checked> {
    let mut checked = Checked::default();
    checked.broken.extend(store.damage().await?.into_iter().map(Broken::from));
    let review = store.afresh().of(Scope::program(Errand::Audit));
    let mut trail = Trail::default();
    let verified = audit::verify_each(&review, &[], |row| trail.note(row)).await?;
    checked.rows = verified.rows;
    checked.broken.extend(verified.faults.into_iter().map(Broken::Chain));
    let current = review.current().await?;
    for own in review.rounds().all().await? {
        checked.rounds += 1;
        let mut found: Vec<Violation> = Vec::new();
        for violation in of_round(&current, key, &own, &trail, &mut checked.sheets).await? {
            // What cannot be read is met by every part that needs it.
            if !found.contains(&violation) {
                found.push(violation);
            }
        }
        let named = |violation| Broken::Round { round: own.title.clone(), violation };
        checked.broken.extend(found.into_iter().map(named));
    }
    Ok(checked)
}

/// What a part of the check found. A row that cannot be read is named, and keeps only this part from being checked.
fn told(found: Result<Vec<Violation>>) -> Result<Vec<Violation>> {
    match found {
        Err(Error::Internal(text)) => Ok(vec![Violation::Unreadable(text)]),
        Err(Error::NotFound) => Ok(vec![Violation::Incomplete]),
        found => found,
    }
}

async fn of_round(
    current: &Current<'_>,
    key: &ImprintKey,
    own: &Round,
    trail: &Trail,
    sheets_seen: &mut usize,
) -> Result<Vec<Violation>> {
    let dossier = match Dossier::at(current, own.id).await {
        Ok(dossier) => dossier,
        Err(error) => return told(Err(error)),
    };
    let mut found = told(review(current, key, &dossier, trail, sheets_seen).await)?;
    let altered = integrity::of_facets(current, key, &dossier).await;
    found.extend(told(altered.map(|altered| altered.into_iter().map(Violation::Altered).collect()))?);
    found.extend(told(draw(current, own).await)?);
    for step in Step::ALL.iter().copied().filter(|step| *step <= own.step) {
        found.extend(told(gate(current, &dossier, step).await)?);
    }
    found.extend(told(results::of_runs(current, own.id, trail).await)?);
    found.extend(told(results::recomputed(current, &dossier).await)?);
    Ok(found)
}

async fn review(
    current: &Current<'_>,
    key: &ImprintKey,
    dossier: &Dossier,
    trail: &Trail,
    sheets_seen: &mut usize,
) -> Result<Vec<Violation>> {
    let (store, own) = (current.store(), &dossier.round);
    let (seats, recusals) = (kept::seats(current, own.id).await?, kept::recusals(current, own.id).await?);
    let (pool, findings) = (kept::pool(current).await?, kept::findings(current, own.id).await?);
    let sheets = kept::sheets(current, own).await?;
    *sheets_seen += sheets.len();
    let signatures = store.rounds().countersigns(own.id).await?;
    let signers: Vec<_> = signatures.iter().map(|sign| sign.account).collect();
    let reviewed = |a: &domain::application::Application| {
        (a.id, Reviewed { code: a.code.clone(), facts: dossier.facts(a), panel: dossier.panel_of(a.id) })
    };
    let review = Review {
        round: own,
        applications: dossier.applications.iter().map(reviewed).collect(),
        panels: &dossier.panels,
        seats: &seats,
        bridges: &dossier.bridges,
        excluded: &recusals.excluded,
        sheets: &sheets,
        objectives: &findings.objectives,
        codes: pool.experts.iter().map(|expert| (expert.id, expert.code.clone())).collect(),
        names: store.accounts().names_of(&signers).await?,
        signatures: &signatures,
    };
    let mut found = review.violations();
    found.extend(sheets.iter().filter_map(|sheet| trail.of_sheet(sheet, key, &review)));
    found.extend(terms(own, &signatures)?);
    Ok(found)
}

/// The frozen terms are those that three departments signed.
fn terms(own: &Round, signatures: &[domain::countersign::Countersign]) -> Result<Option<Violation>> {
    let Freeze::Frozen { digest, .. } = &own.frozen else { return Ok(None) };
    let signed = Countersigns::under(Gate::Terms, digest.clone(), signatures.to_vec()).is_complete();
    let same = round::terms_digest(own)? == *digest;
    Ok((!same || !signed).then_some(if same { Violation::UnsignedTerms } else { Violation::Terms }))
}

/// The draw that counts comes out the same when it is repeated, and its experts have the seats.
async fn draw(current: &Current<'_>, own: &Round) -> Result<Vec<Violation>> {
    let drawn = if_any(current.store().draws().current(own.id).await)?;
    let Some(text) = drawn.and_then(|drawn| drawn.record) else { return Ok(Vec::new()) };
    let replayed = crate::heavy::compute(move || engine::draw::replay(&text)).await?;
    let record = match replayed {
        Ok(record) => record,
        Err(forgery) => return Ok(vec![Violation::Draw(forgery.to_string())]),
    };
    let (seats, pool) = (kept::seats(current, own.id).await?, kept::pool(current).await?);
    let mut drawn: Vec<String> = record.current().into_iter().map(|one| one.expert).collect();
    let mut seated: Vec<String> = seats.iter().filter_map(|seat| Some(pool.get(seat.expert)?.code.clone())).collect();
    drawn.sort_unstable();
    seated.sort_unstable();
    Ok(if drawn == seated { Vec::new() } else { vec![Violation::OthersSeated] })
}

/// What a gate behind the round demanded for good.
async fn gate(current: &Current<'_>, dossier: &Dossier, step: Step) -> Result<Vec<Violation>> {
    let unmet = match round::unmet(current, dossier, step).await {
        Err(Error::Rule(rule)) => return Ok(vec![Violation::Undecided { step, why: rule.to_string() }]),
        unmet => unmet?,
    };
    let lasting = unmet.into_iter().filter(domain::gate::Condition::lasts);
    Ok(lasting.map(|condition| Violation::Gate { step, condition }).collect())
}
