//! 汇总表: the sheet 汇总表, and the optional sheets 联合体成员 and 参与人员.

mod columns;
mod members;
mod summary;
mod template;

use crate::names::PersonName;
use crate::record::{Found, Record, ignored};
use crate::report::{Located, Parsed, Problem, Told, Unreadable};
use crate::whole::Whole;
use crate::workbook::Grid;
use crate::{header, workbook};
use columns::{Field, MEMBERS, MemberField, PEOPLE, PersonField, SUMMARY};
use domain::application::{Form, Member, MemberRole, Person, Section, structure_defects};
use domain::money::Fen;
use domain::region::Recommender;
use domain::text::name_key;
use members::Listed;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use summary::Draft;

pub use template::template;

/// One application as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRow {
    /// 项目编号
    pub code: String,
    /// 榜单任务编号 or title, as written; the caller finds the task.
    pub task: String,
    pub title: String,
    pub form: Form,
    pub recommender: Recommender,
    pub investment: Fen,
    /// 承诺书签署日期
    pub committed_on: Option<chrono::NaiveDate>,
    /// The lead first.
    pub members: Vec<Member>,
    pub people: Vec<Person>,
    pub sections: Vec<Section>,
}

/// Reads 汇总表.
///
/// An application is left out if any of its members or people cannot be read: recusal compares experts with all of
/// them. Whether the task exists, whether a unit leads twice and whether the commitment is there is for the caller.
///
/// # Errors
/// The file is no workbook, is too large, or has no sheet with the columns of 汇总表.
pub fn read(bytes: &[u8], whole: Whole) -> Result<Parsed<ApplicationRow>, Unreadable> {
    let grids = workbook::open(bytes)?;
    let sheets = Sheets::sort(&grids)?;
    let mut told = Told::default();
    let mut seen = Vec::new();
    let mut batch = Batch::default();
    let given: Vec<Field> = whole.recommender.map(|_| Field::Recommender).into_iter().collect();
    for found in &sheets.summaries {
        for row in found.rows(&given, &mut told, &mut seen)?.unwrap_or_default() {
            batch.add_summary(found.record(row), whole, &found.grid.name, &mut told);
        }
    }
    for found in &sheets.members {
        let rows = found.rows(&[], &mut told, &mut seen)?;
        batch.side_unread |= rows.is_none();
        for row in rows.unwrap_or_default() {
            batch.add_member(found.record(row), &mut told);
        }
    }
    for found in &sheets.people {
        let rows = found.rows(&[], &mut told, &mut seen)?;
        batch.side_unread |= rows.is_none();
        for row in rows.unwrap_or_default() {
            batch.add_person(found.record(row), &mut told);
        }
    }
    let read: BTreeSet<String> = seen.iter().map(|s| s.sheet.clone()).collect();
    seen.extend(grids.iter().filter(|g| !read.contains(&g.name)).map(ignored));
    seen.sort_by_key(|s| grids.iter().position(|g| g.name == s.sheet));
    let rows = batch.finish(&mut told.problems);
    Ok(Parsed { rows, problems: told.problems, notes: told.notes, seen })
}

#[derive(Default)]
struct Sheets<'a> {
    summaries: Vec<Found<'a, Field>>,
    members: Vec<Found<'a, MemberField>>,
    people: Vec<Found<'a, PersonField>>,
}

impl<'a> Sheets<'a> {
    fn sort(grids: &'a [Grid]) -> Result<Self, Unreadable> {
        let mut sheets = Self::default();
        for grid in grids {
            let summary = Found::look(&SUMMARY, grid);
            let members = Found::look(&MEMBERS, grid);
            let people = Found::look(&PEOPLE, grid);
            let scores = [
                summary.as_ref().map_or(0, |f| f.header.score()),
                members.as_ref().map_or(0, |f| f.header.score()),
                people.as_ref().map_or(0, |f| f.header.score()),
            ];
            let best = scores.iter().copied().max().unwrap_or(0);
            match scores.iter().position(|s| *s == best && best > 0) {
                Some(0) => sheets.summaries.extend(summary),
                Some(1) => sheets.members.extend(members),
                Some(_) => sheets.people.extend(people),
                None => {}
            }
        }
        if sheets.summaries.is_empty() {
            return Err(Unreadable::NoTable {
                wanted: SUMMARY.required_names(),
                found: grids.iter().map(header::fullest_row).collect(),
            });
        }
        Ok(sheets)
    }
}

/// The applications read so far.
#[derive(Default)]
struct Batch {
    drafts: Vec<Entry>,
    by_code: HashMap<String, usize>,
    /// Codes that stand in the file, also those of applications that could not be read.
    known: BTreeSet<String>,
    listed: BTreeMap<String, Vec<Listed>>,
    /// A whole sheet of members or people could not be read.
    side_unread: bool,
}

struct Entry {
    sheet: String,
    row: u32,
    /// `None` where the row itself could not be read.
    draft: Option<Draft>,
    people: Vec<Person>,
    /// A member or person of it could not be read.
    spoiled: bool,
    /// Problems whose cells are known now and whose reasons later.
    at: Places,
}

struct Places {
    code: Problem,
    form: Problem,
    participants: Problem,
}

