//! Places a given number of reviews across panels: greedy, then exchange until nothing improves.
//!
//! Source: Fedorov (1972), *Theory of Optimal Experiments*, ch. 3 (exchange algorithm).

use super::information::Information;
use super::{BridgingError, Candidate, Design, Limits, Proposal, Review};
use std::collections::{BTreeMap, HashMap};

/// Gains closer than this share of each other count as equal, so that rounding does not decide.
const EQUAL: f64 = 1e-9;
/// Rounds of exchange; each one improves or ends it.
const ROUNDS: usize = 50;
/// Candidates times reviews times rounds of exchange, at most.
const EXCHANGE_WORK: usize = 10_000_000;
/// Starts of the search, and the candidates times reviews up to which there are so many.
const STARTS: usize = 12;
const START_WORK: usize = 100_000;
/// Pairs of chosen reviews times candidates up to which pairs are exchanged too.
const PAIR_WORK: usize = 100_000;

/// Places up to `count` reviews, fewer only where candidates or limits run out.
///
/// # Errors
/// `OnePanel`, `EmptyPanel`, `Variance`.
pub fn bridges(
    design: &Design,
    candidates: &[Candidate],
    count: usize,
    limits: Limits,
) -> Result<Proposal, BridgingError> {
    let information = Information::new(design)?;
    let before = information.precision();
    let blank = Chosen::new(candidates, limits, count);
    let plans = starts(design, &information, &blank).into_iter().map(|first| {
        let (mut information, mut chosen) = (information.clone(), blank.clone());
        if chosen.is_open(first) {
            chosen.take(first, &mut information);
        }
        improve(&mut information, &mut chosen);
        (information.mean_variance(), chosen.reviews())
    });
    let best = plans.reduce(|best, next| if next.0 < best.0 * (1.0 - EQUAL) { next } else { best });
    let reviews = best.map(|(_, reviews)| reviews).unwrap_or_default();
    // Computed anew, so that the rounding errors of many updates are not shown.
    let mut with = design.clone();
    with.reviews.extend(&reviews);
    Ok(Proposal { reviews, before, after: super::precision(&with)? })
}

/// First reviews to try: the one with the largest gain from each panel to each other, best first, as many as time allows.
fn starts(design: &Design, information: &Information<'_>, blank: &Chosen<'_>) -> Vec<usize> {
    let mut best: BTreeMap<(usize, usize), (f64, usize)> = BTreeMap::new();
    for (at, candidate) in blank.candidates.iter().enumerate().filter(|(at, _)| blank.is_open(*at)) {
        let review = candidate.review;
        let ways = (design.expert_panel[review.expert], design.application_panel[review.application]);
        let gain = information.gain(review);
        let own = best.entry(ways).or_insert((gain, at));
        let preferred = candidate.preference > blank.candidates[own.1].preference;
        if gain > own.0 * (1.0 + EQUAL) || (preferred && gain >= own.0 * (1.0 - EQUAL)) {
            *own = (gain, at);
        }
    }
    let mut starts: Vec<_> = best.into_values().collect();
    let most = starts.iter().map(|(gain, _)| *gain).fold(f64::MIN_POSITIVE, f64::max);
    starts.sort_by(|a, b| {
        // In billionths of the greatest gain, so that rounding decides nothing.
        let steps = |gain: f64| (gain / most / EQUAL).round();
        let preference = |at: usize| blank.candidates[at].preference;
        steps(b.0).total_cmp(&steps(a.0)).then(preference(b.1).total_cmp(&preference(a.1)))
    });
    let bearable = START_WORK / (blank.candidates.len() * blank.wanted).max(1);
    starts.into_iter().map(|(_, at)| at).take(bearable.clamp(1, STARTS)).collect()
}

/// Adds the review with the largest gain until there are enough, then exchanges until nothing improves.
fn improve(information: &mut Information<'_>, chosen: &mut Chosen<'_>) {
    while chosen.count() < chosen.wanted
        && let Some(best) = chosen.best(information, &[])
    {
        chosen.take(best, information);
    }
    let bearable = EXCHANGE_WORK / (chosen.candidates.len() * chosen.wanted).max(1);
    for _ in 0..bearable.clamp(1, ROUNDS) {
        if !singles(information, chosen) && !pairs(information, chosen) {
            break;
        }
    }
}

/// Replaces each chosen review by the best there is in its place; whether any was replaced.
fn singles(information: &mut Information<'_>, chosen: &mut Chosen<'_>) -> bool {
    let mut replaced = false;
    for at in chosen.indices() {
        for barred in [&[][..], &[at]] {
            replaced |= chosen.taken[at] && exchange(information, chosen, &[at], barred);
        }
    }
    replaced
}

