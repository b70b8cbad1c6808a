//! 回避: rules over experts, units and people, each finding with its rule and evidence.
//!
//! Sources: 国家自然科学基金条例(2024)第二十条; 政府采购法实施条例第九条; 招标投标法实施条例第四十六条.

mod authority;

pub use authority::AUTHORITIES;

use crate::application::{Application, Member};
use crate::expert::{Expert, Tie, TieKind};
use crate::ids::{ApplicationId, ConflictId, ExpertId, TaskId};
use crate::reason::Reason;
use crate::text::name_key;
use crate::uscc::Uscc;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

crate::coded! {
    /// 回避情形
    Rule {
        SameLegalPerson = "same_legal_person", "与申报单位同一法人";
        FormerEmployment = "former_employment", "三年内任职";
        Directorship = "directorship", "三年内任董事、监事";
        Shareholding = "shareholding", "三年内控股或实际控制";
        ListedPerson = "listed_person", "列入申报人员";
        OwnApplication = "own_application", "本人参与同一榜单任务申报";
        SameBatch = "same_batch", "本人参与同批次申报";
        SupervisingAuthority = "supervising_authority", "主管部门工作人员";
        Namesake = "namesake", "与申报人员同名待核";
        Kinship = "kinship", "近亲属";
        Mentorship = "mentorship", "师生、合作关系";
        Requested = "requested", "申报单位提请回避";
        OtherRelation = "other_relation", "其他可能影响公正的关系";
    }
}

crate::coded! {
    /// 效力
    Effect {
        Mandatory = "mandatory", "应当回避";
        Discretionary = "discretionary", "待认定";
    }
}

crate::coded! {
    /// 来源
    Origin {
        Detected = "detected", "系统比对";
        Declared = "declared", "专家申明";
        Requested = "requested", "单位提请";
    }
}

crate::coded! {
    /// 认定
    Decision {
        Pending = "pending", "待认定";
        Upheld = "upheld", "回避";
        Dismissed = "dismissed", "不回避";
    }
}

impl Rule {
    /// The one letter that marks the pair in the matrix.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::SameLegalPerson => "同",
            Self::FormerEmployment => "历",
            Self::Directorship => "董",
            Self::Shareholding => "股",
            Self::ListedPerson => "员",
            Self::OwnApplication => "竞",
            Self::SameBatch => "批",
            Self::SupervisingAuthority => "管",
            Self::Namesake => "名",
            Self::Kinship => "亲",
            Self::Mentorship => "师",
            Self::Requested => "请",
            Self::OtherRelation => "他",
        }
    }

    /// The reason of a sheet that is voided because its expert declared the recusal.
    pub fn declared(self) -> Reason {
        Reason::known(format!("本人申明回避：{self}"))
    }

    pub const fn effect(self) -> Effect {
        match self {
            Self::Namesake | Self::Mentorship | Self::Requested | Self::OtherRelation => Effect::Discretionary,
            _ => Effect::Mandatory,
        }
    }

    /// The provision it rests on.
    pub const fn source(self) -> &'static str {
        match self {
            Self::SameLegalPerson => "《国家自然科学基金条例》第二十条第一款第三项",
            Self::FormerEmployment => "《政府采购法实施条例》第九条第一项",
            Self::Directorship => "《政府采购法实施条例》第九条第二项",
            Self::Shareholding => "《政府采购法实施条例》第九条第三项",
            Self::ListedPerson | Self::Kinship => "《国家自然科学基金条例》第二十条第一款第一项",
            Self::OwnApplication | Self::SameBatch => "《国家自然科学基金条例》第二十条第一款第二项",
            Self::SupervisingAuthority => "《招标投标法实施条例》第四十六条第四款",
            Self::Namesake | Self::OtherRelation => "《政府采购法实施条例》第九条第五项",
            Self::Mentorship => "评审回避惯例（师生、近年合作），由协调员认定",
            Self::Requested => "《国家自然科学基金条例》第二十条第二款",
        }
    }
}

