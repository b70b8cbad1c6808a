//! 更新: a list of what is filed already changes what it says otherwise, after every changed cell was seen.

use crate::assert_rule;
use crate::importing::workbook;
use crate::support::{World, fingerprint, uscc};
use domain::application::ApplicationState;
use domain::expert::{PoolState, TieKind};
use domain::import::ImportKind;
use domain::people::Number;
use domain::round::Step;
use service::import::{self, Assent, Counts, DryRun, Whole};
use service::{application, expert, export};
use store::Repositories;

async fn check(world: &World, kind: ImportKind, content: Vec<u8>) -> DryRun {
    let batch = (kind == ImportKind::Applications).then_some(world.batch);
    let id = import::check(&world.industry, kind, batch, "名单.xlsx", content).await.unwrap();
    import::dry_run(&world.industry, id, Whole::default()).await.unwrap()
}

async fn confirm(world: &World, run: &DryRun) -> service::Result<Counts> {
    import::confirm(&world.industry, run.id, Assent { seen: run.to_see.as_deref(), ..Assent::default() }).await
}

fn told(run: &DryRun) -> Vec<[&str; 4]> {
    run.changes
        .iter()
        .map(|c| [c.code.as_str(), c.change.column.as_str(), c.change.from.as_str(), c.change.to.as_str()])
        .collect()
}

#[tokio::test]
async fn what_the_program_hands_out_it_takes_back_without_a_change() {
    let mut world = World::new().await;
    world
        .add_expert(3, |e| {
            e.employer_uscc = None;
            e.standing = PoolState::Suspended;
        })
        .await;
    let pool = export::experts(&world.industry, &expert::Filter::default()).await.unwrap();
    let list = export::applications(&world.industry, world.round).await.unwrap();
    for (kind, content, count) in [(ImportKind::Experts, pool.content, 21), (ImportKind::Applications, list.content, 6)]
    {
        let run = check(&world, kind, content).await;
        assert_eq!((&run.problems[..], told(&run)), (&[][..], vec![]));
        assert_eq!(run.counts, Counts { same: count, ..Counts::default() });
        assert_rule!(confirm(&world, &run).await, Input, "完全一致");
    }
}

#[tokio::test]
async fn every_changed_cell_of_an_expert_is_seen_confirmed_and_recorded() {
    let world = World::new().await;
    let (code, name) = (world.experts[0].code.to_lowercase(), world.experts[0].name.clone());
    let old = world.experts[0].employer.clone();
    let rows = [
        vec!["专家编号", "姓名", "来源部门", "专家类别", "重点领域", "工作单位", "职称", "手机号", "在库状态"],
        vec![&code, &name, "省科技厅", "技术", "新材料", "远山公司", "研究员", "13800001234", "暂停"],
        vec!["ZJ-9001", "示例甲", "省科技厅", "技术", "新材料", "远山学院", "", "", ""],
    ];
    let run = check(&world, ImportKind::Experts, workbook("专家", &rows)).await;
    assert_eq!(run.problems, []);
    assert_eq!(run.counts, Counts { new: 1, updated: 1, same: 0 });
    let shown = told(&run);
    for own in [["职称", "研究员"], ["工作单位", "远山公司"], ["手机号", "138****1234"], ["在库状态", "暂停"]]
    {
        assert!(shown.iter().any(|cell| [cell[1], cell[3]] == own && cell[0] == "ZJ-0001"), "{shown:?}");
    }
    let code_of_the_old = world.experts[0].employer_uscc.as_ref().unwrap().to_string();
    assert!(shown.contains(&["ZJ-0001", "统一社会信用代码", &code_of_the_old, ""]), "it says nothing of another unit");
    let before = fingerprint(&world).await;
    assert_rule!(import::confirm(&world.industry, run.id, Assent::default()).await, Input, "将更改的内容");
    assert_eq!(fingerprint(&world).await, before);

    assert_eq!(confirm(&world, &run).await.unwrap().rows(), 2);
    let store = world.store();
    let now = store.experts().get(world.experts[0].id).await.unwrap();
    assert_eq!((now.employer.as_str(), now.title.as_str(), now.standing), ("远山公司", "研究员", PoolState::Suspended));
    assert_eq!(now.specialities, world.experts[0].specialities, "of which the file has no column");
    let former = now.ties.iter().find(|tie| tie.unit == old).unwrap();
    assert_eq!((former.kind, former.until.is_some()), (TieKind::Employment, true), "who left a unit recuses still");
    let phone = store.personal().of(now.id).await.unwrap();
    assert_eq!((phone[0].kind, phone[0].masked.as_str()), (Number::Phone, "138****1234"));
    let events = world.audit_actions().await;
    assert_eq!(events.iter().filter(|action| *action == "entry_updated").count(), 1);

    let again = check(&world, ImportKind::Experts, workbook("专家", &rows)).await;
    assert_eq!(again.counts, Counts { same: 2, ..Counts::default() }, "{:?}", again.changes);
}

