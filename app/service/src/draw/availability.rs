//! Who of a closed pool cannot be called to a seat any more, by what became known since: 暂停, 退库, and recusals.

use super::Asked;
use crate::dossier::Dossier;
use crate::{Context, Result, conflict, kept};
use domain::conflict::Rule;
use domain::draw::Draw;
use domain::expert::{Expert, PoolState};
use domain::ids::{ApplicationId, ExpertId};
use engine::draw::{Record, Unavailable};
use std::collections::{BTreeMap, HashMap, HashSet};

/// In the order of the pool. Whoever sits now keeps the seat, but is not moved to a panel that they must avoid.
pub(super) async fn unavailable(
    ctx: &Context,
    dossier: &Dossier,
    draw: &Draw,
    record: &Record,
) -> Result<Vec<Unavailable>> {
    let current = ctx.store().current().await?;
    let (pool, seatable) = (kept::pool(&current).await?, kept::seatable(&current).await?);
    let active: HashSet<ExpertId> = seatable.0.iter().map(|expert| expert.id).collect();
    let by_code: HashMap<&str, &Expert> = pool.experts.iter().map(|expert| (expert.code.as_str(), expert)).collect();
    let asked: Asked = serde_json::from_str(&draw.demand)?;
    let avoided = Avoided::of(dossier, conflict::barred(&current, dossier).await?);
    let seating = record.current();
    let sits: HashMap<&str, &str> =
        seating.iter().map(|seat| (seat.expert.as_str(), seat.application.as_str())).collect();
    let mut out = Vec::new();
    for candidate in &record.pool.candidates {
        let seat = sits.get(candidate.id.as_str()).copied();
        let no_seat =
            |reason: &str| Unavailable { expert: candidate.id.clone(), application: None, reason: reason.to_owned() };
        let Some(expert) = by_code.get(candidate.id.as_str()) else {
            out.extend(seat.is_none().then(|| no_seat("已不在专家库")));
            continue;
        };
        if !active.contains(&expert.id) && seat.is_none() {
            out.push(no_seat(match expert.standing {
                PoolState::Suspended => "已暂停",
                PoolState::Removed => "已退库",
                PoolState::Active => "与专家库中另一条记录疑似同一人",
            }));
            continue;
        }
        let known = |panel: &str| candidate.recused.iter().any(|own| own.application == panel);
        for (panel, rule) in avoided.panels(expert.id, asked.demand.recusals) {
            if !known(panel) && seat != Some(panel) {
                let (expert, application) = (candidate.id.clone(), Some(panel.to_owned()));
                out.push(Unavailable { expert, application, reason: format!("回避：{rule}") });
            }
        }
    }
    Ok(out)
}

/// The applications that experts must avoid, by panel.
struct Avoided<'a>(HashMap<ExpertId, BTreeMap<&'a str, (HashSet<ApplicationId>, Rule)>>);

impl<'a> Avoided<'a> {
    fn of(dossier: &'a Dossier, barred: Vec<(ExpertId, ApplicationId, Rule)>) -> Self {
        let mut avoided: HashMap<_, BTreeMap<_, (HashSet<_>, Rule)>> = HashMap::new();
        for (expert, application, rule) in barred {
            let panel = dossier.panel_of(application).and_then(|panel| dossier.panel(panel));
            let Some(panel) = panel else { continue };
            let own = avoided.entry(expert).or_default().entry(panel.name.as_str());
            let (applications, first) = own.or_insert_with(|| (HashSet::new(), rule));
            applications.insert(application);
            *first = rule.min(*first);
        }
        Self(avoided)
    }

    /// The panels of which the expert must avoid more than so many applications, each with the first rule.
    fn panels(&self, expert: ExpertId, recusals: u32) -> impl Iterator<Item = (&'a str, Rule)> {
        let own = self.0.get(&expert).into_iter().flatten();
        own.filter(move |(_, (applications, _))| applications.len() > recusals as usize)
            .map(|(panel, (_, rule))| (*panel, *rule))
    }
}
