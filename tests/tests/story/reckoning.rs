//! An independent computation of 修正系数法 in exact fractions: nothing of the program's arithmetic is used.

use std::collections::BTreeMap;

/// Items an expert scores, with full points in 1/100.
pub const OWN: [(&str, i64); 9] = [
    ("A1", 1200),
    ("A3", 600),
    ("A4", 400),
    ("B1", 1200),
    ("B2", 1000),
    ("B4", 600),
    ("B5", 600),
    ("C2", 800),
    ("C4", 600),
];
/// Items scored once for all.
pub const OBJECTIVE: [(&str, i64); 4] = [("A2", 800), ("B3", 600), ("C1", 1000), ("C3", 600)];

/// A score between six tenths and just below full marks, in steps of half a point, that differs from pair to pair.
pub fn points(full: i64, application: usize, item: usize, expert: usize) -> i64 {
    let lowest = (full * 6 / 10 + 49) / 50;
    let steps = (full - 1) / 50 - lowest + 1;
    let mixed = i64::try_from(application * 7 + item * 5 + expert * 3 + application * expert).unwrap_or(0);
    (lowest + mixed % steps) * 50
}

/// A fraction in lowest terms, of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction(i128, i128);

impl Fraction {
    pub fn new(numerator: i128, denominator: i128) -> Self {
        let (mut a, mut b) = (numerator.abs(), denominator.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self(numerator / a.max(1), denominator / a.max(1))
    }

    fn plus(self, other: Self) -> Self {
        Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    fn times(self, other: Self) -> Self {
        Self::new(self.0 * other.0, self.1 * other.1)
    }

    fn over(self, other: Self) -> Self {
        Self::new(self.0 * other.1, self.1 * other.0)
    }

    /// 四舍五入 to `1/scale`.
    fn rounded(self, scale: i128) -> i64 {
        i64::try_from((2 * self.0 * scale + self.1) / (2 * self.1)).unwrap_or(i64::MAX)
    }

    /// As a page shows it.
    pub fn hundredths(self) -> String {
        let value = self.rounded(100);
        format!("{}.{:02}", value / 100, value % 100)
    }
}

fn mean(values: &[Fraction]) -> Fraction {
    let sum = values.iter().fold(Fraction::new(0, 1), |sum, value| sum.plus(*value));
    sum.over(Fraction::new(i128::try_from(values.len()).unwrap_or(1), 1))
}

/// 评价分 ÷ 标准总分 × 100.
pub fn total(own: &BTreeMap<String, i64>, objective: &BTreeMap<String, i64>) -> Fraction {
    let full = |code: &String| OWN.iter().chain(&OBJECTIVE).find(|(c, _)| c == code).map_or(0, |(_, full)| *full);
    let reached: i64 = own.values().chain(objective.values()).sum();
    let base: i64 = own.keys().chain(objective.keys()).map(full).sum();
    Fraction::new(i128::from(reached) * 100, i128::from(base))
}

/// The points that were given, and to which application.
#[derive(Debug, Default)]
pub struct Plan {
    /// Panel by application code.
    pub panels: BTreeMap<String, String>,
    pub sheets: BTreeMap<String, Vec<BTreeMap<String, i64>>>,
    pub objective: BTreeMap<String, BTreeMap<String, i64>>,
}

/// One line of the ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub code: String,
    /// In 1/1000 point.
    pub raw: i64,
    /// In 1/100 point.
    pub score: i64,
    pub rank: i64,
}

impl Plan {
    /// final = x · M / m_g, best first.
    pub fn ranking(&self) -> Vec<Line> {
        let raw: BTreeMap<&String, Fraction> = self
            .sheets
            .iter()
            .map(|(code, sheets)| {
                let totals: Vec<_> = sheets.iter().map(|own| total(own, &self.objective[code])).collect();
                (code, mean(&totals))
            })
            .collect();
        let all: Vec<_> = raw.values().copied().collect();
        let grand = mean(&all);
        let mut lines: Vec<Line> = raw
            .iter()
            .map(|(code, x)| {
                let panel = &self.panels[*code];
                let peers: Vec<_> = raw.iter().filter(|(c, _)| self.panels[**c] == *panel).map(|(_, x)| *x).collect();
                let score = x.times(grand).over(mean(&peers)).rounded(100);
                Line { code: (*code).clone(), raw: x.rounded(1000), score, rank: 0 }
            })
            .collect();
        lines.sort_by(|a, b| (b.score, b.raw, &a.code).cmp(&(a.score, a.raw, &b.code)));
        for i in 0..lines.len() {
            let better = lines.iter().filter(|l| (l.score, l.raw) > (lines[i].score, lines[i].raw)).count();
            lines[i].rank = i64::try_from(better).unwrap_or(0) + 1;
        }
        lines
    }
}
