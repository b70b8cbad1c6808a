//! The checks over panels, seats, sheets, objective points and signatures of one round.

use super::{Misplaced, SheetFault, Violation};
use crate::bridge::Bridge;
use crate::countersign::{Countersign, Countersigns};
use crate::ids::{AccountId, ApplicationId, ExpertId, PanelId};
use crate::objective::Objectives;
use crate::panel::Panel;
use crate::points::Points;
use crate::round::{Round, Step};
use crate::rubric::{Applicability, Scoring};
use crate::seat::{Presence, Seat};
use crate::sheet::{Sheet, own_criteria};
use std::collections::{BTreeMap, HashMap, HashSet};

/// An application under review.
#[derive(Debug, Clone)]
pub struct Reviewed {
    pub code: String,
    pub facts: Applicability,
    pub panel: Option<PanelId>,
}

/// The rows of a round.
#[derive(Debug)]
pub struct Review<'a> {
    pub round: &'a Round,
    pub applications: BTreeMap<ApplicationId, Reviewed>,
    pub panels: &'a [Panel],
    pub seats: &'a [Seat],
    pub bridges: &'a [Bridge],
    /// Pairs that may not meet.
    pub excluded: &'a HashSet<(ExpertId, ApplicationId)>,
    pub sheets: &'a [Sheet],
    pub objectives: &'a Objectives,
    /// Every signature of the round, under whatever content.
    pub signatures: &'a [Countersign],
    /// The codes of the experts.
    pub codes: HashMap<ExpertId, String>,
    pub names: HashMap<AccountId, String>,
}

