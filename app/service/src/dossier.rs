//! The data most pages of a round start from: the round, its tasks, the applications under review and their panels.

use crate::{Context, Result};
use domain::acceptance::economic_indicators;
use domain::application::{Application, ApplicationState, Batch, Task, UnitKind};
use domain::bridge::Bridge;
use domain::ids::{ApplicationId, ExpertId, PanelId, RoundId, TaskId};
use domain::panel::Panel;
use domain::round::{QuotaScope, Round};
use domain::rubric::Applicability;
use domain::seat::Seat;
use domain::sector::Sector;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;
use store::{Current, Repositories, Scoped, Topic};

/// The topics of a dossier's rows.
pub(crate) const TOPICS: [Topic; 4] = [Topic::Programme, Topic::Applications, Topic::Rounds, Topic::Panels];

/// A round with everything that is under review in it, shared by all who look at it while it stays as it is.
#[derive(Debug, Clone)]
pub struct Dossier(Arc<Content>);

impl Deref for Dossier {
    type Target = Content;

    fn deref(&self) -> &Content {
        &self.0
    }
}

/// The content of a dossier.
#[derive(Debug)]
pub struct Content {
    pub round: Round,
    pub batch: Batch,
    pub tasks: BTreeMap<TaskId, Task>,
    /// By code.
    pub applications: Vec<Application>,
    pub panels: Vec<Panel>,
    /// 连接评审.
    pub bridges: Vec<Bridge>,
    panel_of: HashMap<ApplicationId, PanelId>,
    /// Where each application stands in `applications`.
    places: HashMap<ApplicationId, usize>,
    /// Where the applications of each panel stand.
    of_panel: HashMap<PanelId, Vec<usize>>,
}

impl Dossier {
    /// Loads it as far as the caller reaches. Callers have asked for their permission before.
    pub(crate) async fn load(ctx: &Context, round: RoundId) -> Result<Self> {
        Self::within(ctx.store(), round).await
    }

    /// Loads it as far as `store` reaches.
    pub(crate) async fn within(store: &Scoped, round: RoundId) -> Result<Self> {
        Self::at(&store.current().await?, round).await
    }

    /// Loads it beside other parts of the same page.
    pub(crate) async fn at(current: &Current<'_>, round: RoundId) -> Result<Self> {
        let load = async || Content::load(current.store(), round).await;
        Ok(Self(current.kept(round.0, &TOPICS, load).await?))
    }
}

impl Content {
    async fn load(store: &Scoped, round: RoundId) -> Result<Self> {
        let round = store.rounds().get(round).await?;
        let batch = store.programme().batch(round.batch).await?;
        let tasks = store.programme().tasks(round.batch).await?;
        let entries = store.rounds().entries(round.id).await?;
        let mut applications = store.applications().of_batch(round.batch).await?;
        applications.retain(|a| entries.contains_key(&a.id));
        let panels = store.panels().of_round(round.id).await?;
        let bridges = store.panels().bridges(round.id).await?;
        let places: HashMap<_, _> = applications.iter().map(|a| a.id).zip(0..).collect();
        let panel_of: HashMap<_, _> = entries.into_iter().filter_map(|(a, p)| Some((a, p?))).collect();
        let mut of_panel: HashMap<_, Vec<usize>> = HashMap::new();
        for (place, application) in applications.iter().enumerate() {
            if let Some(panel) = panel_of.get(&application.id) {
                of_panel.entry(*panel).or_default().push(place);
            }
        }
        let tasks = tasks.into_iter().map(|t| (t.id, t)).collect();
        Ok(Self { round, batch, tasks, applications, panels, bridges, panel_of, places, of_panel })
    }

    pub fn application(&self, id: ApplicationId) -> Option<&Application> {
        self.places.get(&id).map(|place| &self.applications[*place])
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
        self.of_panel.get(&panel).into_iter().flatten().map(|place| &self.applications[*place])
    }

    /// The sectors of each panel's tasks, with the number of applications of each.
    pub fn sectors_of_panels(&self) -> HashMap<PanelId, BTreeMap<Sector, usize>> {
        let mut sectors: HashMap<PanelId, BTreeMap<Sector, usize>> = HashMap::new();
        for application in &self.applications {
            if let (Some(panel), Some(task)) = (self.panel_of(application.id), self.task(application)) {
                *sectors.entry(panel).or_default().entry(task.sector).or_default() += 1;
            }
        }
        sectors
    }

    /// The applications that the holder of a seat reviews: those of the panel, and those bridged to it.
    pub fn reviewed_from(&self, seat: &Seat) -> impl Iterator<Item = &Application> {
        let own = |bridge: &&Bridge| bridge.panel == seat.panel && bridge.number == seat.number;
        let mut bridged: Vec<&Application> =
            self.bridges.iter().filter(own).filter_map(|bridge| self.application(bridge.application)).collect();
        bridged.sort_by(|a, b| a.code.cmp(&b.code));
        self.in_panel(seat.panel).chain(bridged)
    }

    /// How many applications the holder of a seat would review without any recusal. An expert's own dossier holds only those they do
    /// review; of the others it knows that they are there.
    pub fn count_reviewed_from(&self, seat: &Seat) -> usize {
        let own = |bridge: &&Bridge| bridge.panel == seat.panel && bridge.number == seat.number;
        let within = self.panel_of.values().filter(|panel| **panel == seat.panel).count();
        let across = |bridge: &&Bridge| self.panel_of(bridge.application) != Some(seat.panel);
        within + self.bridges.iter().filter(own).filter(across).count()
    }

    /// Whether experts in common connect all applications of these pairs.
    pub fn is_joined_by(&self, pairs: &[(ExpertId, ApplicationId)]) -> bool {
        let mut open = pairs.to_vec();
        let Some((expert, application)) = open.pop() else { return true };
        let (mut experts, mut applications) = (HashSet::from([expert]), HashSet::from([application]));
        loop {
            let before = open.len();
            open.retain(|(expert, application)| {
                let touches = experts.contains(expert) || applications.contains(application);
                if touches {
                    experts.insert(*expert);
                    applications.insert(*application);
                }
                !touches
            });
            if open.is_empty() || open.len() == before {
                return open.is_empty();
            }
        }
    }

    /// The applications that passed the formal check.
    pub fn eligible(&self) -> impl Iterator<Item = &Application> {
        self.applications.iter().filter(|a| a.state == ApplicationState::Eligible)
    }

    /// The group whose quota an application competes for.
    pub fn group(&self, application: &Application) -> String {
        let task = self.task(application);
        match self.round.terms.scope {
            QuotaScope::Overall => String::new(),
            QuotaScope::PerSector => task.map_or_else(String::new, |t| t.sector.label().to_owned()),
            QuotaScope::PerTask => task.map_or_else(String::new, |t| t.code.clone()),
        }
    }

    /// The facts that decide which criteria apply to an application.
    pub fn facts(&self, application: &Application) -> Applicability {
        facts(application, self.task(application))
    }
}

/// The facts that decide which criteria apply to an application.
pub fn facts(application: &Application, task: Option<&Task>) -> Applicability {
    Applicability {
        consortium: application.form,
        lead: application.lead().map_or(UnitKind::Other, |lead| lead.kind),
        economic_indicators: task.map_or(0, |task| economic_indicators(&task.indicators)),
    }
}
