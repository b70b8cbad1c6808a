//! 冻结摘要: every change of what a round rests on is recorded with keyed digests of it.

use crate::crypto::ImprintKey;
use crate::{Error, Result};
use domain::access::Errand;
use domain::application::Application;
use domain::ids::RoundId;
use domain::imprint::{Facet, Imprints};
use domain::round::Round;
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Repositories, Topic, Tx, if_any};
use uuid::Uuid;

/// What has to be digested again when rows of a topic change.
const fn facets(topic: Topic) -> &'static [Facet] {
    match topic {
        Topic::Programme | Topic::Applications => &[Facet::Applications],
        Topic::Experts => &[],
        Topic::Rounds => &[Facet::Course, Facet::Terms, Facet::Applications, Facet::Panels, Facet::Signatures],
        Topic::Panels => &[Facet::Panels, Facet::Seats],
        Topic::Conflicts => &[Facet::Conflicts],
        Topic::Draws => &[Facet::Draws],
        Topic::Sheets => &[Facet::Sheets],
        Topic::Findings => &[Facet::Objectives, Facet::Indicators],
        Topic::Runs => &[Facet::Runs],
        Topic::Consents => &[Facet::Consents],
    }
}

/// The purpose of the digest of a facet, so that none counts for another facet or round.
pub(crate) fn purpose(round: RoundId, facet: Facet) -> String {
    format!("{}/{round}", facet.key())
}

/// The purpose of the digest of an object that is followed by itself.
pub(crate) fn purpose_of_object(object: &str, id: Option<Uuid>) -> String {
    format!("{object}/{}", id.unwrap_or_default())
}

/// What of an application decides something. People are left out: they are forgotten when their time has come.
fn deciding(application: &Application) -> Application {
    Application { people: Vec::new(), ..application.clone() }
}

/// The content of a facet as it is stored, always in the same form.
pub(crate) async fn content(store: &impl Repositories, round: &Round, facet: Facet) -> Result<Vec<u8>> {
    let id = round.id;
    match facet {
        Facet::Course => {
            let Round { batch, kind, seq, title, step, .. } = round;
            text(&json!({ "batch": batch, "kind": kind, "seq": seq, "title": title, "step": step }))
        }
        Facet::Terms => {
            let Round { rubric, terms, frozen, reference_day, .. } = round;
            text(&json!({ "rubric": rubric, "terms": terms, "frozen": frozen, "reference_day": reference_day }))
        }
        Facet::Applications => {
            let entries = store.rounds().entries(id).await?;
            let mut own = store.applications().of_batch(round.batch).await?;
            own.retain(|application| entries.contains_key(&application.id));
            let own: BTreeMap<_, _> = own.iter().map(|application| (application.id, deciding(application))).collect();
            let under: BTreeSet<_> = own.values().map(|application| application.task).collect();
            let mut tasks = store.programme().tasks(round.batch).await?;
            tasks.retain(|task| under.contains(&task.id));
            let tasks: BTreeMap<_, _> = tasks.into_iter().map(|task| (task.id, task)).collect();
            text(&(own, tasks))
        }
        Facet::Panels => {
            let panels = store.panels().of_round(id).await?;
            let bridges = store.panels().bridges(id).await?;
            // Which applications are under review is settled with them; here only where they are.
            let mut places = store.rounds().entries(id).await?;
            places.retain(|_, panel| panel.is_some());
            text(&(panels, bridges, places))
        }
        Facet::Seats => text(&store.panels().seats(id).await?),
        Facet::Conflicts => {
            // Evidence is forgotten with the people it names; what was decided stays.
            let mut all = store.conflicts().of_round(id).await?;
            all.sort_by_key(|conflict| conflict.id);
            let decided: Vec<_> =
                all.iter().map(|c| (c.id, c.expert, c.application, c.rule, c.origin, c.decision)).collect();
            text(&decided)
        }
        Facet::Draws => {
            let mut draws = store.draws().voided(id).await?;
            draws.extend(if_any(store.draws().current(id).await)?);
            draws.sort_by_key(|draw| draw.id);
            text(&draws)
        }
        Facet::Sheets => {
            let outlines = store.sheets().outlines(id).await?;
            let handed_out: BTreeSet<_> = outlines.iter().map(|own| (own.id, own.expert, own.application)).collect();
            text(&handed_out)
        }
        Facet::Objectives => text(&sorted(store.findings().objectives(id).await?)),
        Facet::Indicators => {
            let results = sorted(store.findings().indicator_results(id).await?);
            text(&(results, sorted(store.findings().knockouts(id).await?)))
        }
        Facet::Runs => text(&store.runs().digests(id).await?),
        Facet::Consents => text(&store.consents().of_round(id).await?),
        Facet::Signatures => {
            let mut signatures = store.rounds().countersigns(id).await?;
            signatures.sort_by_key(|sign| sign.id);
            text(&signatures)
        }
    }
}

fn text<T: Serialize + ?Sized>(content: &T) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(content)?)
}

fn sorted<K: Ord, V>(map: HashMap<K, V>) -> BTreeMap<K, V> {
    map.into_iter().collect()
}

/// Why the content before a change is known to be what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basis {
    /// The round begins with this act.
    New,
    /// It was compared with the audit for this act.
    Compared,
    Unknown,
}

/// The digests that hold from now on, if what they are of was changed in the transaction.
///
/// # Errors
/// `Internal` unless the round is new or was compared before: a digest taken of content that nobody compared would vouch for whatever was
/// changed in it past the program.
pub(crate) async fn renewed(tx: &Tx, key: &ImprintKey, round: RoundId, basis: Basis) -> Result<Option<String>> {
    let changed: BTreeSet<Facet> = tx.take_unrecorded().into_iter().flat_map(facets).copied().collect();
    if changed.is_empty() {
        return Ok(None);
    }
    match basis {
        Basis::New | Basis::Compared => Ok(Some(taken(tx, key, round, changed).await?)),
        Basis::Unknown => Err(Error::Internal(format!("{changed:?} of a round were changed without being compared"))),
    }
}

/// The last digests of the round, with those of `facets` taken anew.
pub(crate) async fn taken(tx: &Tx, key: &ImprintKey, id: RoundId, facets: BTreeSet<Facet>) -> Result<String> {
    let all = tx.beyond(Errand::Audit);
    let round = all.rounds().get(id).await?;
    let last = all.audit().last_imprinted(id).await?;
    let mut imprints = match last.and_then(|row| row.imprints) {
        Some(text) => serde_json::from_str(&text)?,
        None => Imprints::default(),
    };
    for facet in facets {
        let content = content(&all, &round, facet).await?;
        imprints.set(facet, key.digest(&purpose(id, facet), &content)?);
    }
    Ok(serde_json::to_string(&imprints)?)
}
