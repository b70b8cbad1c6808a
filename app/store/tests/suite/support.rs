//! Fresh databases and a small programme to put into them.

use domain::access::{Actor, Department, Errand, Scope, Standing};
use domain::application::{
    Application, ApplicationState, Batch, Direction, Form, Indicator, IndicatorKind, Member, MemberRole, Person,
    Section, Task, UnitKind, Weighting,
};
use domain::discipline::Discipline;
use domain::expert::{Expert, PoolState, Tie, TieKind};
use domain::ids::{AccountId, ApplicationId, BatchId, ExpertId, IndicatorId, PanelId, RoundId, SheetId, TaskId};
use domain::money::Fen;
use domain::points::Points;
use domain::reason::Reason;
use domain::region::Recommender;
use domain::round::{Freeze, Round, RoundKind, Step, Terms};
use domain::rubric::ExpertRole;
use domain::rubric_default::selection;
use domain::sector::{Sector, TaskCategory};
use domain::sheet::{Entry, Sheet, SheetState, Vote};

use domain::account::{Account, AccountState, PasswordState};
use domain::panel::Panel;
use domain::seat::{Presence, Seat};
use domain::uscc::Uscc;
use domain::{NaiveDate, Timestamp};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Repositories, Scoped, Store, StoreError};
use tempfile::TempDir;
use uuid::Uuid;

/// Writes that are expected to succeed.
#[macro_export]
macro_rules! write {
    ($store:expr, |$tx:ident| $body:expr) => {
        $store.write(async |$tx| $body).await.unwrap()
    };
}

/// Writes that are expected to fail, and the failure.
#[macro_export]
macro_rules! refused {
    ($store:expr, |$tx:ident| $body:expr) => {
        $store.write(async |$tx| $body).await.unwrap_err()
    };
}

/// An account in use.
pub fn account(n: u128, login: &str, standing: Standing) -> Account {
    Account {
        id: AccountId(id(n)),
        login: login.to_owned(),
        name: "示例".to_owned(),
        standing,
        password_hash: "$argon2id$…".to_owned(),
        state: AccountState::Active,
        created_at: at(0),
        password_state: PasswordState::Own,
        password_changed_at: at(0),
    }
}

const SERVER: &str = "HENGPING_TEST_POSTGRES";

/// A migrated database of its own, gone when dropped or with the throw-away server.
pub struct Opened {
    /// As the program itself reaches it.
    pub store: Scoped,
    pub database: Store,
    _folder: Option<TempDir>,
}

impl Opened {
    /// A file in a folder of its own: several connections, as in use.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("hengping.db").display());
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        Self { store: store.of(Scope::program(Errand::Demonstration)), database: store, _folder: Some(folder) }
    }

    /// A new database on the server named in the environment.
    pub async fn postgres() -> Self {
        let server = server();
        let admin = Store::open(&server).await.unwrap();
        let name = database_name();
        for sql in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"),
        ] {
            admin.connection().execute_unprepared(&sql).await.unwrap();
        }
        let (address, options) = server.split_once('?').map_or((server.as_str(), ""), |(a, o)| (a, o));
        let host_end = address.find("://").map_or(0, |at| at + 3);
        let base = address[host_end..].find('/').map_or(address, |at| &address[..host_end + at]);
        let url = format!("{base}/{name}{}{options}", if options.is_empty() { "" } else { "?" });
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        Self { store: store.of(Scope::program(Errand::Demonstration)), database: store, _folder: None }
    }
}

impl Opened {
    /// The database as an expert reaches it.
    pub fn as_expert(&self, expert: ExpertId) -> Scoped {
        self.database.of(scope_of(Standing::Expert(expert)))
    }

    /// An id as SQL writes it: SQLite keeps bytes.
    pub fn literal(&self, id: Uuid) -> String {
        match self.database.connection().get_database_backend() {
            sea_orm::DbBackend::Sqlite => format!("x'{}'", id.simple()),
            _ => format!("'{id}'"),
        }
    }
}

