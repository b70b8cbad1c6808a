//! Every acknowledged save against the database.

use crate::expert::Saved;
use domain::access::{Errand, Scope};
use domain::ids::SheetId;
use domain::points::Points;
use domain::sheet::Sheet;
use server::config::Config;
use std::collections::{BTreeMap, HashSet};
use store::{Repositories, Store};

/// The differences, in words. The last save of a sheet must be what is stored; of each earlier one the audit must hold its version; the
/// chain of the audit must be whole.
pub async fn differences(config: &Config, saved: &[Saved]) -> Vec<String> {
    let store = Store::open(&config.database_url()).await.expect("the database opens");
    let program = store.of(Scope::program(Errand::Demonstration));
    let mut found = Vec::new();
    let mut stored: BTreeMap<SheetId, Sheet> = BTreeMap::new();
    for round in program.rounds().all().await.unwrap() {
        stored.extend(program.sheets().of_round(round.id).await.unwrap().into_iter().map(|sheet| (sheet.id, sheet)));
    }
    let mut last: BTreeMap<&str, &Saved> = BTreeMap::new();
    for save in saved {
        let latest = last.entry(&save.sheet).or_insert(save);
        if latest.version < save.version {
            *latest = save;
        }
    }
    for save in last.values() {
        let id: SheetId = save.sheet.parse().unwrap();
        if !stored.get(&id).is_some_and(|sheet| is_as_saved(sheet, save)) {
            found.push(format!("sheet {id} of {} is not as saved in version {}", save.login, save.version));
        }
    }
    let mut recorded: HashSet<(String, u64)> = HashSet::new();
    let mut after = 0;
    loop {
        let rows = program.audit().following(after, 5_000).await.unwrap();
        let Some(end) = rows.last() else { break };
        after = end.link.seq;
        for row in rows.iter().filter(|row| row.action == "sheet_saved") {
            let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap();
            let id = row.object_id.unwrap_or_default().to_string();
            recorded.insert((id, detail["version"].as_u64().unwrap_or_default()));
        }
    }
    for save in saved.iter().filter(|save| !recorded.contains(&(save.sheet.clone(), save.version))) {
        found.push(format!("version {} of sheet {} is not in the audit", save.version, save.sheet));
    }
    let chain = service::audit::verify_chain(&program, &[]).await.unwrap();
    found.extend(chain.faults.iter().map(ToString::to_string));
    found
}

fn is_as_saved(sheet: &Sheet, save: &Saved) -> bool {
    let points = |code: &str| save.fields.get(code).and_then(|text| Points::parse(text).ok());
    u64::from(sheet.version) == save.version
        && save.fields.get("comment").is_some_and(|comment| *comment == sheet.comment)
        && save.fields.get("vote").map(String::as_str) == sheet.vote.map(domain::sheet::Vote::key)
        && sheet.entries.iter().all(|(code, entry)| entry.points == points(code))
        && sheet.entries.len() + 2 == save.fields.len()
}
