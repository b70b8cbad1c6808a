//! 数据检查: what the use cases write breaks no rule, and what somebody changes behind them is named.

use crate::support::{World, demand};
use domain::digest::sha256;
use domain::invariant::{Part, RunFault, SheetFault, Violation};
use domain::points::Points;
use domain::round::{Method, RoundKind, Step};
use domain::run::RunKind;
use sea_orm::ConnectionTrait;
use service::invariant::{Broken, check};
use service::{conflict, draw};
use store::{Damage, Repositories};

async fn broken(world: &World) -> Vec<Broken> {
    check(&world.app.store, &world.app.imprint_key).await.unwrap().broken
}

/// The violations of the round, none of anything else, but for what the audit alone tells.
async fn violations(world: &World) -> Vec<Violation> {
    let mut found = all_violations(world).await;
    found.retain(|violation| !matches!(violation, Violation::Altered(_)));
    found
}

async fn all_violations(world: &World) -> Vec<Violation> {
    let violation = |broken| match broken {
        Broken::Round { violation, .. } => violation,
        other => panic!("{other}"),
    };
    broken(world).await.into_iter().map(violation).collect()
}

/// As somebody with the database's own tools would.
async fn tamper(world: &World, statements: &str) {
    world.app.store.connection().execute_unprepared(statements).await.unwrap();
}

/// One of the round's sheets in the condition `rule` selects.
const fn first(rule: &str) -> FirstSheet<'_> {
    FirstSheet(rule)
}

struct FirstSheet<'a>(&'a str);

impl std::fmt::Display for FirstSheet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "id = (SELECT id FROM sheet WHERE {} ORDER BY id LIMIT 1)", self.0)
    }
}

fn of_sheets(found: &[Violation]) -> Vec<&SheetFault> {
    let mut faults = Vec::new();
    for violation in found {
        if let Violation::Sheet { fault, .. } = violation {
            faults.push(fault);
        }
    }
    faults
}

fn texts(found: &[Violation]) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn no_step_of_a_round_leaves_anything_that_breaks_a_rule() {
    for kind in [RoundKind::Selection, RoundKind::Acceptance] {
        let world = World::of_kind(kind).await;
        for step in Step::ALL.iter().copied().filter(|step| *step <= Step::Scoring) {
            world.reach(step).await;
            assert_eq!(broken(&world).await, [], "{kind} {step}");
        }
    }
    let world = World::at(Step::Scoring).await;
    for step in [Step::Checking, Step::Calibration, Step::Ranking, Step::Countersign, Step::Notice, Step::Archive] {
        world.reach(step).await;
        assert_eq!(broken(&world).await, [], "{step}");
    }
    let checked = check(&world.app.store, &world.app.imprint_key).await.unwrap();
    assert_eq!((checked.rounds, checked.sheets), (1, 30));
    assert!(checked.rows > 60);
}

#[tokio::test]
async fn work_in_between_leaves_nothing_either() {
    let world = World::at(Step::Scoring).await;
    let expert = world.panel_of(world.application(1)).await[0];
    let own = world.as_expert(expert);
    conflict::declare(&own, world.round, world.application(1), domain::conflict::Rule::Kinship, "近亲属")
        .await
        .unwrap();
    let sheet = world.sheet_of(expert, world.application(2)).await;
    world.fill_and_submit(expert, sheet.id, 80).await;
    world.void_sheet(sheet.id, "录入有误").await;
    assert_eq!(broken(&world).await, []);
}

#[tokio::test]
async fn a_score_that_was_changed_is_named_with_all_that_rests_on_it() {
    let world = World::at(Step::Notice).await;
    tamper(&world, &format!("UPDATE sheet SET entries = json_set(entries, '$.A1.points', 1) WHERE {}", first("1 = 1")))
        .await;
    let found = violations(&world).await;
    assert_eq!(of_sheets(&found), [&SheetFault::NotAsTraced]);
    // The ranking no longer rests on the sheets as they are, and the gate that demands it stays shut behind the round.
    assert!(texts(&found).contains("“会签”的关口：评分表在排序后有变动"), "{}", texts(&found));
}

#[tokio::test]
async fn content_outside_the_rubric_is_named() {
    let world = World::at(Step::Checking).await;
    let rule = first("1 = 1");
    tamper(&world, &format!("UPDATE sheet SET entries = json_set(entries, '$.B1.points', 1201) WHERE {rule}")).await;
    tamper(&world, &format!("UPDATE sheet SET entries = json_set(entries, '$.A2.points', 800) WHERE {rule}")).await;
    tamper(&world, &format!("UPDATE sheet SET vote = NULL WHERE {rule}")).await;
    let found = violations(&world).await;
    let expected = [
        &SheetFault::Criterion("A2".to_owned()),
        &SheetFault::OutOfRange { criterion: "B1".to_owned(), points: Points(1201), full: "12".to_owned() },
        &SheetFault::Incomplete(1),
        &SheetFault::NotAsTraced,
    ];
    assert_eq!(of_sheets(&found), expected);
}