/// A half that is left out must not look like one that passed.
fn server() -> String {
    #[expect(clippy::disallowed_methods, reason = "tests are told their server by the command that started it")]
    let server = std::env::var(SERVER).unwrap_or_default();
    assert!(
        !server.is_empty(),
        "{SERVER} names no PostgreSQL server; `cargo xtask test -p store` starts one for these tests"
    );
    server
}

fn database_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("hengping_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

pub const fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A moment with microseconds, the finest that both databases keep.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_timestamp_micros((1_750_000_000 + second) * 1_000_000 + 123_456).unwrap()
}

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub fn uscc(n: u32) -> Uscc {
    Uscc::from_body(&format!("916200000{n:08}")).unwrap()
}

pub fn batch() -> Batch {
    Batch {
        id: BatchId(id(1)),
        year: 2026,
        seq: 1,
        title: "2026年度第一批揭榜挂帅".to_owned(),
        basis: "甘工信发〔2026〕1号".to_owned(),
    }
}

pub fn task(n: u128) -> Task {
    let indicator = |seq: u128, direction, target, weighting| Indicator {
        id: IndicatorId(id(n * 100 + seq)),
        kind: IndicatorKind::Technical,
        name: format!("指标{seq}"),
        unit: "MPa".to_owned(),
        direction,
        target,
        weighting,
    };
    Task {
        id: TaskId(id(n)),
        batch: batch().id,
        code: format!("RW-{n:02}"),
        title: "高强度铝合金制备".to_owned(),
        category: TaskCategory::Product,
        sector: Sector::Materials,
        content: "攻克……".to_owned(),
        deadline: day(2028, 12, 31),
        indicators: vec![
            indicator(1, Direction::AtLeast, 450_000, Weighting::Core),
            indicator(2, Direction::AtMost, -5, Weighting::Ordinary),
            indicator(3, Direction::Qualitative, 1000, Weighting::Ordinary),
        ],
    }
}

pub fn application(n: u32, task: TaskId) -> Application {
    let member =
        |n: u32, role| Member { uscc: uscc(n), name: format!("示例单位{n}"), kind: UnitKind::Enterprise, role };
    Application {
        id: ApplicationId(id(1000 + u128::from(n))),
        batch: batch().id,
        task,
        code: format!("SL-{n:03}"),
        title: "“引号”、\n换行与 emoji 🔬".to_owned(),
        form: Form::Consortium,
        recommender: Recommender::NewArea,
        investment: Fen(9_007_199_254_740_993),
        committed_on: Some(day(2026, 2, 28)),
        state: ApplicationState::Filed,
        state_reason: String::new(),
        members: vec![member(2 * n, MemberRole::Lead), member(2 * n + 1, MemberRole::Participant)],
        people: vec![
            Person { name: "示例甲".to_owned(), unit: "示例单位".to_owned(), duty: "负责人".to_owned() },
            Person { name: "示例乙".to_owned(), unit: String::new(), duty: String::new() },
        ],
        sections: vec![Section { heading: "研发基础".to_owned(), body: "{\"不是\": \"JSON\"}".to_owned() }],
    }
}

pub fn expert(n: u32) -> Expert {
    Expert {
        id: ExpertId(id(2000 + u128::from(n))),
        code: format!("ZJ-{n:05}"),
        name: format!("专家{n}"),
        source: Department::Science,
        role: ExpertRole::Technical,
        sectors: vec![Sector::Materials, Sector::Metallurgy],
        specialities: "有色金属材料".to_owned(),
        disciplines: vec![Discipline::parse("430.40 金属材料").unwrap()],
        title: "教授".to_owned(),
        employer: "示例大学".to_owned(),
        employer_uscc: Some(uscc(n)),
        region: "兰州市".to_owned(),
        standing: PoolState::Active,
        ties: vec![
            Tie {
                kind: TieKind::Director,
                uscc: Some(uscc(7)),
                unit: "示例公司".to_owned(),
                position: "独立董事".to_owned(),
                since: Some(day(2021, 3, 1)),
                until: None,
            },
            Tie {
                kind: TieKind::Employment,
                uscc: None,
                unit: "示例研究院".to_owned(),
                position: String::new(),
                since: None,
                until: Some(day(2024, 2, 29)),
            },
        ],
    }
}

