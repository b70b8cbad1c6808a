//! 数据检查: the database against its own rules. Only reads, and names everything that breaks one.

mod results;
mod trail;

use crate::audit::{self, Fault};
use crate::dossier::Dossier;
use crate::{Error, Result, kept, round};
use domain::access::{Errand, Scope};
use domain::countersign::Countersigns;
use domain::ids::ExpertId;
use domain::invariant::{Review, Reviewed, Violation};
use domain::round::{Freeze, Gate, Round, Step};
use std::collections::HashMap;
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
pub async fn check(store: &Store) -> Result<Checked> {
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
        let found = match of_round(&current, &own, &trail, &mut checked.sheets).await {
            // One row that cannot be read keeps the others of its round from being checked, not those of other rounds.
            Err(Error::Internal(text)) => vec![Violation::Unreadable(text)],
            Err(Error::NotFound) => vec![Violation::Incomplete],
            found => found?,
        };
        let named = |violation| Broken::Round { round: own.title.clone(), violation };
        checked.broken.extend(found.into_iter().map(named));
    }
    Ok(checked)
}

async fn of_round(
    current: &Current<'_>,
    own: &Round,
    trail: &Trail,
    sheets_seen: &mut usize,
) -> Result<Vec<Violation>> {
    let store = current.store();
    let dossier = Dossier::at(current, own.id).await?;
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
    found.extend(sheets.iter().filter_map(|sheet| trail.of_sheet(sheet, &review)));
    found.extend(terms(own, &signatures)?);
    found.extend(draw(current, own, &review.codes).await?);
    found.extend(gates(current, &dossier).await?);
    found.extend(results::violations(current, &dossier, trail).await?);
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
async fn draw(current: &Current<'_>, own: &Round, codes: &HashMap<ExpertId, String>) -> Result<Vec<Violation>> {
    let drawn = if_any(current.store().draws().current(own.id).await)?;
    let Some(text) = drawn.and_then(|drawn| drawn.record) else { return Ok(Vec::new()) };
    let replayed = crate::heavy::compute(move || engine::draw::replay(&text)).await?;
    let record = match replayed {
        Ok(record) => record,
        Err(forgery) => return Ok(vec![Violation::Draw(forgery.to_string())]),
    };
    let seats = kept::seats(current, own.id).await?;
    let mut drawn: Vec<String> = record.current().into_iter().map(|one| one.expert).collect();
    let mut seated: Vec<String> = seats.iter().filter_map(|seat| codes.get(&seat.expert).cloned()).collect();
    drawn.sort_unstable();
    seated.sort_unstable();
    Ok(if drawn == seated { Vec::new() } else { vec![Violation::OthersSeated] })
}

/// What the gates behind the round demanded for good.
async fn gates(current: &Current<'_>, dossier: &Dossier) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for step in Step::ALL.iter().copied().filter(|step| *step <= dossier.round.step) {
        let unmet = match round::unmet(current, dossier, step).await {
            Err(Error::Rule(rule)) => {
                found.push(Violation::Undecided { step, why: rule.to_string() });
                continue;
            }
            unmet => unmet?,
        };
        let lasting = unmet.into_iter().filter(domain::gate::Condition::lasts);
        found.extend(lasting.map(|condition| Violation::Gate { step, condition }));
    }
    Ok(found)
}
