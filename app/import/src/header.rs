//! Finding the table in a sheet: which rows are its header, and which column holds which field.

use crate::cell::MAX_COLUMNS;
use crate::report::{Problem, SheetKind, Told, cell_name, shorten};
use crate::workbook::Grid;
use domain::text::normalise;
use std::collections::BTreeMap;

/// Whether a table can be read without a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
    /// What rows go by: where it is absent they go by something else, but it must be clear which column it is.
    Key,
}

/// A field, the name the template gives its column, and the other names it goes by.
#[derive(Debug)]
pub struct Column<F: 'static> {
    pub field: F,
    pub name: &'static str,
    pub need: Need,
    /// Names that mean this field when they are the whole header.
    pub aliases: &'static [&'static str],
    /// Words that mean this field wherever they stand in a header.
    pub within: &'static [&'static str],
    /// Words that show that the header means something else.
    pub never: &'static [&'static str],
}

/// A kind of table: its columns, and how many of them (required ones, any) make a sheet one of its kind.
#[derive(Debug)]
pub struct Table<F: 'static> {
    pub kind: SheetKind,
    pub columns: &'static [Column<F>],
    pub minimum: usize,
    pub evidence: usize,
}

/// A header found in a sheet.
#[derive(Debug)]
pub struct Header<F> {
    /// Places in `Grid::rows`: first row of the header, and the first row of data.
    pub start: usize,
    pub body: usize,
    pub places: Vec<(F, u16)>,
    ambiguous: Vec<(F, Vec<u16>)>,
    labels: BTreeMap<u16, Label>,
    required: usize,
    score: usize,
}

const HEADER_WITHIN_ROWS: usize = 30;
const HEADER_DEPTH: usize = 3;
const LONGEST_LABEL: usize = 40;

impl<F: Copy + PartialEq> Table<F> {
    /// The best header within the first rows: most known names, then fewest rows, then first.
    pub fn find(&'static self, grid: &Grid) -> Option<Header<F>> {
        let names = self.bare_names();
        let mut best: Option<Header<F>> = None;
        for start in 0..grid.rows.len().min(HEADER_WITHIN_ROWS) {
            for depth in 1..=HEADER_DEPTH {
                if start + depth > grid.rows.len() || (depth > 1 && !joined(grid, start, depth)) {
                    break;
                }
                let header = self.match_rows(grid, start, depth, &names);
                if best.as_ref().is_none_or(|b| header.better_than(b)) {
                    best = Some(header);
                }
            }
        }
        best.filter(|header| {
            header.required >= self.minimum && header.places.len() + header.ambiguous.len() >= self.evidence
        })
    }

    /// Per column, every name it may have as its whole header.
    fn bare_names(&self) -> Vec<Vec<String>> {
        let names =
            |c: &Column<F>| std::iter::once(c.name).chain(c.aliases.iter().copied()).map(|n| bare(n).1).collect();
        self.columns.iter().map(names).collect()
    }

    fn match_rows(&'static self, grid: &Grid, start: usize, depth: usize, names: &[Vec<String>]) -> Header<F> {
        let labels = labels(grid, start, depth);
        let mut candidates: Vec<(usize, Rank, u16)> = Vec::new();
        for (column, label) in &labels {
            let choice = self
                .columns
                .iter()
                .zip(names)
                .enumerate()
                .filter_map(|(i, (spec, names))| Some((label.rank(spec, names)?, i)))
                .min();
            if let Some(((rank, _), i)) = choice {
                candidates.push((i, rank, *column));
            }
        }
        let mut header = Header {
            start,
            body: start + depth,
            places: Vec::new(),
            ambiguous: Vec::new(),
            labels,
            required: 0,
            score: 0,
        };
        for (i, spec) in self.columns.iter().enumerate() {
            let own: Vec<_> = candidates.iter().filter(|c| c.0 == i).collect();
            let Some(best) = own.iter().map(|c| c.1).min() else { continue };
            let columns: Vec<u16> = own.iter().filter(|c| c.1 == best).map(|c| c.2).collect();
            let required = usize::from(spec.need == Need::Required);
            header.required += required;
            if let [column] = columns[..] {
                header.places.push((spec.field, column));
                header.score += 4 + 2 * required;
            } else {
                header.ambiguous.push((spec.field, columns));
                header.score += 1;
            }
        }
        header
    }

