//! 冻结摘要: every change of what a round rests on is recorded with keyed digests of it, and nothing is computed, decided or handed out on
//! content that no longer agrees with them.

use crate::account::CONSOLE;
use crate::audit::{self, Entry, Event};
use crate::context::Client;
use crate::crypto::ImprintKey;
use crate::dossier::Dossier;
use crate::{App, Context, Error, Result, kept};
use domain::access::{Errand, Permission, Scope};
use domain::application::Application;
use domain::digest::sha256;
use domain::ids::RoundId;
use domain::imprint::{Altered, Facet, Imprints, NotAsLeft};
use domain::reason::{Reason, Unreasoned};
use domain::round::{Round, Step};
use domain::run::RunKind;
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Current, Repositories, Scoped, Topic, Tx, if_any};
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
    }
}

/// The purpose of the digest of a facet, so that none counts for another facet or round.
fn purpose(round: RoundId, facet: Facet) -> String {
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
async fn content(store: &impl Repositories, round: &Round, facet: Facet) -> Result<Vec<u8>> {
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

/// The digests that hold from now on, if what they are of was changed in the transaction.
pub(crate) async fn renewed(tx: &Tx, key: &ImprintKey, round: RoundId) -> Result<Option<String>> {
    let changed: BTreeSet<Facet> = tx.take_unrecorded().into_iter().flat_map(facets).copied().collect();
    if changed.is_empty() { Ok(None) } else { Ok(Some(taken(tx, key, round, changed).await?)) }
}

/// The last digests of the round, with those of `facets` taken anew.
async fn taken(tx: &Tx, key: &ImprintKey, id: RoundId, facets: BTreeSet<Facet>) -> Result<String> {
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

/// Compares everything a round rests on with what the audit says of it.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn compare(current: &Current<'_>, key: &ImprintKey, dossier: &Dossier) -> Result<Vec<Altered>> {
    let mut altered = of_facets(current, key, dossier).await?;
    altered.extend(of_sheets(current, key, dossier).await?);
    let (store, round) = (current.store(), &dossier.round);
    for kind in RunKind::ALL.iter().copied() {
        let run = if_any(store.runs().latest(round.id, kind).await)?;
        if run.is_some_and(|run| sha256(run.output.as_bytes()) != run.digest) {
            altered.push(Altered::Run(kind));
        }
    }
    Ok(altered)
}

/// Compares what has one digest together with the last ones written down.
pub(crate) async fn of_facets(current: &Current<'_>, key: &ImprintKey, dossier: &Dossier) -> Result<Vec<Altered>> {
    let (store, round) = (current.store(), &dossier.round);
    let Some(row) = store.audit().last_imprinted(round.id).await? else {
        return Ok(vec![Altered::Record("冻结摘要".to_owned())]);
    };
    let mut altered = Vec::new();
    if !audit::is_as_written(&row) {
        altered.push(Altered::Record(format!("第 {} 条", row.link.seq)));
    }
    let imprints: Imprints = row.imprints.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    for facet in Facet::ALL.iter().copied().filter(|facet| is_settled(round, *facet)) {
        let content = content(store, round, facet).await?;
        let agrees = match imprints.get(facet) {
            Some(digest) => key.agrees(digest, &purpose(round.id, facet), &content),
            None => content == nothing(facet),
        };
        if !agrees {
            altered.push(Altered::Facet(facet));
        }
    }
    Ok(altered)
}

/// Compares every round.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn of_all_rounds(store: &Scoped, key: &ImprintKey) -> Result<Vec<(String, Altered)>> {
    let current = store.current().await?;
    let mut found = Vec::new();
    for round in store.rounds().all().await? {
        let altered = match Dossier::at(&current, round.id).await {
            Ok(dossier) => compare(&current, key, &dossier).await,
            Err(error) => Err(error),
        };
        match altered {
            Ok(altered) => found.extend(altered.into_iter().map(|altered| (round.title.clone(), altered))),
            // A row that cannot be read is not as it was left.
            Err(Error::Internal(text)) => found.push((round.title, Altered::Unreadable(text))),
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Whether a facet changes only by acts in the round. Until the formal check is over, applications are entered and corrected outside it.
fn is_settled(round: &Round, facet: Facet) -> bool {
    facet != Facet::Applications || round.step >= Step::Recusal
}

/// The content of a facet of which there is nothing yet.
const fn nothing(facet: Facet) -> &'static [u8] {
    match facet {
        Facet::Panels => b"[[],[],{}]",
        Facet::Indicators => b"[{},{}]",
        Facet::Objectives => b"{}",
        _ => b"[]",
    }
}

/// Every sheet against the digest of its last change. One that was handed out and never touched has none.
async fn of_sheets(current: &Current<'_>, key: &ImprintKey, dossier: &Dossier) -> Result<Vec<Altered>> {
    let sheets = kept::sheets(current, &dossier.round).await?;
    if sheets.is_empty() {
        return Ok(Vec::new());
    }
    let rows = current.store().audit().last_changes(dossier.round.id, audit::Object::Sheet.key()).await?;
    let mut altered = Vec::new();
    let unwritten = rows.iter().filter(|row| !audit::is_as_written(row));
    altered.extend(unwritten.map(|row| Altered::Record(format!("第 {} 条", row.link.seq))));
    let last: HashMap<Uuid, &str> =
        rows.iter().filter_map(|row| Some((row.object_id?, row.after.as_deref()?))).collect();
    let pool = kept::pool(current).await?;
    for sheet in sheets.iter() {
        let purpose = purpose_of_object(audit::Object::Sheet.key(), Some(sheet.id.0));
        let agrees = match last.get(&sheet.id.0) {
            Some(digest) => key.agrees(digest, &purpose, &serde_json::to_vec(sheet)?),
            None => sheet.is_blank(),
        };
        if !agrees {
            let application = dossier.application(sheet.application).map(|own| own.code.clone());
            let expert = pool.get(sheet.expert).map(|own| own.code.clone());
            altered.push(Altered::Sheet {
                application: application.unwrap_or_else(|| sheet.application.to_string()),
                expert: expert.unwrap_or_else(|| sheet.expert.to_string()),
            });
        }
    }
    Ok(altered)
}

/// The same caller, who goes on with a round of which nothing was changed past the program. Nothing read before counts: the returned
/// context reads the database anew, and keeps what was compared.
///
/// # Errors
/// `Denied` without the permission; `Rule` naming what was changed.
pub(crate) async fn intact(ctx: &Context, permission: Permission, round: RoundId) -> Result<Context> {
    ctx.require(permission)?;
    untouched(ctx, round).await
}

/// The same for what follows by itself from acts that were permitted.
///
/// # Errors
/// `Rule` naming what was changed.
pub(crate) async fn untouched(ctx: &Context, round: RoundId) -> Result<Context> {
    let ctx = ctx.afresh();
    let review = ctx.store().beyond(Errand::Audit);
    let current = review.current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let altered = compare(&current, &ctx.app.imprint_key, &dossier).await?;
    if altered.is_empty() { Ok(ctx) } else { Err(NotAsLeft(altered).into()) }
}

/// Takes the content of a round as it stands now for what it should be: after an authorised repair of the database, or for a round that an
/// earlier version of the program has left without digests. Whoever does so says why; it stays in the audit.
///
/// # Errors
/// `NotFound`; `Rule` without a reason.
pub async fn accept(app: &App, round: RoundId, reason: &str) -> Result<Vec<Altered>> {
    let reason = Reason::of(reason, Unreasoned::AcceptedContent)?;
    let review = app.store.afresh().of(Scope::program(Errand::Audit));
    let current = review.current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let altered = compare(&current, &app.imprint_key, &dossier).await?;
    let sheets = kept::sheets(&current, &dossier.round).await?;
    review
        .write(async |tx| {
            let what = altered.iter().map(ToString::to_string).collect();
            let event = Event::ContentAccepted { what, reason: reason.as_str().to_owned() };
            let imprints = taken(tx, &app.imprint_key, round, Facet::ALL.iter().copied().collect()).await?;
            let entry = Entry { imprints: Some(imprints), ..event.of_round(round) };
            audit::record_unsigned(tx, app, &Client::default(), CONSOLE, entry).await?;
            for sheet in sheets.iter() {
                let event = Event::SheetAccepted { version: sheet.version };
                let entry = event.of(sheet.id.0).in_round(round).changing(sheet, sheet)?;
                audit::record_unsigned(tx, app, &Client::default(), CONSOLE, entry).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(altered)
}