pub fn round() -> Round {
    Round {
        id: RoundId(id(3000)),
        batch: batch().id,
        kind: RoundKind::Selection,
        seq: 1,
        title: "单位遴选".to_owned(),
        step: Step::Preparation,
        rubric: selection(),
        terms: Terms { pass_mark: Points(6050), basis: "评审细则".to_owned(), ..Terms::default() },
        frozen: Freeze::Open,
        reference_day: day(2026, 3, 1),
    }
}

pub fn panel(n: u128, sector: Sector) -> Panel {
    let seq = i32::try_from(n).unwrap();
    Panel { id: PanelId(id(4000 + n)), round: round().id, seq, name: format!("{sector}组"), sector }
}

pub fn seat(n: u32, panel: PanelId, expert: ExpertId) -> Seat {
    Seat {
        id: id(5000 + u128::from(n)),
        round: round().id,
        panel,
        expert,
        number: i32::try_from(n).unwrap(),
        role: ExpertRole::Technical,
        presence: Presence::Expected,
    }
}

pub fn sheet(n: u128, expert: u32, application: u32) -> Sheet {
    let application = ApplicationId(id(1000 + u128::from(application)));
    Sheet::blank(SheetId(id(6000 + n)), round().id, ExpertId(id(2000 + u128::from(expert))), application)
}

pub fn voided(sheet: Sheet, second: i64) -> Sheet {
    sheet.void(Reason::new("本人申明回避").unwrap(), at(second)).unwrap()
}

/// A sheet that says something.
pub fn filled(sheet: Sheet) -> Sheet {
    let entry = |points, reason: &str| Entry { points, reason: reason.to_owned() };
    Sheet {
        version: 3,
        entries: BTreeMap::from([
            ("A1".to_owned(), entry(Some(Points(1150)), "基础“扎实”")),
            ("B2".to_owned(), entry(None, "")),
        ]),
        vote: Some(Vote::Decline),
        comment: "总体意见\n第二行".to_owned(),
        saved_at: Some(at(7)),
        ..sheet
    }
}

/// Hands sheets out blank, has their experts fill them, and sets aside what is voided.
pub async fn put_sheets(opened: &Opened, sheets: &[Sheet]) {
    for sheet in sheets {
        let blank = Sheet::blank(sheet.id, sheet.round, sheet.expert, sheet.application);
        write!(opened.store, |tx| tx.sheets().insert(std::slice::from_ref(&blank)).await);
        let voided = matches!(sheet.state, SheetState::Voided { .. });
        let filled = Sheet { state: if voided { SheetState::Draft } else { sheet.state.clone() }, ..sheet.clone() };
        if !filled.is_blank() {
            write!(opened.as_expert(sheet.expert), |tx| tx.sheets().save(&filled, 0, None).await);
        }
        if voided {
            write!(opened.store, |tx| tx.sheets().set_aside(sheet).await);
        }
    }
}

/// The rows that a caller of this standing reaches, by the account 1.
pub fn scope_of(standing: Standing) -> Scope {
    Actor { account: AccountId(id(1)), name: String::new(), standing }.scope()
}

/// Two tasks, two applications, two experts, and a round over them.
pub async fn a_round(store: &Scoped) {
    store
        .write(async |tx| {
            tx.programme().insert_batch(batch()).await?;
            tx.programme().insert_tasks(vec![task(10), task(11)]).await?;
            tx.applications().insert(vec![application(1, task(10).id), application(2, task(11).id)]).await?;
            tx.experts().insert(vec![expert(1), expert(2)]).await?;
            tx.rounds().insert(&round()).await?;
            let entries = [application(1, task(10).id).id, application(2, task(11).id).id];
            tx.rounds().add_entries(round().id, &entries).await
        })
        .await
        .unwrap();
}

pub fn is_duplicate(error: &StoreError) -> bool {
    matches!(error, StoreError::Duplicate)
}

pub fn is_not_found(error: &StoreError) -> bool {
    matches!(error, StoreError::NotFound)
}
