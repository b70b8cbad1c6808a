//! The sheets with levels instead of names: what the numerical parts work on.

use std::collections::BTreeMap;

use super::{CalibrationError, Options, Score, Trimming};
use crate::total::Total;

/// One valid sheet: levels of its application, expert and panel.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    pub application: usize,
    pub expert: usize,
    pub panel: Option<usize>,
    pub score: Total,
}

/// All sheets of a round; levels are numbered in the order of the ids.
#[derive(Clone, Debug)]
pub struct Design {
    pub applications: Vec<String>,
    pub experts: Vec<String>,
    pub panels: Vec<String>,
    pub sheets: Vec<Sheet>,
    /// Per sheet, the points of its items; empty where they are not known.
    pub items: Vec<Vec<Total>>,
    /// Per application, the indices of its sheets.
    pub of_application: Vec<Vec<usize>>,
    /// Per expert, the indices of their sheets.
    pub of_expert: Vec<Vec<usize>>,
    /// Per application, the panel it belongs to: the one with the most sheets. `None` without panels, or if several have as many.
    pub panel_of: Vec<Option<usize>>,
}

impl Design {
    /// # Errors
    /// `Empty` without scores, `Duplicate` if an expert scored an application twice.
    pub fn new(scores: &[Score]) -> Result<Self, CalibrationError> {
        if scores.is_empty() {
            return Err(CalibrationError::Empty);
        }
        let (applications, application_level) = levels(scores.iter().map(|score| score.application.as_str()));
        let (experts, expert_level) = levels(scores.iter().map(|score| score.expert.as_str()));
        let (panels, panel_level) = levels(scores.iter().filter_map(|score| score.panel.as_deref()));
        let sheet = |score: &Score| Sheet {
            application: application_level[score.application.as_str()],
            expert: expert_level[score.expert.as_str()],
            panel: score.panel.as_deref().map(|panel| panel_level[panel]),
            score: score.score,
        };
        let mut sheets: Vec<(Sheet, &Vec<Total>)> = scores.iter().map(|score| (sheet(score), &score.items)).collect();
        sheets.sort_by_key(|(sheet, _)| (sheet.application, sheet.expert));
        let (sheets, items): (Vec<Sheet>, Vec<Vec<Total>>) =
            sheets.into_iter().map(|(sheet, items)| (sheet, items.clone())).unzip();
        if let Some(pair) = sheets
            .windows(2)
            .find(|pair| (pair[0].application, pair[0].expert) == (pair[1].application, pair[1].expert))
        {
            return Err(CalibrationError::Duplicate {
                application: applications[pair[0].application].clone(),
                expert: experts[pair[0].expert].clone(),
            });
        }

        let mut of_application = vec![Vec::new(); applications.len()];
        let mut of_expert = vec![Vec::new(); experts.len()];
        for (index, sheet) in sheets.iter().enumerate() {
            of_application[sheet.application].push(index);
            of_expert[sheet.expert].push(index);
        }
        let panel_of = of_application
            .iter()
            .map(|indices| home(indices.iter().map(|index| sheets[*index].panel), panels.len()))
            .collect();
        Ok(Self { applications, experts, panels, sheets, items, of_application, of_expert, panel_of })
    }

    /// A design that bears the rules.
    ///
    /// # Errors
    /// Those of [`Self::new`]; `NoItems` if items are to be trimmed and a sheet has none.
    pub fn for_options(scores: &[Score], options: &Options) -> Result<Self, CalibrationError> {
        let design = Self::new(scores)?;
        if options.trimming == Trimming::Items {
            design.require_items()?;
        }
        Ok(design)
    }

    /// `NoItems` for the first sheet without items, or with others than those of its application.
    fn require_items(&self) -> Result<(), CalibrationError> {
        for sheets in &self.of_application {
            let count = sheets.first().map_or(0, |first| self.items[*first].len());
            if let Some(odd) = sheets.iter().find(|sheet| count == 0 || self.items[**sheet].len() != count) {
                return Err(CalibrationError::NoItems {
                    application: self.applications[self.sheets[*odd].application].clone(),
                    expert: self.experts[self.sheets[*odd].expert].clone(),
                });
            }
        }
        Ok(())
    }

    /// The panel with the most of these sheets.
    pub fn home_of(&self, sheets: &[usize]) -> Option<usize> {
        home(sheets.iter().map(|index| self.sheets[*index].panel), self.panels.len())
    }

    /// The sheets of all but one expert, for a computation that needs neither names nor items; and which of the applications are left.
    pub fn without(&self, expert: usize) -> (Self, Vec<usize>) {
        let kept: Vec<usize> = (0..self.applications.len())
            .filter(|application| self.of_application[*application].iter().any(|s| self.sheets[*s].expert != expert))
            .collect();
        let mut place = vec![usize::MAX; self.applications.len()];
        for (new, old) in kept.iter().enumerate() {
            place[*old] = new;
        }
        let own = self.sheets.iter().filter(|sheet| sheet.expert != expert);
        let sheets: Vec<Sheet> = own
            .map(|sheet| Sheet {
                application: place[sheet.application],
                expert: sheet.expert - usize::from(sheet.expert > expert),
                ..*sheet
            })
            .collect();
        let mut of_application = vec![Vec::new(); kept.len()];
        let mut of_expert = vec![Vec::new(); self.experts.len() - 1];
        for (index, sheet) in sheets.iter().enumerate() {
            of_application[sheet.application].push(index);
            of_expert[sheet.expert].push(index);
        }
        let rest = Self {
            applications: vec![String::new(); kept.len()],
            experts: vec![String::new(); of_expert.len()],
            panels: self.panels.clone(),
            items: vec![Vec::new(); sheets.len()],
            panel_of: kept.iter().map(|application| self.panel_of[*application]).collect(),
            sheets,
            of_application,
            of_expert,
        };
        (rest, kept)
    }

    /// The applications that belong to `panel`.
    pub fn members(&self, panel: usize) -> impl Iterator<Item = usize> {
        (0..self.applications.len()).filter(move |application| self.panel_of[*application] == Some(panel))
    }
}

/// The panel with the most sheets; sheets without a panel stand beside the panels.
fn home(panels: impl Iterator<Item = Option<usize>>, count: usize) -> Option<usize> {
    let mut sheets = vec![0_usize; count + 1];
    for panel in panels {
        sheets[panel.unwrap_or(count)] += 1;
    }
    let most = sheets.iter().copied().max()?;
    let mut with_most = (0..=count).filter(|panel| sheets[*panel] == most);
    let first = with_most.next()?;
    (first < count && with_most.next().is_none()).then_some(first)
}

fn levels<'a>(ids: impl Iterator<Item = &'a str>) -> (Vec<String>, BTreeMap<&'a str, usize>) {
    let mut level: BTreeMap<&str, usize> = ids.map(|id| (id, 0)).collect();
    for (index, value) in level.values_mut().enumerate() {
        *value = index;
    }
    (level.keys().map(|id| (*id).to_owned()).collect(), level)
}