/// The facts on both sides that met, for people to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Known of the expert.
    pub expert_side: String,
    /// Written in the application.
    pub application_side: String,
}

/// One expert, one application, one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub expert: ExpertId,
    pub application: ApplicationId,
    pub rule: Rule,
    pub evidence: Evidence,
}

/// 回避记录
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub id: ConflictId,
    pub expert: ExpertId,
    pub application: ApplicationId,
    pub rule: Rule,
    pub origin: Origin,
    pub evidence: Evidence,
    pub decision: Decision,
    pub reason: String,
}

/// Characters below which nobody has refuted a fact.
const SHORTEST_REFUTATION: usize = 10;

/// Why a record cannot be decided so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    #[error("专家本人申明的法定回避情形不得认定为不回避；确属误报的，评分期间可以撤销")]
    Declared,
    #[error("只有专家本人申明、仍然有效的回避可以撤销")]
    NotDeclared,
    #[error(
        "法定回避情形只有在事实有误时才能认定为不回避：请写明哪一项事实有误、依据什么材料（不少于{SHORTEST_REFUTATION}字）"
    )]
    Unrefuted,
}

impl Conflict {
    /// # Errors
    /// A mandatory recusal that the expert declared is not dismissed, and one that was found only with the fact that is wrong.
    pub fn decide(self, decision: Decision, reason: Reason) -> Result<Self, DecisionError> {
        if decision == Decision::Dismissed && self.rule.effect() == Effect::Mandatory {
            if self.origin == Origin::Declared {
                return Err(DecisionError::Declared);
            }
            if reason.len_in_chars() < SHORTEST_REFUTATION {
                return Err(DecisionError::Unrefuted);
            }
        }
        Ok(Self { decision, reason: reason.into(), ..self })
    }

    /// Undoes a declaration that was made by mistake.
    ///
    /// # Errors
    /// `NotDeclared` for any other record, or one that does not stand.
    pub fn undo(self, reason: Reason) -> Result<Self, DecisionError> {
        if self.origin != Origin::Declared || self.decision != Decision::Upheld {
            return Err(DecisionError::NotDeclared);
        }
        Ok(Self { decision: Decision::Dismissed, reason: reason.after("误报撤销").into(), ..self })
    }

    /// Whether people have still to decide it.
    pub fn awaits_decision(&self) -> bool {
        self.decision == Decision::Pending && self.rule.effect() == Effect::Discretionary
    }

    /// Whether the expert may not review the application: upheld, or mandatory and not yet dismissed.
    pub fn excludes(&self) -> bool {
        match self.decision {
            Decision::Upheld => true,
            Decision::Dismissed => false,
            Decision::Pending => self.rule.effect() == Effect::Mandatory,
        }
    }
}

/// Facts the rules use besides experts and applications.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Pairs of units that count as one: parent and subsidiary.
    pub affiliates: Vec<(Uscc, Uscc)>,
    /// Supervising authorities by code and by name key: [`AUTHORITIES`] and those registered besides.
    pub authorities: BTreeSet<String>,
}

/// Compares every expert with every application.
///
/// Works over indexes of units and people, so the cost follows the number of ties and matches rather than the number
/// of pairs. The order of the result is by expert, application, rule.
pub fn detect(experts: &[Expert], applications: &[Application], around: &Surroundings, day: NaiveDate) -> Vec<Finding> {
    let index = Index::new(applications, around);
    let mut findings = BTreeMap::new();
    for expert in experts {
        let mut add = |application: ApplicationId, rule: Rule, evidence: Evidence| {
            findings.entry((expert.id, application, rule)).or_insert(Finding {
                expert: expert.id,
                application,
                rule,
                evidence,
            });
        };
        index.unit_findings(expert, day, &mut add);
        index.people_findings(expert, &mut add);
        if around.authorities.contains(&expert.employer_key())
            || around.authorities.contains(&name_key(&expert.employer))
        {
            for application in applications {
                add(
                    application.id,
                    Rule::SupervisingAuthority,
                    Evidence {
                        expert_side: format!("现任职于{}", expert.employer),
                        application_side: "本批次由该部门主管".to_owned(),
                    },
                );
            }
        }
    }
    findings.into_values().collect()
}

