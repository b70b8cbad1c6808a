//! 审计链: each row's digest covers the row and the digest before it, so that whoever changes, removes or reorders one has to
//! redo all that follow, and cannot without breaking the digests that were kept elsewhere.

use super::day::{DayDigest, VERSION};
use crate::Result;
use crate::crypto::Algorithm;
use domain::access::Role;
use domain::audit::{AuditRow, Link};
use store::{Repositories, Scoped, Tx};

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
    // Rows without digests of a round keep the form they had before there were any.
    for field in fields.into_iter().chain(row.imprints.clone()) {
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

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The row's content does not have the row's digest.
    Changed { seq: i64, action: String },
    /// These rows are missing.
    Removed { from: i64, to: i64 },
    /// The row does not follow the one before it: one of the two was replaced or moved.
    Broken { seq: i64 },
    /// A row outside the numbers of the chain.
    Stray { seq: i64 },
    /// Triggers that keep rows from being changed are not there, or are others.
    Unguarded { guards: Vec<&'static str> },
    /// The audit says that a digest was kept for this day; where the digests are, it is not.
    DigestGone { day: String },
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
            Self::Stray { seq } => write!(f, "有序号为 {seq} 的记录：它不在链上，是程序之外写入的"),
            Self::Unguarded { guards } => write!(
                f,
                "数据库中保护审计记录的触发器（{}）不在或被换过：此间的记录可能被改写；hengping migrate 重新设置",
                guards.join("、")
            ),
            Self::DigestGone { day } => write!(f, "审计链记有 {day} 的每日摘要，现在找不到它：可能被删除"),
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
    found.faults.extend(store.audit().before_the_first().await?.into_iter().map(|seq| Fault::Stray { seq }));
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

/// Whether the row's content has the row's digest.
pub(crate) fn is_as_written(row: &AuditRow) -> bool {
    let hash = &row.link.hash;
    Algorithm::of(hash).is_some_and(|algorithm| algorithm.digest(&content(row, &row.link)) == *hash)
}

fn check(row: &AuditRow, found: &mut Verified) {
    let Link { seq, previous, hash } = &row.link;
    let missing = *seq - found.seq - 1;
    if missing > 0 {
        found.faults.push(Fault::Removed { from: found.seq + 1, to: *seq - 1 });
    } else if *previous != found.hash {
        found.faults.push(Fault::Broken { seq: *seq });
    }
    if !is_as_written(row) {
        let action = super::Action::from_key(&row.action).map_or_else(|| row.action.clone(), |a| a.label().to_owned());
        found.faults.push(Fault::Changed { seq: *seq, action });
    }
    found.rows += 1;
    found.seq = *seq;
    found.hash.clone_from(hash);
}