impl Batch {
    fn add_summary(&mut self, mut record: Record<'_, '_, Field>, whole: Whole, sheet: &str, told: &mut Told) {
        let row = record.row_number();
        let code = record.value(Field::Code).map(|v| name_key(&v.key())).unwrap_or_default();
        if let Some(above) = record.merged_from(Field::Code)
            && let Some(entry) = self.drafts.iter_mut().rev().find(|e| e.sheet == sheet && e.row == above + 1)
        {
            // One application over several rows: each further row adds participants.
            if let Some(draft) = &mut entry.draft {
                draft.continue_with(&mut record);
            }
            entry.spoiled |= !record.is_clean();
            return told.extend(record.finish());
        }
        if let Some(first) = self.by_code.get(&code).map(|i| &self.drafts[*i]) {
            let reason = format!("项目编号与工作表“{}”第{}行重复", first.sheet, first.row);
            record.fail(Field::Code, reason);
        }
        let draft = Draft::read(&mut record, whole);
        let at = Places {
            code: record.point(Field::Code, "该项目的成员单位或参与人员有误，暂不导入；改正后重新上传"),
            form: record.point(Field::Form, ""),
            participants: record.point(Field::Participants, ""),
        };
        let found = record.finish();
        self.known.insert(code.clone());
        let draft = draft.filter(|_| found.problems.is_empty());
        if draft.is_some() {
            self.by_code.insert(code, self.drafts.len());
        }
        self.drafts.push(Entry { sheet: sheet.to_owned(), row, draft, people: Vec::new(), spoiled: false, at });
        told.extend(found);
    }

    fn add_member(&mut self, mut record: Record<'_, '_, MemberField>, told: &mut Told) {
        let listed = Listed::read(&mut record);
        let key = record.value(MemberField::Code).map(|v| name_key(&v.key())).unwrap_or_default();
        if !key.is_empty() && !self.known.contains(&key) {
            record.fail(MemberField::Code, "“汇总表”工作表中没有这个项目编号");
        }
        match listed {
            Some(listed) => self.listed.entry(key).or_default().push(listed),
            None => self.spoil(&key),
        }
        told.extend(record.finish());
    }

    fn add_person(&mut self, mut record: Record<'_, '_, PersonField>, told: &mut Told) {
        let code = record.required_code(PersonField::Code);
        let people = people_of(&mut record);
        let key = name_key(&code.unwrap_or_default());
        if !key.is_empty() && !self.known.contains(&key) {
            record.fail(PersonField::Code, "“汇总表”工作表中没有这个项目编号");
        }
        match (people, self.by_code.get(&key)) {
            (Some(people), Some(i)) if record.is_clean() => self.drafts[*i].people.extend(people),
            _ => self.spoil(&key),
        }
        told.extend(record.finish());
    }

    fn spoil(&mut self, key: &str) {
        if let Some(i) = self.by_code.get(key) {
            self.drafts[*i].spoiled = true;
        }
    }

    fn finish(mut self, problems: &mut Vec<Problem>) -> Vec<Located<ApplicationRow>> {
        let mut rows = Vec::new();
        for entry in self.drafts {
            let Some(draft) = entry.draft else { continue };
            if entry.spoiled || self.side_unread {
                problems.push(entry.at.code);
                continue;
            }
            let listed = self.listed.remove(&name_key(&draft.code)).unwrap_or_default();
            match draft.assemble(&listed, entry.people) {
                Ok(value) => {
                    let defects = structure_defects(value.form, &value.members);
                    if defects.is_empty() {
                        rows.push(Located { sheet: entry.sheet, row: entry.row, value });
                    }
                    problems.extend(defects.iter().map(|d| Problem { reason: d.to_string(), ..entry.at.form.clone() }));
                }
                Err(reasons) => {
                    let at = &entry.at.participants;
                    problems.extend(reasons.into_iter().map(|(value, reason)| Problem { value, reason, ..at.clone() }));
                }
            }
        }
        rows
    }
}

/// The people of one row: each with the unit beside it, or with the one that is given for all.
fn people_of(record: &mut Record<'_, '_, PersonField>) -> Option<Vec<Person>> {
    let named = record.required_people(PersonField::Name)?;
    let duty = record.text(PersonField::Duty);
    let units = if record.is_blank(PersonField::Unit) { Vec::new() } else { record.units(PersonField::Unit)? };
    if units.len() > 1 && units.len() != named.len() {
        record.fail(
            PersonField::Unit,
            format!("有{}家单位、{}个人，无法一一对应，请一行写一人", units.len(), named.len()),
        );
        return None;
    }
    let mut people = Vec::with_capacity(named.len());
    for (place, person) in named.into_iter().enumerate() {
        let given = units.get(place).or(units.first()).map(|unit| unit.name.clone());
        let (beside, others): (Vec<String>, Vec<String>) =
            person.remarks.iter().cloned().partition(|remark| given.is_none() && crate::names::is_unit(remark));
        let mut remarks = others;
        let duty = match (duty.is_empty(), remarks.is_empty()) {
            (true, false) => std::mem::take(&mut remarks).join("、"),
            _ => duty.clone(),
        };
        record.note_remarks(PersonField::Name, &PersonName { name: person.name.clone(), remarks });
        let unit = given.or_else(|| beside.into_iter().next()).unwrap_or_default();
        people.push(Person { name: person.name, unit, duty });
    }
    Some(people)
}

/// The lead, then the others, each once per role as written.
fn in_order(lead: Member, others: Vec<Member>) -> Vec<Member> {
    let (leads, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(|m| m.role == MemberRole::Lead);
    std::iter::once(lead).chain(leads).chain(rest).collect()
}
