//! The story as a whole, on an in-memory database.

use super::*;
use domain::access::{Errand, Scope};
use domain::application::{ApplicationState, Form};
use domain::audit::AuditRow;
use domain::conflict::{Conflict, Decision, Origin, Rule};
use domain::ids::{BatchId, RoundId};
use domain::import::ImportKind;
use domain::result::Outcome;
use domain::round::{Freeze, Step};
use domain::rubric::ExpertRole;
use domain::run::RunKind;
use domain::seat::Presence;
use std::collections::{BTreeMap, BTreeSet};
use store::{Repositories, Scoped};

struct Built {
    database: Store,
    store: Scoped,
    demo: Demo,
}

async fn built() -> Built {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let started = std::time::Instant::now();
    let told = |part: &str| println!("{:6.2} s  {part}", started.elapsed().as_secs_f64());
    let demo = build(store.clone(), b"demo".to_vec(), service::crypto::Keyring::throw_away(), 1, told).await.unwrap();
    Built { store: store.of(Scope::program(Errand::Demonstration)), database: store, demo }
}

fn imprint_key() -> service::crypto::ImprintKey {
    service::crypto::ImprintKey::of(b"demo", service::crypto::Algorithm::Sha256).unwrap()
}

impl Built {
    async fn batch(&self, year: i32, seq: i32) -> BatchId {
        let batches = self.store.programme().batches().await.unwrap();
        batches.iter().find(|b| (b.year, b.seq) == (year, seq)).unwrap().id
    }

    async fn round(&self, year: i32, seq: i32) -> domain::round::Round {
        let batch = self.batch(year, seq).await;
        self.store.rounds().all().await.unwrap().into_iter().find(|r| r.batch == batch).unwrap()
    }

    async fn coordinator(&self) -> service::Context {
        let clock = Arc::new(StoryClock::default());
        clock.turn_to(day(2025, 6, 20), 9);
        let app = Arc::new(App {
            store: self.database.clone(),
            clock,
            ids: Arc::new(service::context::RandomIds),
            hash_key: b"demo".to_vec(),
            imprint_key: imprint_key(),
            passwords: Passwords::cheap().unwrap(),
            transport: service::Transport::Plain,
            address: "http://hengping.example".to_owned(),
            keys: service::crypto::Keyring::throw_away(),
            policy: service::Policy::Demonstration,
            second_factor: domain::second_factor::Demanded::Staff,
            ceremonies: service::account::Ceremonies::default(),
            digest: service::crypto::Algorithm::Sha256,
        });
        let (token, _) =
            service::account::sign_in(&app, &service::Client::default(), "gxt", PASSWORD.to_owned()).await.unwrap();
        service::account::resume(&app, &service::Client::default(), &token).await.unwrap()
    }

    async fn audit(&self) -> Vec<AuditRow> {
        self.store.audit().page("", 0, 1_000_000).await.unwrap().0
    }
}

/// Everything of a database that must come out the same.
#[derive(Debug, PartialEq)]
struct Dump {
    experts: Vec<domain::expert::Expert>,
    tasks: Vec<domain::application::Task>,
    applications: Vec<domain::application::Application>,
    rounds: Vec<domain::round::Round>,
    conflicts: Vec<Conflict>,
    seats: Vec<domain::seat::Seat>,
    sheets: Vec<domain::sheet::Sheet>,
    runs: Vec<(RoundId, RunKind, String)>,
    audit: Vec<AuditRow>,
}

