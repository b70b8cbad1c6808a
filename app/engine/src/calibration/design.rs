//! The sheets with levels instead of names: what the numerical parts work on.

use std::collections::BTreeMap;

use super::{CalibrationError, Score};
use crate::decimal::Decimal;

/// One valid sheet: levels of its application, expert and panel.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    pub application: usize,
    pub expert: usize,
    pub panel: Option<usize>,
    pub score: Decimal,
}

/// All sheets of a round; levels are numbered in the order of the ids.
#[derive(Clone, Debug)]
pub struct Design {
    pub applications: Vec<String>,
    pub experts: Vec<String>,
    pub panels: Vec<String>,
    pub sheets: Vec<Sheet>,
    /// Per application, the indices of its sheets.
    pub of_application: Vec<Vec<usize>>,
    /// Per expert, the indices of their sheets.
    pub of_expert: Vec<Vec<usize>>,
    /// Per application, the one panel that scored it; `None` without panels, or if several did.
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
        let mut sheets: Vec<Sheet> = scores
            .iter()
            .map(|score| Sheet {
                application: application_level[score.application.as_str()],
                expert: expert_level[score.expert.as_str()],
                panel: score.panel.as_deref().map(|panel| panel_level[panel]),
                score: score.score,
            })
            .collect();
        sheets.sort_by_key(|sheet| (sheet.application, sheet.expert));
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
            .map(|indices| {
                let first = indices.first().and_then(|index| sheets[*index].panel);
                first.filter(|_| indices.iter().all(|index| sheets[*index].panel == first))
            })
            .collect();
        Ok(Self { applications, experts, panels, sheets, of_application, of_expert, panel_of })
    }

    /// The applications that only `panel` scored.
    pub fn members(&self, panel: usize) -> impl Iterator<Item = usize> {
        (0..self.applications.len()).filter(move |application| self.panel_of[*application] == Some(panel))
    }
}

fn levels<'a>(ids: impl Iterator<Item = &'a str>) -> (Vec<String>, BTreeMap<&'a str, usize>) {
    let mut level: BTreeMap<&str, usize> = ids.map(|id| (id, 0)).collect();
    for (index, value) in level.values_mut().enumerate() {
        *value = index;
    }
    (level.keys().map(|id| (*id).to_owned()).collect(), level)
}
