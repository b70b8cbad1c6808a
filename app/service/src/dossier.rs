//! What most pages of a round start from: the round, its tasks, the applications under review and their panels.

use crate::{Context, Result};
use domain::acceptance::economic_indicators;
use domain::application::{Application, ApplicationState, Batch, Task, UnitKind};
use domain::ids::{ApplicationId, PanelId, RoundId, TaskId};
use domain::round::Round;
use domain::rubric::Applicability;
use std::collections::{BTreeMap, HashMap};
use store::Repositories;
use store::repo::panel::Panel;

/// A round with everything that is under review in it.
#[derive(Debug, Clone)]
pub struct Dossier {
    pub round: Round,
    pub batch: Batch,
    pub tasks: BTreeMap<TaskId, Task>,
    /// By code.
    pub applications: Vec<Application>,
    pub panels: Vec<Panel>,
    panel_of: HashMap<ApplicationId, PanelId>,
}

impl Dossier {
    /// Loads it. Callers have asked for their permission before.
    pub(crate) async fn load(ctx: &Context, round: RoundId) -> Result<Self> {
        let store = ctx.store();
        let round = store.rounds().get(round).await?;
        let batch = store.programme().batch(round.batch).await?;
        let tasks = store.programme().tasks(round.batch).await?;
        let entries = store.rounds().entries(round.id).await?;
        let mut applications = store.applications().of_batch(round.batch).await?;
        applications.retain(|a| entries.contains_key(&a.id));
        let panels = store.panels().of_round(round.id).await?;
        Ok(Self {
            round,
            batch,
            tasks: tasks.into_iter().map(|t| (t.id, t)).collect(),
            applications,
            panels,
            panel_of: entries.into_iter().filter_map(|(a, p)| Some((a, p?))).collect(),
        })
    }

    pub fn application(&self, id: ApplicationId) -> Option<&Application> {
        self.applications.iter().find(|a| a.id == id)
    }

    pub fn task(&self, application: &Application) -> Option<&Task> {
        self.tasks.get(&application.task)
    }

    pub fn panel_of(&self, application: ApplicationId) -> Option<PanelId> {
        self.panel_of.get(&application).copied()
    }

    pub fn panel(&self, id: PanelId) -> Option<&Panel> {
        self.panels.iter().find(|p| p.id == id)
    }

    /// The applications of a panel, by code.
    pub fn in_panel(&self, panel: PanelId) -> impl Iterator<Item = &Application> {
        self.applications.iter().filter(move |a| self.panel_of(a.id) == Some(panel))
    }

    /// What passed the formal check.
    pub fn eligible(&self) -> impl Iterator<Item = &Application> {
        self.applications.iter().filter(|a| a.state == ApplicationState::Eligible)
    }

    /// What decides which criteria apply to an application.
    pub fn facts(&self, application: &Application) -> Applicability {
        facts(application, self.task(application))
    }
}

/// What decides which criteria apply to an application.
pub fn facts(application: &Application, task: Option<&Task>) -> Applicability {
    Applicability {
        consortium: application.form,
        lead: application.lead().map_or(UnitKind::Other, |lead| lead.kind),
        economic_indicators: task.map_or(0, |task| economic_indicators(&task.indicators)),
    }
}
