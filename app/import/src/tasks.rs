//! 榜单任务: the sheet 榜单任务, and the optional sheet 考核指标.

mod columns;
mod template;

use crate::record::{Found, Record, ignored};
use crate::report::{Located, Parsed, Problem, Told, Unreadable};
use crate::{date, header, workbook};
use columns::{Field, INDICATORS, IndicatorField, TASKS};
use domain::NaiveDate;
use domain::indicator::{Draft, Written};
use domain::sector::{Sector, TaskCategory};
use domain::text::name_key;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

pub use template::template;

/// One task with its indicators, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// 任务编号; `None` where the file has no such column and the caller assigns them.
    pub code: Option<String>,
    pub title: String,
    pub category: TaskCategory,
    pub sector: Sector,
    pub content: String,
    pub deadline: NaiveDate,
    pub indicators: Vec<Draft>,
}

/// Reads 榜单任务. A task one of whose indicators cannot be read is left out with it.
///
/// # Errors
/// The file is no workbook, is too large, or has no sheet with the columns of 榜单任务.
pub fn read(bytes: &[u8]) -> Result<Parsed<TaskRow>, Unreadable> {
    let grids = workbook::open(bytes)?;
    let (mut tasks, mut indicators) = (Vec::new(), Vec::new());
    for grid in &grids {
        let as_tasks = Found::look(&TASKS, grid);
        let as_indicators = Found::look(&INDICATORS, grid).filter(|found| {
            found.header.mentions(IndicatorField::Code) || found.header.mentions(IndicatorField::Title)
        });
        let score = |s: Option<usize>| s.unwrap_or(0);
        let of_indicators = score(as_indicators.as_ref().map(|f| f.header.score()));
        if of_indicators > score(as_tasks.as_ref().map(|f| f.header.score())) {
            indicators.extend(as_indicators);
        } else {
            tasks.extend(as_tasks);
        }
    }
    if tasks.is_empty() {
        return Err(Unreadable::NoTable {
            wanted: TASKS.required_names(),
            found: grids.iter().map(header::fullest_row).collect(),
        });
    }
    let (mut told, mut seen, mut list) = (Told::default(), Vec::new(), List::default());
    for found in &tasks {
        for row in found.rows(&[], &mut told, &mut seen)?.unwrap_or_default() {
            list.add_task(found.record(row), &found.grid.name, &mut told);
        }
    }
    for found in &indicators {
        let rows = found.rows(&[], &mut told, &mut seen)?;
        list.indicators_unread |= rows.is_none();
        for row in rows.unwrap_or_default() {
            list.add_indicator(found.record(row), &mut told);
        }
    }
    let read: BTreeSet<String> = seen.iter().map(|s| s.sheet.clone()).collect();
    seen.extend(grids.iter().filter(|g| !read.contains(&g.name)).map(ignored));
    seen.sort_by_key(|s| grids.iter().position(|g| g.name == s.sheet));
    let rows = list.finish(&mut told.problems);
    Ok(Parsed { rows, problems: told.problems, notes: told.notes, seen })
}

/// The tasks read so far.
#[derive(Default)]
struct List {
    tasks: Vec<Entry>,
    by_code: HashMap<String, usize>,
    by_title: HashMap<String, Vec<usize>>,
    /// Codes and titles that stand in the file, also those of tasks that could not be read.
    known: BTreeSet<String>,
    indicators_unread: bool,
}

struct Entry {
    located: Located<TaskRow>,
    /// One of the indicators could not be read.
    spoiled: bool,
    at: Problem,
}

impl List {
    fn add_task(&mut self, mut record: Record<'_, '_, Field>, sheet: &str, told: &mut Told) {
        let row = record.row_number();
        let key = |field| record.value(field).map(|v| name_key(&v.key())).unwrap_or_default();
        let (code, title) = (key(Field::Code), key(Field::Title));
        let task = read_task(&mut record);
        self.known.extend([code.clone(), title.clone()]);
        let anchor = if record.has_column(Field::Code) { Field::Code } else { Field::Title };
        let first = match anchor {
            Field::Code => self.by_code.get(&code).copied(),
            _ => self.by_title.get(&title).and_then(|places| places.first().copied()),
        };
        if let Some(first) = first.map(|place| &self.tasks[place].located) {
            let what = if anchor == Field::Code { "任务编号" } else { "任务名称" };
            record.fail(anchor, format!("{what}与工作表“{}”第{}行重复", first.sheet, first.row));
        }
        let at = record.point(anchor, "该任务的考核指标有误，暂不导入；改正后重新上传");
        let found = record.finish();
        if let Some(value) = task.filter(|_| found.problems.is_empty()) {
            let place = self.tasks.len();
            self.by_code.insert(code, place);
            self.by_title.entry(title).or_default().push(place);
            let located = Located { sheet: sheet.to_owned(), row, value };
            self.tasks.push(Entry { located, spoiled: false, at });
        }
        told.extend(found);
    }

