//! The whole story on the demonstration data, in Chromium: a coordinator imports and assigns, experts score (one of them
//! without JavaScript), three departments sign, the organizer exports, and the exported ranking equals what this file
//! computes by itself.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod reckoning;

use calamine::{Data, DataType, Reader, Xlsx};
use demo::PASSWORD;
use domain::access::{Actor, Errand, Standing};
use domain::application::{Application, Form, MemberRole, UnitKind};
use domain::ids::{AccountId, ExpertId, RoundId};
use domain::objective::{Objective, Objectives};
use domain::points::Points;
use domain::sheet::{Typed, Vote};
use reckoning::{OBJECTIVE, OWN, points, total};
use service::account::Token;
use service::{Client, Context, account, conflict, finding, scoring};
use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;
use store::{Repositories, Store};
use tests::World;
use tests::browser::{Driver, Scripts, Window, free_port, wait_for};

const METHOD: &str = "coefficient";
const QUOTA: &str = "3";

struct Stage {
    world: World,
    base: String,
    folder: tempfile::TempDir,
}

async fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("story.db").display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    demo::build(store.clone(), vec![7; 32], service::crypto::Keyring::throw_away(), 1, |_| {}).await.unwrap();
    let world = World::over(store);
    let port = free_port();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(axum::serve(listener, world.router.clone()).into_future());
    wait_for(port).await;
    for (name, content) in demo::sample_files() {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    Stage { world, base: format!("http://127.0.0.1:{port}"), folder }
}

impl Stage {
    async fn staff(&self, login: &str) -> Context {
        let (token, _) =
            account::sign_in(&self.world.app, &Client::default(), login, PASSWORD.to_owned()).await.unwrap();
        account::resume(&self.world.app, &Client::default(), &token).await.unwrap()
    }

