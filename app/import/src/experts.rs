//! 专家库: the sheet 专家 and the sheet 任职经历.

mod columns;
mod template;
pub(crate) mod words;

use crate::date::When;
use crate::record::{Found, ignored};
use crate::report::{Located, Parsed, Problem, Told, Unreadable};
use crate::whole::Whole;
use crate::{header, workbook};
use columns::{EXPERTS, Field, TIES, TieField};
use domain::access::Department;
use domain::discipline::Discipline;
use domain::expert::{PoolState, Tie, TieKind};
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
    /// 专家编号; `None` where the file has no such column and the caller assigns them.
    pub code: Option<String>,
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
    /// `None` where the file does not say.
    pub standing: Option<PoolState>,
}

/// Reads 专家库.
///
/// An expert one of whose ties cannot be read is left out with it: without that tie, recusal would miss a conflict.
///
/// # Errors
/// The file is no workbook, is too large, or has no sheet with the columns of 专家.
pub fn read(bytes: &[u8], whole: Whole) -> Result<Parsed<ExpertRow>, Unreadable> {
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
    let given =
        [whole.source.map(|_| Field::Source), whole.role.map(|_| Field::Role), whole.sector.map(|_| Field::Sectors)];
    let given: Vec<Field> = given.into_iter().flatten().collect();
    for found in &experts {
        for row in found.rows(&given, &mut told, &mut seen)?.unwrap_or_default() {
            pool.add_expert(found.record(row), whole, &found.grid.name, &mut told);
        }
    }
    for found in &ties {
        let Some(rows) = found.rows(&[], &mut told, &mut seen)? else {
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

/// The experts read so far.
#[derive(Default)]
struct Pool {
    experts: Vec<Entry>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    by_id: HashMap<String, (String, u32)>,
    /// Codes and names that stand in the file, also those of experts who could not be read.
    known: BTreeSet<String>,
    /// A whole sheet of ties could not be read, so any expert may miss some.
    ties_unread: bool,
}

struct Entry {
    located: Located<ExpertRow>,
    /// One of the ties could not be read.
    spoiled: bool,
    /// Where to point if the expert is left out because of a tie.
    at: Problem,
}

impl Pool {
    fn add_expert(&mut self, mut record: Record<'_, '_, Field>, whole: Whole, sheet: &str, told: &mut Told) {
        let row = record.row_number();
        let expert = read_expert(&mut record, whole);
        let keys = [Field::Code, Field::Name].map(|field| record.value(field).map(crate::cell::Value::key));
        self.known.extend(keys.into_iter().flatten());
        let Some(expert) = expert else { return told.extend(record.finish()) };
        let code = expert.code.as_deref().map(name_key);
        if let Some(first) = code.as_ref().and_then(|code| self.by_code.get(code)).map(|i| &self.experts[*i].located) {
            let reason = format!("专家编号与工作表“{}”第{}行重复", first.sheet, first.row);
            record.fail(Field::Code, reason);
        }
        if let Some((sheet, row)) = expert.id_number.as_ref().and_then(|id| self.by_id.get(id)) {
            let reason = format!("身份证号与工作表“{sheet}”第{row}行重复，可能是同一人");
            let masked = expert.id_number.as_deref().map(domain::people::mask_id_number).unwrap_or_default();
            record.fail_with(Field::IdNumber, masked, reason);
        }
        let place = if record.has_column(Field::Code) { Field::Code } else { Field::Name };
        let at = record.point(place, "该专家的任职经历有误，暂不导入；改正后重新上传");
        let found = record.finish();
        if found.problems.is_empty() {
            if let Some(id) = &expert.id_number {
                self.by_id.insert(id.clone(), (sheet.to_owned(), row));
            }
            let place = self.experts.len();
            self.by_code.extend(code.map(|code| (code, place)));
            self.by_name.entry(name_key(&expert.name)).or_default().push(place);
            let located = Located { sheet: sheet.to_owned(), row, value: expert };
            self.experts.push(Entry { located, spoiled: false, at });
        }
        told.extend(found);
    }

    fn add_tie(&mut self, mut record: Record<'_, '_, TieField>, told: &mut Told) {
        let tie = read_tie(&mut record);
        let owner = self.owner(&mut record);
        let clean = record.is_clean();
        if let Some(entry) = owner.map(|place| &mut self.experts[place]) {
            match tie {
                Some(tie) if clean => entry.located.value.ties.push(tie),
                _ => entry.spoiled = true,
            }
        }
        told.extend(record.finish());
    }

    /// Whose tie a row is: by code, or else by name and, among people of one name, by unit.
    fn owner(&self, record: &mut Record<'_, '_, TieField>) -> Option<usize> {
        let coded = record.has_column(TieField::Code) && !record.is_blank(TieField::Code);
        if coded || !record.has_column(TieField::Name) {
            record.required_code(TieField::Code)?;
            let key = record.value(TieField::Code).map(crate::cell::Value::key).unwrap_or_default();
            if !self.known.contains(&key) {
                record.fail(TieField::Code, "“专家”工作表中没有这个专家编号");
            }
            return self.by_code.get(&key).copied();
        }
        let name = record.required_person(TieField::Name)?;
        let same = self.by_name.get(&name_key(&name)).map_or(&[][..], Vec::as_slice);
        let employer = record.text(TieField::Employer);
        let of_employer = |place: &&usize| {
            employer.is_empty() || name_key(&self.experts[**place].located.value.employer) == name_key(&employer)
        };
        let fitting: Vec<usize> = same.iter().filter(of_employer).copied().collect();
        match fitting[..] {
            [one] => return Some(one),
            [] if self.known.contains(&name_key(&name)) && same.is_empty() => {}
            [] if same.is_empty() => record.fail(TieField::Name, "“专家”工作表中没有这个姓名"),
            [] => record.fail(TieField::Employer, "“专家”工作表中有这个姓名，但工作单位不同"),
            _ => {
                record.fail(TieField::Name, format!("有{}位专家同名，请加“专家编号”或“专家工作单位”列", fitting.len()));
            }
        }
        None
    }

    fn finish(self, problems: &mut Vec<Problem>) -> Vec<Located<ExpertRow>> {
        let mut rows = Vec::with_capacity(self.experts.len());
        for entry in self.experts {
            if self.ties_unread || entry.spoiled {
                problems.push(entry.at);
            } else {
                rows.push(entry.located);
            }
        }
        rows
    }
}

fn read_expert(record: &mut Record<'_, '_, Field>, whole: Whole) -> Option<ExpertRow> {
    let coded = record.has_column(Field::Code);
    let code = if coded { record.required_code(Field::Code) } else { None };
    let name = record.required_person(Field::Name);
    let source = record.given_or(whole.source, Field::Source, |r| r.required_as(Field::Source, words::department));
    let role = record.given_or(whole.role, Field::Role, |r| r.required_as(Field::Role, words::role));
    let sector = whole.sector.map(|sector| vec![sector]);
    let sectors = record.given_or(sector, Field::Sectors, |r| r.required_as(Field::Sectors, words::sectors));
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
    let standing = record.optional_as(Field::Standing, words::standing);
    record.is_clean().then_some(())?;
    Some(ExpertRow {
        code,
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
        standing,
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
    Some(Tie { kind: kind?, uscc, unit: unit?.name, position, since, until })
}
