//! 回避比对: the rules over experts, units and people.

mod index;

use super::{Evidence, Finding, Rule};
use crate::application::{Application, Member, Person};
use crate::expert::{Expert, Tie, TieKind};
use crate::identity::{Authorities, Likeness, Office, Unit, Why};
use crate::ids::{ApplicationId, ExpertId, TaskId};
use crate::uscc::Uscc;
use chrono::NaiveDate;
use index::{Hit, Index};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Facts the rules use besides experts and applications.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Pairs of units that count as one: parent and subsidiary.
    pub affiliates: Vec<(Uscc, Uscc)>,
    pub authorities: Authorities,
}

/// Compares every expert with every application.
///
/// Works over indexes of units and people, so the cost follows the number of ties and matches rather than the number
/// of pairs. The order of the result is by expert, application, rule.
pub fn detect(experts: &[Expert], applications: &[Application], around: &Surroundings, day: NaiveDate) -> Vec<Finding> {
    let index = Index::new(applications, &around.affiliates);
    // Many experts name the same units: each name is looked up once.
    let mut places = HashMap::new();
    for (name, code) in experts.iter().flat_map(named_units) {
        places.entry((name, code)).or_insert_with(|| Place::of(&index, &around.authorities, name, code));
    }
    let mut found = Found::default();
    for expert in experts {
        let own = Own { index: &index, places: &places, expert, day };
        own.units(&mut found);
        own.people(&mut found);
        own.authorities(&mut found);
    }
    found.0.into_values().collect()
}

/// Findings by expert, application and rule; the first evidence stays.
#[derive(Default)]
struct Found(BTreeMap<(ExpertId, ApplicationId, Rule), Finding>);

impl Found {
    fn add(&mut self, expert: ExpertId, application: ApplicationId, rule: Rule, evidence: Evidence) {
        self.0.entry((expert, application, rule)).or_insert(Finding { expert, application, rule, evidence });
    }
}

/// The employer and the units of all posts.
fn named_units(expert: &Expert) -> impl Iterator<Item = (&str, Option<&Uscc>)> {
    let posts = expert.ties.iter().map(|tie| (tie.unit.as_str(), tie.uscc.as_ref()));
    std::iter::once((expert.employer.as_str(), expert.employer_uscc.as_ref())).chain(posts)
}

/// A unit that experts name, with what it is to the applications.
struct Place<'a> {
    unit: Unit,
    hits: Vec<Hit<'a>>,
    office: Option<Office>,
}

impl<'a> Place<'a> {
    fn of(index: &Index<'a>, authorities: &Authorities, name: &str, code: Option<&Uscc>) -> Self {
        let unit = Unit::new(name);
        Self { hits: index.units(&unit, code), office: authorities.office(&unit, code), unit }
    }
}

type Places<'a> = HashMap<(&'a str, Option<&'a Uscc>), Place<'a>>;

/// One expert before the applications.
struct Own<'a> {
    index: &'a Index<'a>,
    places: &'a Places<'a>,
    expert: &'a Expert,
    day: NaiveDate,
}

impl<'a> Own<'a> {
    fn employer(&self) -> &'a Place<'a> {
        &self.places[&(self.expert.employer.as_str(), self.expert.employer_uscc.as_ref())]
    }

    fn post(&self, tie: &'a Tie) -> &'a Place<'a> {
        &self.places[&(tie.unit.as_str(), tie.uscc.as_ref())]
    }

    fn units(&self, found: &mut Found) {
        let expert = self.expert;
        let current = expert.employer_uscc.as_ref();
        // The members that a rule has reached, and the doubtful ones.
        let (mut firm, mut doubtful) = (HashSet::new(), Vec::new());
        let present = &self.employer().hits;
        for hit in present {
            let side = format!("现单位：{}", unit_text(&expert.employer, current));
            match hit.likeness {
                Likeness::Same => {
                    firm.insert(hit.member_id());
                    found.add(expert.id, self.application(hit), Rule::SameLegalPerson, evidence(side, hit.member));
                }
                Likeness::Near(why) => doubtful.push((*hit, side, why)),
            }
        }
        for hit in self.index.affiliated(current) {
            let side = format!("现单位：{}，与该成员单位为母子公司关系", expert.employer);
            firm.insert(hit.member_id());
            found.add(expert.id, self.application(&hit), Rule::SameLegalPerson, evidence(side, hit.member));
        }
        for tie in expert.ties.iter().filter(|tie| tie.within_three_years_before(self.day)) {
            let post = self.post(tie);
            // The present post, entered once more among the former ones, is the same legal person's already, where it was found as such.
            let again = tie.kind == TieKind::Employment && self.is_employer(tie, &post.unit);
            for hit in &post.hits {
                if again
                    && present.iter().any(|own| own.application == hit.application && own.likeness == Likeness::Same)
                {
                    continue;
                }
                match hit.likeness {
                    Likeness::Same => {
                        firm.insert(hit.member_id());
                        found.add(
                            expert.id,
                            self.application(hit),
                            rule_of(tie.kind),
                            evidence(tie_text(tie), hit.member),
                        );
                    }
                    Likeness::Near(why) => doubtful.push((*hit, tie_text(tie), why)),
                }
            }
        }
        for (hit, side, why) in doubtful.into_iter().filter(|(hit, ..)| !firm.contains(&hit.member_id())) {
            let side = format!("{side}；{}", why.words());
            found.add(expert.id, self.application(&hit), Rule::SimilarUnit, evidence(side, hit.member));
        }
    }