async fn dump(built: &Built) -> Dump {
    let store = &built.store;
    let mut dump = Dump {
        experts: store.experts().all().await.unwrap(),
        tasks: Vec::new(),
        applications: Vec::new(),
        rounds: store.rounds().all().await.unwrap(),
        conflicts: Vec::new(),
        seats: Vec::new(),
        sheets: Vec::new(),
        runs: Vec::new(),
        audit: built.audit().await,
    };
    for batch in store.programme().batches().await.unwrap() {
        dump.tasks.extend(store.programme().tasks(batch.id).await.unwrap());
        dump.applications.extend(store.applications().of_batch(batch.id).await.unwrap());
    }
    for round in &dump.rounds {
        for kind in RunKind::ALL {
            if let Ok(run) = store.runs().latest(round.id, *kind).await {
                dump.runs.push((round.id, *kind, run.output));
            }
        }
        dump.conflicts.extend(store.conflicts().of_round(round.id).await.unwrap());
        dump.seats.extend(store.panels().seats(round.id).await.unwrap());
        dump.sheets.extend(store.sheets().of_round(round.id).await.unwrap());
    }
    dump.conflicts.sort_by_key(|c| c.id);
    dump
}

#[tokio::test]
async fn the_same_seed_tells_the_same_story() {
    let (first, second) = (built().await, built().await);
    assert_eq!(first.demo, second.demo);
    let (first, second) = (dump(&first).await, dump(&second).await);
    assert!(first == second, "{}", difference(&first, &second));
}

fn difference(a: &Dump, b: &Dump) -> &'static str {
    match () {
        () if a.experts != b.experts => "experts",
        () if a.tasks != b.tasks => "tasks",
        () if a.applications != b.applications => "applications",
        () if a.rounds != b.rounds => "rounds",
        () if a.conflicts != b.conflicts => "conflicts",
        () if a.seats != b.seats => "seats",
        () if a.sheets != b.sheets => "sheets",
        () if a.runs != b.runs => "runs",
        () => "audit",
    }
}

#[tokio::test]
async fn the_story_has_everything_it_promises() {
    let built = built().await;
    assert_eq!(service::invariant::check(&built.database, &imprint_key()).await.unwrap().broken, []);
    batches(&built).await;
    recusal(&built).await;
    scoring(&built).await;
    tie(&built).await;
    acceptance(&built).await;
    audit(&built).await;
    accounts(&built);
    waiting_batch(&built).await;
}

async fn batches(built: &Built) {
    let experts = built.store.experts().all().await.unwrap();
    assert_eq!(experts.len(), 900);
    let of_role = |role| experts.iter().filter(|e| e.role == role).count();
    assert_eq!(
        (of_role(ExpertRole::Technical), of_role(ExpertRole::Finance), of_role(ExpertRole::Management)),
        (630, 135, 135)
    );
    let tasks = built.store.programme().tasks(built.batch(2025, 1).await).await.unwrap();
    assert_eq!(tasks.len(), 24);
    assert!(tasks.iter().all(|t| (3..=5).contains(&t.indicators.len())));
    let all = built.store.applications().of_batch(built.batch(2025, 1).await).await.unwrap();
    assert_eq!(all.len(), 120);
    assert_eq!(all.iter().filter(|a| a.form == Form::Consortium).count(), 80);
    assert_eq!(all.iter().map(|a| a.recommender).collect::<BTreeSet<_>>().len(), 15);
    assert!(all.iter().all(|a| (3..=4).contains(&a.sections.len())));
    let rejected: Vec<_> = all.iter().filter(|a| a.state == ApplicationState::Rejected).collect();
    assert_eq!(rejected.len(), 4);
    assert!(rejected.iter().all(|a| !a.state_reason.is_empty()));
    assert_eq!(rejected.iter().filter(|a| a.committed_on.is_none()).count(), 3);
    assert!(all.iter().all(|a| a.state != ApplicationState::Filed));
    assert_eq!(built.store.applications().of_batch(built.batch(2024, 1).await).await.unwrap().len(), 12);
}