#[tokio::test]
async fn what_changed_meanwhile_is_shown_anew() {
    let world = World::new().await;
    let own = &world.experts[0];
    let list = |title: &str| {
        let header = vec!["专家编号", "姓名", "来源部门", "专家类别", "重点领域", "工作单位", "职称"];
        workbook("专家", &[header, vec![&own.code, &own.name, "工信厅", "技术", "新材料", &own.employer, title]])
    };
    let (first, second) = (
        check(&world, ImportKind::Experts, list("研究员")).await,
        check(&world, ImportKind::Experts, list("教授")).await,
    );
    confirm(&world, &first).await.unwrap();
    assert_rule!(confirm(&world, &second).await, Input, "重新查看");
    let anew = import::dry_run(&world.industry, second.id, Whole::default()).await.unwrap();
    assert!(told(&anew).contains(&[own.code.as_str(), "职称", "研究员", "教授"]));
    confirm(&world, &anew).await.unwrap();
}

#[tokio::test]
async fn a_code_or_an_id_number_of_somebody_else_is_no_update() {
    let mut world = World::new().await;
    let gone = world.add_expert(2, |e| e.standing = PoolState::Removed).await;
    let code_of_the_gone = world.experts.iter().find(|expert| expert.id == gone).unwrap().code.clone();
    let header = vec!["专家编号", "姓名", "来源部门", "专家类别", "重点领域", "工作单位", "身份证号", "在库状态"];
    let id = "620102199001010011";
    let with_id = ["ZJ-9001", "示例甲", "省科技厅", "技术", "新材料", "远山学院", id, ""];
    let run = check(&world, ImportKind::Experts, workbook("专家", &[header.clone(), with_id.to_vec()])).await;
    confirm(&world, &run).await.unwrap();

    let own = &world.experts[0];
    let other_person = [own.code.as_str(), "另一人", "省科技厅", "技术", "新材料", "远山大学", "", ""];
    let others_id = [own.code.as_str(), &own.name, "省科技厅", "技术", "新材料", &own.employer, id, ""];
    let new_code = ["ZJ-9002", "示例甲", "省科技厅", "技术", "新材料", "远山学院", id, ""];
    for (row, words) in [(other_person, "不是同一人"), (others_id, "ZJ-9001"), (new_code, "请改用这个编号")]
    {
        let run = check(&world, ImportKind::Experts, workbook("专家", &[header.clone(), row.to_vec()])).await;
        assert!(run.problems.len() == 1 && run.problems[0].reason.contains(words), "{:?}", run.problems);
    }
    let back = [code_of_the_gone.as_str(), "示例甲", "省科技厅", "技术", "新材料", "远山学院", "", "在库"];
    let run = check(&world, ImportKind::Experts, workbook("专家", &[header, back.to_vec()])).await;
    assert!(run.changes.is_empty() && run.notes.iter().any(|note| note.reason.contains("已退库")), "{:?}", run.notes);
    assert_rule!(confirm(&world, &run).await, Input);
}

