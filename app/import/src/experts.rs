//! 专家库: the sheet 专家 and the sheet 任职经历.

mod columns;
mod template;
pub(crate) mod words;

use crate::date::When;
use crate::record::{Found, Told, ignored};
use crate::report::{Located, Parsed, Problem, Unreadable};
use crate::{header, workbook};
use columns::{EXPERTS, Field, TIES, TieField};
use domain::access::Department;
use domain::discipline::Discipline;
use domain::expert::{Tie, TieKind};
use domain::people::Number;
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use domain::text::name_key;
use domain::uscc::Uscc;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

pub use template::template;

/// One expert with all ties, as the file has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertRow {
    /// 专家编号
    pub code: String,
    pub name: String,
    pub source: Department,
    pub role: ExpertRole,
    pub sectors: Vec<Sector>,
    pub specialities: String,
    pub disciplines: Vec<Discipline>,
    pub title: String,
    pub employer: String,
    pub employer_uscc: Option<Uscc>,
    pub region: String,
    /// Canonical numbers, in clear: for the caller to hash, mask and seal, never to keep as they are.
    pub id_number: Option<String>,
    pub phone: Option<String>,
    pub bank_card: Option<String>,
    pub ties: Vec<Tie>,
}

/// Reads 专家库.
///
/// An expert one of whose ties cannot be read is left out with it: without that tie, recusal would miss a conflict.
///
/// # Errors
/// The file is no workbook, is too large, or has no sheet with the columns of 专家.
pub fn read(bytes: &[u8]) -> Result<Parsed<ExpertRow>, Unreadable> {
    let grids = workbook::open(bytes)?;
    let mut told = Told::default();
    let mut seen = Vec::new();
    let mut experts = Vec::new();
    let mut ties = Vec::new();
    for grid in &grids {
        let as_experts = Found::look(&EXPERTS, grid);
        let as_ties = Found::look(&TIES, grid);
        let score = |s: Option<usize>| s.unwrap_or(0);
        if score(as_ties.as_ref().map(|f| f.header.score())) > score(as_experts.as_ref().map(|f| f.header.score())) {
            ties.extend(as_ties);
        } else if let Some(found) = as_experts {
            experts.push(found);
        }
    }
    if experts.is_empty() {
        return Err(Unreadable::NoTable {
            wanted: EXPERTS.required_names(),
            found: grids.iter().map(header::fullest_row).collect(),
        });
    }
    let mut pool = Pool::default();
    for found in &experts {
        for row in found.rows(&mut told, &mut seen)?.unwrap_or_default() {
            pool.add_expert(found.record(row), &found.grid.name, &mut told);
        }
    }
    for found in &ties {
        let Some(rows) = found.rows(&mut told, &mut seen)? else {
            pool.ties_unread = true;
            continue;
        };
        for row in rows {
            pool.add_tie(found.record(row), &mut told);
        }
    }
    seen.extend(grids.iter().filter(|g| !seen_has(&experts, &ties, &g.name)).map(ignored));
    let order = |name: &str| grids.iter().position(|g| g.name == name);
    seen.sort_by_key(|s| order(&s.sheet));
    let rows = pool.finish(&mut told.problems);
    Ok(Parsed { rows, problems: told.problems, notes: told.notes, seen })
}

fn seen_has(experts: &[Found<'_, Field>], ties: &[Found<'_, TieField>], name: &str) -> bool {
    experts.iter().map(|f| &f.grid.name).chain(ties.iter().map(|f| &f.grid.name)).any(|n| n == name)
}

type Record<'f, 'a, F> = crate::record::Record<'f, 'a, F>;

/// The experts read so far, by the key of their code.
#[derive(Default)]
struct Pool {
    experts: Vec<Entry>,
    by_code: HashMap<String, usize>,
    by_id: HashMap<String, (String, u32)>,
    /// Codes that stand in the file, also those of experts who could not be read.
    known: BTreeSet<String>,
    /// Experts one of whose ties could not be read.
    spoiled: BTreeSet<String>,
    /// A whole sheet of ties could not be read, so any expert may miss some.
    ties_unread: bool,
}

struct Entry {
    located: Located<ExpertRow>,
    /// Where to point if the expert is left out because of a tie.
    at: Problem,
}

impl Pool {
    fn add_expert(&mut self, mut record: Record<'_, '_, Field>, sheet: &str, told: &mut Told) {
        let row = record.row_number();
        let expert = read_expert(&mut record);
        if let Some(code) = record.value(Field::Code).map(crate::cell::Value::key) {
            self.known.insert(code);
        }
        let Some(expert) = expert else { return told.extend(record.finish()) };
        let key = name_key(&expert.code);
        if let Some(first) = self.by_code.get(&key).map(|i| &self.experts[*i].located) {
            let reason = format!("专家编号与工作表“{}”第{}行重复", first.sheet, first.row);
            record.fail(Field::Code, reason);
        }
        if let Some((sheet, row)) = expert.id_number.as_ref().and_then(|id| self.by_id.get(id)) {
            let reason = format!("身份证号与工作表“{sheet}”第{row}行重复，可能是同一人");
            let masked = expert.id_number.as_deref().map(domain::people::mask_id_number).unwrap_or_default();
            record.fail_with(Field::IdNumber, masked, reason);
        }
        let at = record.point(Field::Code, "该专家的任职经历有误，暂不导入；改正后重新上传");
        let found = record.finish();
        if found.problems.is_empty() {
            if let Some(id) = &expert.id_number {
                self.by_id.insert(id.clone(), (sheet.to_owned(), row));
            }
            self.by_code.insert(key, self.experts.len());
            self.experts.push(Entry { located: Located { sheet: sheet.to_owned(), row, value: expert }, at });
        }
        told.extend(found);
    }