async fn recusal(built: &Built) {
    let round = built.round(2025, 1).await;
    let conflicts = built.store.conflicts().of_round(round.id).await.unwrap();
    let mut found: BTreeMap<Rule, usize> = BTreeMap::new();
    for conflict in conflicts.iter().filter(|c| c.origin == Origin::Detected) {
        *found.entry(conflict.rule).or_default() += 1;
    }
    println!("{found:?}");
    for rule in Rule::ALL {
        let declared_only = matches!(rule, Rule::Kinship | Rule::Mentorship | Rule::Requested);
        assert_eq!(found.contains_key(rule), !declared_only, "{rule}");
    }
    assert!(conflicts.iter().any(|c| c.rule == Rule::SameLegalPerson && c.evidence.expert_side.contains("母子公司")));
    for rule in [Rule::Namesake, Rule::OtherRelation] {
        for decision in [Decision::Upheld, Decision::Dismissed] {
            let decided = |c: &&Conflict| c.rule == rule && c.decision == decision && !c.reason.is_empty();
            assert!(conflicts.iter().any(|c| decided(&c)), "{rule} {decision}");
        }
    }
    assert_eq!(conflicts.iter().filter(|c| c.origin == Origin::Declared).count(), 3);
}

async fn scoring(built: &Built) {
    let round = built.round(2025, 1).await;
    assert_eq!(round.step, Step::Ranking);
    assert!(matches!(round.frozen, Freeze::Frozen { .. }));
    let seats = built.store.panels().seats(round.id).await.unwrap();
    assert_eq!(seats.len(), 70);
    assert_eq!(seats.iter().filter(|s| s.presence == Presence::Absent).count(), 3);
    let ctx = built.coordinator().await;
    let board = service::scoring::board(&ctx, round.id).await.unwrap();
    let cells = || board.panels.iter().flat_map(|(_, _, rows)| rows).flat_map(service::scoring::BoardRow::sheets);
    assert_eq!(cells().filter(|c| c.outlier != service::scoring::Outlier::None).count(), 2);
    assert_eq!(cells().filter(|c| c.state.key() == "voided").count(), 3);
    assert!(cells().all(|c| c.state.key() != "draft"));
    let overview = service::round::overview(&ctx, round.id).await.unwrap();
    let recused: usize = overview.panels.iter().map(|p| p.recused).sum();
    println!("recused pairs of seated experts: {recused}, sheets {}", cells().count());
    assert!(recused > 3, "some seated experts are recused from single applications: {recused}");
    let record = service::calibration::latest(&ctx, round.id).await.unwrap();
    println!("{:?} {:?} {:?}", record.variance_application, record.variance_expert, record.variance_residual);
}

async fn tie(built: &Built) {
    let round = built.round(2025, 1).await;
    let ctx = built.coordinator().await;
    let (ranking, _) = service::ranking::latest(&ctx, round.id).await.unwrap();
    let tied: Vec<_> = ranking.rows.iter().filter(|r| r.outcome == Outcome::LineTie).collect();
    assert_eq!(tied.len(), 2);
    assert_eq!((tied[0].score, tied[0].raw), (tied[1].score, tied[1].raw));
    let quota = usize::try_from(round.terms.quota).unwrap();
    assert_eq!(tied[0].rank, Some(quota));
    assert!((15..=40).contains(&quota), "{quota}");
    println!("{} and {} tie at rank {quota}", tied[0].code, tied[1].code);
    let again = service::ranking::compute(&ctx, round.id).await.unwrap();
    assert_eq!(again, ranking);
    assert!(ranking.rows.iter().any(|r| r.outcome == Outcome::Shortlisted));
}