/// Exchanges two reviews at a time, which limits may require, unless that would take too long.
fn pairs(information: &mut Information<'_>, chosen: &mut Chosen<'_>) -> bool {
    let indices = chosen.indices();
    if indices.len() * indices.len() * chosen.candidates.len() > PAIR_WORK {
        return false;
    }
    let mut replaced = false;
    for (i, first) in indices.iter().enumerate() {
        for second in &indices[i + 1..] {
            let both = [*first, *second];
            for barred in [&both[..1], &both[1..], &both] {
                replaced |= both.iter().all(|at| chosen.taken[*at]) && exchange(information, chosen, &both, barred);
            }
        }
    }
    replaced
}

/// Takes `old` back and chooses anew, none of them `barred`, and more if there is room now; whether that was better. If not, everything is as before.
fn exchange(information: &mut Information<'_>, chosen: &mut Chosen<'_>, old: &[usize], barred: &[usize]) -> bool {
    let value = information.mean_variance();
    for (done, at) in old.iter().enumerate() {
        if !information.remove(chosen.candidates[*at].review) {
            for back in &old[..done] {
                chosen.take(*back, information);
            }
            return false;
        }
        chosen.give_back(*at);
    }
    let mut new = Vec::new();
    while chosen.count() < chosen.wanted
        && let Some(best) = chosen.best(information, barred)
    {
        chosen.take(best, information);
        new.push(best);
    }
    if new.len() >= old.len() && information.mean_variance() < value * (1.0 - EQUAL) {
        return true;
    }
    for at in new {
        // A review that was just added can always be removed.
        information.remove(chosen.candidates[at].review);
        chosen.give_back(at);
    }
    for at in old {
        chosen.take(*at, information);
    }
    false
}

#[derive(Clone)]
struct Chosen<'a> {
    candidates: &'a [Candidate],
    limits: Limits,
    wanted: usize,
    taken: Vec<bool>,
    of_expert: HashMap<usize, u32>,
    of_application: HashMap<usize, u32>,
}

impl<'a> Chosen<'a> {
    fn new(candidates: &'a [Candidate], limits: Limits, wanted: usize) -> Self {
        let taken = vec![false; candidates.len()];
        Self { candidates, limits, wanted, taken, of_expert: HashMap::new(), of_application: HashMap::new() }
    }

    fn count(&self) -> usize {
        self.taken.iter().filter(|taken| **taken).count()
    }

    fn indices(&self) -> Vec<usize> {
        (0..self.taken.len()).filter(|i| self.taken[*i]).collect()
    }

    fn reviews(&self) -> Vec<Review> {
        let mut reviews: Vec<_> = self.indices().into_iter().map(|i| self.candidates[i].review).collect();
        reviews.sort_unstable();
        reviews
    }

    fn is_open(&self, at: usize) -> bool {
        let review = self.candidates[at].review;
        let used = |counts: &HashMap<usize, u32>, key| counts.get(&key).copied().unwrap_or(0);
        self.wanted > 0
            && !self.taken[at]
            && used(&self.of_expert, review.expert) < self.limits.per_expert
            && used(&self.of_application, review.application) < self.limits.per_application
    }

    /// The open candidate that gains most; among equals the preferred, then the first.
    fn best(&self, information: &Information<'_>, barred: &[usize]) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        for at in (0..self.candidates.len()).filter(|at| self.is_open(*at) && !barred.contains(at)) {
            let gain = information.gain(self.candidates[at].review);
            let better = best.is_none_or(|(other, most)| {
                let preferred = self.candidates[at].preference > self.candidates[other].preference;
                gain > most * (1.0 + EQUAL) || (preferred && gain >= most * (1.0 - EQUAL))
            });
            if better {
                best = Some((at, gain));
            }
        }
        best.map(|(at, _)| at)
    }

    fn take(&mut self, at: usize, information: &mut Information<'_>) {
        self.taken[at] = true;
        let review = self.candidates[at].review;
        information.add(review);
        *self.of_expert.entry(review.expert).or_insert(0) += 1;
        *self.of_application.entry(review.application).or_insert(0) += 1;
    }

    fn give_back(&mut self, at: usize) {
        self.taken[at] = false;
        let review = self.candidates[at].review;
        if let Some(used) = self.of_expert.get_mut(&review.expert) {
            *used -= 1;
        }
        if let Some(used) = self.of_application.get_mut(&review.application) {
            *used -= 1;
        }
    }
}