#[tokio::test]
async fn who_sits_in_a_panel_is_not_taken_from_the_pool_by_a_list() {
    let world = World::at(Step::SignIn).await;
    let seats = world.store().panels().seats(world.round).await.unwrap();
    let seated = world.experts.iter().find(|expert| expert.id == seats[0].expert).unwrap();
    let row = |standing| {
        let header = vec!["专家编号", "姓名", "来源部门", "专家类别", "重点领域", "工作单位", "在库状态"];
        let (sector, role) = (seated.sectors[0].label(), seated.role.label());
        let source = seated.source.label();
        workbook("专家", &[header, vec![&seated.code, &seated.name, source, role, sector, &seated.employer, standing]])
    };
    let run = check(&world, ImportKind::Experts, row("退库")).await;
    assert!(run.problems[0].reason.contains("不能退库"), "{:?}", run.problems);
    let run = check(&world, ImportKind::Experts, row("在库")).await;
    assert_eq!(run.problems, []);
}

#[tokio::test]
async fn an_application_is_changed_until_its_formal_check_is_decided() {
    let world = World::at(Step::Formality).await;
    let own = &world.applications[0];
    let lead = own.lead().unwrap();
    let list = |title: &str, code: &str| {
        let header = vec![
            "项目编号",
            "榜单任务编号",
            "项目名称",
            "牵头单位",
            "统一社会信用代码",
            "单位类型",
            "推荐单位",
            "总投资",
        ];
        let lead_code = lead.uscc.to_string();
        workbook("汇总表", &[header, vec![code, "RW-01", title, &lead.name, &lead_code, "企业", "兰州市", "7000"]])
    };
    let run = check(&world, ImportKind::Applications, list("示例项目一", &own.code)).await;
    assert_eq!((&run.problems[..], run.counts), (&[][..], Counts { updated: 1, ..Counts::default() }));
    assert_eq!(
        told(&run),
        [
            [own.code.as_str(), "项目名称", &own.title, "示例项目一"],
            [&own.code, "总投资（万元）", "6,200.00", "7,000.00"]
        ]
    );
    confirm(&world, &run).await.unwrap();
    let now = world.store().applications().get(own.id).await.unwrap();
    assert_eq!((now.title.as_str(), now.members.len(), now.people.len(), now.sections.len()), ("示例项目一", 2, 1, 1));

    application::decide(&world.industry, world.round, own.id, ApplicationState::Eligible, "").await.unwrap();
    let run = check(&world, ImportKind::Applications, list("示例项目二", &own.code)).await;
    assert!(run.problems[0].reason.contains("以审查时为准"), "{:?}", run.problems);
    let run = check(&world, ImportKind::Applications, list("示例项目一", &own.code)).await;
    assert_eq!((run.problems.len(), run.counts.same), (0, 1), "what is as it was may be there");
}

#[tokio::test]
async fn applications_without_codes_are_numbered_once() {
    let world = World::new().await;
    let (first, second) = (uscc(5001).to_string(), uscc(5002).to_string());
    let list = |money: &str| {
        let header = vec!["揭榜任务", "项目名称", "牵头单位", "统一社会信用代码", "单位类型", "推荐单位", "总投资"];
        let row = |title, lead, code, money| vec!["RW-01", title, lead, code, "企业", "兰州市", money];
        workbook(
            "汇总表",
            &[
                header,
                row("远山项目", "远山公司", first.as_str(), "6200"),
                row("远山项目", "近水公司", second.as_str(), money),
            ],
        )
    };
    let run = check(&world, ImportKind::Applications, list("800")).await;
    assert_eq!((&run.problems[..], run.counts.new), (&[][..], 2));
    confirm(&world, &run).await.unwrap();
    let all = world.store().applications().of_batch(world.batch).await.unwrap();
    let codes: Vec<_> = all.iter().filter(|own| own.title == "远山项目").map(|own| own.code.as_str()).collect();
    assert_eq!(codes, ["SB001", "SB002"]);
    let again = check(&world, ImportKind::Applications, list("900")).await;
    assert_eq!(again.counts, Counts { updated: 1, same: 1, new: 0 });
    assert_eq!(told(&again), [["SB002", "总投资（万元）", "800.00", "900.00"]]);
}
