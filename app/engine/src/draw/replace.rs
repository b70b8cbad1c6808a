//! 递补: somebody leaves after the draw; the next in lot order takes the seat, and nobody else moves unless nobody fits as things stand.

use super::alternate::{Position, Seating};
use super::event::{Change, Event, Kind, Skipped, Unavailable, Vacancy};
use super::lot::Lot;
use super::pool::Candidate;
use super::record::{DrawError, Order, Record};
use super::walk::PassedOver;
use crate::assignment::{Assigned, Conflict, Link, Objective, Options, Problem, Status, solve};
use std::collections::{BTreeSet, HashSet};

impl Record {
    /// Fills every seat that the vacancy leaves, one event each, and appends the events to the record.
    ///
    /// # Errors
    /// `NotSeated` if the expert holds no such seat; `Unfillable` naming the place nobody can take. The record is then as before.
    pub fn replace(&mut self, vacancy: &Vacancy) -> Result<Vec<Event>, DrawError> {
        let own = |a: &Assigned| {
            a.expert == vacancy.expert && vacancy.application.as_ref().is_none_or(|i| *i == a.application)
        };
        let mut seats: Vec<Assigned> = self.current().into_iter().filter(|a| own(a)).collect();
        seats.sort_by(|a, b| a.application.cmp(&b.application));
        if seats.is_empty() {
            return Err(DrawError::NotSeated(vacancy.expert.clone()));
        }
        let before = self.events.len();
        for seat in seats {
            match self.fill(vacancy, &seat) {
                Ok(event) => self.events.push(event),
                Err(error) => {
                    self.events.truncate(before);
                    return Err(error);
                }
            }
        }
        Ok(self.events[before..].to_vec())
    }

    fn fill(&self, vacancy: &Vacancy, seat: &Assigned) -> Result<Event, DrawError> {
        let seed = Lot::from_hex(&self.seed).ok_or(DrawError::Seed)?.0;
        let order = Order::new(&self.pool, seed);
        let current = self.current();
        let seating = Seating::new(&self.pool, &current);
        let place = Position { application: seat.application.clone(), role: seat.role };
        let gone = self.gone(vacancy);
        let waiting = || order.candidates().filter(|c| !self.left(&c.id, vacancy) && !seating.is_seated(&c.id));
        let kept_out = |c: &Candidate| {
            let own = |out: &&Unavailable| {
                out.expert == c.id && out.application.as_ref().is_none_or(|i| *i == place.application)
            };
            vacancy.unavailable.iter().find(own).map(|out| out.reason.clone())
        };
        let barred = |c: &Candidate| gone.contains(&(c.id.as_str(), Some(place.application.as_str())));
        let mut passed_over = Vec::new();
        for candidate in waiting() {
            if let Some(reason) = kept_out(candidate) {
                if self.is_alternate(candidate, &place) {
                    let reason = PassedOver::Unavailable { reason };
                    passed_over.push(Skipped { expert: candidate.id.clone(), reason });
                }
                continue;
            }
            if !barred(candidate) && seating.fits(candidate, &place, &vacancy.expert) {
                let joined = Assigned {
                    application: place.application.clone(),
                    expert: candidate.id.clone(),
                    role: place.role,
                    affinity: f64::from(candidate.affinity.get(&place.application).copied().unwrap_or_default()) / 1e6,
                };
                let change = Change { left: vec![seat.clone()], joined: vec![joined] };
                return Ok(self.event(vacancy, candidate, &place, passed_over, change));
            }
            if self.is_alternate(candidate, &place) {
                let reason = if barred(candidate) || candidate.is_recused(&place.application) {
                    let own = candidate.recused.iter().filter(|r| r.application == place.application);
                    PassedOver::Recused { reasons: own.map(|r| r.reason.clone()).collect() }
                } else {
                    PassedOver::EmployerCap
                };
                passed_over.push(Skipped { expert: candidate.id.clone(), reason });
            }
        }
        let able = |c: &&Candidate| c.max_load > 0 && !c.affinity.is_empty() && !gone.contains(&(c.id.as_str(), None));
        for candidate in waiting().filter(able) {
            if let Some(change) = self.moves(&current, seat, candidate, &gone)? {
                return Ok(self.event(vacancy, candidate, &place, passed_over, change));
            }
        }
        Err(DrawError::Unfillable(place))
    }

