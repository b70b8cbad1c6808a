//! The candidates of a draw, with every fact that the rules use, in canonical order.

use crate::assignment::{
    Affinity, ApplicationDemand, Conflict, ExpertSupply, Link, Objective, Pair, Problem, ProblemError, RoleSet,
};
use domain::rubric::ExpertRole;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// 候选池. Lists are sorted by id; the digest is SHA-256 over the compact JSON of this structure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Experts of one employer on one panel or application, at most.
    pub employer_cap: u32,
    pub wanted: Vec<Wanted>,
    pub candidates: Vec<Candidate>,
}

/// A panel, or an application reviewed on its own, and the seats it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub id: String,
    pub demand: u32,
    pub technical: u32,
    pub finance: u32,
    pub management: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub id: String,
    pub min_load: u32,
    pub max_load: u32,
    /// Empty: any.
    pub roles: Vec<ExpertRole>,
    pub employer: Option<String>,
    /// Panels on which the expert may sit, with the affinity in millionths.
    pub affinity: BTreeMap<String, i32>,
    pub recused: Vec<Recusal>,
    /// Panels on which the expert sits whatever the lots say (定向).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub designated: Vec<String>,
}

/// 回避
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Recusal {
    pub application: String,
    pub reason: String,
}

impl Pool {
    /// # Errors
    /// [`ProblemError`] if ids repeat or a link points nowhere.
    pub fn new(problem: &Problem) -> Result<Self, ProblemError> {
        let application =
            |link: Link| problem.applications.get(link.application as usize).ok_or(ProblemError::UnknownLink(link));
        let mut candidates: Vec<Candidate> = problem.experts.iter().map(Candidate::new).collect();
        for pair in &problem.pairs {
            let link = Link { expert: pair.expert, application: pair.application };
            let id = application(link)?.id.clone();
            let expert = own(&mut candidates, link)?;
            if expert.affinity.insert(id.clone(), pair.affinity.micro()).is_some() {
                return Err(ProblemError::DuplicatePair { expert: expert.id.clone(), application: id });
            }
        }
        for conflict in &problem.conflicts {
            let application = application(conflict.link)?.id.clone();
            own(&mut candidates, conflict.link)?.recused.push(Recusal { application, reason: conflict.reason.clone() });
        }
        for &link in &problem.locks {
            let id = application(link)?.id.clone();
            own(&mut candidates, link)?.designated.push(id);
        }
        for candidate in &mut candidates {
            candidate.recused.sort_unstable();
            candidate.recused.dedup();
            candidate.designated.sort_unstable();
            candidate.designated.dedup();
        }
        candidates.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let mut wanted: Vec<Wanted> = problem.applications.iter().map(Wanted::new).collect();
        wanted.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let pool = Self { employer_cap: problem.employer_cap, wanted, candidates };
        pool.problem()?;
        Ok(pool)
    }

    pub fn digest(&self) -> [u8; 32] {
        // A structure of texts, integers and maps with text keys always has a JSON form.
        Sha256::digest(serde_json::to_vec(self).unwrap_or_default()).into()
    }

    /// The pool as an assignment problem for the largest total; positions are those of `wanted` and `candidates`.
    ///
    /// # Errors
    /// [`ProblemError`] for a pool that was not made by [`Pool::new`]: out of order, ids repeated, links nowhere.
    pub fn problem(&self) -> Result<Problem, ProblemError> {
        let mut problem =
            Problem { employer_cap: self.employer_cap, objective: Objective::Total, ..Problem::default() };
        problem.applications = self.wanted.iter().map(Wanted::demand).collect();
        ordered(&problem.applications, |a| &a.id).map_err(ProblemError::ApplicationId)?;
        ordered(&self.candidates, |c| &c.id).map_err(ProblemError::ExpertId)?;
        let numbers: HashMap<&str, u32> = self.wanted.iter().map(|w| w.id.as_str()).zip(0..).collect();
        for (expert, candidate) in (0..).zip(&self.candidates) {
            let link = |id: &String| {
                let unknown = Link { expert, application: u32::MAX };
                numbers
                    .get(id.as_str())
                    .map_or(Err(ProblemError::UnknownLink(unknown)), |&application| Ok(Link { expert, application }))
            };
            problem.experts.push(candidate.supply());
            for (id, &micro) in &candidate.affinity {
                let Link { expert, application } = link(id)?;
                let affinity = Affinity::from_micro(micro.clamp(-Affinity::ONE, Affinity::ONE));
                problem.pairs.extend(affinity.map(|affinity| Pair { expert, application, affinity }));
            }
            for recusal in &candidate.recused {
                let link = link(&recusal.application)?;
                problem.conflicts.push(Conflict { link, reason: recusal.reason.clone() });
            }
            for id in &candidate.designated {
                problem.locks.push(link(id)?);
            }
        }
        Ok(problem)
    }

    /// Position of a candidate.
    pub fn position(&self, expert: &str) -> Option<usize> {
        self.candidates.binary_search_by(|c| c.id.as_str().cmp(expert)).ok()
    }
}

fn own(candidates: &mut [Candidate], link: Link) -> Result<&mut Candidate, ProblemError> {
    candidates.get_mut(link.expert as usize).ok_or(ProblemError::UnknownLink(link))
}

fn ordered<T>(list: &[T], id: impl Fn(&T) -> &String) -> Result<(), String> {
    match list.windows(2).find(|w| id(&w[0]) >= id(&w[1])) {
        Some(w) => Err(id(&w[1]).clone()),
        None => Ok(()),
    }
}

impl Wanted {
    fn new(application: &ApplicationDemand) -> Self {
        let [technical, finance, management] = application.minima;
        Self { id: application.id.clone(), demand: application.demand, technical, finance, management }
    }

    fn demand(&self) -> ApplicationDemand {
        ApplicationDemand {
            id: self.id.clone(),
            demand: self.demand,
            minima: [self.technical, self.finance, self.management],
        }
    }
}

impl Candidate {
    fn new(expert: &ExpertSupply) -> Self {
        Self {
            id: expert.id.clone(),
            min_load: expert.min_load,
            max_load: expert.max_load,
            roles: expert.roles.iter().collect(),
            employer: expert.employer.clone(),
            affinity: BTreeMap::new(),
            recused: Vec::new(),
            designated: Vec::new(),
        }
    }

    fn supply(&self) -> ExpertSupply {
        ExpertSupply {
            id: self.id.clone(),
            min_load: self.min_load,
            max_load: self.max_load,
            roles: self.roles.iter().copied().collect::<RoleSet>(),
            employer: self.employer.clone(),
            region: None,
        }
    }

    /// The least number of reviews of a drawn expert: at least one.
    pub fn least(&self) -> u32 {
        self.min_load.max(1)
    }

    pub fn is_recused(&self, application: &str) -> bool {
        self.recused.iter().any(|r| r.application == application)
    }
}
