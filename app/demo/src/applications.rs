//! The filed applications: of the open batch, of the finished one, and of the sample file.

use crate::names;
use crate::source::Dice;
use crate::tasks::{answered, title};
use crate::texts::{Subject, sections};
use crate::units::{Unit, Units};
use domain::NaiveDate;
use domain::application::{Form, MemberRole, Person, Section};
use domain::money::Fen;
use domain::sector::Sector;
use import::applications::ApplicationRow;

/// An application and the sector of its task.
#[derive(Debug, Clone)]
pub struct Filing {
    pub sector: Sector,
    /// Place of its task within the sector.
    pub task: usize,
    pub row: ApplicationRow,
}

/// Every 40th lacks its 承诺书.
const WITHOUT_COMMITMENT: usize = 40;
/// Every 120th is a second application of the lead before it.
const SECOND_OF_LEAD: usize = 120;
/// Every 15th is led by an institute.
const LED_BY_INSTITUTE: usize = 15;

pub const DUTIES: [&str; 6] = ["项目负责人", "技术负责人", "工艺研究", "检测评价", "装备与自动化", "财务与管理"];

/// Firms that may take part beside their own application; the last ones of a sector stay out of every application.
pub const TAKING_PART: usize = 26;

/// The needs of filing besides its task.
struct Desk<'a> {
    units: &'a Units,
    dice: Dice,
    people: usize,
}

/// The applications of the open batch, in the order of their codes `B1-001`, `B1-002`, …
pub fn open_batch(units: &Units, scale: usize) -> Vec<Filing> {
    let mut desk = Desk { units, dice: Dice::about("applications/open"), people: 0 };
    let mut filings: Vec<Filing> = Vec::new();
    let mut leading = std::collections::BTreeMap::new();
    for (i, (sector, task)) in answered(scale).into_iter().enumerate() {
        let number = leading.entry(sector).or_insert(0);
        let firms = units.firms_of(sector);
        let lead = if i % SECOND_OF_LEAD == 51 && *number > 0 {
            &firms[*number - 1]
        } else if i % LED_BY_INSTITUTE == 9 {
            &units.institutes[i / LED_BY_INSTITUTE]
        } else {
            *number += 1;
            &firms[*number - 1]
        };
        let partners = if i.is_multiple_of(3) { Vec::new() } else { desk.partners(sector, lead, scale) };
        let code = format!("B1-{:03}", i + 1);
        let mut filing = desk.filing(code, (sector, task), lead, &partners, day(2025, 3, 3 + i % 25));
        if i % WITHOUT_COMMITMENT == 22 {
            filing.row.committed_on = None;
        }
        filings.push(filing);
    }
    filings
}

/// Finished projects, two to each of three tasks of the given sectors, coded `A1-01`, `A1-02`, …
pub fn finished_batch(units: &Units, sectors: &[Sector]) -> Vec<Filing> {
    let mut desk = Desk { units, dice: Dice::about("applications/finished"), people: 7_000 };
    let places = sectors.iter().flat_map(|sector| (0..6).map(move |i| (*sector, i)));
    (1_usize..)
        .zip(places)
        .map(|(seq, (sector, i))| {
            let firms = units.firms_of(sector);
            let lead = &firms[firms.len() - 1 - i];
            let partners = desk.partners(sector, lead, 1);
            desk.filing(format!("A1-{seq:02}"), (sector, i / 2), lead, &partners, day(2024, 3, seq))
        })
        .collect()
}

/// Applications for the sample file, coded `B2-001`, …
pub fn sample(units: &Units, sectors: &[Sector], count: usize) -> Vec<Filing> {
    let mut desk = Desk { units, dice: Dice::about("applications/sample"), people: 9_000 };
    (0..count)
        .map(|i| {
            let sector = sectors[i % sectors.len()];
            let lead = &units.firms_of(sector)[i];
            let partners = if i % 4 == 3 { Vec::new() } else { desk.partners(sector, lead, 1) };
            desk.filing(format!("B2-{:03}", i + 1), (sector, i / 2 % 2), lead, &partners, day(2025, 6, 2 + i))
        })
        .collect()
}

fn day(year: i32, month: u32, day: usize) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, u32::try_from(day).ok()?)
}

impl<'a> Desk<'a> {
    /// One to three units besides the lead, at least half of them scholarly.
    fn partners(&mut self, sector: Sector, lead: &Unit, scale: usize) -> Vec<&'a Unit> {
        let units = self.units;
        let firms = &units.firms_of(sector)[..TAKING_PART * scale];
        let mut partners: Vec<&Unit> = vec![units.scholarly(&mut self.dice)];
        for _ in 0..self.dice.below(3) {
            partners.push(if self.dice.percent(60) { self.dice.pick(firms) } else { units.scholarly(&mut self.dice) });
        }
        partners.retain(|p| p.uscc != lead.uscc);
        partners.sort_by(|a, b| a.uscc.cmp(&b.uscc));
        partners.dedup();
        partners
    }

    fn filing(
        &mut self,
        code: String,
        (sector, task): (Sector, usize),
        lead: &Unit,
        partners: &[&Unit],
        committed_on: Option<NaiveDate>,
    ) -> Filing {
        let task_title = title(sector, task);
        let purpose = *self.dice.pick(&["关键技术研发及产业化", "工艺与装备攻关", "工程化示范", "成套技术开发"]);
        // Most are of middle size: the product of two throws is skewed towards the small.
        let investment = 800 + self.dice.between(1, 100) * self.dice.between(1, 112);
        let investment = investment / 10 * 10;
        let members: Vec<_> = std::iter::once(lead.member(MemberRole::Lead))
            .chain(partners.iter().map(|p| p.member(MemberRole::Participant)))
            .collect();
        let row = ApplicationRow {
            code: Some(code),
            title: format!("{task_title}{purpose}"),
            task: task_title.clone(),
            form: if partners.is_empty() { Form::Solo } else { Form::Consortium },
            recommender: lead.region,
            investment: Fen::wan(investment),
            committed_on,
            people: self.staff(lead, partners),
            members,
            sections: self.material(&task_title, lead, partners, investment),
        };
        Filing { sector, task, row }
    }

    fn staff(&mut self, lead: &Unit, partners: &[&Unit]) -> Vec<Person> {
        let count = 3 + self.dice.below(4);
        let mut staff = Vec::new();
        for duty in DUTIES.iter().take(count) {
            let unit = if staff.len() < 2 || partners.is_empty() { lead } else { *self.dice.pick(partners) };
            let name = names::listed_person(self.people);
            self.people += 1;
            staff.push(Person { name, unit: unit.name.clone(), duty: (*duty).to_owned() });
        }
        staff
    }

    fn material(&mut self, title: &str, lead: &Unit, partners: &[&Unit], investment: i64) -> Vec<Section> {
        let partners: Vec<_> = partners.iter().map(|p| p.name.clone()).collect();
        let subject = Subject { title, lead: &lead.name, partners: &partners, investment };
        sections(&mut self.dice, &subject)
    }
}
