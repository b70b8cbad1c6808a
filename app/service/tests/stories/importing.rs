//! 导入: a dry run that names problems, then all or nothing, once.

use crate::support::{World, fingerprint, uscc};
use crate::{assert_error, assert_rule};
use domain::ids::ImportId;
use domain::import::{ImportKind, ImportState};
use domain::rubric::ExpertRole;
use rust_xlsxwriter::Workbook;
use service::{Error, import};
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

fn workbook(name: &str, rows: &[Vec<&str>]) -> Vec<u8> {
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

async fn check(world: &World, content: Vec<u8>) -> ImportId {
    import::check(&world.industry, ImportKind::Experts, None, "专家库.xlsx", content).await.unwrap()
}

#[tokio::test]
async fn sound_rows_are_shown_first_and_imported_on_confirmation() {
    let world = World::new().await;
    let id = check(&world, experts(&[SOUND])).await;
    let shown = import::dry_run(&world.industry, id).await.unwrap();
    assert_eq!((shown.rows, shown.problems.len(), shown.state), (1, 0, ImportState::Checked));
    assert!(shown.sample[0].contains(&"ZJ-9001".to_owned()));
    assert_eq!(world.store().experts().count().await.unwrap(), 20, "nothing is imported yet");
    assert_eq!(import::confirm(&world.industry, id, None).await.unwrap(), 1);
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
    import::confirm(&world.industry, id, None).await.unwrap();
    let before = fingerprint(&world).await;
    assert_rule!(import::confirm(&world.industry, id, None).await, Moment, "已经导入");
    assert_eq!(fingerprint(&world).await, before);
    assert_eq!(import::dry_run(&world.industry, id).await.unwrap().state, ImportState::Done);
    let again = check(&world, content).await;
    let problems = import::dry_run(&world.industry, again).await.unwrap().problems;
    let reasons: Vec<_> = problems.iter().map(|p| p.reason.as_str()).collect();
    assert!(reasons.contains(&"专家库中已有此编号"), "{reasons:?}");
    assert!(reasons.iter().any(|r| r.contains("ZJ-9001为同一人")), "{reasons:?}");
    assert_rule!(import::confirm(&world.industry, again, None).await, Input);
}

#[tokio::test]
async fn what_is_left_out_is_imported_without_only_by_whoever_has_seen_it() {
    let world = World::new().await;
    let mut rows = vec![EXPERT_HEADER.to_vec(), SOUND.to_vec()];
    rows.push(vec!["注：以上专家均已核实"]);
    let id = check(&world, workbook("专家", &rows)).await;
    let shown = import::dry_run(&world.industry, id).await.unwrap();
    assert_eq!((shown.problems.len(), shown.seen[0].aside.len()), (0, 1));
    let before = fingerprint(&world).await;
    for seen in [None, Some(""), Some("0000")] {
        assert_rule!(import::confirm(&world.industry, id, seen).await, Input, "没有读取的内容");
    }
    assert_eq!(fingerprint(&world).await, before);
    assert_eq!(import::confirm(&world.industry, id, shown.left_out.as_deref()).await.unwrap(), 1);
    let clean = import::dry_run(&world.industry, check(&world, experts(&[SOUND])).await).await.unwrap();
    assert_eq!(clean.left_out, None, "a file that is read whole asks for nothing");
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
    assert_rule!(import::confirm(&world.industry, other, None).await, Input, "没有读取的内容");
    let guidance = check(&world, book("填写说明")).await;
    assert_eq!(import::confirm(&world.industry, guidance, None).await.unwrap(), 1);
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
    let problems = import::dry_run(&world.industry, id).await.unwrap().problems;
    let named: Vec<_> = problems.iter().map(|p| (p.sheet.as_str(), p.cell.as_str(), p.column.as_str())).collect();
    assert!(named.contains(&("专家", "D3", "专家类别")), "{named:?}");
    assert!(named.contains(&("专家", "G3", "身份证号")), "{named:?}");
    assert!(problems.iter().all(|p| !p.reason.is_empty()));
    let answer = import::confirm(&world.industry, id, None).await;
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
    assert_error!(import::confirm(&world.industry, nobody, None).await, Error::NotFound);
    let empty = check(experts(&[])).await.unwrap();
    assert_rule!(import::confirm(&world.industry, empty, None).await, Input, "没有可导入的数据行");
}

#[tokio::test]
async fn applications_come_with_their_consortium_and_need_a_known_task() {
    let world = World::new().await;
    let (lead, partner) = (uscc(5001).to_string(), format!("示例大学（{}）", uscc(5002)));
    let row = |code: &'static str, task: &'static str| {
        let cells = [code, task, "示例项目", "示例公司", &lead, "企业", &partner, "兰州市", "6200.00", "2026-02-01"];
        cells.map(str::to_owned)
    };
    let file = |rows: &[[String; 10]]| {
        let mut all = vec![SUMMARY_HEADER.to_vec()];
        all.extend(rows.iter().map(|r| r.iter().map(String::as_str).collect()));
        workbook("汇总表", &all)
    };
    let check =
        |content, batch| import::check(&world.industry, ImportKind::Applications, batch, "汇总表.xlsx", content);
    assert_error!(check(file(&[]), None).await, Error::NotFound);

    let bad = file(&[row("SL-101", "RW-01"), row("SL-001", "RW-02"), row("SL-102", "RW-99")]);
    let id = check(bad, Some(world.batch)).await.unwrap();
    let problems = import::dry_run(&world.industry, id).await.unwrap().problems;
    let reasons: Vec<_> = problems.iter().map(|p| p.reason.as_str()).collect();
    assert_eq!(reasons, ["本批次已有此项目编号", "本批次没有此榜单任务"]);

    let id = check(file(&[row("SL-101", "RW-01")]), Some(world.batch)).await.unwrap();
    assert_eq!(import::confirm(&world.industry, id, None).await.unwrap(), 1);
    let all = world.store().applications().of_batch(world.batch).await.unwrap();
    let imported = all.iter().find(|a| a.code == "SL-101").unwrap();
    assert_eq!((imported.task, imported.members.len()), (world.tasks[0].id, 2));
    assert_eq!(imported.lead().unwrap().uscc, uscc(5001));
}
