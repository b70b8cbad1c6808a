//! 校准、排序与会商, on a round small enough to compute by hand.
//!
//! Every sheet has 22.5 objective points and `percent` of 70 subjective ones, so a sheet is worth 22.5 + 0.7 · percent.

use crate::support::{World, fingerprint, terms};
use crate::{assert_error, assert_rule};
use domain::points::Points;
use domain::result::Outcome;
use domain::round::{Gate, Method, QuotaScope, Step, Terms, Trimming};
use service::{Error, calibration, decision, ranking, round};
use store::Repositories;

/// Percent by application and seat. SL-001 and SL-002 tie in everything: mean 80, median 80.
const SHEETS: [[i64; 5]; 6] = [
    [80, 80, 80, 80, 80],
    [90, 80, 70, 85, 75],
    [85, 85, 85, 85, 85],
    [50, 50, 50, 50, 50],
    [79, 79, 79, 79, 79],
    [70, 75, 80, 85, 91],
];

/// A world whose sheets are those above, at `step` ≥ 核对.
async fn scored(terms: Terms, step: Step) -> World {
    let world = World::at(Step::SignIn).await;
    world.freeze(terms).await;
    world.everyone_signs_in().await;
    world.advance(Step::SignIn).await;
    world.establish_objectives().await;
    world.score_all(|application, seat| SHEETS[application - 1][seat - 1]).await;
    world.advance(Step::Scoring).await;
    world.reach(step).await;
    world
}

#[tokio::test]
async fn the_plain_means_are_those_computed_by_hand() {
    let world = scored(terms(), Step::Calibration).await;
    let record = calibration::compute(&world.industry, world.round).await.unwrap();
    let of = |method| record.applications.iter().map(|a| a.finals.get(&method).map(|p| p.0)).collect::<Vec<_>>();
    // 22.5 + 0.7 · (80, 80, 85, 50, 79, 80.2)
    assert_eq!(of(Method::Raw), [7850, 7850, 8200, 5750, 7780, 7864].map(Some));
    // Five sheets are below the seven from which the extremes are dropped.
    assert_eq!(of(Method::Trimmed), of(Method::Raw));
    let ranks: Vec<_> = record.applications.iter().map(|a| a.ranks.get(&Method::Raw).copied()).collect();
    assert_eq!(ranks, [3, 3, 1, 6, 5, 2].map(Some));
    assert!(record.applications.iter().all(|a| a.sheets == 5));
    assert_eq!((record.method, record.components), (Method::Raw, 2));
    // Panel means 74.125 (SL-001 to SL-004) and 78.22; of all six 75.49.
    let coefficient = |name: &str| record.panel(name).unwrap().coefficient.unwrap();
    assert!((coefficient("新材料组") - 75.49 / 74.125).abs() < 1e-9);
    assert!((coefficient("智能装备组") - 75.49 / 78.22).abs() < 1e-9);
    assert_eq!(calibration::latest(&world.supervisor, world.round).await.unwrap(), record);
}

#[tokio::test]
async fn a_tie_across_the_line_is_named_and_settled_by_people() {
    let world = scored(terms(), Step::Ranking).await;
    let computed = ranking::compute(&world.industry, world.round).await.unwrap();
    let shown: Vec<_> = computed.rows.iter().map(|r| (r.code.as_str(), r.rank, r.outcome)).collect();
    assert_eq!(
        shown,
        [
            ("SL-003", Some(1), Outcome::Shortlisted),
            ("SL-006", Some(2), Outcome::Shortlisted),
            ("SL-001", Some(3), Outcome::LineTie),
            ("SL-002", Some(3), Outcome::LineTie),
            ("SL-005", Some(5), Outcome::Reserve),
            ("SL-004", Some(6), Outcome::BelowPass),
        ]
    );
    assert_eq!(computed.rows[0].panel_rank, Some(1));
    assert_eq!((computed.rows[1].panel_rank, computed.rows[1].task_rank), (Some(1), Some(1)));

    let open = round::advance(&world.organizer, world.round, Step::Ranking).await;
    assert_rule!(open, Moment, "2 个跨线并列项目尚未会商");

    let settle = |n, outcome, reason: &'static str| {
        ranking::settle_tie(&world.industry, world.round, world.application(n), outcome, reason)
    };
    assert_rule!(settle(1, Outcome::Shortlisted, " ").await, Input);
    assert_rule!(settle(1, Outcome::LineTie, "会商").await, Input);
    assert_rule!(settle(3, Outcome::Reserve, "会商").await, Input, "跨线并列");
    settle(1, Outcome::Reserve, "三厅会商：其一").await.unwrap();
    settle(1, Outcome::Shortlisted, "三厅会商：更正").await.unwrap();
    settle(2, Outcome::Shortlisted, "三厅会商：并列都列入").await.unwrap();
    let over = round::advance(&world.organizer, world.round, Step::Ranking).await;
    assert_rule!(over, Moment, "入围 4 项，超过名额 3");
    settle(2, Outcome::Reserve, "三厅会商：列为备选").await.unwrap();
    let (settled, _) = ranking::latest(&world.industry, world.round).await.unwrap();
    let row = &settled.rows[2];
    assert_eq!((row.outcome, row.settled.as_str()), (Outcome::Shortlisted, "三厅会商：更正"));
    world.advance(Step::Ranking).await;
    assert_rule!(settle(2, Outcome::Shortlisted, "迟到").await, Moment);
}