async fn acceptance(built: &Built) {
    let round = built.round(2024, 1).await;
    assert_eq!(round.step, Step::Scoring);
    let sheets = built.store.sheets().of_round(round.id).await.unwrap();
    let submitted = sheets.iter().filter(|s| s.is_submitted()).count();
    let share = submitted * 100 / sheets.len();
    assert!((40..=60).contains(&share), "{submitted} of {}", sheets.len());
    let drafts: Vec<_> = sheets.iter().filter(|s| !s.is_submitted()).collect();
    assert!(drafts.iter().any(|s| s.version == 0) && drafts.iter().any(|s| s.version > 0));
    let knockouts = built.store.findings().knockouts(round.id).await.unwrap();
    assert_eq!(knockouts.values().filter(|k| !k.is_empty()).count(), 1);
    let results = built.store.findings().indicator_results(round.id).await.unwrap();
    let tasks = built.store.programme().tasks(round.batch).await.unwrap();
    let applications = built.store.applications().of_batch(round.batch).await.unwrap();
    let core: Vec<_> = applications
        .iter()
        .map(|a| {
            let task = tasks.iter().find(|t| t.id == a.task).unwrap();
            domain::acceptance::core_completion(&task.indicators, &results[&a.id]).unwrap().0
        })
        .collect();
    assert_eq!(core.iter().filter(|rate| **rate < 1000).collect::<Vec<_>>(), [&700]);
}

async fn audit(built: &Built) {
    let rows = built.audit().await;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &rows {
        *counts.entry(row.action.clone()).or_default() += 1;
    }
    println!("{counts:?}");
    let sheets_of = async |year| {
        let round = built.round(year, 1).await;
        built.store.sheets().of_round(round.id).await.unwrap()
    };
    let all: Vec<_> = sheets_of(2024).await.into_iter().chain(sheets_of(2025).await).collect();
    assert_eq!(counts["sheet_submitted"], all.iter().filter(|s| s.is_submitted()).count());
    assert_eq!(counts["sheet_saved"], all.iter().filter(|s| s.version > 0).count());
    assert_eq!(counts["sheet_voided"], 3);
    assert_eq!(counts["account_created"] + counts["set_up"], built.store.accounts().all().await.unwrap().len());
    assert_eq!((counts["frozen"], counts["countersigned"]), (2, 6));
    for action in ["set_up", "imported", "affiliation_registered", "authority_registered", "calibrated", "ranked"] {
        assert!(counts.contains_key(action), "{action}");
    }
    let ordered = rows.windows(2).all(|pair| pair[0].at >= pair[1].at);
    assert!(ordered, "the clock never runs back");
}

fn accounts(built: &Built) {
    let logins: Vec<_> = built.demo.accounts.iter().map(|a| a.login.as_str()).collect();
    println!("{logins:?}");
    assert!(["admin", "gxt", "jyt", "kjt", "zuzhi", "jiandu"].iter().all(|login| logins.contains(login)));
    assert!(logins.iter().filter(|login| login.starts_with("zj")).count() >= 4);
    let walked = built.demo.accounts.iter().find(|account| account.login == "zj0813");
    assert!(walked.is_some_and(|account| account.role.contains("尚未开始评分")), "{walked:?}");
}

/// The example files are read without a problem and start the waiting round.
async fn waiting_batch(built: &Built) {
    let ctx = built.coordinator().await;
    let batch = built.batch(2025, 2).await;
    let files = sample_files();
    assert_eq!(files.len(), 2);
    for (name, content) in files {
        let (kind, batch, expected) = match name.as_str() {
            "示例-汇总表.xlsx" => (ImportKind::Applications, Some(batch), 8),
            _ => (ImportKind::Experts, None, 30),
        };
        let id = import::check(&ctx, kind, batch, &name, content).await.unwrap();
        let found = import::dry_run(&ctx, id, import::Whole::default()).await.unwrap();
        assert_eq!((found.counts.rows(), &found.problems[..]), (expected, &[][..]), "{name}");
        import::confirm(&ctx, id, import::Assent { seen: found.to_see.as_deref(), ..Default::default() })
            .await
            .unwrap();
    }
    let round = built.round(2025, 2).await;
    assert_eq!(round.step, Step::Preparation);
    assert_eq!(built.store.rounds().entries(round.id).await.unwrap().len(), 8);
    service::round::advance(&ctx, round.id, Step::Preparation).await.unwrap();
}

#[test]
fn example_files_are_the_same_every_time() {
    assert_eq!(sample_files(), sample_files());
}
