//! 专业匹配度: how well an expert's field fits a panel. Used for seating, never for deciding who may be seated.

use crate::dossier::Dossier;
use domain::expert::Expert;
use domain::ids::PanelId;
use domain::rubric::ExpertRole;
use domain::text::name_key;
use std::collections::{HashMap, HashSet};
use store::repo::panel::Panel;

const SECTOR_SHARE: f64 = 0.6;
const WORDS_SHARE: f64 = 0.4;

/// Pairs of adjacent characters of each panel's task titles and contents.
pub struct PanelWords(HashMap<PanelId, HashSet<(char, char)>>);

impl PanelWords {
    pub fn of(dossier: &Dossier) -> Self {
        let mut words: HashMap<_, HashSet<_>> = HashMap::new();
        for application in &dossier.applications {
            let (Some(panel), Some(task)) = (dossier.panel_of(application.id), dossier.task(application)) else {
                continue;
            };
            let own = words.entry(panel).or_default();
            own.extend(bigrams(&task.title));
            own.extend(bigrams(&task.content));
        }
        Self(words)
    }

    /// From 0 to 1: the sector counts 0.6 for technical experts and fully for others; the share of the expert's
    /// speciality found in the panel's tasks counts the rest. `None` for an unknown panel.
    pub fn affinity(&self, panel: &Panel, expert: &Expert) -> Option<f64> {
        let words = self.0.get(&panel.id)?;
        let own: HashSet<_> = bigrams(&expert.specialities).collect();
        let shared = own.intersection(words).count() as f64 / (own.len().max(1)) as f64;
        let sector = expert.role != ExpertRole::Technical || expert.sectors.contains(&panel.sector);
        Some(if sector { SECTOR_SHARE } else { 0.0 } + WORDS_SHARE * shared)
    }
}

fn bigrams(text: &str) -> impl Iterator<Item = (char, char)> {
    let chars: Vec<char> = name_key(text).chars().filter(|c| c.is_alphanumeric()).collect();
    chars.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>().into_iter()
}