#[tokio::test]
async fn sheets_that_should_not_be_there_or_are_not_there_are_named() {
    let world = World::at(Step::Scoring).await;
    let round = world.stored_round().await;
    let expert = world.panel_of(world.application(1)).await[0];
    world.recuse(expert, world.application(1)).await;
    assert_eq!(of_sheets(&violations(&world).await), [&SheetFault::Recused]);

    let world = World::at(Step::Scoring).await;
    tamper(&world, &format!("DELETE FROM sheet WHERE {}", first("1 = 1"))).await;
    assert!(matches!(violations(&world).await[..], [Violation::NoSheet { .. }]));

    let world = World::at(Step::Scoring).await;
    tamper(&world, "DROP INDEX sheet_live").await;
    tamper(
        &world,
        "INSERT INTO sheet SELECT x'00112233445566778899aabbccddeeff', round_id, expert_id, application_id, version, entries, vote, \
         comment, state, state_at, state_reason, saved_at, last_save, salt FROM sheet ORDER BY id LIMIT 1",
    )
    .await;
    assert_eq!(of_sheets(&violations(&world).await), [&SheetFault::Twice]);

    let world = World::at(Step::Scoring).await;
    tamper(&world, &format!("UPDATE sheet SET comment = '很好' WHERE {}", first("1 = 1"))).await;
    assert_eq!(of_sheets(&violations(&world).await), [&SheetFault::Untraced]);

    let world = World::at(Step::Scoring).await;
    tamper(&world, "UPDATE round SET step = 'sign_in'").await;
    let found = violations(&world).await;
    assert_eq!(of_sheets(&found).len(), 30, "{round:?}");
    assert!(of_sheets(&found).iter().all(|fault| **fault == SheetFault::Early));
}

#[tokio::test]
async fn seats_that_moved_leave_sheets_without_one() {
    let world = World::at(Step::Scoring).await;
    tamper(
        &world,
        "UPDATE seat SET panel_id = (SELECT id FROM panel WHERE id <> seat.panel_id LIMIT 1), number = 9 \
         WHERE id = (SELECT id FROM seat ORDER BY id LIMIT 1)",
    )
    .await;
    let found = violations(&world).await;
    assert!(of_sheets(&found).iter().all(|fault| **fault == SheetFault::NoSeat) && !of_sheets(&found).is_empty());
    assert!(found.iter().any(|violation| matches!(violation, Violation::NoSheet { .. })), "{}", texts(&found));
}

#[tokio::test]
async fn gates_behind_the_round_must_still_hold() {
    for (statement, said) in [
        (
            "UPDATE sheet SET state = 'draft', state_at = NULL WHERE id = (SELECT id FROM sheet LIMIT 1)",
            "1 张评分表未提交",
        ),
        (
            "UPDATE round_application SET panel_id = NULL WHERE id = (SELECT id FROM round_application LIMIT 1)",
            "1 项申报尚未分组",
        ),
        ("DELETE FROM objective_score WHERE criterion = 'A2'", "6 个项目客观分未登记齐全"),
        ("DELETE FROM countersign WHERE gate = 'shortlist' AND department = 'kjt'", "三厅会签 2/3"),
        ("DELETE FROM run WHERE kind = 'ranking'", "尚未进行排序计算"),
        ("DELETE FROM run WHERE kind = 'detection'", "尚未进行回避比对"),
    ] {
        let world = World::at(Step::Notice).await;
        tamper(&world, statement).await;
        let found = texts(&violations(&world).await);
        assert!(found.contains(said), "{statement}: {found}");
    }
}

#[tokio::test]
async fn terms_and_signatures_are_those_that_were_agreed() {
    let world = World::at(Step::Scoring).await;
    tamper(&world, "UPDATE round SET terms = replace(terms, '\"quota\":3', '\"quota\":4')").await;
    assert_eq!(violations(&world).await, [Violation::Terms]);

    let world = World::at(Step::Scoring).await;
    tamper(&world, "DELETE FROM countersign WHERE department = 'kjt'").await;
    assert_eq!(violations(&world).await, [Violation::UnsignedTerms]);

    let world = World::at(Step::Scoring).await;
    let by = "(SELECT account_id FROM countersign WHERE department = 'gxt')";
    tamper(&world, &format!("UPDATE countersign SET account_id = {by} WHERE department = 'jyt'")).await;
    let found = texts(&violations(&world).await);
    assert!(found.contains("会签：签字人已代表"), "{found}");
}

