//! A small world: three departments, six applications in two sectors, twenty experts, a clock that stands still.
//!
//! `World::new` holds them after import; `reach` leads the round to a step the way its people would.

use domain::access::{Actor, Department, Errand, Standing};
use domain::account::{Account, AccountState, PasswordState};
use domain::application::{
    Application, ApplicationState, Batch, Direction, Form, Indicator, IndicatorKind, Member, MemberRole, Person,
    Section, Task, UnitKind, Weighting,
};
use domain::conflict::{Conflict, Decision, Evidence, Origin, Rule};
use domain::expert::{Expert, PoolState};
use domain::ids::{AccountId, ApplicationId, BatchId, ConflictId, ExpertId, IndicatorId, RoundId, SheetId, TaskId};
use domain::money::Fen;
use domain::objective::{Objective, Objectives};
use domain::points::Points;
use domain::region::Recommender;
use domain::renewal::Credential;
use domain::round::{Gate, Method, QuotaScope, Round, RoundKind, Step, Terms};
use domain::rubric::{ExpertRole, Scoring};
use domain::seat::Presence;
use domain::sector::{Sector, TaskCategory};
use domain::sheet::{Sheet, Typed, Vote, own_criteria};
use domain::uscc::Uscc;
use domain::{NaiveDate, Timestamp};
use service::account;
use service::assignment::Demand;
use service::crypto::Passwords;
use service::{
    App, Client, Clock, Context, Ids, application, assignment, calibration, conflict, decision, finding, panel,
    ranking, renewal, round, scoring, session,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use store::{Repositories, Scoped, Store};
use uuid::Uuid;

pub const PASSWORD: &str = "Qilian-Shan-2026";

/// A clock that is moved by hand.
pub struct MockClock(Mutex<Timestamp>);

impl MockClock {
    pub fn pass(&self, time: chrono::Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for MockClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Ids that count up, so that the same story makes the same ids.
struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn next(&self) -> Uuid {
        Uuid::from_u128((7_u128 << 76) | (0b10 << 62) | u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

/// An installation without any account.
pub async fn installation() -> (Arc<App>, Arc<MockClock>) {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let clock = Arc::new(MockClock(Mutex::new(Timestamp::from_timestamp(1_775_000_000, 0).unwrap())));
    let app = App {
        store,
        clock: clock.clone(),
        ids: Arc::new(CountingIds(AtomicU64::new(1))),
        hash_key: b"a key of the tests".to_vec(),
        imprint_key: service::crypto::ImprintKey::of(b"a key of the tests", service::crypto::Algorithm::Sha256)
            .unwrap(),
        passwords: Passwords::cheap().unwrap(),
        transport: service::Transport::Plain,
        address: "https://hengping.example".to_owned(),
        keys: service::crypto::Keyring::throw_away(),
        policy: service::Policy::Strict,
        second_factor: domain::second_factor::Demanded::Staff,
        ceremonies: service::account::Ceremonies::default(),
        digest: service::crypto::Algorithm::Sha256,
    };
    (Arc::new(app), clock)
}

/// Opens an account straight in the store, and acts as it.
pub async fn enrol(app: &Arc<App>, login: &str, standing: Standing) -> Context {
    let account = Account {
        id: AccountId(app.ids.next()),
        login: login.to_owned(),
        name: format!("{}{login}", standing.role()),
        standing,
        password_hash: app.passwords.hash(PASSWORD.to_owned()).await.unwrap(),
        state: AccountState::Active,
        created_at: app.clock.now(),
        password_state: PasswordState::Own,
        password_changed_at: app.clock.now(),
    };
    let actor = Actor { account: account.id, name: account.name.clone(), standing };
    app.program(Errand::Demonstration)
        .write(async |tx| tx.accounts().insert(vec![account.clone()]).await)
        .await
        .unwrap();
    Context::new(app.clone(), actor, Client::default())
}

/// Resets a credential, which takes the two administrators. Returns the login, and a new first password.
pub async fn reset(
    admin: &Context,
    security: &Context,
    account: AccountId,
    credential: Credential,
) -> (String, Option<String>) {
    renewal::ask(admin, account, credential, "本人持身份证到场").await.unwrap();
    let open = renewal::open(security).await.unwrap();
    let own = open.iter().find(|own| own.renewal.account == account && own.awaits_caller).unwrap().renewal.id;
    renewal::agree(security, own).await.unwrap();
    let reset = renewal::carry_out(admin, own).await.unwrap();
    (reset.login, reset.password)
}

/// Signs in with the usual password.
pub async fn signed_in(ctx: &Context, login: &str) -> account::Token {
    account::sign_in(&ctx.app, &Client::default(), login, PASSWORD.to_owned()).await.unwrap().0
}

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub fn uscc(n: u32) -> Uscc {
    Uscc::from_body(&format!("916200000{n:08}")).unwrap()
}

pub struct World {
    pub app: Arc<App>,
    pub clock: Arc<MockClock>,
    pub industry: Context,
    pub education: Context,
    pub science: Context,
    pub organizer: Context,
    pub supervisor: Context,
    pub admin: Context,
    pub batch: BatchId,
    pub round: RoundId,
    pub tasks: Vec<Task>,
    /// SL-001 to SL-006; the first four in 新材料, the others in 智能装备.
    pub applications: Vec<Application>,
    pub experts: Vec<Expert>,
}

impl World {
    /// A selection round that has just been created.
    pub async fn new() -> Self {
        Self::of_kind(RoundKind::Selection).await
    }

    pub async fn of_kind(kind: RoundKind) -> Self {
        let (app, clock) = installation().await;
        let industry = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
        let education = enrol(&app, "jyt", Standing::Coordinator(Department::Education)).await;
        let science = enrol(&app, "kjt", Standing::Coordinator(Department::Science)).await;
        let organizer = enrol(&app, "zuzhi", Standing::Organizer).await;
        let supervisor = enrol(&app, "jiandu", Standing::Supervisor).await;
        let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
        let batch = Batch {
            id: BatchId(app.ids.next()),
            year: 2026,
            seq: 1,
            title: "2026年度第一批".to_owned(),
            basis: "甘工信发〔2026〕1号".to_owned(),
        };
        let tasks: Vec<_> = [Sector::Materials, Sector::Materials, Sector::Equipment]
            .into_iter()
            .zip(1..)
            .map(|(sector, n)| task(&app, batch.id, n, sector))
            .collect();
        let applications: Vec<_> =
            (1..=6).map(|n: usize| new_application(&app, &tasks[(n - 1) / 2], u32::try_from(n).unwrap())).collect();
        let experts: Vec<_> = (1..=20).map(|n| new_expert(&app, n)).collect();
        app.program(Errand::Demonstration)
            .write(async |tx| {
                tx.programme().insert_batch(batch.clone()).await?;
                tx.programme().insert_tasks(tasks.clone()).await?;
                tx.applications().insert(applications.clone()).await?;
                tx.experts().insert(experts.clone()).await
            })
            .await
            .unwrap();
        let round = round::create(&industry, batch.id, kind, "示例轮次", day(2026, 3, 1), None).await.unwrap();
        Self {
            app,
            clock,
            industry,
            education,
            science,
            organizer,
            supervisor,
            admin,
            batch: batch.id,
            round,
            tasks,
            applications,
            experts,
        }
    }

    /// A selection round led to `step`.
    pub async fn at(step: Step) -> Self {
        let world = Self::new().await;
        world.reach(step).await;
        world
    }

    pub fn store(&self) -> Scoped {
        self.app.program(Errand::Demonstration)
    }

    pub fn coordinators(&self) -> [&Context; 3] {
        [&self.industry, &self.education, &self.science]
    }

    pub fn application(&self, n: usize) -> ApplicationId {
        self.applications[n - 1].id
    }

    pub async fn stored_round(&self) -> Round {
        self.store().rounds().get(self.round).await.unwrap()
    }

    /// Acts as an expert, without an account: the session layer is not what these stories are about.
    pub fn as_expert(&self, expert: ExpertId) -> Context {
        let own = self.experts.iter().find(|e| e.id == expert).unwrap();
        let account = AccountId(Uuid::from_u128(expert.0.as_u128() ^ (1 << 40)));
        let actor = Actor { account, name: own.name.clone(), standing: Standing::Expert(expert) };
        Context::new(self.app.clone(), actor, Client::default())
    }

    /// The seated experts of the panel that reviews an application, by seat number.
    pub async fn panel_of(&self, application: ApplicationId) -> Vec<ExpertId> {
        let panel = self.store().rounds().entries(self.round).await.unwrap()[&application];
        let seats = self.store().panels().seats(self.round).await.unwrap();
        seats.iter().filter(|s| Some(s.panel) == panel).map(|s| s.expert).collect()
    }

    pub async fn sheet_of(&self, expert: ExpertId, application: ApplicationId) -> Sheet {
        let own = self.store().sheets().of(expert).in_round(self.round).await.unwrap();
        own.into_iter().find(|s| s.application == application).unwrap()
    }

    /// Leads the round to a step.
    pub async fn reach(&self, step: Step) {
        loop {
            let now = self.stored_round().await.step;
            if now >= step {
                return;
            }
            self.do_the_work_of(now).await;
            self.advance(now).await;
        }
    }

    /// Does the work of a step, so that the next one may begin.
    pub async fn do_the_work_of(&self, step: Step) {
        let coordinator = &self.industry;
        match step {
            Step::Formality => {
                application::pass_sound(coordinator, self.round).await.unwrap();
            }
            Step::Recusal => {
                conflict::detect(coordinator, self.round).await.unwrap();
            }
            Step::Grouping => {
                panel::plan(coordinator, self.round, 2).await.unwrap();
            }
            // Unless the story has drawn already.
            Step::Draw if self.store().panels().seats(self.round).await.unwrap().is_empty() => {
                self.assign(&demand(), "专业特殊").await;
            }
            Step::SignIn => {
                self.freeze(terms()).await;
                self.everyone_signs_in().await;
            }
            Step::Scoring => {
                self.establish_objectives().await;
                self.score_all(|application, _| 90 - 3 * i64::try_from(application).unwrap()).await;
            }
            Step::Calibration => {
                calibration::compute(coordinator, self.round).await.unwrap();
            }
            Step::Ranking => {
                ranking::compute(coordinator, self.round).await.unwrap();
            }
            Step::Countersign => self.sign(Gate::Shortlist).await,
            _ => {}
        }
    }

    /// Sets the terms and has all three departments sign them.
    pub async fn freeze(&self, terms: Terms) {
        round::set_terms(&self.industry, self.round, terms).await.unwrap();
        self.sign(Gate::Terms).await;
    }

    pub async fn sign(&self, gate: Gate) {
        for coordinator in self.coordinators() {
            let digest = decision::signing(coordinator, self.round, gate).await.unwrap().digest.unwrap();
            decision::countersign(coordinator, self.round, gate, &digest).await.unwrap();
        }
    }

    pub async fn everyone_signs_in(&self) {
        let seated: Vec<_> = self.store().panels().seats(self.round).await.unwrap().iter().map(|s| s.expert).collect();
        session::set_presence(&self.organizer, self.round, &seated, Presence::Present).await.unwrap();
    }

    /// Every objective criterion that applies, at 75 % of its points.
    pub async fn establish_objectives(&self) {
        let round = self.stored_round().await;
        let given = |full: Points| Objective { points: Points(full.0 * 75 / 100), evidence: "附件1".to_owned() };
        let criteria = round.rubric.criteria().filter(|c| c.scoring == Scoring::Objective && applies_here(&c.code));
        let scores: std::collections::BTreeMap<_, _> = criteria.map(|c| (c.code.clone(), given(c.full))).collect();
        let objectives: Objectives = self.applications.iter().map(|a| (a.id, scores.clone())).collect();
        finding::set_objectives(&self.industry, self.round, objectives).await.unwrap();
    }

    /// Fills and submits every open sheet: `percent` of each criterion's points, by application (1 to 6) and seat (1 to 5).
    pub async fn score_all(&self, percent: impl Fn(usize, usize) -> i64) {
        for (application, n) in self.applications.iter().zip(1..) {
            for (expert, seat) in self.panel_of(application.id).await.into_iter().zip(1..) {
                let sheet = self.sheet_of(expert, application.id).await;
                self.fill_and_submit(expert, sheet.id, percent(n, seat)).await;
            }
        }
    }

    pub async fn fill_and_submit(&self, expert: ExpertId, sheet: SheetId, percent: i64) {
        let ctx = self.as_expert(expert);
        let saved = scoring::save(&ctx, sheet, 0, &self.typed(sheet, expert, percent).await).await.unwrap();
        scoring::submit(&ctx, sheet, saved.version).await.unwrap();
    }

    /// A complete form with `percent` of each criterion's points.
    pub async fn typed(&self, sheet: SheetId, expert: ExpertId, percent: i64) -> Typed {
        let (view, _) = scoring::sheet(&self.as_expert(expert), sheet).await.unwrap();
        let criteria: Vec<_> = own_criteria(&view.round.rubric, view.facts).collect();
        let points = |full: Points| Points(full.0 * percent / 100).to_string();
        Typed {
            points: criteria.iter().map(|c| (c.code.clone(), points(c.full))).collect(),
            reasons: criteria.iter().map(|c| (c.code.clone(), "见申报书".to_owned())).collect(),
            vote: Some(Vote::Recommend),
            comment: String::new(),
        }
    }

    /// Files one more expert, like expert `n` but for `change`.
    pub async fn add_expert(&mut self, n: usize, change: impl FnOnce(&mut Expert)) -> ExpertId {
        let mut added = self.experts[n - 1].clone();
        added.id = ExpertId(self.app.ids.next());
        added.code = format!("ZJ-{:04}", self.experts.len() + 1);
        added.name = format!("专家{}", self.experts.len() + 1);
        change(&mut added);
        self.store().write(async |tx| tx.experts().insert(vec![added.clone()]).await).await.unwrap();
        let id = added.id;
        self.experts.push(added);
        id
    }

    /// Enters a recusal that stands.
    pub async fn recuse(&self, expert: ExpertId, application: ApplicationId) {
        let conflict = Conflict {
            id: ConflictId(self.app.ids.next()),
            expert,
            application,
            rule: Rule::Kinship,
            origin: Origin::Declared,
            evidence: Evidence {
                expert_side: "近亲属任职".to_owned(), application_side: "牵头单位".to_owned()
            },
            decision: Decision::Upheld,
            reason: "属实".to_owned(),
        };
        self.store().write(async |tx| tx.conflicts().insert(self.round, vec![conflict.clone()]).await).await.unwrap();
        self.vouch().await;
    }

    /// One step on, by as many people as it takes.
    pub async fn advance(&self, from: Step) -> Step {
        let first = round::advance(&self.organizer, self.round, from).await.unwrap();
        match first.done() {
            Some(step) => step,
            None => round::advance(&self.science, self.round, from).await.unwrap().done().unwrap(),
        }
    }

    /// Seats without lots, as two departments ask for it.
    pub async fn assign(&self, demand: &Demand, reason: &str) -> service::assignment::Solution {
        let first = assignment::assign(&self.industry, self.round, demand, reason).await.unwrap();
        assert_eq!(first.done(), None, "one department alone");
        assignment::assign(&self.education, self.round, demand, reason).await.unwrap().done().unwrap()
    }

    /// Experts leave, as the organizer and a department ask for it, or two departments.
    pub async fn leave(&self, first: &Context, leaving: Vec<service::draw::Leaving>) -> Vec<String> {
        let asked = service::draw::leave(&self.science, self.round, leaving.clone()).await.unwrap();
        assert_eq!(asked.done(), None, "one person alone");
        service::draw::leave(first, self.round, leaving).await.unwrap().done().unwrap()
    }

    /// Sets a sheet aside, as two departments ask for it.
    pub async fn void_sheet(&self, sheet: SheetId, reason: &str) {
        assert_eq!(scoring::void(&self.industry, self.round, sheet, reason).await.unwrap().done(), None);
        scoring::void(&self.science, self.round, sheet, reason).await.unwrap().done().unwrap();
    }

    /// What the story wrote past the use cases counts as written by them.
    pub async fn vouch(&self) {
        service::integrity::accept(&self.app, self.round, "写入示例").await.unwrap();
    }

    pub async fn audit_actions(&self) -> Vec<String> {
        let (rows, _) = self.store().audit().page("", 0, 1000).await.unwrap();
        rows.into_iter().map(|r| r.action).collect()
    }
}

/// D2 follows from the indicator table; D4 needs economic indicators, which the tasks of this world do not have.
fn applies_here(code: &str) -> bool {
    !matches!(code, "D2" | "D4")
}

/// Three places, the plain mean, at least three sheets.
pub fn terms() -> Terms {
    Terms {
        method: Method::Raw,
        quota: 3,
        scope: QuotaScope::Overall,
        basis: "评审细则第十二条".to_owned(),
        ..Terms::default()
    }
}

/// Panels of five: three technical, one finance, one management.
pub fn demand() -> Demand {
    Demand { technical: 3, finance: 1, management: 1, ..Demand::default() }
}

fn task(app: &App, batch: BatchId, n: u32, sector: Sector) -> Task {
    let indicator = |name: &str, direction, target, weighting| Indicator {
        id: IndicatorId(app.ids.next()),
        kind: IndicatorKind::Technical,
        name: name.to_owned(),
        unit: "MPa".to_owned(),
        direction,
        target,
        weighting,
    };
    Task {
        id: TaskId(app.ids.next()),
        batch,
        code: format!("RW-{n:02}"),
        title: format!("{sector}关键技术攻关{n}"),
        category: TaskCategory::Product,
        sector,
        content: format!("攻克{sector}领域的关键技术"),
        deadline: day(2028, 12, 31),
        indicators: vec![
            indicator("抗拉强度", Direction::AtLeast, 450_000, Weighting::Core),
            indicator("延伸率", Direction::AtLeast, 10_000, Weighting::Ordinary),
        ],
    }
}

pub fn new_application(app: &App, task: &Task, n: u32) -> Application {
    let member =
        |n: u32, role| Member { uscc: uscc(n), name: format!("示例单位{n}"), kind: UnitKind::Enterprise, role };
    Application {
        id: ApplicationId(app.ids.next()),
        batch: task.batch,
        task: task.id,
        code: format!("SL-{n:03}"),
        title: format!("示例项目{n}"),
        form: Form::Consortium,
        recommender: Recommender::Lanzhou,
        investment: Fen::wan(6200),
        committed_on: Some(day(2026, 2, 1)),
        state: ApplicationState::Filed,
        state_reason: String::new(),
        members: vec![member(100 + 2 * n, MemberRole::Lead), member(101 + 2 * n, MemberRole::Participant)],
        people: vec![Person {
            name: format!("人员{n}"), unit: "示例单位".to_owned(), duty: "负责人".to_owned()
        }],
        sections: vec![Section { heading: "研发基础".to_owned(), body: "平台与团队".to_owned() }],
    }
}

/// 1–7 technical in 新材料, 8–14 technical in 智能装备, 15–17 finance, 18–20 management; every one of another employer.
fn new_expert(app: &App, n: u32) -> Expert {
    let (role, sector) = match n {
        1..=7 => (ExpertRole::Technical, Sector::Materials),
        8..=14 => (ExpertRole::Technical, Sector::Equipment),
        15..=17 => (ExpertRole::Finance, Sector::Other),
        _ => (ExpertRole::Management, Sector::Other),
    };
    Expert {
        id: ExpertId(app.ids.next()),
        code: format!("ZJ-{n:04}"),
        name: format!("专家{n}"),
        source: Department::Science,
        role,
        sectors: vec![sector],
        specialities: "关键技术".to_owned(),
        disciplines: Vec::new(),
        title: "教授".to_owned(),
        employer: format!("示例大学{n}"),
        employer_uscc: Some(uscc(1000 + n)),
        region: "兰州市".to_owned(),
        standing: PoolState::Active,
        ties: Vec::new(),
    }
}

/// The whole database in a form that can be compared: nothing was written if it is the same before and after.
pub async fn fingerprint(world: &World) -> Vec<String> {
    let store = world.store();
    let round = world.round;
    let (audit, _) = store.audit().page("", 0, 1000).await.unwrap();
    vec![
        format!("{:?}", store.experts().all().await.unwrap()),
        format!("{:?}", store.applications().of_batch(world.batch).await.unwrap()),
        format!("{:?}", store.rounds().all().await.unwrap()),
        format!("{:?}", store.rounds().entries(round).await.unwrap()),
        format!("{:?}", store.rounds().countersigns(round).await.unwrap()),
        format!("{:?}", store.panels().of_round(round).await.unwrap()),
        format!("{:?}", store.panels().seats(round).await.unwrap()),
        format!("{:?}", store.conflicts().of_round(round).await.unwrap()),
        format!("{:?}", store.sheets().of_round(round).await.unwrap()),
        format!("{audit:?}"),
    ]
}
