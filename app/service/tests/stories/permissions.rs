//! Every use case refuses every role that may not: before it looks at anything, so that nothing can be guessed.

use crate::support::{World, day, enrol, terms};
use ::export::Edition;
use ::export::panel_summary::Variant;
use domain::acceptance::{Conclusion, Results};
use domain::access::{Permission, Standing};
use domain::account::AccountState;
use domain::application::ApplicationState;
use domain::conflict::{Decision, Rule};
use domain::ids::{
    AccountId, ApplicationId, BatchId, ConflictId, ConsentId, ExpertId, ImportId, PanelId, RenewalId, RoundId, SheetId,
    TaskId,
};
use domain::import::ImportKind;
use domain::objective::Objectives;
use domain::people::Number;
use domain::renewal::Credential;
use domain::result::Outcome;
use domain::round::{Gate, RoundKind, Step};
use domain::seat::Presence;
use domain::sheet::Typed;
use domain::uscc::Uscc;
use service::account::{NewAccount, Wanted};
use service::assignment::Demand;
use service::import::Rows;
use service::{
    Context, Error, account, agreement, application, approach, assignment, audit, calibration, conflict, consent,
    decision, draw, expert, export, finding, identity, import, integrity, panel, personal, programme, ranking, region,
    renewal, round, scoring, session,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::pin::Pin;
use uuid::Uuid;

type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;
type UseCase = (&'static str, Permission, for<'a> fn(&'a Context) -> Answer<'a>);

const EVERYONE: Wanted<'_> = Wanted { search: "", role: None, page: 0, size: 50 };
const NONE: Uuid = Uuid::nil();
const ROUND: RoundId = RoundId(NONE);

/// One line per use case: the permission it needs, and a call about things that do not exist.
macro_rules! use_cases {
    ($($permission:ident: $module:ident::$name:ident($($argument:expr),*);)*) => {
        &[$((
            concat!(stringify!($module), "::", stringify!($name)),
            Permission::$permission,
            |ctx| Box::pin(async move { $module::$name(ctx, $($argument),*).await.map(drop) }),
        ),)*]
    };
}

const USE_CASES: &[UseCase] = use_cases! {
    ManageAccounts: account::page(&EVERYONE);
    ManageAccounts: account::create_all(Vec::new());
    ManageAccounts: account::create(new_account());
    ManageAccounts: account::invite(ROUND);
    ManageAccounts: account::rounds_to_invite();
    ManageAccounts: account::slowed();
    ManageAccounts: account::clear("login:gxt");
    ReadApproaches: approach::all();
    GrantRoles: account::count_to_grant();
    GrantRoles: account::to_grant(&EVERYONE);
    GrantRoles: account::grant(AccountId(NONE), Standing::Organizer);
    GrantRoles: account::grant_all(&[]);
    ManageAccounts: renewal::subject(AccountId(NONE));
    ManageAccounts: renewal::ask(AccountId(NONE), Credential::Password, "本人到场");
    ReviewRenewals: renewal::agree(RenewalId(NONE));
    ReviewRenewals: renewal::decline(RenewalId(NONE), "理由");
    ManageAccounts: renewal::withdraw(RenewalId(NONE));
    ManageAccounts: renewal::carry_out(RenewalId(NONE));
    ManageAccounts: account::set_state(AccountId(NONE), AccountState::Disabled);
    ReadAudit: audit::page("", 0, 10);
    ReadAudit: integrity::verify();
    ReadRound: programme::batches();
    ReadRound: programme::batch(BatchId(NONE));
    ReadRound: programme::outside_rounds(BatchId(NONE));
    ManageProgramme: programme::create_batch(2026, 9, "批次", "依据");
    ManageProgramme: programme::add_tasks(BatchId(NONE), Vec::new());
    ReadExperts: expert::list(&expert::Filter::default(), 0..10);
    ReadExperts: expert::get(ExpertId(NONE));
    ReadExperts: identity::count_open();
    ReadExperts: identity::doubles();
    ReadExperts: identity::of(ExpertId(NONE));
    ImportData: identity::decide(Vec::new());
    ImportData: identity::reopen(NONE, "又核实");
    ImportData: expert::register_affiliation(&uscc(), &uscc());
    ImportData: expert::register_authority(None, "省示例厅");
    ReadRound: application::list(ROUND);
    ReadRound: application::get(RoundId(NONE), ApplicationId(NONE));
    ReviewFormality: application::decide(ROUND, ApplicationId(NONE), ApplicationState::Eligible, "");
    ReviewFormality: application::pass_sound(ROUND);
    ImportData: import::check(ImportKind::Experts, None, "", Vec::new());
    ImportData: import::too_large(ImportKind::Experts, "");
    ImportData: import::dry_run(ImportId(NONE), import::Whole::default());
    ImportData: import::confirm(ImportId(NONE), import::Assent::default());
    ImportData: export::import_problems(ImportId(NONE), import::Whole::default());
    ImportData: import::import_rows("表", Rows::Experts(Vec::new()));
    ReadRound: round::all();
    ReadRound: round::get(ROUND);
    ManageProgramme: round::create(BatchId(NONE), RoundKind::Selection, "轮次", day(2026, 3, 1), None);
    FreezeTerms: round::set_terms(ROUND, terms());
    FreezeTerms: round::set_rubric(ROUND, "依据", &[]);
    RunSession: round::advance(ROUND, Step::Preparation);
    ReadRound: consent::of_round(ROUND);
    ReadRound: consent::awaiting();
    RunSession: consent::decline(ROUND, ConsentId(NONE), "不妥");
    RunSession: agreement::agree(ROUND, ConsentId(NONE));
    ReadProgress: round::overview(ROUND);
    DecideConflicts: conflict::detect(ROUND);
    ReadConflicts: conflict::picture(ROUND);
    DecideConflicts: conflict::undo(ROUND, ConflictId(NONE), "误报");
    DecideConflicts: conflict::decide(ROUND, ConflictId(NONE), Decision::Upheld, "属实");
    Score: conflict::declare(ROUND, ApplicationId(NONE), Rule::Kinship, "近亲属");
    AssignExperts: panel::plan(ROUND, 2);
    AssignExperts: panel::move_task(ROUND, TaskId(NONE), PanelId(NONE));
    AssignExperts: panel::regroup(ROUND, "任务分错组");
    AssignExperts: panel::assumed(ROUND);
    AssignExperts: panel::preview_bridges(ROUND, bridges());
    AssignExperts: panel::set_bridges(ROUND, bridges());
    AssignExperts: panel::clear_bridges(ROUND);
    ReadProgress: panel::bridges(ROUND);
    AssignExperts: assignment::assign(ROUND, &Demand::default(), "专业特殊");
    AssignExperts: assignment::feasibility(ROUND, &Demand::default());
    DrawExperts: draw::open(ROUND, &Demand::default());
    DrawExperts: draw::commit(ROUND, "");
    DrawExperts: draw::commit_to_new_nonce(ROUND);
    DrawExperts: draw::reveal(ROUND, "");
    DrawExperts: draw::void(ROUND, "");
    NotifyExperts: personal::phones(ROUND);
    NotifyExperts: personal::unmask_phones(ROUND, "");
    RunSession: draw::leave(ROUND, Vec::new());
    ReadProgress: draw::view(ROUND);
    ReadProgress: draw::record(ROUND);
    ReadProgress: draw::affinity(ROUND);
    ReadRound: assignment::latest(ROUND);
    ReadProgress: assignment::recusals(ROUND);
    ReadProgress: assignment::shared_words(ROUND);
    ReadProgress: session::roster(ROUND);
    RunSession: session::set_presence(ROUND, &[], Presence::Present);
    RunSession: session::mark_expected_present(ROUND, PanelId(NONE));
    Score: scoring::desks();
    Score: scoring::sheet(SheetId(NONE));
    Score: scoring::save(SheetId(NONE), 0, &Typed::default());
    Score: scoring::save_what_is_right(SheetId(NONE), 0, &Typed::default());
    Score: scoring::submit(SheetId(NONE), 0);
    Score: scoring::withdraw(SheetId(NONE));
    Score: scoring::stored(SheetId(NONE));
    Score: scoring::submit_complete(ROUND);
    DecideConflicts: scoring::void(ROUND, SheetId(NONE), "录入有误");
    ReadProgress: scoring::board(ROUND);
    ReadScores: finding::established(ROUND);
    ScoreObjective: finding::set_objectives(ROUND, Objectives::new());
    ScoreObjective: finding::score(ROUND, ApplicationId(NONE), BTreeMap::new());
    ScoreObjective: finding::record_indicators(ROUND, ApplicationId(NONE), Results::new(), BTreeMap::new());
    Calibrate: calibration::compute(ROUND);
    ReadResults: calibration::latest(ROUND);
    ReadResults: calibration::view(ROUND);
    Export: calibration::scores_csv(ROUND);
    Calibrate: ranking::compute(ROUND);
    ReadResults: ranking::latest(ROUND);
    ReadResults: ranking::view(ROUND);
    ReadResults: ranking::derivation(ROUND, ApplicationId(NONE));
    ReadResults: ranking::weigh(ROUND, &[]);
    Calibrate: ranking::settle_tie(ROUND, ApplicationId(NONE), Outcome::Reserve, "会商");
    Calibrate: ranking::conclude(ROUND, ApplicationId(NONE), Conclusion::Passed, "");
    ReadRound: decision::signing(ROUND, Gate::Terms);
    Countersign: decision::countersign(ROUND, Gate::Terms, "");
    Countersign: decision::countersign_by_key(ROUND, Gate::Terms, "", "");
    Countersign: decision::question(ROUND, Gate::Terms, "");
    ManageAccounts: export::invitations(ROUND);
    ReadOwnRegion: region::recommended();
    ReadExperts: personal::shown(ExpertId(NONE));
    UnmaskPersonal: personal::unmask(ExpertId(NONE), Number::Phone, "核对身份");
    Export: export::applications(ROUND);
    Export: export::experts(&expert::Filter::default());
    Export: export::panels(ROUND, Variant::RealName, Edition::Full);
    Export: export::ranking(ROUND, Edition::Signing);
    Export: export::scores(ROUND);
    Export: export::sheet_receipts(ROUND);
    Export: scoring::receipts(ROUND);
    Export: export::draw_record(ROUND);
    ReadProgress: export::draw(ROUND);
};

/// Use cases that are not in the table, and why.
const ELSEWHERE: [(&str, &str); 19] = [
    ("account::keys", "the caller's own second factor"),
    ("account::register_key", "the caller's own second factor"),
    ("account::remove_key", "the caller's own second factor, for which the password is asked"),
    ("account::key_question", "the caller's own second factor"),
    ("account::pass_with_key", "the caller's own second factor"),
    ("renewal::open", "for two roles, see nobody_resets_somebody_else_s_credentials_alone"),
    ("approach::report", "everybody who is approached may report it"),
    ("account::enrolment", "the caller's own second factor"),
    ("account::begin_enrolment", "the caller's own second factor, for which the password is asked"),
    ("account::confirm", "the caller's own second factor"),
    ("account::pass", "the caller's own second factor"),
    ("account::codes_left", "the caller's own second factor"),
    ("account::own_browser_sessions", "the caller's own"),
    ("account::end_browser_sessions", "the caller's own, see one_sees_and_ends_one_s_own_sessions_and_nobody_else_s"),
    ("audit::record_refusals", "writes down what the caller was refused"),
    ("account::sign_out", "ends the caller's own session"),
    ("account::change_password", "the caller's own, who must know the old one"),
    ("workbench::waiting", "tells each role what waits for it, read with its own permissions"),
    ("export::conflicts", "takes two permissions, see recusals_are_taken_away_only_by_those_who_may_read_them"),
];

/// The `pub async fn`s of the source that take a caller, as `module::name`.
fn declared(folder: &Path, module: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let module = if module.is_empty() { name } else { module.to_owned() };
        if path.is_dir() {
            found.extend(declared(&path, &module));
            continue;
        }
        // Free functions begin their line; methods of what is not public do not.
        for rest in std::fs::read_to_string(&path).unwrap().split("\npub async fn ").skip(1) {
            if let Some((function, arguments)) = rest.split_once('(')
                && arguments.trim_start().starts_with("ctx: &Context")
            {
                found.push(format!("{module}::{function}"));
            }
        }
    }
    found
}

#[test]
fn no_use_case_is_forgotten_here() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let declared = declared(&source, "");
    assert!(declared.len() > 50, "{declared:?}");
    let known = |name: &String| {
        USE_CASES.iter().any(|(known, ..)| known == name) || ELSEWHERE.iter().any(|(known, _)| known == name)
    };
    let forgotten: Vec<_> = declared.iter().filter(|name| !known(name)).collect();
    assert!(forgotten.is_empty(), "not tested for permissions: {forgotten:?}");
}