#[tokio::test]
async fn computations_are_as_they_were_made_and_as_the_sheets_give_them() {
    let world = World::at(Step::Notice).await;
    tamper(&world, "UPDATE run SET output = output || ' ' WHERE kind = 'calibration'").await;
    let found = violations(&world).await;
    assert!(matches!(found[..], [Violation::Run { kind: RunKind::Calibration, fault: RunFault::Altered, .. }]));

    // Whoever also makes the digest fit is found by the audit, and by the sheets.
    let world = World::at(Step::Notice).await;
    let run = world.store().runs().latest(world.round, RunKind::Calibration).await.unwrap();
    let mut record: serde_json::Value = serde_json::from_str(&run.output).unwrap();
    let line = record["applications"].as_array_mut().unwrap().iter_mut().find(|line| line["code"] == "SL-003");
    line.unwrap()["finals"]["raw"] = 9999.into();
    let text = record.to_string();
    let digest = sha256(text.as_bytes());
    let quoted = text.replace('\'', "''");
    tamper(&world, &format!("UPDATE run SET output = '{quoted}', digest = '{digest}' WHERE kind = 'calibration'"))
        .await;
    let found = violations(&world).await;
    assert!(found.iter().any(|v| matches!(v, Violation::Run { fault: RunFault::NotAsTraced, .. })));
    let score = found.iter().find_map(|violation| match violation {
        Violation::Score { application, method: Method::Raw, kept, .. } => Some((application.as_str(), *kept)),
        _ => None,
    });
    assert_eq!(score, Some(("SL-003", Some(Points(9999)))));
    let ranked = Violation::Ranking { application: "SL-003".to_owned(), what: Part::Score };
    assert!(found.contains(&ranked), "{}", texts(&found));

    let world = World::at(Step::Notice).await;
    tamper(&world, "UPDATE run SET id = x'00112233445566778899aabbccddeeff' WHERE kind = 'ranking'").await;
    let found = violations(&world).await;
    assert!(found.iter().any(|v| matches!(v, Violation::Run { fault: RunFault::Untraced, .. })), "{}", texts(&found));
}

#[tokio::test]
async fn a_draw_comes_out_the_same_again() {
    let world = World::at(Step::Draw).await;
    draw::open(&world.industry, world.round, &demand()).await.unwrap();
    for (n, coordinator) in world.coordinators().into_iter().enumerate() {
        let nonce = engine::draw::Nonce([u8::try_from(n).unwrap(); 32]);
        draw::commit(coordinator, world.round, &nonce.commitment().to_hex()).await.unwrap();
    }
    for (n, coordinator) in world.coordinators().into_iter().enumerate() {
        let nonce = engine::draw::Nonce([u8::try_from(n).unwrap(); 32]);
        draw::reveal(coordinator, world.round, &nonce.to_hex()).await.unwrap();
    }
    assert_eq!(broken(&world).await, []);
    tamper(
        &world,
        "UPDATE seat SET expert_id = (SELECT id FROM expert WHERE id NOT IN (SELECT expert_id FROM seat) LIMIT 1) \
         WHERE id = (SELECT id FROM seat LIMIT 1)",
    )
    .await;
    assert_eq!(violations(&world).await, [Violation::OthersSeated]);
    tamper(&world, "UPDATE draw SET record = replace(record, '\"alternates_wanted\":', '\"alternates_wanted\":1')")
        .await;
    assert!(matches!(violations(&world).await[..], [Violation::Draw(_)]));
}

#[tokio::test]
async fn rows_that_cannot_be_read_lead_nowhere_or_have_left_the_audit_are_named() {
    let world = World::at(Step::Scoring).await;
    tamper(&world, &format!("UPDATE sheet SET state = 'lost' WHERE {}", first("1 = 1"))).await;
    assert!(matches!(&violations(&world).await[..], [Violation::Unreadable(text)] if text.contains("lost")));

    let world = World::at(Step::Scoring).await;
    tamper(&world, "PRAGMA foreign_keys = OFF; DELETE FROM batch; PRAGMA foreign_keys = ON").await;
    let found = broken(&world).await;
    let of_round = |b: &Broken| matches!(b, Broken::Storage(Damage::Dangling { table, .. }) if table == "round");
    assert!(found.iter().any(of_round), "{found:?}");

    let world = World::at(Step::Grouping).await;
    tamper(&world, "DROP TRIGGER audit_is_not_removed; DELETE FROM audit WHERE seq = 3").await;
    assert!(matches!(broken(&world).await[..], [Broken::Chain(_)]));

    let world = World::at(Step::Draw).await;
    world.assign(&demand(), "专业特殊").await;
    assert_eq!(broken(&world).await, []);
}
