//! From 筹备 to 签到: formal check, recusal, panels, seats, presence, and the frozen terms.

use crate::{Story, astray};
use domain::NaiveDate;
use domain::application::{Application, ApplicationState};
use domain::conflict::{Conflict, Decision, Effect, Rule};
use domain::ids::{ApplicationId, ExpertId, PanelId, RoundId};
use domain::round::{Gate, Step, Terms};
use domain::seat::Presence;
use engine::draw::Nonce;
use service::application::{self, Remark};
use service::assignment::Demand;
use service::dossier::Dossier;
use service::session::{RosterLine, roster, set_presence};
use service::{Context, Result, conflict, decision, draw, panel, round};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// The steps of a round until everyone sits.
pub struct Convening {
    pub panels: usize,
    /// Applications of the panel from which a seated expert may be recused.
    pub recusals: u32,
    /// 连接评审; none where the method cannot use them.
    pub bridges: u32,
    /// One expert of each of these panels does not come.
    pub absent: Vec<usize>,
    /// The formal check begins.
    pub from: NaiveDate,
    /// The session takes place.
    pub session: NaiveDate,
    /// What the departments make their random numbers of: it decides who is drawn.
    pub lots: &'static str,
}

/// A round whose experts have come.
pub struct Sitting {
    pub dossier: Dossier,
    pub seated: Vec<RosterLine>,
    pub excluded: HashSet<(ExpertId, ApplicationId)>,
}

pub async fn convene(story: &mut Story, id: RoundId, plan: &Convening) -> Result<Sitting> {
    let coordinator = story.cast.industry.clone();
    story.clock.turn_to(plan.from, 9);
    story.advance(id).await?;
    check_form(&coordinator, id).await?;
    story.advance(id).await?;
    conflict::detect(&coordinator, id).await?;
    decide_open(story, id).await?;
    story.advance(id).await?;
    panel::plan(&coordinator, id, plan.panels).await?;
    story.advance(id).await?;
    let demand = Demand { recusals: plan.recusals, ..Demand::default() };
    drawn(story, id, &demand, plan.lots).await?;
    story.advance(id).await?;
    story.clock.turn_to(plan.session, 8);
    sign_in(&story.cast.organizer, id, &plan.absent).await?;
    if plan.bridges > 0 {
        let placement = panel::Placement::Reviews { count: plan.bridges, per_expert: 1 };
        let (assumed, _) = panel::assumed(&coordinator, id).await?;
        panel::set_bridges(&coordinator, id, panel::Ask { placement, assumed }).await?;
    }
    let (dossier, seated) = roster(&coordinator, id).await?;
    let recusals = conflict::picture(&coordinator, id).await?;
    Ok(Sitting {
        dossier,
        seated,
        excluded: recusals.conflicts.iter().filter(|c| c.excludes()).map(|c| (c.expert, c.application)).collect(),
    })
}

/// The three departments commit and reveal; the lots fall.
async fn drawn(story: &Story, id: RoundId, demand: &Demand, lots: &str) -> Result<()> {
    let cast = &story.cast;
    if let Some(outcome) = draw::open(&cast.industry, id, demand).await? {
        return Err(astray(&outcome.shortfalls.first().map_or_else(String::new, |s| s.message.clone())));
    }
    let departments = [(&cast.industry, 1), (&cast.education, 2), (&cast.science, 3)];
    let nonce = |n: u8| Nonce(Sha256::digest(format!("{lots} {id} {n}")).into());
    for (coordinator, n) in departments {
        draw::commit(coordinator, id, &nonce(n).commitment().to_hex()).await?;
    }
    for (coordinator, n) in departments {
        draw::reveal(coordinator, id, &nonce(n).to_hex()).await?;
    }
    Ok(())
}

