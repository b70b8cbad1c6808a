//! Cases planted among experts and applications, so that every rule of recusal has some.

use crate::applications::Filing;
use crate::experts::tie;
use crate::tasks::title;
use crate::units::{SECTORS, Unit, Units};
use domain::NaiveDate;
use domain::application::{Member, MemberRole, Person, UnitKind};
use domain::expert::TieKind;
use domain::rubric::ExpertRole;
use domain::uscc::Uscc;
use import::experts::ExpertRow;
use std::collections::{BTreeMap, BTreeSet};

/// An authority that is not built in, registered by a coordinator.
pub const REGISTERED_AUTHORITY: &str = "陇原示例产业发展服务中心";

/// Experts and applications with everything planted, and what has to be registered beside them.
pub struct Planted {
    pub experts: Vec<ExpertRow>,
    pub filings: Vec<Filing>,
    pub affiliations: Vec<(Uscc, Uscc)>,
}

pub fn plant(units: &Units, experts: Vec<ExpertRow>, filings: Vec<Filing>, scale: usize) -> Planted {
    let mut garden = Garden { experts, filings, used: BTreeSet::new(), next_expert: 3, next_filing: 5 };
    let mut affiliations = Vec::new();
    garden.recused_in_their_field();
    for _ in 0..scale {
        garden.former_colleagues();
        garden.posts();
        garden.listed();
        garden.namesakes();
        garden.officials();
        garden.departments();
    }
    for (i, firms) in units.firms.values().enumerate() {
        if i % 2 == 0 {
            affiliations.extend(firms.iter().rev().nth(7).and_then(|parent| garden.affiliate(parent)));
        }
    }
    Planted { experts: garden.experts, filings: garden.filings, affiliations }
}

struct Garden {
    experts: Vec<ExpertRow>,
    filings: Vec<Filing>,
    used: BTreeSet<usize>,
    next_expert: usize,
    next_filing: usize,
}

impl Garden {
    /// An expert of this role whom nothing is planted on yet.
    fn expert(&mut self, role: ExpertRole) -> Option<usize> {
        let found = (0..self.experts.len())
            .map(|i| (self.next_expert + i) % self.experts.len())
            .find(|i| self.experts[*i].role == role && !self.used.contains(i))?;
        self.used.insert(found);
        self.next_expert = found + 11;
        Some(found)
    }

    /// An application, now from here, now from there.
    fn filing(&mut self) -> usize {
        self.next_filing = (self.next_filing + 17) % self.filings.len();
        self.next_filing
    }

    /// Two experts per sector who suit a task better than anyone else and work for one unit of one application: they get
    /// a seat in spite of the one recusal.
    fn recused_in_their_field(&mut self) {
        for sector in SECTORS {
            let own: Vec<usize> = (0..self.filings.len()).filter(|i| self.filings[*i].sector == *sector).collect();
            let mut applications_of: BTreeMap<Uscc, Vec<usize>> = BTreeMap::new();
            for i in own {
                for member in &self.filings[i].row.members {
                    applications_of.entry(member.uscc.clone()).or_default().push(i);
                }
            }
            let scholarly = |m: &Member| matches!(m.kind, UnitKind::University | UnitKind::Institute);
            let once: Vec<(usize, Member)> = applications_of
                .into_values()
                .filter(|places| places.len() == 1)
                .filter_map(|places| {
                    let row = &self.filings[places[0]].row;
                    let member = row.members.iter().find(|m| m.role == MemberRole::Participant && scholarly(m))?;
                    Some((places[0], member.clone()))
                })
                .collect();
            for (filing, member) in once.into_iter().take(2) {
                let Some(expert) = self.expert(ExpertRole::Technical) else { continue };
                let expert = &mut self.experts[expert];
                expert.sectors = vec![*sector];
                expert.specialities = title(*sector, self.filings[filing].task);
                expert.ties.clear();
                employ(expert, &member);
            }
        }
    }

    /// Employment at a member until lately, and advice to a lead that people have to judge.
    fn former_colleagues(&mut self) {
        for months in [7, 16, 30] {
            self.tie_to_lead(TieKind::Employment, "总工程师", Some(months));
        }
        for months in [None, None, Some(3), Some(9), None, Some(20)] {
            self.tie_to_lead(TieKind::Consultant, "技术顾问", months);
        }
    }

