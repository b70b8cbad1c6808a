//! 审计链: each row's digest covers the row and the digest before it, so that whoever changes, removes or reorders one has to
//! redo all that follow, and cannot without breaking the digests that were kept elsewhere.

use crate::crypto::Algorithm;
use crate::{App, Context, Error, Result};
use domain::access::{Errand, Permission, Role};
use domain::audit::{AuditRow, Link};
use store::{Repositories, Scoped, Tx};

/// Begins what is digested, so that no other text has the same digest.
const VERSION: &str = "hengping-audit/1";
/// Rows read at a time.
const STRETCH: u64 = 2_000;

/// Every field with its length before it, so that nothing can move from one field into the next.
fn content(row: &AuditRow, link: &Link) -> Vec<u8> {
    let seq = link.seq.to_string();
    let at = row.at.timestamp_micros().to_string();
    let id = |id: Option<uuid::Uuid>| id.map_or_else(String::new, |id| id.to_string());
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = [
        VERSION.to_owned(),
        link.previous.clone(),
        seq,
        row.id.to_string(),
        at,
        id(row.account.map(|a| a.0)),
        row.actor.clone(),
        row.role.map_or("", Role::key).to_owned(),
        row.action.clone(),
        row.object.clone(),
        id(row.object_id),
        id(row.round.map(|r| r.0)),
        row.detail.clone(),
        row.address.clone(),
        row.result.key().to_owned(),
        optional(&row.before),
        optional(&row.after),
    ];
    let mut out = Vec::new();
    for field in fields {
        out.extend((field.len() as u64).to_be_bytes());
        out.extend(field.as_bytes());
    }
    out
}

/// The link of a row that follows `previous`.
fn link(row: &AuditRow, previous: Option<&Link>, algorithm: Algorithm) -> Link {
    let mut link = Link {
        seq: previous.map_or(0, |link| link.seq) + 1,
        previous: previous.map_or_else(String::new, |link| link.hash.clone()),
        hash: String::new(),
    };
    link.hash = algorithm.digest(&content(row, &link));
    link
}

/// Writes a row as the last of the chain. Writers wait for each other, so that no two rows take the same place.
///
/// # Errors
/// The database refuses; the transaction then fails as a whole.
pub async fn append(tx: &Tx, row: AuditRow, algorithm: Algorithm) -> Result<()> {
    let previous = tx.audit().tail().await?;
    let link = link(&row, previous.as_ref(), algorithm);
    Ok(tx.audit().record(AuditRow { link, ..row }).await?)
}

/// Chains rows that were written before there was a chain. Does nothing otherwise.
///
/// # Errors
/// The database cannot be read or written.
pub async fn adopt(store: &Scoped, algorithm: Algorithm) -> Result<()> {
    let (mut previous, mut after): (Option<Link>, i64) = (None, 0);
    loop {
        let rows = store.audit().following(after, STRETCH).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        // Closed rows are never followed by open ones.
        if rows.first().is_some_and(|row| !row.link.hash.is_empty()) {
            return Ok(());
        }
        after = last.link.seq;
        previous = store
            .write(async |tx| {
                let mut previous = previous.clone();
                for row in rows.iter().filter(|row| row.link.hash.is_empty()) {
                    let link = Link { seq: row.link.seq, ..link(row, previous.as_ref(), algorithm) };
                    tx.audit().complete(row.id, &link).await?;
                    previous = Some(link);
                }
                Ok::<_, Error>(previous)
            })
            .await?;
    }
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The row's content does not have the row's digest.
    Changed { seq: i64, action: String },
    /// These rows are missing.
    Removed { from: i64, to: i64 },
    /// The row does not follow the one before it: one of the two was replaced or moved.
    Broken { seq: i64 },
    /// Rows up to this one were there when a digest was kept elsewhere, and are not any more.
    Shortened { kept: i64, day: String },
    /// A row whose digest was kept elsewhere has another one now.
    Rewritten { seq: i64, day: String },
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed { seq, action } => write!(f, "第 {seq} 条（{action}）的内容与写入时不同"),
            Self::Removed { from, to } if from == to => write!(f, "缺少第 {from} 条"),
            Self::Removed { from, to } => write!(f, "缺少第 {from} 条至第 {to} 条"),
            Self::Broken { seq } => write!(f, "第 {seq} 条与前一条不衔接：其中一条被替换或调换过次序"),
            Self::Shortened { kept, day } => write!(f, "{day} 的每日摘要记到第 {kept} 条，现在没有这一条：末尾被截去"),
            Self::Rewritten { seq, day } => {
                write!(f, "第 {seq} 条与 {day} 的每日摘要不同：此条及以前的记录被整体改写过")
            }
        }
    }
}

