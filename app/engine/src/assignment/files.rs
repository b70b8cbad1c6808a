//! The file formats of `hengping assign`, from bytes to a problem. Every bad row of every file is reported.

use super::problem::{Affinity, ApplicationDemand, Conflict, ExpertSupply, Link, Objective, Pair, Problem, RoleSet};
use super::solution::Criterion;
use crate::csv_input::Column::{Optional, Required};
use crate::csv_input::{Column, Row, RowError, Table, keep};
use domain::rubric::ExpertRole;
use serde::Deserialize;
use std::collections::HashMap;

/// The bytes of the input files. `previous` is the JSON of an earlier solution.
#[derive(Debug, Clone, Copy, Default)]
pub struct Files<'a> {
    pub applications: &'a [u8],
    pub experts: &'a [u8],
    pub affinity: &'a [u8],
    pub conflicts: Option<&'a [u8]>,
    pub locks: Option<&'a [u8]>,
    pub previous: Option<&'a [u8]>,
}

const APPLICATIONS: &[Column] =
    &[Required("application"), Required("demand"), Optional("technical"), Optional("finance"), Optional("management")];
const EXPERTS: &[Column] = &[
    Required("expert"),
    Required("min_load"),
    Required("max_load"),
    Optional("roles"),
    Optional("employer"),
    Optional("region"),
];
const AFFINITY: &[Column] = &[Required("expert"), Required("application"), Required("affinity")];
const CONFLICTS: &[Column] = &[Required("expert"), Required("application"), Optional("reason")];
const LOCKS: &[Column] = &[Required("expert"), Required("application")];

/// The reason shown for a conflict that states none.
const NO_REASON: &str = "回避（未注明原因）";
const COUNT: &str = "非负整数";

/// Numbers by id, in the order of the file; rows with other faults are counted too, so that they do not make further errors.
type Ids = HashMap<String, u32>;

/// Reads a problem. Earlier links whose expert or application is gone are left out of the objective.
///
/// # Errors
/// Every error of every file, in the order of the files' rows.
pub fn read(files: &Files<'_>, criterion: Criterion, employer_cap: u32) -> Result<Problem, Vec<RowError>> {
    let mut errors = Vec::new();
    let (mut applications, mut experts) = (Ids::new(), Ids::new());
    let mut problem = Problem { employer_cap, ..Problem::default() };
    problem.applications = collect(read_applications(files.applications, &mut applications), &mut errors);
    problem.experts = collect(read_experts(files.experts, &mut experts), &mut errors);
    let known = Known { applications: &applications, experts: &experts };
    problem.pairs = collect(read_affinity(files.affinity, known), &mut errors);
    problem.conflicts =
        collect(files.conflicts.map_or(Ok(Vec::new()), |bytes| read_conflicts(bytes, known)), &mut errors);
    problem.locks = collect(files.locks.map_or(Ok(Vec::new()), |bytes| read_locks(bytes, known)), &mut errors);
    problem.objective = match criterion {
        Criterion::Total => Objective::Total,
        Criterion::Fair => Objective::Fair,
        Criterion::Keep => Objective::Keep(collect(read_previous(files.previous, known), &mut errors)),
    };
    if errors.is_empty() { Ok(problem) } else { Err(errors) }
}

fn collect<T>(result: Result<Vec<T>, Vec<RowError>>, errors: &mut Vec<RowError>) -> Vec<T> {
    result.unwrap_or_else(|more| {
        errors.extend(more);
        Vec::new()
    })
}

/// An id that was not there before.
fn new_id(row: &Row<'_>, ids: &mut Ids) -> Result<String, RowError> {
    let id = row.text(0)?;
    let next = u32::try_from(ids.len()).map_err(|_| row.error(0, "行数过多"))?;
    if ids.contains_key(id) {
        return Err(row.error(0, format!("“{id}”重复出现")));
    }
    ids.insert(id.to_owned(), next);
    Ok(id.to_owned())
}

fn read_applications(bytes: &[u8], ids: &mut Ids) -> Result<Vec<ApplicationDemand>, Vec<RowError>> {
    Table::new("applications.csv", bytes, APPLICATIONS)?.rows(|row| {
        let mut errors = Vec::new();
        let id = keep(new_id(row, ids), &mut errors);
        let demand = keep(row.number(1, COUNT), &mut errors);
        let minima =
            [2, 3, 4].map(|column| keep(row.optional_number(column, COUNT), &mut errors).flatten().unwrap_or(0));
        match (id, demand) {
            (Some(id), Some(demand)) if errors.is_empty() => Ok(ApplicationDemand { id, demand, minima }),
            _ => Err(errors),
        }
    })
}

fn read_experts(bytes: &[u8], ids: &mut Ids) -> Result<Vec<ExpertSupply>, Vec<RowError>> {
    Table::new("experts.csv", bytes, EXPERTS)?.rows(|row| {
        let mut errors = Vec::new();
        let id = keep(new_id(row, ids), &mut errors);
        let min_load = keep(row.number(1, COUNT), &mut errors);
        let max_load = keep(row.number(2, COUNT), &mut errors);
        let roles = keep(roles(row), &mut errors);
        let employer = keep(row.optional(4), &mut errors).flatten().map(str::to_owned);
        let region = keep(row.optional(5), &mut errors).flatten().map(str::to_owned);
        if let (Some(min), Some(max)) = (min_load, max_load)
            && min > max
        {
            errors.push(row.error(1, format!("最低评审数 {min} 大于上限 {max}")));
        }
        match (id, min_load, max_load, roles) {
            (Some(id), Some(min_load), Some(max_load), Some(roles)) if errors.is_empty() => {
                Ok(ExpertSupply { id, min_load, max_load, roles, employer, region })
            }
            _ => Err(errors),
        }
    })
}