struct Index<'a> {
    applications: &'a [Application],
    by_unit: HashMap<&'a str, Vec<(usize, &'a Member)>>,
    by_unit_name: HashMap<String, Vec<(usize, &'a Member)>>,
    by_person: HashMap<String, Vec<(usize, &'a crate::application::Person)>>,
    affiliates: HashMap<&'a str, Vec<&'a Uscc>>,
}

impl<'a> Index<'a> {
    fn new(applications: &'a [Application], around: &'a Surroundings) -> Self {
        let mut index = Self {
            applications,
            by_unit: HashMap::new(),
            by_unit_name: HashMap::new(),
            by_person: HashMap::new(),
            affiliates: HashMap::new(),
        };
        for (i, application) in applications.iter().enumerate() {
            for member in &application.members {
                index.by_unit.entry(member.uscc.as_str()).or_default().push((i, member));
                index.by_unit_name.entry(name_key(&member.name)).or_default().push((i, member));
            }
            for person in &application.people {
                index.by_person.entry(name_key(&person.name)).or_default().push((i, person));
            }
        }
        for (a, b) in &around.affiliates {
            index.affiliates.entry(a.as_str()).or_default().push(b);
            index.affiliates.entry(b.as_str()).or_default().push(a);
        }
        index
    }

    /// Applications with this unit among their members; by code where there is one, else by name.
    fn members(&self, uscc: Option<&Uscc>, name: &str) -> Vec<(usize, &'a Member)> {
        match uscc {
            Some(code) => self.by_unit.get(code.as_str()).cloned().unwrap_or_default(),
            None => self.by_unit_name.get(&name_key(name)).cloned().unwrap_or_default(),
        }
    }

    fn unit_findings(&self, expert: &Expert, day: NaiveDate, add: &mut impl FnMut(ApplicationId, Rule, Evidence)) {
        let mut present = BTreeSet::new();
        for (i, member) in self.members(expert.employer_uscc.as_ref(), &expert.employer) {
            present.insert(i);
            add(
                self.applications[i].id,
                Rule::SameLegalPerson,
                Evidence {
                    expert_side: format!("现单位：{}", unit_text(&expert.employer, expert.employer_uscc.as_ref())),
                    application_side: member_text(member),
                },
            );
        }
        for other in expert.employer_uscc.iter().flat_map(|u| self.affiliates.get(u.as_str()).into_iter().flatten()) {
            for (i, member) in self.members(Some(other), "") {
                add(
                    self.applications[i].id,
                    Rule::SameLegalPerson,
                    Evidence {
                        expert_side: format!("现单位：{}，与该成员单位为母子公司关系", expert.employer),
                        application_side: member_text(member),
                    },
                );
            }
        }
        for tie in expert.ties.iter().filter(|tie| tie.within_three_years_before(day)) {
            let rule = match tie.kind {
                TieKind::Employment => Rule::FormerEmployment,
                TieKind::Director | TieKind::Supervisor => Rule::Directorship,
                TieKind::Shareholder => Rule::Shareholding,
                TieKind::Consultant => Rule::OtherRelation,
            };
            // The present post, entered once more among the former ones, is the same legal person's already, where it was found as such.
            let again = tie.kind == TieKind::Employment && is_employer(expert, tie);
            for (i, member) in self.members(tie.uscc.as_ref(), &tie.unit) {
                if again && present.contains(&i) {
                    continue;
                }
                add(
                    self.applications[i].id,
                    rule,
                    Evidence { expert_side: tie_text(tie), application_side: member_text(member) },
                );
            }
        }
    }

    /// A listed person is the expert when name and unit agree; a namesake in another unit is for people to decide.
    fn people_findings(&self, expert: &Expert, add: &mut impl FnMut(ApplicationId, Rule, Evidence)) {
        let Some(listed) = self.by_person.get(&name_key(&expert.name)) else {
            return;
        };
        let own_units: BTreeSet<String> =
            std::iter::once(&expert.employer).chain(expert.ties.iter().map(|t| &t.unit)).map(|u| name_key(u)).collect();
        let (own, namesakes): (Vec<_>, Vec<_>) =
            listed.iter().partition(|(_, p)| own_units.contains(&name_key(&p.unit)));
        let expert_side = format!("专家：{}，{}", expert.name, expert.employer);
        let listed_as = |person: &crate::application::Person| {
            format!("申报人员：{}，{}，{}", person.name, person.unit, person.duty)
        };
        for (i, person) in &namesakes {
            add(
                self.applications[*i].id,
                Rule::Namesake,
                Evidence { expert_side: expert_side.clone(), application_side: listed_as(person) },
            );
        }
        let listed_in: BTreeSet<usize> = own.iter().map(|(i, _)| *i).collect();
        let mut own_tasks: BTreeMap<TaskId, String> = BTreeMap::new();
        for (i, person) in &own {
            let application = &self.applications[*i];
            add(
                application.id,
                Rule::ListedPerson,
                Evidence { expert_side: expert_side.clone(), application_side: listed_as(person) },
            );
            own_tasks.insert(application.task, format!("专家列入{}的申报人员", application.code));
        }
        let Some(any_own) = own_tasks.values().next() else {
            return;
        };
        for (i, application) in self.applications.iter().enumerate() {
            // Nobody competes with the application that lists them.
            if listed_in.contains(&i) {
                continue;
            }
            let (rule, fact, scope) =
                own_tasks.get(&application.task).map_or((Rule::SameBatch, any_own, "与其同批次申报"), |fact| {
                    (Rule::OwnApplication, fact, "与其竞争同一榜单任务")
                });
            add(
                application.id,
                rule,
                Evidence { expert_side: fact.clone(), application_side: format!("{} {scope}", application.code) },
            );
        }
    }
}

fn is_employer(expert: &Expert, tie: &Tie) -> bool {
    match (&tie.uscc, &expert.employer_uscc) {
        (Some(tie), Some(employer)) => tie == employer,
        _ => name_key(&tie.unit) == name_key(&expert.employer),
    }
}

fn unit_text(name: &str, uscc: Option<&Uscc>) -> String {
    uscc.map_or_else(|| name.to_owned(), |code| format!("{name}（{code}）"))
}

fn member_text(member: &Member) -> String {
    format!("{}：{}", member.role, unit_text(&member.name, Some(&member.uscc)))
}

fn tie_text(tie: &Tie) -> String {
    let day = |date: Option<NaiveDate>, open: &str| {
        date.map_or_else(|| open.to_owned(), |d| d.format("%Y年%-m月").to_string())
    };
    let position = if tie.position.is_empty() { tie.kind.label() } else { &tie.position };
    format!(
        "{}至{}，在{}任{position}",
        day(tie.since, "起始时间不详"),
        day(tie.until, "今"),
        unit_text(&tie.unit, tie.uscc.as_ref())
    )
}

/// Findings that the records do not hold yet: experts, units or applications changed since the last comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("专家库、单位关系或申报在回避比对之后有变动，有 {0} 条回避情形尚未登记；请先在“回避”重新比对")]
pub struct Unregistered(pub usize);

/// The pairs that may not meet.
pub fn excluded(conflicts: &[Conflict]) -> HashSet<(ExpertId, ApplicationId)> {
    conflicts.iter().filter(|own| own.excludes()).map(|own| (own.expert, own.application)).collect()
}

#[cfg(test)]
mod tests;
