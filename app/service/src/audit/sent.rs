//! What leaves the program about the rows of the audit: enough to see what happens and to find out later whether a row was changed, and
//! nothing of anybody's name, of what was typed, or of whom a row is about.

use crate::{App, Result};
use domain::Timestamp;
use domain::access::{Errand, Role};
use domain::audit::{AuditResult, AuditRow};
use domain::ids::AccountId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Repositories, Scoped};

/// A row as another system is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outline {
    pub seq: i64,
    pub at: Timestamp,
    pub action: String,
    pub result: AuditResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    pub address: String,
    /// The row's hash in the chain, by which everything else in it is fixed.
    pub hash: String,
}

impl From<AuditRow> for Outline {
    fn from(row: AuditRow) -> Self {
        Self {
            seq: row.link.seq,
            at: row.at,
            action: row.action,
            result: row.result,
            role: row.role,
            account: row.account,
            address: row.address,
            hash: row.link.hash,
        }
    }
}

/// The rows after one, in the order of the chain, at most so many.
///
/// # Errors
/// The database cannot be read.
pub async fn outlines(app: &App, after: i64, most: u64) -> Result<Vec<Outline>> {
    let rows = app.program(Errand::Audit).audit().following(after, most).await?;
    Ok(rows.into_iter().map(Outline::from).collect())
}

/// Number and hash of a row, as they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub seq: i64,
    pub hash: String,
}

/// Finds what was sent in the lines of a log, whatever the log has put before and after. Lines about other things are passed over.
pub fn read_sent(text: &str) -> Vec<Sent> {
    let line = |line: &str| {
        let (from, to) = (line.find('{')?, line.rfind('}')?);
        serde_json::from_str(line.get(from..=to)?).ok()
    };
    text.lines().filter_map(line).collect()
}

/// The numbers of rows that are not as they were sent: gone, or with another hash.
///
/// # Errors
/// The database cannot be read.
pub async fn not_as_sent(store: &Scoped, sent: &[Sent]) -> Result<Vec<i64>> {
    const PAGE: u64 = 2_000;
    let mut open: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for own in sent {
        open.entry(own.seq).or_default().push(&own.hash);
    }
    let mut wrong = Vec::new();
    let Some(first) = open.keys().next() else { return Ok(wrong) };
    let mut after = first - 1;
    loop {
        let rows = store.audit().following(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.link.seq;
        for row in rows {
            if let Some(hashes) = open.remove(&row.link.seq)
                && hashes.iter().any(|hash| *hash != row.link.hash)
            {
                wrong.push(row.link.seq);
            }
        }
    }
    wrong.extend(open.into_keys());
    wrong.sort_unstable();
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_found_in_the_lines_of_a_log() {
        let log = "2026-01-02T03:04:05 host hengping[7] {\"seq\":1,\"at\":\"…\",\"hash\":\"sha256:aa\"}\r\n\
                   <110>1 - host hengping 7 log - {\"level\":\"WARN\",\"message\":\"slow\"}\n\
                   {\"message\":\"<110>… {not json}\"}\n\
                   {\"seq\":2,\"hash\":\"sm3:bb\"} [rsyslog]\n";
        let sent = |seq, hash: &str| Sent { seq, hash: hash.to_owned() };
        assert_eq!(read_sent(log), [sent(1, "sha256:aa"), sent(2, "sm3:bb")]);
    }
}