    fn add_tie(&mut self, mut record: Record<'_, '_, TieField>, told: &mut Told) {
        let tie = read_tie(&mut record);
        let key = record.value(TieField::Code).map(crate::cell::Value::key).unwrap_or_default();
        if !key.is_empty() && !self.known.contains(&key) {
            record.fail(TieField::Code, "“专家”工作表中没有这个专家编号");
        }
        let found = record.finish();
        match (tie, self.by_code.get(&key)) {
            (Some(tie), Some(i)) if found.problems.is_empty() => self.experts[*i].located.value.ties.push(tie),
            (None, Some(_)) => {
                self.spoiled.insert(key);
            }
            _ => {}
        }
        told.extend(found);
    }

    fn finish(self, problems: &mut Vec<Problem>) -> Vec<Located<ExpertRow>> {
        let mut rows = Vec::with_capacity(self.experts.len());
        for entry in self.experts {
            if self.ties_unread || self.spoiled.contains(&name_key(&entry.located.value.code)) {
                problems.push(entry.at);
            } else {
                rows.push(entry.located);
            }
        }
        rows
    }
}

fn read_expert(record: &mut Record<'_, '_, Field>) -> Option<ExpertRow> {
    let code = record.required_code(Field::Code);
    let name = record.required_person(Field::Name);
    let source = record.required_as(Field::Source, words::department);
    let role = record.required_as(Field::Role, words::role);
    let sectors = record.required_as(Field::Sectors, words::sectors);
    let specialities = record.text(Field::Specialities);
    let disciplines = if record.is_blank(Field::Disciplines) {
        Some(Vec::new())
    } else {
        record.required_as(Field::Disciplines, |text| Discipline::parse_list(text).map_err(|error| error.to_string()))
    };
    let title = record.text(Field::Title);
    let employer = record.required_unit(Field::Employer);
    let employer_uscc = record.code_of(employer.as_ref(), Field::Employer, Field::EmployerUscc);
    let region = record.text(Field::Region);
    let id_number = read_number(record, Field::IdNumber, Number::IdNumber);
    let phone = read_number(record, Field::Phone, Number::Phone);
    let bank_card = read_number(record, Field::BankCard, Number::BankCard);
    record.is_clean().then_some(())?;
    Some(ExpertRow {
        code: code?,
        name: name?,
        source: source?,
        role: role?,
        sectors: sectors?,
        specialities,
        disciplines: disciplines?,
        title,
        employer: employer?.name,
        employer_uscc,
        region,
        id_number,
        phone,
        bank_card,
        ties: Vec::new(),
    })
}

/// The number itself stays out of the list of problems. A phone or bank card that cannot be right is left out and said: nothing of the review
/// rests on it. An ID number tells people apart.
fn read_number(record: &mut Record<'_, '_, Field>, field: Field, kind: Number) -> Option<String> {
    if record.is_blank(field) {
        return None;
    }
    let read =
        record.value(field)?.code().and_then(|text| kind.read(&text).map_err(|reason| format!("{kind}{reason}")));
    match read {
        Ok(number) => Some(number),
        Err(reason) if kind == Number::IdNumber => {
            record.fail_with(field, HIDDEN.to_owned(), reason);
            None
        }
        Err(reason) => {
            record.note(field, HIDDEN.to_owned(), format!("{reason}；该项留空，其余照常导入"));
            None
        }
    }
}

const HIDDEN: &str = "（已隐去）";

fn read_tie(record: &mut Record<'_, '_, TieField>) -> Option<Tie> {
    let code = record.required_code(TieField::Code);
    let kind = if record.is_blank(TieField::Kind) {
        Some(TieKind::Employment)
    } else {
        record.required_as(TieField::Kind, words::tie_kind)
    };
    let unit = record.required_unit(TieField::Unit);
    let uscc = record.code_of(unit.as_ref(), TieField::Unit, TieField::Uscc);
    let position = record.text(TieField::Position);
    let span = record.span(TieField::Span);
    let since = span.map(|span| span.0).or_else(|| record.when(TieField::Since)).and_then(When::first);
    let until = span.map(|span| span.1).or_else(|| record.when(TieField::Until)).and_then(When::last);
    if let (Some(since), Some(until)) = (since, until)
        && until < since
    {
        record.fail(TieField::Until, "结束时间早于起始时间");
    }
    record.is_clean().then_some(())?;
    code?;
    Some(Tie { kind: kind?, uscc, unit: unit?.name, position, since, until })
}