    fn application(&self, hit: &Hit<'_>) -> ApplicationId {
        self.index.applications[hit.application].id
    }

    fn is_employer(&self, tie: &Tie, unit: &Unit) -> bool {
        match (&tie.uscc, &self.expert.employer_uscc) {
            (Some(tie), Some(employer)) => tie == employer,
            _ => unit.likeness(&self.employer().unit) == Some(Likeness::Same),
        }
    }

    /// A listed person is the expert when name and unit agree; a namesake in another unit is for people to decide.
    fn people(&self, found: &mut Found) {
        let expert = self.expert;
        let listed = self.index.named(&expert.name);
        if listed.is_empty() {
            return;
        }
        let is_own = |person: &Person| {
            let unit = Unit::new(&person.unit);
            let posts = expert.ties.iter().map(|tie| self.post(tie));
            std::iter::once(self.employer()).chain(posts).any(|own| match own.unit.likeness(&unit) {
                Some(Likeness::Same) => true,
                // Another unit that bears the region's name only is another unit.
                Some(Likeness::Near(why)) => why != Why::Region,
                None => false,
            })
        };
        let side = format!("专家：{}，{}", expert.name, expert.employer);
        let mut listed_in = BTreeSet::new();
        let mut own_tasks: BTreeMap<TaskId, String> = BTreeMap::new();
        for (i, person) in listed {
            let application = &self.index.applications[*i];
            let evidence = Evidence { expert_side: side.clone(), application_side: person_text(person) };
            if is_own(person) {
                listed_in.insert(*i);
                own_tasks.insert(application.task, format!("专家列入{}的申报人员", application.code));
                found.add(expert.id, application.id, Rule::ListedPerson, evidence);
            } else {
                found.add(expert.id, application.id, Rule::Namesake, evidence);
            }
        }
        let Some(any_own) = own_tasks.values().next() else { return };
        for (i, application) in self.index.applications.iter().enumerate() {
            // Nobody competes with the application that lists them.
            if listed_in.contains(&i) {
                continue;
            }
            let (rule, fact, scope) =
                own_tasks.get(&application.task).map_or((Rule::SameBatch, any_own, "与其同批次申报"), |fact| {
                    (Rule::OwnApplication, fact, "与其竞争同一榜单任务")
                });
            let application_side = format!("{} {scope}", application.code);
            found.add(expert.id, application.id, rule, Evidence { expert_side: fact.clone(), application_side });
        }
    }

    /// Staff of an authority review nothing; who left it within three years, or works for a unit that bears its name, is for people to decide.
    fn authorities(&self, found: &mut Found) {
        let expert = self.expert;
        let now = self.employer().office.map(|office| (office, Held::Now, format!("现任职于{}", expert.employer)));
        let posts = expert.ties.iter().filter(|tie| tie.within_three_years_before(self.day)).filter_map(|tie| {
            let office = self.post(tie).office?;
            let held = if tie.until.is_none_or(|until| until >= self.day) { Held::Now } else { Held::Before };
            Some((office, held, tie_text(tie)))
        });
        for (office, held, side) in now.into_iter().chain(posts) {
            let (rule, fact) = match (office, held) {
                (Office::Itself, Held::Now) => (Rule::SupervisingAuthority, "本批次由该部门主管"),
                (Office::Itself, Held::Before) => (Rule::OtherRelation, "三年内曾任职于本批次的主管部门"),
                (Office::Affiliated, _) => (Rule::SimilarUnit, "单位名称与本批次的主管部门相近"),
            };
            for application in self.index.applications {
                let evidence = Evidence { expert_side: side.clone(), application_side: fact.to_owned() };
                found.add(expert.id, application.id, rule, evidence);
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Held {
    Now,
    Before,
}

const fn rule_of(kind: TieKind) -> Rule {
    match kind {
        TieKind::Employment => Rule::FormerEmployment,
        TieKind::Director | TieKind::Supervisor => Rule::Directorship,
        TieKind::Shareholder => Rule::Shareholding,
        TieKind::Consultant => Rule::OtherRelation,
    }
}

fn evidence(expert_side: String, member: &Member) -> Evidence {
    let unit = unit_text(&member.name, Some(&member.uscc));
    Evidence { expert_side, application_side: format!("{}：{unit}", member.role) }
}

fn unit_text(name: &str, uscc: Option<&Uscc>) -> String {
    uscc.map_or_else(|| name.to_owned(), |code| format!("{name}（{code}）"))
}

fn person_text(person: &Person) -> String {
    let facts = [&person.name, &person.unit, &person.duty].map(String::as_str);
    format!("申报人员：{}", facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join("，"))
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