/// Sound applications pass. Without 承诺书 none does; of two by one lead the later one is rejected.
async fn check_form(ctx: &Context, id: RoundId) -> Result<()> {
    application::pass_sound(ctx, id).await?;
    let (dossier, remarks) = application::list(ctx, id).await?;
    let mut leads = HashSet::new();
    for application in dossier.applications.iter().filter(|a| a.state == ApplicationState::Filed) {
        let first_of_lead = leads.insert(application.lead().map(|l| l.uscc.clone()));
        let defects: Vec<_> = remarks
            .get(&application.id)
            .into_iter()
            .flatten()
            .filter_map(|r| match r {
                Remark::Defect(text) => Some(text.as_str()),
                Remark::Note(_) => None,
            })
            .collect();
        let (state, reason) = if application.committed_on.is_some() && first_of_lead {
            (ApplicationState::Eligible, "牵头单位书面说明只保留本项，另一项撤回".to_owned())
        } else {
            (ApplicationState::Rejected, defects.join("；"))
        };
        application::decide(ctx, id, application.id, state, &reason).await?;
    }
    Ok(())
}

/// Namesakes and advisers are decided one by one, each with its reason.
async fn decide_open(story: &Story, id: RoundId) -> Result<()> {
    let picture = conflict::picture(&story.cast.industry, id).await?;
    let open = |c: &&Conflict| c.decision == Decision::Pending && c.rule.effect() == Effect::Discretionary;
    for (i, conflict) in picture.conflicts.iter().filter(open).enumerate() {
        let (decision, reason) = match (conflict.rule, i % 3) {
            (Rule::Namesake, 0) => (Decision::Upheld, "经电话核实为同一人，曾在该单位挂职"),
            (Rule::Namesake, _) => (Decision::Dismissed, "经核对身份证号后四位，不是同一人"),
            (_, 2) => (Decision::Dismissed, "顾问关系已于三年前实际终止，未取酬，有单位证明"),
            _ => (Decision::Upheld, "近三年为申报单位提供有偿咨询，可能影响公正"),
        };
        let ctx = story.cast.coordinators()[i % 3];
        conflict::decide(ctx, id, conflict.id, decision, reason).await?;
    }
    Ok(())
}

async fn sign_in(ctx: &Context, id: RoundId, absent: &[usize]) -> Result<()> {
    let (dossier, lines) = roster(ctx, id).await?;
    let place: HashMap<PanelId, usize> = dossier.panels.iter().zip(0..).map(|(p, i)| (p.id, i)).collect();
    let stays_away = |line: &RosterLine| {
        line.seat.number == 4 && place.get(&line.seat.panel).is_some_and(|place| absent.contains(place))
    };
    let (away, here): (Vec<_>, Vec<_>) = lines.iter().partition(|line| stays_away(line));
    for (lines, presence) in [(here, Presence::Present), (away, Presence::Absent)] {
        let experts: Vec<_> = lines.iter().map(|line| line.expert.id).collect();
        set_presence(ctx, id, &experts, presence).await?;
    }
    Ok(())
}

/// Sets the terms and has the three departments sign them, which freezes them.
pub async fn freeze(story: &Story, id: RoundId, terms: Terms) -> Result<()> {
    round::set_terms(&story.cast.industry, id, terms).await?;
    for ctx in story.cast.coordinators() {
        let digest = decision::signing(ctx, id, Gate::Terms).await?.digest.unwrap_or_default();
        decision::countersign(ctx, id, Gate::Terms, &digest).await?;
    }
    debug_assert_eq!(round::get(&story.cast.industry, id).await?.step, Step::SignIn);
    Ok(())
}

impl Sitting {
    /// The present experts of a panel, by seat.
    pub fn present(&self, panel: PanelId) -> impl Iterator<Item = &RosterLine> {
        self.seated.iter().filter(move |l| l.seat.panel == panel && l.seat.presence == Presence::Present)
    }

    pub fn may_score(&self, expert: ExpertId, application: ApplicationId) -> bool {
        !self.excluded.contains(&(expert, application))
    }

    /// Every sheet that will open.
    pub fn pairs(&self) -> impl Iterator<Item = (&RosterLine, &Application)> {
        self.dossier.panels.iter().flat_map(move |panel| {
            self.present(panel.id).flat_map(move |line| {
                let own = self.dossier.reviewed_from(&line.seat);
                own.filter(move |a| self.may_score(line.expert.id, a.id)).map(move |a| (line, a))
            })
        })
    }
}