#[tokio::test]
async fn a_settled_tie_needs_new_signatures() {
    let world = scored(terms(), Step::Ranking).await;
    ranking::compute(&world.industry, world.round).await.unwrap();
    let before = decision::signing(&world.industry, world.round, Gate::Shortlist).await.unwrap().digest;
    let outcome = Outcome::Shortlisted;
    ranking::settle_tie(&world.industry, world.round, world.application(1), outcome, "会商").await.unwrap();
    let after = decision::signing(&world.industry, world.round, Gate::Shortlist).await.unwrap().digest;
    assert_ne!(before, after);
    let early = decision::countersign(&world.industry, world.round, Gate::Shortlist, &after.unwrap()).await;
    assert_rule!(early, Moment);
}

#[tokio::test]
async fn places_can_be_given_by_task() {
    let by_task = Terms { quota: 1, scope: QuotaScope::PerTask, ..terms() };
    let world = scored(by_task, Step::Ranking).await;
    let computed = ranking::compute(&world.industry, world.round).await.unwrap();
    let shown: Vec<_> = computed.rows.iter().map(|r| (r.group.as_str(), r.code.as_str(), r.outcome)).collect();
    assert_eq!(
        shown,
        [
            ("RW-01", "SL-001", Outcome::LineTie),
            ("RW-01", "SL-002", Outcome::LineTie),
            ("RW-02", "SL-003", Outcome::Shortlisted),
            ("RW-02", "SL-004", Outcome::BelowPass),
            ("RW-03", "SL-006", Outcome::Shortlisted),
            ("RW-03", "SL-005", Outcome::Reserve),
        ]
    );
}

#[tokio::test]
async fn the_same_sheets_give_the_same_result() {
    let world = scored(terms(), Step::Calibration).await;
    let first = calibration::compute(&world.industry, world.round).await.unwrap();
    let again = calibration::compute(&world.industry, world.round).await.unwrap();
    assert_eq!(first, again);
    let csv = calibration::scores_csv(&world.organizer, world.round).await.unwrap();
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(
        (lines[0], lines.len()),
        (
            "application,expert,score,panel,group,reached,reachable,item:A1,item:A2,item:A3,item:A4,item:B1,item:B2,item:B3,item:B4,item:B5,item:C1,item:C2,item:C3,item:C4",
            31
        )
    );
    assert!(lines.iter().any(|l| l.starts_with("SL-006,") && l.contains(",86.2,")));
}

#[tokio::test]
async fn a_ranking_by_sheets_that_changed_since_is_refused_until_calibrated_again() {
    let world = scored(terms(), Step::Ranking).await;
    let application = world.application(6);
    let expert = world.panel_of(application).await[4];
    let sheet = world.sheet_of(expert, application).await.id;
    world.void_sheet(sheet, "评分与打分标准明显不符").await;
    let before = fingerprint(&world).await;
    assert_rule!(ranking::compute(&world.industry, world.round).await, Moment, "重新校准");
    assert_eq!(fingerprint(&world).await, before);
    let record = calibration::compute(&world.industry, world.round).await.unwrap();
    // 22.5 + 0.7 · 77.5
    assert_eq!(record.application("SL-006").unwrap().finals[&Method::Raw], Points(7675));
    ranking::compute(&world.industry, world.round).await.unwrap();
    let other = world.panel_of(application).await[0];
    let sheet = world.sheet_of(other, application).await.id;
    world.void_sheet(sheet, "评审纪律").await;
    let stale = round::advance(&world.organizer, world.round, Step::Ranking).await;
    assert_rule!(stale, Moment, "重新校准");
}

#[tokio::test]
async fn calibration_and_ranking_have_their_time() {
    let world = scored(terms(), Step::Checking).await;
    assert_rule!(calibration::compute(&world.industry, world.round).await, Moment);
    assert_rule!(ranking::compute(&world.industry, world.round).await, Moment);
    assert_error!(calibration::latest(&world.industry, world.round).await, Error::NotFound);
    assert_error!(ranking::latest(&world.industry, world.round).await, Error::NotFound);
}

#[tokio::test]
async fn three_departments_confirm_the_shortlist() {
    let world = scored(Terms { quota: 2, ..terms() }, Step::Countersign).await;
    let signing = decision::signing(&world.industry, world.round, Gate::Shortlist).await.unwrap();
    let (_, digest) = ranking::latest(&world.industry, world.round).await.unwrap();
    assert_eq!(signing.digest.as_deref(), Some(digest.as_str()));
    let wrong = decision::countersign(&world.industry, world.round, Gate::Shortlist, "0").await;
    assert_error!(wrong, Error::Stale);
    world.sign(Gate::Shortlist).await;
    world.advance(Step::Countersign).await;
    assert_eq!(world.stored_round().await.step, Step::Notice);
    assert!(world.audit_actions().await.contains(&"shortlist_confirmed".to_owned()));
    assert_eq!(world.store().rounds().countersigns(world.round).await.unwrap().len(), 6);
}

