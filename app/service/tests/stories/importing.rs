//! 导入: a dry run that names problems, then all or nothing, once.

use crate::support::{World, fingerprint, uscc};
use crate::{assert_error, assert_rule};
use domain::access::Department;
use domain::application::ApplicationState;
use domain::ids::ImportId;
use domain::import::{ImportKind, ImportState};
use domain::round::{Intake, RoundKind, Step};
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use rust_xlsxwriter::Workbook;
use service::import::{self, Assent, Whole};
use service::{Error, application, conflict, programme, round};
use store::Repositories;

const EXPERT_HEADER: [&str; 7] = ["专家编号", "姓名", "来源部门", "专家类别", "重点领域", "工作单位", "身份证号"];
const SUMMARY_HEADER: [&str; 10] = [
    "项目编号",
    "榜单任务编号",
    "项目名称",
    "牵头单位",
    "统一社会信用代码",
    "单位类型",
    "参与单位",
    "推荐单位",
    "总投资（万元）",
    "承诺书签署日期",
];

pub fn workbook(name: &str, rows: &[Vec<&str>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).unwrap();
    for (r, row) in (0..).zip(rows) {
        for (c, cell) in (0..).zip(row) {
            sheet.write_string(r, c, *cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn experts(rows: &[[&str; 7]]) -> Vec<u8> {
    let mut all = vec![EXPERT_HEADER.to_vec()];
    all.extend(rows.iter().map(|r| r.to_vec()));
    workbook("专家", &all)
}

const SOUND: [&str; 7] =
    ["ZJ-9001", "示例甲", "省科技厅", "技术", "新材料、冶金有色", "示例大学", "620102199001010011"];

fn summary_row(code: &str, task: &str) -> [String; 10] {
    let (lead, partner) = (uscc(5001).to_string(), format!("示例大学（{}）", uscc(5002)));
    let cells = [code, task, "示例项目", "示例公司", &lead, "企业", &partner, "兰州市", "6200.00", "2026-02-01"];
    cells.map(str::to_owned)
}

fn summary(rows: &[[String; 10]]) -> Vec<u8> {
    let mut all = vec![SUMMARY_HEADER.to_vec()];
    all.extend(rows.iter().map(|r| r.iter().map(String::as_str).collect()));
    workbook("汇总表", &all)
}

/// A file with one application, checked.
async fn one_application(world: &World, code: &str) -> ImportId {
    // Units that no expert has to do with.
    let row =
        summary_row(code, "RW-01").map(|cell| cell.replace("示例大学", "远山学院").replace("示例公司", "远山材料公司"));
    let content = summary(&[row]);
    import::check(&world.industry, ImportKind::Applications, Some(world.batch), "汇总表.xlsx", content).await.unwrap()
}

async fn check(world: &World, content: Vec<u8>) -> ImportId {
    import::check(&world.industry, ImportKind::Experts, None, "专家库.xlsx", content).await.unwrap()
}

#[tokio::test]
async fn sound_rows_are_shown_first_and_imported_on_confirmation() {
    let world = World::new().await;
    let id = check(&world, experts(&[SOUND])).await;
    let shown = import::dry_run(&world.industry, id, Whole::default()).await.unwrap();
    assert_eq!((shown.counts.rows(), shown.problems.len(), shown.state), (1, 0, ImportState::Checked));
    assert!(shown.sample[0].contains(&"ZJ-9001".to_owned()));
    assert_eq!(world.store().experts().count().await.unwrap(), 20, "nothing is imported yet");
    assert_eq!(import::confirm(&world.industry, id, Assent::default()).await.unwrap().rows(), 1);
    let all = world.store().experts().all().await.unwrap();
    let imported = all.iter().find(|e| e.code == "ZJ-9001").unwrap();
    assert_eq!((imported.role, imported.sectors.len()), (ExpertRole::Technical, 2));
    let numbers = world.store().personal().of(imported.id).await.unwrap();
    assert_eq!(numbers[0].masked, "620102********0011");
    assert!(!numbers[0].sealed.as_ref().unwrap().contains("620102"), "the number itself is only kept sealed");
}

#[tokio::test]
async fn a_workbook_under_another_extension_is_refused() {
    let world = World::new().await;
    for name in ["专家库.exe", "专家库.xlsx.zip", "专家库"] {
        let content = experts(&[SOUND]);
        let refused = import::check(&world.industry, ImportKind::Experts, None, name, content).await;
        assert_rule!(refused, Input, ".xlsx");
    }
    import::check(&world.industry, ImportKind::Experts, None, "专家库.XLSX", experts(&[SOUND])).await.unwrap();
}

#[tokio::test]
async fn a_file_is_imported_once() {
    let world = World::new().await;
    let content = experts(&[SOUND]);
    let id = check(&world, content.clone()).await;
    import::confirm(&world.industry, id, Assent::default()).await.unwrap();
    let before = fingerprint(&world).await;
    assert_rule!(import::confirm(&world.industry, id, Assent::default()).await, Moment, "已经导入");
    assert_eq!(fingerprint(&world).await, before);
    assert_eq!(import::dry_run(&world.industry, id, Whole::default()).await.unwrap().state, ImportState::Done);
    let again = check(&world, content).await;
    let shown = import::dry_run(&world.industry, again, Whole::default()).await.unwrap();
    assert_eq!((shown.counts.rows(), shown.counts.same, shown.problems.len()), (0, 1, 0));
    assert_rule!(import::confirm(&world.industry, again, Assent::default()).await, Input, "完全一致");
}

#[tokio::test]
async fn what_is_left_out_is_imported_without_only_by_whoever_has_seen_it() {
    let world = World::new().await;
    let mut rows = vec![EXPERT_HEADER.to_vec(), SOUND.to_vec()];
    rows.push(vec!["注：以上专家均已核实"]);
    let id = check(&world, workbook("专家", &rows)).await;
    let shown = import::dry_run(&world.industry, id, Whole::default()).await.unwrap();
    assert_eq!((shown.problems.len(), shown.seen[0].aside.len()), (0, 1));
    let before = fingerprint(&world).await;
    for seen in [None, Some(""), Some("0000")] {
        assert_rule!(
            import::confirm(&world.industry, id, Assent { seen, ..Assent::default() }).await,
            Input,
            "没有读取的内容"
        );
    }
    assert_eq!(fingerprint(&world).await, before);
    assert_eq!(
        import::confirm(&world.industry, id, Assent { seen: shown.to_see.as_deref(), ..Assent::default() })
            .await
            .unwrap()
            .rows(),
        1
    );
    let clean =
        import::dry_run(&world.industry, check(&world, experts(&[SOUND])).await, Whole::default()).await.unwrap();
    assert_eq!(clean.to_see, None, "a file that is read whole asks for nothing");
}

#[tokio::test]
async fn a_sheet_that_is_not_read_is_confirmed_and_the_guidance_of_the_template_is_not() {
    let world = World::new().await;
    let book = |name: &str| {
        let mut workbook = Workbook::new();
        for (sheet, rows) in
            [("专家", vec![EXPERT_HEADER.to_vec(), SOUND.to_vec()]), (name, vec![vec!["张三", "顾问"]])]
        {
            let sheet = workbook.add_worksheet().set_name(sheet).unwrap();
            for (r, row) in (0..).zip(&rows) {
                for (c, cell) in (0..).zip(row) {
                    sheet.write_string(r, c, *cell).unwrap();
                }
            }
        }
        workbook.save_to_buffer().unwrap()
    };
    let other = check(&world, book("兼职情况")).await;
    assert_rule!(import::confirm(&world.industry, other, Assent::default()).await, Input, "没有读取的内容");
    let guidance = check(&world, book("填写说明")).await;
    assert_eq!(import::confirm(&world.industry, guidance, Assent::default()).await.unwrap().rows(), 1);
}

#[tokio::test]
async fn one_bad_row_keeps_the_whole_file_out_and_is_named() {
    let world = World::new().await;
    let mut bad = SOUND;
    bad[0] = "ZJ-9002";
    bad[3] = "法律";
    bad[6] = "620102199001010012";
    let id = check(&world, experts(&[SOUND, bad])).await;
    let before = fingerprint(&world).await;
    let problems = import::dry_run(&world.industry, id, Whole::default()).await.unwrap().problems;
    let named: Vec<_> = problems.iter().map(|p| (p.sheet.as_str(), p.cell.as_str(), p.column.as_str())).collect();
    assert!(named.contains(&("专家", "D3", "专家类别")), "{named:?}");
    assert!(named.contains(&("专家", "G3", "身份证号")), "{named:?}");
    assert!(problems.iter().all(|p| !p.reason.is_empty()));
    let answer = import::confirm(&world.industry, id, Assent::default()).await;
    assert_rule!(answer, Input, "没有导入任何数据");
    assert_eq!(fingerprint(&world).await, before);
}

#[tokio::test]
async fn what_is_no_workbook_or_holds_no_rows_is_refused() {
    let world = World::new().await;
    let check = |content| import::check(&world.industry, ImportKind::Experts, None, "x.xlsx", content);
    assert_rule!(check(Vec::new()).await, Input, "文件无法读取");
    assert_rule!(check(b"a,b,c\n1,2,3\n".to_vec()).await, Input, "文件无法读取");
    assert_rule!(check(vec![0; import::LARGEST_FILE + 1]).await, Input, "20 MB");
    let nobody = ImportId(world.app.ids.next());
    assert_error!(import::confirm(&world.industry, nobody, Assent::default()).await, Error::NotFound);
    let empty = check(experts(&[])).await.unwrap();
    assert_rule!(import::confirm(&world.industry, empty, Assent::default()).await, Input, "没有可导入的数据行");
}

#[tokio::test]
async fn applications_come_with_their_consortium_and_need_a_known_task() {
    let world = World::new().await;
    let (row, file) = (summary_row, summary);
    let check =
        |content, batch| import::check(&world.industry, ImportKind::Applications, batch, "汇总表.xlsx", content);
    assert_error!(check(file(&[]), None).await, Error::NotFound);

    let bad = file(&[row("SL-101", "RW-01"), row("SL-001", "RW-02"), row("SL-102", "RW-99")]);
    let id = check(bad, Some(world.batch)).await.unwrap();
    let problems = import::dry_run(&world.industry, id, Whole::default()).await.unwrap().problems;
    let reasons: Vec<_> = problems.iter().map(|p| p.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["本批次这个编号是“示例项目1”（示例单位102），与本行不是同一项目；新项目请另编编号", "本批次没有此榜单任务"]
    );

    let id = check(file(&[row("SL-101", "RW-01")]), Some(world.batch)).await.unwrap();
    assert_eq!(import::confirm(&world.industry, id, Assent::default()).await.unwrap().rows(), 1);
    let all = world.store().applications().of_batch(world.batch).await.unwrap();
    let imported = all.iter().find(|a| a.code == "SL-101").unwrap();
    assert_eq!((imported.task, imported.members.len()), (world.tasks[0].id, 2));
    assert_eq!(imported.lead().unwrap().uscc, uscc(5001));
}

#[tokio::test]
async fn an_application_that_comes_late_goes_through_every_step_it_missed() {
    for step in [Step::Formality, Step::Recusal, Step::Grouping] {
        let world = World::at(step).await;
        let id = one_application(&world, "SL-900").await;
        let shown = import::dry_run(&world.industry, id, Whole::default()).await.unwrap();
        assert_eq!(shown.round.map(|round| (round.id, round.intake())), Some((world.round, Intake::Late)));
        let before = fingerprint(&world).await;
        assert_rule!(import::confirm(&world.industry, id, Assent::default()).await, Input, "补录申报须写明理由");
        assert_eq!(fingerprint(&world).await, before);
        let assent = Assent { late: "推荐单位漏报，三厅会商同意", ..Assent::default() };
        assert_eq!(import::confirm(&world.industry, id, assent).await.unwrap().rows(), 1);
        assert!(world.audit_actions().await.contains(&"admitted_late".to_owned()));

        let late = world.store().applications().of_batch(world.batch).await.unwrap();
        let late = late.into_iter().find(|a| a.code == "SL-900").unwrap().id;
        assert!(world.store().rounds().entries(world.round).await.unwrap().contains_key(&late));
        world.do_the_work_of(step).await;
        if step > Step::Formality {
            let blocked = round::advance(&world.organizer, world.round, step).await;
            assert_rule!(blocked, Moment, "1 项申报尚未形式审查");
            let decided = world.applications[0].id;
            let changed =
                application::decide(&world.industry, world.round, decided, ApplicationState::Rejected, "x").await;
            assert_rule!(changed, Moment, "形式审查");
        }
        let passed = application::decide(&world.industry, world.round, late, ApplicationState::Eligible, "").await;
        passed.unwrap();
        world.do_the_work_of(step).await;
        conflict_compared(&world, step).await;
        world.reach(Step::SignIn).await;
        assert!(world.panel_of(late).await.len() >= 3, "it is reviewed like the others");
        assert_eq!(service::invariant::check(&world.app.store, &world.app.imprint_key).await.unwrap().broken, []);
    }
}

async fn conflict_compared(world: &World, step: Step) {
    if step >= Step::Recusal {
        conflict::detect(&world.industry, world.round).await.unwrap();
    }
}

#[tokio::test]
async fn once_experts_are_drawn_only_a_new_round_takes_applications() {
    let world = World::at(Step::SignIn).await;
    let id = one_application(&world, "SL-900").await;
    let problems = import::dry_run(&world.industry, id, Whole::default()).await.unwrap().problems;
    assert!(problems[0].reason.contains("另立一轮"), "{}", problems[0].reason);
    assert_rule!(
        import::confirm(&world.industry, id, Assent { late: "x", ..Assent::default() }).await,
        Input,
        "另立一轮"
    );
    let kind = RoundKind::Selection;
    let day = crate::support::day(2026, 6, 1);
    let second = round::create(&world.industry, world.batch, kind, "补充遴选", day, None).await.unwrap();
    assert!(world.store().rounds().entries(second).await.unwrap().is_empty(), "the first round keeps what it has");
    assert_eq!(import::confirm(&world.industry, id, Assent::default()).await.unwrap().rows(), 1);
    assert_eq!(world.store().rounds().entries(second).await.unwrap().len(), 1);
    assert_eq!(world.store().rounds().entries(world.round).await.unwrap().len(), 6);
}

#[tokio::test]
async fn a_list_without_codes_is_numbered_and_takes_what_is_said_for_the_whole_file() {
    let world = World::new().await;
    let rows = [
        vec!["姓名", "工作单位", "职称", "从事专业"],
        vec!["示例甲", "远山大学", "教授", "材料"],
        vec!["示例乙", "远山公司", "高工", "机械"],
    ];
    let id = check(&world, workbook("专家", &rows)).await;
    let plain = import::dry_run(&world.industry, id, Whole::default()).await.unwrap();
    assert_eq!(
        (&plain.seen[0].missing[..], plain.problems.len()),
        (&["来源部门", "专家类别", "重点领域"].map(str::to_owned)[..], 3)
    );
    let whole = Whole {
        source: Some(Department::Science),
        role: Some(ExpertRole::Finance),
        sector: Some(Sector::Materials),
        recommender: None,
    };
    let shown = import::dry_run(&world.industry, id, whole).await.unwrap();
    assert_eq!((shown.counts.rows(), shown.problems.len()), (2, 0));
    assert_eq!(import::confirm(&world.industry, id, Assent { whole, ..Assent::default() }).await.unwrap().rows(), 2);
    let all = world.store().experts().all().await.unwrap();
    let new: Vec<_> = all.iter().filter(|expert| expert.employer.starts_with("远山")).collect();
    assert_eq!(new.len(), 2);
    assert!(new.iter().all(|expert| expert.source == Department::Science && expert.role == ExpertRole::Finance));
    let codes: std::collections::BTreeSet<_> = all.iter().map(|expert| expert.code.to_uppercase()).collect();
    assert_eq!(codes.len(), all.len(), "every code is new");
}

#[tokio::test]
async fn who_may_be_in_the_pool_already_is_shown_and_confirmed() {
    let world = World::new().await;
    let old = &world.experts[0];
    let again = ["ZJ-9001", &old.name, "省科技厅", "技术", "新材料", &old.employer, ""];
    let id = check(&world, experts(&[again])).await;
    let shown = import::dry_run(&world.industry, id, Whole::default()).await.unwrap();
    assert_eq!(shown.problems, []);
    let alike = format!("专家库中的{}姓名和单位相同", old.code);
    assert!(shown.notes.iter().any(|note| note.reason.contains(&alike)), "{:?}", shown.notes);
    assert_rule!(import::confirm(&world.industry, id, Assent::default()).await, Input, "没有读取的内容");
    let lower = old.code.to_lowercase();
    let cased = [lower.as_str(), "另一人", "省科技厅", "技术", "新材料", "远山大学", ""];
    let problems = import::dry_run(&world.industry, check(&world, experts(&[cased])).await, Whole::default())
        .await
        .unwrap()
        .problems;
    assert!(problems[0].reason.contains("不是同一人"), "{}", problems[0].reason);
}

#[tokio::test]
async fn tasks_are_listed_at_once_and_never_changed_by_a_list() {
    let world = World::new().await;
    let list = |rows: &[[&str; 6]]| {
        let header = vec!["任务名称", "任务类别", "重点领域", "攻关内容", "完成时限", "考核指标"];
        workbook("榜单任务", &std::iter::once(header).chain(rows.iter().map(|row| row.to_vec())).collect::<Vec<_>>())
    };
    let check = async |content: Vec<u8>| {
        let kind = ImportKind::Tasks;
        let id = import::check(&world.industry, kind, Some(world.batch), "榜单.xlsx", content).await.unwrap();
        import::dry_run(&world.industry, id, Whole::default()).await.unwrap()
    };
    let indicators = "技术|强度|≥|450|MPa|核心\n成果|完成中试|定性|";
    let new = ["远山任务", "核心基础", "新材料", "内容", "2027-06-30", indicators];
    let shown = check(list(&[new])).await;
    assert_eq!((&shown.problems[..], shown.counts.new), (&[][..], 1));
    import::confirm(&world.industry, shown.id, Assent::default()).await.unwrap();
    let tasks = world.store().programme().tasks(world.batch).await.unwrap();
    let task = tasks.iter().find(|task| task.title == "远山任务").unwrap();
    assert_eq!((task.code.as_str(), task.indicators.len()), ("RW04", 2));
    assert!(world.audit_actions().await.contains(&"tasks_created".to_owned()));

    assert_eq!(check(list(&[new])).await.counts.same, 1);
    let changed = ["远山任务", "核心基础", "新材料", "别的内容", "2027-06-30", indicators];
    assert!(check(list(&[changed])).await.problems[0].reason.contains("不能以导入更改"));
    let denied = import::check(&world.organizer, ImportKind::Tasks, Some(world.batch), "榜单.xlsx", list(&[new])).await;
    assert_error!(denied, Error::Denied(_));
}

#[tokio::test]
async fn applications_that_wait_for_a_round_are_listed_until_there_is_one() {
    let world = World::new().await;
    let batch = programme::create_batch(&world.industry, 2027, 1, "2027年第1批", "文件").await.unwrap();
    let task = domain::application::Task {
        id: domain::ids::TaskId(world.app.ids.next()),
        batch,
        code: "RW-01".to_owned(),
        ..world.tasks[0].clone()
    };
    programme::add_tasks(&world.industry, batch, vec![domain::application::Task { indicators: Vec::new(), ..task }])
        .await
        .unwrap();
    let content = summary(&[summary_row("SL-001", "RW-01")]);
    let id =
        import::check(&world.industry, ImportKind::Applications, Some(batch), "汇总表.xlsx", content).await.unwrap();
    import::confirm(&world.industry, id, Assent::default()).await.unwrap();
    let waiting = programme::outside_rounds(&world.supervisor, batch).await.unwrap();
    assert_eq!(waiting.iter().map(|own| own.code.as_str()).collect::<Vec<_>>(), ["SL-001"]);
    assert!(programme::outside_rounds(&world.supervisor, world.batch).await.unwrap().is_empty());
    let day = crate::support::day(2027, 6, 1);
    round::create(&world.industry, batch, RoundKind::Selection, "遴选", day, None).await.unwrap();
    assert!(programme::outside_rounds(&world.supervisor, batch).await.unwrap().is_empty());
}