    fn add_indicator(&mut self, mut record: Record<'_, '_, IndicatorField>, told: &mut Told) {
        let draft = read_indicator(&mut record);
        let owner = self.owner(&mut record);
        if let Some(entry) = owner.map(|place| &mut self.tasks[place]) {
            match draft {
                Some(draft) => entry.located.value.indicators.push(draft),
                None => entry.spoiled = true,
            }
        }
        told.extend(record.finish());
    }

    fn owner(&self, record: &mut Record<'_, '_, IndicatorField>) -> Option<usize> {
        let coded = record.has_column(IndicatorField::Code) && !record.is_blank(IndicatorField::Code);
        if coded || !record.has_column(IndicatorField::Title) {
            record.required_code(IndicatorField::Code)?;
            let key = record.value(IndicatorField::Code).map(|v| name_key(&v.key())).unwrap_or_default();
            if !self.known.contains(&key) {
                record.fail(IndicatorField::Code, "“榜单任务”工作表中没有这个任务编号");
            }
            return self.by_code.get(&key).copied();
        }
        let key = name_key(&record.required_text(IndicatorField::Title)?);
        match self.by_title.get(&key).map_or(&[][..], Vec::as_slice) {
            [one] => return Some(*one),
            [] if self.known.contains(&key) => {}
            [] => record.fail(IndicatorField::Title, "“榜单任务”工作表中没有这个任务名称"),
            several => {
                record.fail(IndicatorField::Title, format!("有{}个任务同名，请加“任务编号”列", several.len()));
            }
        }
        None
    }

    fn finish(self, problems: &mut Vec<Problem>) -> Vec<Located<TaskRow>> {
        let mut rows = Vec::with_capacity(self.tasks.len());
        for entry in self.tasks {
            if entry.spoiled || self.indicators_unread {
                problems.push(entry.at);
            } else {
                rows.push(entry.located);
            }
        }
        rows
    }
}

fn read_task(record: &mut Record<'_, '_, Field>) -> Option<TaskRow> {
    let coded = record.has_column(Field::Code);
    let code = if coded { record.required_code(Field::Code) } else { None };
    let title = record.required_text(Field::Title);
    let category = record.required_as(Field::Category, |text| {
        let key = name_key(text);
        let found = TaskCategory::ALL.iter().find(|category| key.contains(&name_key(category.label())));
        found.copied().ok_or_else(|| format!("应为{}之一", labels(TaskCategory::ALL)))
    });
    let sector = record.required_as(Field::Sector, crate::experts::words::one_sector);
    let content = record.required_text(Field::Content).map(|_| record.paragraphs(Field::Content));
    // A deadline that names a month is its last day.
    let deadline = if record.is_blank(Field::Deadline) {
        record.fail(Field::Deadline, "必填，不能为空");
        None
    } else {
        record.when(Field::Deadline).and_then(|when| {
            if when == date::When::Open {
                record.fail(Field::Deadline, "应为日期，如 2027-12-31 或 2027年12月");
            }
            when.last()
        })
    };
    let lines = record.paragraphs(Field::Indicators);
    let mut indicators = Vec::new();
    for (line, number) in lines.lines().map(str::trim).filter(|line| !line.is_empty()).zip(1..) {
        match Draft::parse_line(line) {
            Ok(draft) => indicators.push(draft),
            Err(error) => record.fail(Field::Indicators, format!("第{number}项：{error}")),
        }
    }
    record.is_clean().then_some(())?;
    Some(TaskRow {
        code,
        title: title?,
        category: category?,
        sector: sector?,
        content: content?,
        deadline: deadline?,
        indicators,
    })
}

fn read_indicator(record: &mut Record<'_, '_, IndicatorField>) -> Option<Draft> {
    use IndicatorField as F;
    let [kind, name, direction, target, unit, core] =
        [F::Kind, F::Name, F::Direction, F::Target, F::Unit, F::Core].map(|field| record.text(field));
    let written =
        Written { kind: &kind, name: &name, direction: &direction, target: &target, unit: &unit, core: &core };
    match Draft::read(written) {
        Ok(draft) => record.is_clean().then_some(draft),
        Err(error) => {
            use domain::indicator::IndicatorError as E;
            let field = match error {
                E::Form | E::Name => F::Name,
                E::Kind => F::Kind,
                E::Direction => F::Direction,
                E::Target { .. } => F::Target,
                E::Weighting => F::Core,
            };
            record.fail(field, error.to_string());
            None
        }
    }
}

fn labels<T: std::fmt::Display>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}