#[tokio::test]
async fn what_is_handed_out_gives_the_same_result_to_whoever_recomputes_it() {
    let world = scored(Terms { method: Method::Mixed, ..terms() }, Step::Calibration).await;
    let record = calibration::compute(&world.industry, world.round).await.unwrap();
    let csv = calibration::scores_csv(&world.organizer, world.round).await.unwrap();
    let scores = engine::calibration::files::read_scores("scores.csv", csv.as_bytes()).unwrap();
    let again = engine::calibration::fit(&scores, &engine::calibration::Options::default()).unwrap();
    for (index, code) in again.design.applications.iter().enumerate() {
        let line = record.application(code).unwrap();
        for method in Method::ALL {
            let score = again.final_score(index, *method).map(|score| Points(score.hundredths()));
            assert_eq!(score, line.finals.get(method).copied(), "{code} {method}");
        }
    }
    assert_eq!((record.draws, record.seed.len()), (10_000, 64));
}

#[tokio::test]
async fn every_dimension_has_its_methods_and_the_plain_means_add_up() {
    let world = scored(terms(), Step::Calibration).await;
    let record = calibration::compute(&world.industry, world.round).await.unwrap();
    let names: Vec<_> = record.dimensions.iter().map(|d| (d.name.as_str(), d.full)).collect();
    let whole = Points::whole;
    assert_eq!(names, [("研发基础", whole(30)), ("创新能力", whole(40)), ("资金支撑", whole(30))]);
    for (index, line) in record.applications.iter().enumerate() {
        let raw = |finals: &std::collections::BTreeMap<Method, Points>| finals[&Method::Raw].0;
        let sum: i64 = record.dimensions.iter().map(|d| raw(&d.applications[index].finals)).sum();
        assert!((sum - raw(&line.finals)).abs() <= 2, "{}: {sum}", line.code);
        assert!(record.dimensions.iter().all(|d| d.applications[index].ranks.contains_key(&Method::Mixed)));
    }
}

#[tokio::test]
async fn trimming_by_items_is_frozen_with_the_terms_and_counts_in_every_table() {
    let by_items = Terms { trimming: Trimming::Items, trim_from: 5, method: Method::Trimmed, ..terms() };
    let world = scored(by_items, Step::Calibration).await;
    let record = calibration::compute(&world.industry, world.round).await.unwrap();
    // 22.5 + 0.7 · (75 + 80 + 85) / 3: every item loses the shares of 70 and 91.
    assert_eq!(record.application("SL-006").unwrap().finals[&Method::Trimmed], Points(7850));
}

/// SL-006 has its place by one generous sheet: 91 of 100 from the fifth seat.
#[tokio::test]
async fn the_list_names_the_experts_it_hangs_on() {
    let world = scored(terms(), Step::Ranking).await;
    let computed = ranking::compute(&world.industry, world.round).await.unwrap();
    let sensitivity = computed.sensitivity.unwrap();
    assert_eq!(sensitivity.experts_tried, 10);
    let sixth = |changed: &&domain::ranking::Changed| changed.leave == ["SL-006"];
    let hinge = sensitivity.experts.iter().find(sixth).expect("without the fifth seat SL-006 falls behind");
    // SL-001 and SL-002, tied across the line before, now have room.
    assert_eq!((&hinge.enter[..], &hinge.tied[..]), (&["SL-001".to_owned(), "SL-002".to_owned()][..], &[][..]));
    assert_eq!(sensitivity.weights.len(), 6);
    assert!(sensitivity.weights.iter().all(domain::ranking::Changed::is_none), "all dimensions say the same here");
    assert!(sensitivity.methods.iter().any(|changed| changed.what == "混合效应校准"));
}

#[tokio::test]
async fn weights_can_be_tried_without_keeping_anything() {
    let world = scored(terms(), Step::Ranking).await;
    let computed = ranking::compute(&world.industry, world.round).await.unwrap();
    let before = fingerprint(&world).await;
    let same = ranking::weigh(&world.supervisor, world.round, &[]).await.unwrap();
    let shown: Vec<_> = same.rows.iter().map(|row| (row.code.as_str(), row.rank, row.outcome, row.score)).collect();
    let kept: Vec<_> = computed.rows.iter().map(|row| (row.code.as_str(), row.rank, row.outcome, row.score)).collect();
    assert_eq!(shown, kept);
    let moved = ranking::weigh(&world.supervisor, world.round, &[1, 1, 2]).await.unwrap();
    assert_eq!(moved.tried, [Points(2500), Points(2500), Points(5000)]);
    assert!(moved.rows.iter().all(|row| row.frozen_score != row.score && row.frozen_rank == row.rank));
    for senseless in [&[1, 1][..], &[0, 0, 0], &[1, -1, 1], &[1, 1, i64::MAX]] {
        assert_rule!(ranking::weigh(&world.supervisor, world.round, senseless).await, Input);
    }
    assert_eq!(fingerprint(&world).await, before);
}
