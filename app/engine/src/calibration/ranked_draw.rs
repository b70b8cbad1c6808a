//! One draw of all scores: the rank of each application in its group, who has a place, and how far each is from the line.

use std::cmp::Ordering;

use super::places::Places;

/// Bits that sort as unsigned numbers from the largest score to the smallest. The lowest bits of a key give way to the
/// row it belongs to: scores closer than 2⁻⁵²·(number of rows), relatively, count as equal.
fn descending(score: f64) -> u64 {
    let bits = score.to_bits();
    if score.is_sign_negative() { bits } else { !bits & (u64::MAX >> 1) }
}

/// The ranks of the draw last taken. One value serves all draws, so that memory is allocated once.
pub struct RankedDraw {
    rows: u64,
    sorted: Vec<u64>,
    /// Per application, how many of its group are better.
    pub rank: Vec<usize>,
    // By group: applications met so far, the score on the last place and that of the first without one.
    met: Vec<usize>,
    last_in: Vec<f64>,
    first_out: Vec<f64>,
}

impl RankedDraw {
    pub fn new(size: usize, places: Option<&Places>) -> Self {
        let groups = places.map_or(1, |places| places.quota.len());
        Self {
            rows: (size.next_power_of_two() as u64).saturating_sub(1),
            sorted: Vec::with_capacity(size),
            rank: vec![0; size],
            met: vec![0; groups],
            last_in: vec![f64::NEG_INFINITY; groups],
            first_out: vec![f64::NEG_INFINITY; groups],
        }
    }

    /// Ranks the scores of a draw. O(a log a).
    pub fn take(&mut self, draw: &[f64], places: Option<&Places>) {
        let rows = self.rows;
        self.sorted.clear();
        self.sorted.extend(draw.iter().zip(0_u64..).map(|(score, row)| (descending(*score) & !rows) | row));
        self.sorted.sort_unstable();
        self.met.fill(0);
        self.last_in.fill(f64::NEG_INFINITY);
        self.first_out.fill(f64::NEG_INFINITY);
        for key in &self.sorted {
            // The row came from an index into `draw`.
            let row = usize::try_from(key & rows).unwrap_or(0);
            let group = places.map_or(0, |places| places.group[row]);
            self.rank[row] = self.met[group];
            self.met[group] += 1;
            if let Some(places) = places {
                match self.met[group].cmp(&(places.quota[group] + 1)) {
                    Ordering::Less => self.last_in[group] = draw[row],
                    Ordering::Equal => self.first_out[group] = draw[row],
                    Ordering::Greater => {}
                }
            }
        }
    }

    pub fn is_placed(&self, row: usize, score: f64, places: &Places) -> bool {
        self.rank[row] < places.quota[places.group[row]] && score >= places.least
    }

    /// How far a score lies above what the others of its group and 合格线 ask for a place.
    pub fn distance(&self, row: usize, score: f64, places: &Places) -> f64 {
        let group = places.group[row];
        let others = if self.rank[row] < places.quota[group] { self.first_out[group] } else { self.last_in[group] };
        score - others.max(places.least)
    }
}