impl Review<'_> {
    /// Everything that breaks a rule, in the order of the way through a round.
    pub fn violations(&self) -> Vec<Violation> {
        let mut found = self.places();
        found.extend(self.sheets.iter().flat_map(|sheet| self.sheet(sheet)));
        found.extend(self.without_sheet());
        found.extend(self.objectives());
        found.extend(self.signatures());
        found
    }

    fn code(&self, expert: ExpertId) -> String {
        self.codes.get(&expert).cloned().unwrap_or_else(|| expert.to_string())
    }

    fn panel(&self, id: PanelId) -> Option<&Panel> {
        self.panels.iter().find(|panel| panel.id == id)
    }

    fn places(&self) -> Vec<Violation> {
        let strange = |reviewed: &&Reviewed| reviewed.panel.is_some_and(|panel| self.panel(panel).is_none());
        let mut found: Vec<_> = self.applications.values().filter(strange).map(|a| a.code.clone()).collect();
        let mut found: Vec<_> = found.drain(..).map(Violation::ForeignPanel).collect();
        let (mut seated, mut numbers) = (HashSet::new(), HashSet::new());
        for seat in self.seats {
            if !seated.insert(seat.expert) {
                found.push(Violation::Seat(Misplaced::Twice(self.code(seat.expert))));
            }
            match self.panel(seat.panel) {
                None => found.push(Violation::Seat(Misplaced::Foreign(self.code(seat.expert)))),
                Some(panel) if !numbers.insert((panel.id, seat.number)) => {
                    let panel = panel.name.clone();
                    found.push(Violation::Seat(Misplaced::Shared { panel, number: seat.number }));
                }
                Some(_) => {}
            }
        }
        for Bridge { panel, number, application } in self.bridges.iter().copied() {
            let name = self.panel(panel).map_or_else(|| panel.to_string(), |panel| panel.name.clone());
            let place = match self.applications.get(&application) {
                None => Misplaced::NotReviewed { panel: name, number },
                Some(own) if own.panel == Some(panel) => {
                    Misplaced::Within { panel: name, number, application: own.code.clone() }
                }
                Some(_) if !numbers.contains(&(panel, number)) => Misplaced::Vacant { panel: name, number },
                Some(_) => continue,
            };
            found.push(Violation::Bridge(place));
        }
        found
    }

    /// Whether the holder of a seat reviews the application, recusals aside.
    fn reviews(&self, seat: &Seat, application: ApplicationId) -> bool {
        let within = self.applications.get(&application).is_some_and(|own| own.panel == Some(seat.panel));
        let bridge = Bridge { panel: seat.panel, number: seat.number, application };
        within || self.bridges.contains(&bridge)
    }

    fn sheet(&self, sheet: &Sheet) -> Vec<Violation> {
        let Some(own) = self.applications.get(&sheet.application) else {
            return vec![named(sheet, sheet.application.to_string(), SheetFault::NotReviewed)];
        };
        let mut faults = Vec::new();
        if self.round.step < Step::Scoring {
            faults.push(SheetFault::Early);
        }
        if !sheet.is_voided() {
            faults.extend(self.standing(sheet));
        }
        let rubric = &self.round.rubric;
        let criteria: BTreeMap<&str, Points> =
            own_criteria(rubric, own.facts).map(|criterion| (criterion.code.as_str(), criterion.full)).collect();
        for (code, points) in sheet.entries.iter().filter_map(|(code, entry)| Some((code, entry.points?))) {
            match criteria.get(code.as_str()) {
                None => faults.push(SheetFault::Criterion(code.clone())),
                Some(full) if points < Points::ZERO || points > *full => {
                    faults.push(SheetFault::OutOfRange { criterion: code.clone(), points, full: full.short() });
                }
                Some(_) => {}
            }
        }
        let missing = if sheet.is_submitted() { sheet.missing(rubric, own.facts).len() } else { 0 };
        if missing > 0 {
            faults.push(SheetFault::Incomplete(missing));
        }
        faults.into_iter().map(|fault| named(sheet, own.code.clone(), fault)).collect()
    }

    /// The faults of a sheet that counts.
    fn standing(&self, sheet: &Sheet) -> Vec<SheetFault> {
        let mut faults = Vec::new();
        let pair = (sheet.expert, sheet.application);
        let mut seats = self.seats.iter().filter(|seat| seat.expert == sheet.expert);
        if !seats.any(|seat| self.reviews(seat, sheet.application)) {
            faults.push(SheetFault::NoSeat);
        }
        if self.excluded.contains(&pair) {
            faults.push(SheetFault::Recused);
        }
        let earlier = |other: &&Sheet| !other.is_voided() && (other.expert, other.application) == pair;
        if self.sheets.iter().find(earlier).is_some_and(|first| first.id != sheet.id) {
            faults.push(SheetFault::Twice);
        }
        faults
    }

    /// From the opening of the sheets on, whoever came has had one for every application of theirs.
    fn without_sheet(&self) -> Vec<Violation> {
        if self.round.step < Step::Scoring {
            return Vec::new();
        }
        let given: HashSet<_> = self.sheets.iter().map(|sheet| (sheet.expert, sheet.application)).collect();
        let mut found = Vec::new();
        for seat in self.seats.iter().filter(|seat| seat.presence == Presence::Present) {
            for (id, own) in self.applications.iter().filter(|(id, _)| self.reviews(seat, **id)) {
                let pair = (seat.expert, *id);
                if !given.contains(&pair) && !self.excluded.contains(&pair) {
                    found.push(Violation::NoSheet { expert: self.code(seat.expert), application: own.code.clone() });
                }
            }
        }
        found
    }

    fn objectives(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        let all: BTreeMap<_, _> = self.objectives.iter().collect();
        for (id, given) in all {
            let Some(own) = self.applications.get(id) else {
                found.push(Violation::ForeignObjective(id.to_string()));
                continue;
            };
            for (code, objective) in given {
                let criterion = self.round.rubric.criteria().find(|criterion| criterion.code == *code);
                let checked = match criterion.filter(|criterion| criterion.scoring == Scoring::Objective) {
                    Some(criterion) => objective.check(&own.code, criterion, own.facts),
                    None => Err(crate::objective::ObjectiveError::NotObjective(code.clone())),
                };
                found.extend(checked.err().map(Violation::from));
            }
        }
        found
    }

    /// Signatures under one content, each added to those before it.
    fn signatures(&self) -> Vec<Violation> {
        let mut contents: BTreeMap<_, Countersigns> = BTreeMap::new();
        let mut found = Vec::new();
        for sign in self.signatures {
            let signed = contents
                .entry((sign.gate, &sign.digest))
                .or_insert_with(|| Countersigns::under(sign.gate, sign.digest.clone(), Vec::new()));
            let name_of = |account: AccountId| self.names.get(&account).map(String::as_str);
            if let Err(why) = signed.sign(sign.clone(), name_of) {
                found.push(Violation::Signature { gate: sign.gate, department: sign.department, why });
            }
        }
        found
    }
}

const fn named(sheet: &Sheet, application: String, fault: SheetFault) -> Violation {
    Violation::Sheet { sheet: sheet.id, application, fault }
}