    pub fn required(&self) -> impl Iterator<Item = F> {
        self.columns.iter().filter(|c| c.need == Need::Required).map(|c| c.field)
    }

    pub fn required_names(&self) -> Vec<String> {
        self.columns.iter().filter(|c| c.need == Need::Required).map(|c| c.name.to_owned()).collect()
    }

    pub fn name(&self, field: F) -> &'static str {
        self.columns.iter().find(|c| c.field == field).map_or("", |c| c.name)
    }

    /// What is to be told of the header. Problems stand in the way of reading the table at all; an optional column that may be either of two costs
    /// no more than itself. `given` fields need no column.
    pub fn header_problems(&self, grid: &Grid, header: &Header<F>, given: &[F]) -> Told {
        let row = grid.rows[header.body - 1].index;
        let mut told = Told::default();
        let problem = |cell: String, spec: &Column<F>, value: String, reason: String| Problem {
            sheet: grid.name.clone(),
            cell,
            column: spec.name.to_owned(),
            value,
            reason,
        };
        for spec in self.columns {
            if let Some((_, columns)) = header.ambiguous.iter().find(|(f, _)| *f == spec.field) {
                let cells: Vec<_> = columns.iter().map(|c| cell_name(row, *c)).collect();
                let found: Vec<_> = columns.iter().filter_map(|c| Some(shorten(&header.labels.get(c)?.raw))).collect();
                let either = format!("{}列都可能是“{}”，请只保留一列或改清楚表头", cells.join("、"), spec.name);
                let (list, cost) = match spec.need {
                    Need::Required | Need::Key => (&mut told.problems, "本表未读取"),
                    Need::Optional => (&mut told.notes, "这几列未读取，其余照常导入"),
                };
                let cell = cells.first().cloned().unwrap_or_default();
                list.push(problem(cell, spec, found.join("、"), format!("{either}；{cost}")));
            } else if spec.need == Need::Required && !header.mentions(spec.field) && !given.contains(&spec.field) {
                let found: Vec<_> = header.labels.values().map(|l| shorten(&l.raw)).collect();
                told.problems.push(problem(
                    cell_name(row, 0),
                    spec,
                    shorten(&found.join("、")),
                    format!("缺少必填列“{}”；本表未读取", spec.name),
                ));
            }
        }
        told
    }
}

impl<F: Copy + PartialEq> Header<F> {
    pub fn column(&self, field: F) -> Option<u16> {
        self.places.iter().find(|(f, _)| *f == field).map(|(_, column)| *column)
    }

    /// More names, or as many in fewer rows: a merged title above the header is no part of it.
    const fn better_than(&self, other: &Self) -> bool {
        self.score > other.score || (self.score == other.score && self.body - self.start < other.body - other.start)
    }

    pub const fn score(&self) -> usize {
        self.score
    }

    /// The header text above a field, notes included, as in “总投资（万元）”.
    pub fn label(&self, field: F) -> &str {
        self.column(field).and_then(|c| self.labels.get(&c)).map_or("", |label| &label.raw)
    }

    /// Whether the sheet has a column for it, be it clear which one or not.
    pub fn mentions(&self, field: F) -> bool {
        self.column(field).is_some() || self.ambiguous.iter().any(|(own, _)| *own == field)
    }

    /// Headers of columns that are not read.
    pub fn unread(&self) -> Vec<String> {
        let read = |column: u16| self.places.iter().any(|(_, c)| *c == column);
        self.labels.iter().filter(|(c, _)| !read(**c)).map(|(_, l)| shorten(&l.raw)).collect()
    }

    /// Whether this text stands in the header over this column.
    pub fn repeats(&self, column: u16, text: &str) -> bool {
        let key = bare(text).1;
        self.labels.get(&column).is_some_and(|label| label.levels.iter().any(|(_, full)| *full == key))
    }
}

/// One column's header, from the group heading down.
#[derive(Debug)]
struct Label {
    raw: String,
    /// Per level: without notes in brackets, and with them.
    levels: Vec<(String, String)>,
}

/// Lower is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Whole,
    LowestLevel,
    Within,
}