fn bridges() -> panel::Ask {
    let placement = panel::Placement::Reviews { count: 1, per_expert: 1 };
    panel::Ask { placement, assumed: panel::Assumed::default() }
}

fn uscc() -> Uscc {
    Uscc::parse("91350100M000100Y43").unwrap()
}

fn new_account() -> NewAccount {
    NewAccount { login: "new".to_owned(), name: "新".to_owned(), password: "Qilian-Shan-2026".to_owned() }
}

#[tokio::test]
async fn every_use_case_is_denied_to_every_role_that_may_not() {
    let world = World::new().await;
    let expert = enrol(&world.app, "zj-0001", Standing::Expert(world.experts[0].id)).await;
    let mut denials = 0;
    for caller in [&world.industry, &world.organizer, &world.supervisor, &world.admin, &expert] {
        let role = caller.actor.standing.role();
        for (name, permission, call) in USE_CASES {
            let answer = call(caller).await;
            match answer {
                Err(Error::Denied(denied)) => {
                    assert!(!role.may(*permission), "{role} may {name}");
                    assert_eq!(denied.0, *permission, "{name} asks for another permission");
                    denials += 1;
                }
                _ => assert!(role.may(*permission), "{role} may not {name}, got {answer:?}"),
            }
        }
    }
    assert!(denials > USE_CASES.len(), "{denials}");
}

#[tokio::test]
async fn recusals_are_taken_away_only_by_those_who_may_read_them() {
    let world = World::new().await;
    for caller in [&world.industry, &world.organizer, &world.supervisor, &world.admin] {
        let role = caller.actor.standing.role();
        let answer = export::conflicts(caller, ROUND).await.map(drop);
        let may = role.may(Permission::Export) && role.may(Permission::ReadConflicts);
        assert_eq!(matches!(answer, Err(Error::Denied(_))), !may, "{role}: {answer:?}");
    }
}

#[tokio::test]
async fn a_refused_call_leaves_no_trace() {
    let world = World::new().await;
    for (_, _, call) in USE_CASES {
        let before = crate::support::fingerprint(&world).await;
        let outsider = &world.supervisor;
        if let Err(Error::Denied(_)) = call(outsider).await {
            assert_eq!(crate::support::fingerprint(&world).await, before);
        }
    }
}