    /// An expert at the services' door; experts at the browser's door sign in.
    fn expert(&self, id: ExpertId) -> Context {
        let actor = Actor { account: AccountId(id.0), name: "专家".to_owned(), standing: Standing::Expert(id) };
        Context::new(self.world.app.clone(), actor, Client::default())
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    async fn advance(&self, window: &Window, round: RoundId, step: &str) {
        window.open(&format!("{}/rounds/{round}", self.base)).await;
        window.press(&format!("进入“{step}”")).await;
        window.wait_for_words(&format!("已进入“{step}”")).await;
    }

    async fn do_at(&self, window: &Window, address: &str, button: &str, then: &str) {
        window.open(&format!("{}{address}", self.base)).await;
        window.press(button).await;
        window.wait_for_words(then).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_from_import_to_export() {
    let stage = stage().await;
    let driver = Driver::start().await;
    let coordinator = driver.window(Scripts::On).await;
    coordinator.sign_in(&stage.base, "gxt", PASSWORD).await;
    coordinator.wait_for_words("等我处理").await;

    let gxt = stage.staff("gxt").await;
    let waiting = service::round::all(&gxt).await.unwrap();
    let round = waiting.iter().find(|r| r.step == domain::round::Step::Preparation).unwrap();
    let (id, batch) = (round.id, round.batch);

    import(&stage, &coordinator, &batch.to_string()).await;
    convene(&stage, &coordinator, &gxt, id).await;
    freeze(&stage, &coordinator, id).await;
    stage.advance(&coordinator, id, "独立评分").await;

    let plan = score(&stage, &driver, &gxt, id).await;

    for step in ["核对", "合议", "校准"] {
        stage.advance(&coordinator, id, step).await;
    }
    stage.do_at(&coordinator, &format!("/rounds/{id}/calibration"), "计算校准", "方法对照").await;
    stage.advance(&coordinator, id, "排序").await;
    stage.do_at(&coordinator, &format!("/rounds/{id}/ranking"), "计算排序", "入围").await;
    stage.advance(&coordinator, id, "会签").await;
    for login in ["gxt", "jyt", "kjt"] {
        sign(&stage, &coordinator, login, &format!("/rounds/{id}/ranking")).await;
    }
    coordinator.close().await;

    let exported = export(&stage, &driver, id).await;
    assert_eq!(exported, plan.ranking(), "the exported ranking is not what the sheets give");
}

/// Uploads the sample 汇总表, looks at the dry run, imports it.
async fn import(stage: &Stage, window: &Window, batch: &str) {
    window.open(&format!("{}/imports/new/applications?batch={batch}", stage.base)).await;
    let field = window.client.find(fantoccini::Locator::Css("input[type=file]")).await.unwrap();
    field.send_keys(&stage.file("示例-汇总表.xlsx")).await.unwrap();
    window.press("上传并核对").await;
    window.wait_for_words("没有读取的内容").await;
    window.click("input[name=seen]").await;
    window.press("导入 8 行").await;
    window.wait_for_words("已导入 8 条").await;
}

/// Formal check, recusal, panels, assignment, sign-in.
async fn convene(stage: &Stage, window: &Window, gxt: &Context, id: RoundId) {
    stage.advance(window, id, "形式审查").await;
    stage.do_at(window, &format!("/rounds/{id}/applications"), "通过没有问题的申报", "已通过形式审查").await;
    stage.advance(window, id, "回避审查").await;
    stage.do_at(window, &format!("/rounds/{id}/conflicts"), "进行回避比对", "确定").await;
    let picture = conflict::picture(gxt, id).await.unwrap();
    for open in picture.conflicts.iter().filter(|c| c.rule.effect() == domain::conflict::Effect::Discretionary) {
        conflict::decide(gxt, id, open.id, domain::conflict::Decision::Upheld, "从严回避").await.unwrap();
    }
    stage.advance(window, id, "分组").await;
    window.open(&format!("{}/rounds/{id}/panels", stage.base)).await;
    window.fill("input[name=count]", "2").await;
    window.press("分组").await;
    window.wait_for_words("重新分组").await;
    stage.advance(window, id, "抽取").await;
    draw(stage, window, id).await;
    stage.advance(window, id, "签到承诺").await;
    for _ in 0..2 {
        window.open(&format!("{}/rounds/{id}/session", stage.base)).await;
        window.press("全部签到").await;
        window.wait_for_words("已签到").await;
    }
}

/// The pool is closed, three departments commit and reveal, and the lots fall. Each keeps the nonce that the page showed it once.
async fn draw(stage: &Stage, window: &Window, id: RoundId) {
    let page = format!("/rounds/{id}/draw");
    // Typed weights are tried out at once, without a button.
    window.open(&format!("{}{page}", stage.base)).await;
    window.wait_for_words("候选池能坐满").await;
    window.fill("#open-technical", "4").await;
    window.wait_for_words("每组专家应为5、7或9人").await;
    window.fill("#open-technical", "5").await;
    window.wait_for_words("候选池能坐满").await;
    stage.do_at(window, &page, "关闭候选池", "候选池已关闭").await;
    let mut nonces = Vec::new();
    for login in ["gxt", "jyt", "kjt"] {
        enter(stage, window, login).await;
        stage.do_at(window, &page, "生成随机数并承诺", "请立即抄存").await;
        let words = window.words().await;
        let nonce = words.split("不再显示：").nth(1).unwrap().get(..64).unwrap().to_owned();
        nonces.push((login, nonce));
    }
    for (login, nonce) in nonces {
        enter(stage, window, login).await;
        window.open(&format!("{}{page}", stage.base)).await;
        window.fill("input[name=nonce]", &nonce).await;
        window.press("公布").await;
        window.wait_for_words("已公布").await;
    }
    window.wait_for_words("抽取完成").await;
    enter(stage, window, "gxt").await;
}

async fn enter(stage: &Stage, window: &Window, login: &str) {
    window.sign_in(&stage.base, login, PASSWORD).await;
    window.wait_for_words("等我处理").await;
}

/// Sets the terms and has the three departments sign them.
async fn freeze(stage: &Stage, window: &Window, id: RoundId) {
    let terms = format!("/rounds/{id}/terms");
    window.open(&format!("{}{terms}", stage.base)).await;
    window.click(&format!("select[name=method] option[value={METHOD}]")).await;
    window.fill("input[name=quota]", QUOTA).await;
    window.fill("input[name=basis]", "评审会议纪要第一条").await;
    window.press("保存").await;
    window.wait_for_words("评审办法已保存").await;
    for login in ["gxt", "jyt", "kjt"] {
        sign(stage, window, login, &terms).await;
    }
    enter(stage, window, "gxt").await;
}

async fn sign(stage: &Stage, window: &Window, login: &str, page: &str) {
    enter(stage, window, login).await;
    window.open(&format!("{}{page}", stage.base)).await;
    window.press("名义会签").await;
    window.press("确认会签").await;
    window.wait_for_words("已会签").await;
}

/// Every expert's scores; two experts type theirs in the browser, one of them without JavaScript.
async fn score(stage: &Stage, driver: &Driver, gxt: &Context, id: RoundId) -> reckoning::Plan {
    let store = &stage.world.app.program(Errand::Demonstration);
    let (dossier, roster) = service::session::roster(gxt, id).await.unwrap();
    let mut plan = reckoning::Plan::default();
    let mut objectives = Objectives::new();
    for (a, application) in dossier.applications.iter().enumerate() {
        let panel = dossier.panel_of(application.id).unwrap();
        plan.panels.insert(application.code.clone(), panel.to_string());
        let own = objectives.entry(application.id).or_default();
        for (i, (code, full)) in OBJECTIVE.iter().enumerate().filter(|(_, (code, _))| applies(application, code)) {
            let given = points(*full, a, i, 7);
            plan.objective.entry(application.code.clone()).or_default().insert((*code).to_owned(), given);
            own.insert((*code).to_owned(), Objective { points: Points(given), evidence: "佐证材料第1页".to_owned() });
        }
    }
    finding::set_objectives(gxt, id, objectives).await.unwrap();

    let admin = stage.staff("admin").await;
    let invited = account::invite(&admin, id).await.unwrap();
    let links: HashMap<String, Token> = invited.into_iter().map(|one| (one.login, one.link)).collect();
    let mut by_browser = vec![Scripts::Off, Scripts::On];
    for (e, line) in roster.iter().enumerate() {
        let ctx = stage.expert(line.expert.id);
        let mut by_hand = by_browser.pop();
        for sheet in store.sheets().of(line.expert.id).in_round(id).await.unwrap() {
            let application = dossier.application(sheet.application).unwrap();
            let a = dossier.applications.iter().position(|other| other.id == application.id).unwrap();
            let items: BTreeMap<String, i64> = OWN
                .iter()
                .enumerate()
                .filter(|(_, (code, _))| applies(application, code))
                .map(|(i, (code, full))| ((*code).to_owned(), points(*full, a, i, e)))
                .collect();
            plan.sheets.entry(application.code.clone()).or_default().push(items.clone());
            let login = line.expert.code.to_lowercase();
            if let Some(scripts) = by_hand.take() {
                let window = driver.window(scripts).await;
                if let Some(link) = links.get(&login) {
                    open_account(stage, &window, link).await;
                }
                window.sign_in(&stage.base, &login, PASSWORD).await;
                let expected = total(&items, &plan.objective[&application.code]);
                type_in(stage, &window, &sheet.id.to_string(), &items, scripts, &expected.hundredths()).await;
                window.close().await;
            } else {
                let typed = Typed {
                    points: items.iter().map(|(code, p)| (code.clone(), Points(*p).to_string())).collect(),
                    vote: Some(Vote::Recommend),
                    ..Typed::default()
                };
                let saved = scoring::save(&ctx, sheet.id, sheet.version, &typed).await.unwrap();
                scoring::submit(&ctx, sheet.id, saved.version).await.unwrap();
            }
        }
    }
    plan
}

/// Opens an expert's account by its invitation.
async fn open_account(stage: &Stage, window: &Window, link: &Token) {
    window.open(&format!("{}/invitation?key={}", stage.base, link.as_str())).await;
    for field in ["password", "again"] {
        window.fill(&format!("input[name={field}]"), PASSWORD).await;
    }
    window.click("main button[type=submit]").await;
    window.wait_for_words("账号已开通，请登录").await;
}

async fn type_in(
    stage: &Stage,
    window: &Window,
    sheet: &str,
    items: &BTreeMap<String, i64>,
    scripts: Scripts,
    expected: &str,
) {
    window.wait_for_words("评分").await;
    window.open(&format!("{}/desk/{sheet}", stage.base)).await;
    for (code, points) in items {
        window.fill(&format!("input[name={code}]"), &Points(*points).short()).await;
    }
    window.click("input[name=vote][value=recommend]").await;
    if scripts == Scripts::On {
        let shown = window.client.find(fantoccini::Locator::Css("output.total")).await.unwrap().text().await.unwrap();
        assert_eq!(shown, expected, "the total while typing");
        window.wait_for_words("已保存").await;
        // Texts that are typed last and sent at once are not lost either.
        window.fill("textarea[name=comment]", "方案可行").await;
    }
    window.click("button[name=intent][value=submit]").await;
    window.wait_for_words("已提交").await;
}

fn applies(application: &Application, code: &str) -> bool {
    let lead = application.members.iter().find(|m| m.role == MemberRole::Lead).unwrap();
    match code {
        "B4" => application.form == Form::Consortium,
        "C3" => !matches!(lead.kind, UnitKind::University | UnitKind::Institute),
        _ => true,
    }
}

/// The organizer's download: code, raw mean in 1/1000, final score in 1/100, rank.
async fn export(stage: &Stage, driver: &Driver, id: RoundId) -> Vec<reckoning::Line> {
    let window = driver.window(Scripts::On).await;
    window.sign_in(&stage.base, "zuzhi", PASSWORD).await;
    window.wait_for_words("等我处理").await;
    window.open(&format!("{}/rounds/{id}/exports", stage.base)).await;
    window.click(&format!("a[href='/download/rounds/{id}/ranking.xlsx']")).await;
    let content = window.download().await;
    window.close().await;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(content)).unwrap();
    let sheet = book.worksheet_range("综合排序表").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let head = rows.iter().position(|row| row.iter().any(|c| c.get_string() == Some("项目编号"))).unwrap();
    let column = |name: &str| rows[head].iter().position(|c| c.to_string().contains(name)).unwrap();
    let (code, raw, last, rank) = (column("项目编号"), column("原始分"), column("最终分"), column("名次"));
    #[expect(clippy::cast_possible_truncation, reason = "scores and ranks are small")]
    let scaled = |cell: &Data, by: f64| match cell {
        Data::Float(value) => (value * by).round() as i64,
        Data::Int(value) => value * by as i64,
        other => panic!("a number is stored as {other:?}"),
    };
    rows[head + 1..]
        .iter()
        .take_while(|row| !row[code].to_string().is_empty())
        .map(|row| reckoning::Line {
            code: row[code].to_string(),
            raw: scaled(&row[raw], 1000.0),
            score: scaled(&row[last], 100.0),
            rank: scaled(&row[rank], 1.0),
        })
        .collect()
}