    fn posts(&mut self) {
        self.tie_to_lead(TieKind::Director, "独立董事", None);
        self.tie_to_lead(TieKind::Director, "董事", Some(14));
        self.tie_to_lead(TieKind::Supervisor, "监事", None);
        self.tie_to_lead(TieKind::Shareholder, "实际控制人", None);
    }

    /// `ended`: months before April 2025; `None` while it lasts.
    fn tie_to_lead(&mut self, kind: TieKind, position: &str, ended: Option<u32>) {
        let Some(expert) = self.expert(ExpertRole::Technical) else { return };
        let filing = self.filing();
        let Some(lead) = self.filings[filing].row.members.first().cloned() else { return };
        let unit = unit_of(&lead, &self.filings[filing].row);
        let today = NaiveDate::from_ymd_opt(2025, 4, 1);
        let until = ended.and_then(|months| today?.checked_sub_months(chrono::Months::new(months)));
        let since = today.and_then(|day| day.checked_sub_months(chrono::Months::new(72)));
        self.experts[expert].ties.push(tie(kind, &unit, position, since, until));
    }

    /// Three experts take part in an application themselves.
    fn listed(&mut self) {
        for duty in ["技术顾问", "子任务负责人", "检测评价"] {
            let Some(expert) = self.expert(ExpertRole::Technical) else { return };
            let filing = self.filing();
            let row = &mut self.filings[filing].row;
            let Some(member) = row.members.last().cloned() else { return };
            employ(&mut self.experts[expert], &member);
            let name = self.experts[expert].name.clone();
            row.people.push(Person { name, unit: member.name, duty: duty.to_owned() });
        }
    }

    /// Eight listed people bear the name of an expert who works elsewhere.
    fn namesakes(&mut self) {
        for i in 0..8 {
            let role = if i % 4 == 3 { ExpertRole::Finance } else { ExpertRole::Technical };
            let Some(expert) = self.expert(role) else { return };
            let filing = self.filing();
            let row = &mut self.filings[filing].row;
            let name = self.experts[expert].name.clone();
            let unit = row.members.first().map(|m| m.name.clone()).unwrap_or_default();
            row.people.push(Person { name, unit, duty: "工艺研究".to_owned() });
        }
    }

    /// Who names the college instead of the university, and gives no code.
    fn departments(&mut self) {
        for college in ["材料科学与工程学院", "化学化工学院", "机电工程学院"] {
            let Some(expert) = self.expert(ExpertRole::Technical) else { return };
            let universities = |filing: &Filing| {
                filing.row.members.iter().find(|member| member.kind == UnitKind::University).map(|own| own.name.clone())
            };
            let Some(name) = (0..self.filings.len()).find_map(|_| {
                let filing = self.filing();
                universities(&self.filings[filing])
            }) else {
                return;
            };
            let expert = &mut self.experts[expert];
            expert.employer = format!("{name}{college}");
            expert.employer_uscc = None;
        }
    }

    /// Staff of the authorities.
    fn officials(&mut self) {
        for (name, region) in
            [("甘肃省工业和信息化厅", "甘肃省"), ("兰州市工业和信息化局", "兰州市"), (REGISTERED_AUTHORITY, "甘肃省")]
        {
            let Some(expert) = self.expert(ExpertRole::Management) else { return };
            let expert = &mut self.experts[expert];
            name.clone_into(&mut expert.employer);
            expert.employer_uscc = None;
            region.clone_into(&mut expert.region);
            "二级调研员".clone_into(&mut expert.title);
        }
    }

    /// An expert works for the parent company of a lead.
    fn affiliate(&mut self, parent: &Unit) -> Option<(Uscc, Uscc)> {
        let expert = self.expert(ExpertRole::Technical)?;
        let filing = self.filing();
        let child = self.filings[filing].row.members.first()?.uscc.clone();
        employ(&mut self.experts[expert], &parent.member(MemberRole::Lead));
        parent.region.label().clone_into(&mut self.experts[expert].region);
        (child != parent.uscc).then(|| (parent.uscc.clone(), child))
    }
}

fn employ(expert: &mut ExpertRow, member: &Member) {
    expert.employer.clone_from(&member.name);
    expert.employer_uscc = Some(member.uscc.clone());
}

fn unit_of(member: &Member, row: &import::applications::ApplicationRow) -> Unit {
    Unit { uscc: member.uscc.clone(), name: member.name.clone(), kind: member.kind, region: row.recommender }
}
