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
use std::collections::{BTreeSet, HashMap};
use summary::Draft;

pub use template::template;

/// One application as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRow {
    /// 项目编号; `None` where the file has no such column and the caller assigns them.
    pub code: Option<String>,
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
            // Without either column nobody can tell whose they are.
            let members = Found::look(&MEMBERS, grid)
                .filter(|f| f.header.mentions(MemberField::Code) || f.header.mentions(MemberField::Title));
            let people = Found::look(&PEOPLE, grid)
                .filter(|f| f.header.mentions(PersonField::Code) || f.header.mentions(PersonField::Title));
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
    by_title: HashMap<String, Vec<usize>>,
    /// Codes and titles that stand in the file, also those of applications that could not be read.
    known: BTreeSet<String>,
    /// A whole sheet of members or people could not be read.
    side_unread: bool,
}

struct Entry {
    sheet: String,
    row: u32,
    /// `None` where the row itself could not be read.
    draft: Option<Draft>,
    listed: Vec<Listed>,
    people: Vec<Person>,
    /// A member or person of it could not be read.
    spoiled: bool,
    /// Problems whose cells are known now and whose reasons later.
    at: Places,
}

struct Places {
    own: Problem,
    form: Problem,
    participants: Problem,
}

impl Batch {
    fn add_summary(&mut self, mut record: Record<'_, '_, Field>, whole: Whole, sheet: &str, told: &mut Told) {
        let row = record.row_number();
        let anchor = if record.has_column(Field::Code) { Field::Code } else { Field::Title };
        if let Some(above) = record.merged_from(anchor)
            && let Some(entry) = self.drafts.iter_mut().rev().find(|e| e.sheet == sheet && e.row == above + 1)
        {
            // One application over several rows: each further row adds participants.
            if let Some(draft) = &mut entry.draft {
                draft.continue_with(&mut record);
            }
            entry.spoiled |= !record.is_clean();
            return told.extend(record.finish());
        }
        let key = |field| record.value(field).map(|v| name_key(&v.key())).unwrap_or_default();
        let (code, title) = (key(Field::Code), key(Field::Title));
        let draft = Draft::read(&mut record, whole);
        if let Some(first) = self.same(anchor, &code, &title, draft.as_ref()).map(|place| &self.drafts[place]) {
            let what = if anchor == Field::Code { "项目编号" } else { "项目名称和牵头单位" };
            record.fail(anchor, format!("{what}与工作表“{}”第{}行重复", first.sheet, first.row));
        }
        let at = Places {
            own: record.point(anchor, "该项目的成员单位或参与人员有误，暂不导入；改正后重新上传"),
            form: record.point(Field::Form, ""),
            participants: record.point(Field::Participants, ""),
        };
        let found = record.finish();
        self.known.extend([code.clone(), title.clone()]);
        let draft = draft.filter(|_| found.problems.is_empty());
        if draft.is_some() {
            self.by_code.insert(code, self.drafts.len());
            self.by_title.entry(title).or_default().push(self.drafts.len());
        }
        let sheet = sheet.to_owned();
        self.drafts.push(Entry { sheet, row, draft, listed: Vec::new(), people: Vec::new(), spoiled: false, at });
        told.extend(found);
    }

    /// The application above that a row repeats.
    fn same(&self, anchor: Field, code: &str, title: &str, draft: Option<&Draft>) -> Option<usize> {
        if anchor == Field::Code {
            return self.by_code.get(code).copied();
        }
        let lead = |place: &&usize| {
            let first = self.drafts[**place].draft.as_ref();
            first.zip(draft).is_some_and(|(first, draft)| first.lead.uscc == draft.lead.uscc)
        };
        self.by_title.get(title)?.iter().find(lead).copied()
    }

    fn add_member(&mut self, mut record: Record<'_, '_, MemberField>, told: &mut Told) {
        let listed = Listed::read(&mut record);
        let owner = self.owner(&mut record, MemberField::Code, MemberField::Title);
        if let Some(entry) = owner.map(|place| &mut self.drafts[place]) {
            match listed {
                Some(listed) => entry.listed.push(listed),
                None => entry.spoiled = true,
            }
        }
        told.extend(record.finish());
    }

    fn add_person(&mut self, mut record: Record<'_, '_, PersonField>, told: &mut Told) {
        let people = people_of(&mut record);
        let clean = record.is_clean();
        let owner = self.owner(&mut record, PersonField::Code, PersonField::Title);
        if let Some(entry) = owner.map(|place| &mut self.drafts[place]) {
            match people {
                Some(people) if clean => entry.people.extend(people),
                _ => entry.spoiled = true,
            }
        }
        told.extend(record.finish());
    }

    /// Whose member or person a row is: by code, or else by title.
    fn owner<F: Copy + PartialEq>(
        &self,
        record: &mut crate::record::Record<'_, '_, F>,
        code: F,
        title: F,
    ) -> Option<usize> {
        let coded = record.has_column(code) && !record.is_blank(code);
        if coded || !record.has_column(title) {
            record.required_code(code)?;
            let key = record.value(code).map(|v| name_key(&v.key())).unwrap_or_default();
            if !self.known.contains(&key) {
                record.fail(code, "“汇总表”工作表中没有这个项目编号");
            }
            return self.by_code.get(&key).copied();
        }
        let key = name_key(&record.required_text(title)?);
        match self.by_title.get(&key).map_or(&[][..], Vec::as_slice) {
            [one] => return Some(*one),
            [] if self.known.contains(&key) => {}
            [] => record.fail(title, "“汇总表”工作表中没有这个项目名称"),
            several => record.fail(title, format!("有{}个项目同名，请加“项目编号”列", several.len())),
        }
        None
    }

    fn finish(self, problems: &mut Vec<Problem>) -> Vec<Located<ApplicationRow>> {
        let mut rows = Vec::new();
        for entry in self.drafts {
            let Some(draft) = entry.draft else { continue };
            if entry.spoiled || self.side_unread {
                problems.push(entry.at.own);
                continue;
            }
            match draft.assemble(&entry.listed, entry.people) {
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