fn roles(row: &Row<'_>) -> Result<RoleSet, RowError> {
    let text = row.optional(3)?.unwrap_or_default();
    let names = text.split('|').map(str::trim).filter(|name| !name.is_empty());
    let role = |name: &str| ExpertRole::from_key(name).or_else(|| ExpertRole::from_label(name));
    names
        .map(|name| {
            role(name).ok_or_else(|| row.error(3, format!("“{name}”不是专家类别（technical、finance、management）")))
        })
        .collect()
}

/// The people and applications that links may name.
#[derive(Clone, Copy)]
struct Known<'a> {
    applications: &'a Ids,
    experts: &'a Ids,
}

impl Known<'_> {
    fn link(self, row: &Row<'_>, errors: &mut Vec<RowError>) -> Option<Link> {
        let expert = keep(find(row, 0, self.experts, "experts.csv"), errors);
        let application = keep(find(row, 1, self.applications, "applications.csv"), errors);
        Some(Link { expert: expert?, application: application? })
    }
}

fn find(row: &Row<'_>, column: usize, ids: &Ids, file: &str) -> Result<u32, RowError> {
    let id = row.text(column)?;
    ids.get(id).copied().ok_or_else(|| row.error(column, format!("“{id}”不在 {file} 中")))
}

fn read_affinity(bytes: &[u8], known: Known<'_>) -> Result<Vec<Pair>, Vec<RowError>> {
    let mut seen = Seen { words: known.experts.len().div_ceil(64), rows: vec![Vec::new(); known.applications.len()] };
    Table::new("affinity.csv", bytes, AFFINITY)?.rows(|row| {
        let mut errors = Vec::new();
        let link = known.link(row, &mut errors);
        if link.is_some_and(|link| !seen.insert(link)) {
            errors.push(row.error(0, "该专家与项目的组合重复出现"));
        }
        let affinity = keep(affinity(row), &mut errors);
        match (link, affinity) {
            (Some(Link { expert, application }), Some(affinity)) if errors.is_empty() => {
                Ok(Pair { expert, application, affinity })
            }
            _ => Err(errors),
        }
    })
}

fn affinity(row: &Row<'_>) -> Result<Affinity, RowError> {
    let number: f64 = row.number(2, "数")?;
    if number.is_nan() {
        return Err(row.error(2, "不是数（NaN）"));
    }
    Affinity::from_f64(number).ok_or_else(|| row.error(2, format!("{number} 超出 −1 到 1")))
}

/// Which pairs were seen: a row of bits per application, made when first needed.
struct Seen {
    words: usize,
    rows: Vec<Vec<u64>>,
}

impl Seen {
    fn insert(&mut self, link: Link) -> bool {
        let row = &mut self.rows[link.application as usize];
        if row.is_empty() {
            row.resize(self.words, 0);
        }
        let (word, bit) = (link.expert as usize / 64, 1 << (link.expert % 64));
        let fresh = row[word] & bit == 0;
        row[word] |= bit;
        fresh
    }
}

/// A conflict may be listed several times, for one reason or several.
fn read_conflicts(bytes: &[u8], known: Known<'_>) -> Result<Vec<Conflict>, Vec<RowError>> {
    Table::new("conflicts.csv", bytes, CONFLICTS)?.rows(|row| {
        let mut errors = Vec::new();
        let link = known.link(row, &mut errors);
        let reason = keep(row.optional(2), &mut errors).flatten().unwrap_or(NO_REASON).to_owned();
        link.filter(|_| errors.is_empty()).map(|link| Conflict { link, reason }).ok_or(errors)
    })
}

fn read_locks(bytes: &[u8], known: Known<'_>) -> Result<Vec<Link>, Vec<RowError>> {
    Table::new("locks.csv", bytes, LOCKS)?.rows(|row| {
        let mut errors = Vec::new();
        known.link(row, &mut errors).ok_or(errors)
    })
}

#[derive(Deserialize)]
struct Earlier {
    assignments: Vec<EarlierLink>,
}

#[derive(Deserialize)]
struct EarlierLink {
    application: String,
    expert: String,
}

fn read_previous(bytes: Option<&[u8]>, known: Known<'_>) -> Result<Vec<Link>, Vec<RowError>> {
    let fault = |line: usize, reason: String| {
        vec![RowError { file: "previous".to_owned(), line: line as u64, column: String::new(), reason }]
    };
    let bytes = bytes.ok_or_else(|| fault(0, "目标为 keep 时须提供先前的分配结果".to_owned()))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let earlier: Earlier =
        serde_json::from_slice(bytes).map_err(|e| fault(e.line(), format!("不是有效的分配结果：{e}")))?;
    let link = |l: &EarlierLink| {
        Some(Link { expert: *known.experts.get(&l.expert)?, application: *known.applications.get(&l.application)? })
    };
    Ok(earlier.assignments.iter().filter_map(link).collect())
}