/// The result of a verification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    pub rows: u64,
    /// The last row's number and hash.
    pub seq: i64,
    pub hash: String,
    /// In the order of the chain.
    pub faults: Vec<Fault>,
}

/// A digest that was kept elsewhere: the chain as it was at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DayDigest {
    pub version: String,
    /// Beijing day, 2026-01-31.
    pub day: String,
    /// Number and hash of the last row written on that day or before.
    pub seq: i64,
    pub hash: String,
}

/// Why a text is no kept digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDigest {
    #[error("不是每日摘要：{0}")]
    Unreadable(String),
    #[error("不是本程序的每日摘要")]
    Foreign,
}

impl DayDigest {
    /// # Errors
    /// The text is no digest of this program's audit.
    pub fn parse(text: &str) -> Result<Self> {
        let kept: Self = serde_json::from_str(text).map_err(|error| NoDigest::Unreadable(error.to_string()))?;
        if kept.version == VERSION { Ok(kept) } else { Err(NoDigest::Foreign.into()) }
    }
}

/// Recomputes every digest of the chain and compares it with those kept elsewhere.
///
/// # Errors
/// The database cannot be read.
pub async fn verify_chain(store: &Scoped, kept: &[DayDigest]) -> Result<Verified> {
    verify_each(store, kept, |_| {}).await
}

/// The same, and shows every row on the way.
pub(crate) async fn verify_each(
    store: &Scoped,
    kept: &[DayDigest],
    mut each: impl FnMut(&AuditRow),
) -> Result<Verified> {
    let mut found = Verified::default();
    loop {
        let rows = store.audit().following(found.seq, STRETCH).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            check(&row, &mut found);
            each(&row);
            for kept in kept.iter().filter(|kept| kept.seq == row.link.seq && kept.hash != row.link.hash) {
                found.faults.push(Fault::Rewritten { seq: row.link.seq, day: kept.day.clone() });
            }
        }
    }
    let missing = kept.iter().filter(|kept| kept.seq > found.seq);
    found.faults.extend(missing.map(|kept| Fault::Shortened { kept: kept.seq, day: kept.day.clone() }));
    Ok(found)
}

fn check(row: &AuditRow, found: &mut Verified) {
    let Link { seq, previous, hash } = &row.link;
    let missing = *seq - found.seq - 1;
    if missing > 0 {
        found.faults.push(Fault::Removed { from: found.seq + 1, to: *seq - 1 });
    } else if *previous != found.hash {
        found.faults.push(Fault::Broken { seq: *seq });
    }
    let right = Algorithm::of(hash).is_some_and(|algorithm| algorithm.digest(&content(row, &row.link)) == *hash);
    if !right {
        let action = super::Action::from_key(&row.action).map_or_else(|| row.action.clone(), |a| a.label().to_owned());
        found.faults.push(Fault::Changed { seq: *seq, action });
    }
    found.rows += 1;
    found.seq = *seq;
    found.hash.clone_from(hash);
}

/// Verifies the chain for the audit page.
///
/// # Errors
/// `Denied` without `ReadAudit`.
pub async fn verify(ctx: &Context) -> Result<Verified> {
    ctx.require(Permission::ReadAudit)?;
    verify_chain(ctx.store(), &[]).await
}

/// The digest to keep for a Beijing day that is over. `None` before the first row.
///
/// # Errors
/// The database cannot be read.
pub async fn digest_of_day(app: &App, day: chrono::NaiveDate) -> Result<Option<DayDigest>> {
    let Some(end) = day.succ_opt().and_then(|next| next.and_hms_opt(0, 0, 0)) else { return Ok(None) };
    let end = domain::beijing::moment(end);
    let kept = |row: AuditRow| DayDigest {
        version: VERSION.to_owned(),
        day: day.to_string(),
        seq: row.link.seq,
        hash: row.link.hash,
    };
    Ok(app.program(Errand::Audit).audit().last_before(end).await?.map(kept))
}
