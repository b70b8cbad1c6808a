//! 专业匹配度: how well an expert's field fits a panel. Used for seating, never for deciding who may be seated.

use crate::dossier::Dossier;
use domain::discipline::Discipline;
use domain::expert::Expert;
use domain::ids::{ExpertId, PanelId};
use domain::panel::Panel;
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use engine::expertise::{Closeness, Rarity, Words};
use std::collections::{BTreeMap, HashMap};

const SECTOR_SHARE: f64 = 0.6;
const WORDS_SHARE: f64 = 0.4;

/// The titles of the tasks that each expert scored in other rounds.
pub type PastTasks = BTreeMap<ExpertId, Vec<String>>;

/// The words of every panel and expert, and how rare each word is among them.
pub struct Fields {
    panels: HashMap<PanelId, Words>,
    sectors: HashMap<PanelId, BTreeMap<Sector, usize>>,
    experts: HashMap<ExpertId, Words>,
    rarity: Rarity,
}

impl Fields {
    /// `past`: the titles of the tasks that each expert scored in other rounds.
    pub fn of(dossier: &Dossier, experts: &[Expert], past: &PastTasks) -> Self {
        let mut texts: HashMap<PanelId, String> = HashMap::new();
        for application in &dossier.applications {
            let (Some(panel), Some(task)) = (dossier.panel_of(application.id), dossier.task(application)) else {
                continue;
            };
            let own = texts.entry(panel).or_default();
            let sections = application.sections.iter().map(|section| section.body.as_str());
            let task = [task.title.as_str(), &task.content, task.sector.label(), &application.title];
            for part in task.into_iter().chain(sections) {
                own.push_str(part);
                own.push('\n');
            }
        }
        let panels: HashMap<_, _> = texts.iter().map(|(panel, text)| (*panel, Words::of(text))).collect();
        let field = |expert: &Expert| {
            let disciplines = expert.disciplines.iter().map(Discipline::words);
            let past = past.get(&expert.id).into_iter().flatten().cloned();
            let parts: Vec<_> = [expert.specialities.clone()].into_iter().chain(disciplines).chain(past).collect();
            Words::of(&parts.join("\n"))
        };
        let experts: HashMap<_, _> = experts.iter().map(|e| (e.id, field(e))).collect();
        let rarity = Rarity::over(panels.values().chain(experts.values()));
        Self { panels, sectors: dossier.sectors_of_panels(), experts, rarity }
    }

    /// From 0 to 1: the sector counts 0.6, for technical experts by the share of the panel's applications that are of theirs; the closeness of
    /// the expert's field to the panel's tasks counts the rest. `None` for an unknown panel.
    pub fn affinity(&self, panel: &Panel, expert: &Expert) -> Option<f64> {
        let closeness = self.closeness(panel, expert)?;
        let share = if expert.role == ExpertRole::Technical { self.share(panel, expert)? } else { 1.0 };
        Some(SECTOR_SHARE * share + WORDS_SHARE * closeness.cosine)
    }

    /// Of the panel's applications, how many are of the expert's sectors, from 0 to 1.
    fn share(&self, panel: &Panel, expert: &Expert) -> Option<f64> {
        let sectors = self.sectors.get(&panel.id)?;
        let own: usize = sectors.iter().filter(|(sector, _)| expert.sectors.contains(sector)).map(|(_, n)| n).sum();
        Some(own as f64 / sectors.values().sum::<usize>() as f64)
    }

    /// How close the words are, and which they share.
    pub fn closeness(&self, panel: &Panel, expert: &Expert) -> Option<Closeness> {
        let words = self.panels.get(&panel.id)?;
        Some(self.experts.get(&expert.id).map_or_else(Closeness::default, |own| self.rarity.closeness(words, own)))
    }
}