impl Label {
    /// How well the label names the column, and for equals how much of it is named: longer names first.
    fn rank<F>(&self, spec: &Column<F>, names: &[String]) -> Option<(Rank, usize)> {
        let stripped: String = self.levels.iter().map(|l| l.0.as_str()).collect();
        let full: String = self.levels.iter().map(|l| l.1.as_str()).collect();
        let by_length = |name: &str| usize::MAX - name.chars().count();
        let whole = |text: &str| names.iter().find(|n| *n == text).map(|n| (Rank::Whole, by_length(n)));
        if let Some(found) = whole(&full) {
            return Some(found);
        }
        if spec.never.iter().any(|word| full.contains(word)) {
            return None;
        }
        if let Some(found) = whole(&stripped) {
            return Some(found);
        }
        let (lowest, lowest_full) = self.levels.last()?;
        if let Some(name) = names.iter().find(|n| *n == lowest || *n == lowest_full) {
            return Some((Rank::LowestLevel, by_length(name)));
        }
        if stripped.chars().count() > LONGEST_LABEL {
            return None;
        }
        spec.within.iter().filter(|word| stripped.contains(**word)).map(|w| (Rank::Within, by_length(w))).min()
    }
}

/// A header text without blanks, stars and notes in brackets; and the same with the notes' words kept.
fn bare(text: &str) -> (String, String) {
    let clean: String = normalise(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '※' | '★' | '：' | ':'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let mut depth = 0_usize;
    let (mut outside, mut full) = (String::new(), String::new());
    for c in clean.chars() {
        match c {
            '(' | '（' | '[' | '【' | '〔' | '<' | '《' => depth += 1,
            ')' | '）' | ']' | '】' | '〕' | '>' | '》' => depth = depth.saturating_sub(1),
            _ => {
                full.push(c);
                if depth == 0 {
                    outside.push(c);
                }
            }
        }
    }
    for note in ["必填", "选填", "可不填"] {
        full = full.replace(note, "");
    }
    if outside.is_empty() { (full.clone(), full) } else { (outside, full) }
}

fn labels(grid: &Grid, start: usize, depth: usize) -> BTreeMap<u16, Label> {
    let mut labels: BTreeMap<u16, Label> = BTreeMap::new();
    for row in &grid.rows[start..start + depth] {
        let mut texts: BTreeMap<u16, String> = BTreeMap::new();
        for (column, cell) in &row.cells {
            if let crate::cell::Value::Text(text) = &cell.value {
                texts.insert(*column, text.clone());
            }
        }
        for merge in grid.merges.iter().filter(|m| m.start.0 <= row.index && row.index <= m.end.0) {
            let Some(text) = u16::try_from(merge.start.1).ok().and_then(|c| texts.get(&c)).cloned() else { continue };
            let last = u16::try_from(merge.end.1).unwrap_or(MAX_COLUMNS).min(MAX_COLUMNS);
            let first = u16::try_from(merge.start.1).unwrap_or(MAX_COLUMNS);
            for column in first..=last {
                texts.entry(column).or_insert_with(|| text.clone());
            }
        }
        for (column, text) in texts {
            let level = bare(&text);
            let label = labels.entry(column).or_insert_with(|| Label { raw: String::new(), levels: Vec::new() });
            // A heading merged over two rows is one level, not two.
            if !level.1.is_empty() && label.levels.last() != Some(&level) {
                label.raw.push_str(&normalise(&text));
                label.levels.push(level);
            }
        }
    }
    labels.retain(|_, label| !label.levels.is_empty());
    labels
}

/// Whether merged cells tie these rows into one header.
fn joined(grid: &Grid, start: usize, depth: usize) -> bool {
    (start..start + depth - 1).all(|i| {
        let (upper, lower) = (grid.rows[i].index, grid.rows[i + 1].index);
        lower == upper + 1
            && grid.merges.iter().any(|m| {
                let inside = m.start.0 <= upper && upper <= m.end.0;
                inside && (m.end.0 >= lower || m.end.1 > m.start.1)
            })
    })
}

/// The texts of the fullest of the first rows, to tell a person what was found instead of a header.
pub fn fullest_row(grid: &Grid) -> String {
    const SHOWN: usize = 10;
    let row =
        grid.rows.iter().take(HEADER_WITHIN_ROWS).max_by_key(|row| (row.cells.len(), std::cmp::Reverse(row.index)));
    let texts: Vec<String> =
        row.map(|row| row.cells.values().take(SHOWN).map(|c| c.value.shown()).collect()).unwrap_or_default();
    let texts = if texts.is_empty() { "空白".to_owned() } else { texts.join("、") };
    format!("工作表“{}”：{texts}", grid.name)
}