    fn event(
        &self,
        vacancy: &Vacancy,
        successor: &Candidate,
        place: &Position,
        passed_over: Vec<Skipped>,
        change: Change,
    ) -> Event {
        let kind = if self.is_alternate(successor, place) { Kind::Alternate } else { Kind::Supplementary };
        Event { vacancy: vacancy.clone(), successor: successor.id.clone(), kind, passed_over, change }
    }

    fn is_alternate(&self, candidate: &Candidate, place: &Position) -> bool {
        self.alternates.iter().any(|a| a.expert == candidate.id && a.places.contains(place))
    }

    /// Whether somebody gave up every seat, before or now.
    fn left(&self, expert: &str, vacancy: &Vacancy) -> bool {
        let mut all = self.events.iter().map(|e| &e.vacancy).chain([vacancy]);
        all.any(|v| v.expert == expert && v.application.is_none())
    }

    /// The experts who left before or leave now, or cannot be called any more: altogether, or one application.
    fn gone<'a>(&'a self, vacancy: &'a Vacancy) -> HashSet<(&'a str, Option<&'a str>)> {
        let all = self.events.iter().map(|e| &e.vacancy).chain([vacancy]);
        let left = all.map(|v| (v.expert.as_str(), v.application.as_deref()));
        let out = vacancy.unavailable.iter().map(|out| (out.expert.as_str(), out.application.as_deref()));
        left.chain(out).collect()
    }

    /// The fewest moves that bring the candidate in and fill the seat; `None` if there are none.
    fn moves(
        &self,
        current: &[Assigned],
        seat: &Assigned,
        candidate: &Candidate,
        gone: &HashSet<(&str, Option<&str>)>,
    ) -> Result<Option<Change>, DrawError> {
        let mut problem: Problem = self.pool.problem()?;
        let mut staying: BTreeSet<&str> = current.iter().map(|a| a.expert.as_str()).collect();
        staying.insert(&candidate.id);
        let number = |id: &str| self.pool.position(id).and_then(|at| u32::try_from(at).ok());
        for expert in &mut problem.experts {
            if staying.contains(expert.id.as_str()) && !gone.contains(&(expert.id.as_str(), None)) {
                expert.min_load = expert.min_load.max(1);
            } else {
                (expert.min_load, expert.max_load) = (0, 0);
            }
        }
        if seat.expert != candidate.id
            && let Some(leaver) = number(&seat.expert)
        {
            // Recused here, the expert may keep other seats, and need not have any.
            problem.experts[leaver as usize].min_load = 0;
        }
        let application = |id: &str| self.pool.wanted.binary_search_by(|w| w.id.as_str().cmp(id)).ok();
        let link = |expert: &str, id: &str| {
            Some(Link { expert: number(expert)?, application: u32::try_from(application(id)?).ok()? })
        };
        for (expert, id) in gone.iter().filter_map(|(expert, id)| Some((*expert, (*id)?))) {
            problem.conflicts.extend(link(expert, id).map(|link| Conflict { link, reason: "回避".to_owned() }));
        }
        let stay = current.iter().filter(|a| !(a.expert == seat.expert && a.application == seat.application));
        problem.objective = Objective::Keep(stay.filter_map(|a| link(&a.expert, &a.application)).collect());
        problem.locks.retain(|lock| problem.experts[lock.expert as usize].max_load > 0);
        let outcome = solve(&problem, Options::default())?;
        if outcome.status == Status::Infeasible {
            return Ok(None);
        }
        let has = |list: &[Assigned], one: &Assigned| {
            list.iter().any(|a| a.expert == one.expert && a.application == one.application)
        };
        let left = current.iter().filter(|a| !has(&outcome.assignments, a)).cloned().collect();
        let joined = outcome.assignments.iter().filter(|a| !has(current, a)).cloned().collect();
        Ok(Some(Change { left, joined }))
    }
}
