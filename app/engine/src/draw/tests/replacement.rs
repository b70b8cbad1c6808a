//! Somebody leaves: the next in lot order takes the seat, and only that seat changes.

use super::scene;
use crate::assignment::Assigned;
use crate::draw::event::Kind::{Alternate, Supplementary};
use crate::draw::{DrawError, PassedOver, Record, Unavailable, Vacancy, replay};

fn leaves(record: &mut Record, expert: &str, application: Option<&str>) -> Result<Vec<crate::draw::Event>, DrawError> {
    let vacancy = Vacancy {
        expert: expert.to_owned(),
        application: application.map(str::to_owned),
        reason: "因故不能参加".to_owned(),
        unavailable: Vec::new(),
    };
    record.replace(&vacancy)
}

#[test]
fn who_cannot_be_called_any_more_is_passed_over_and_the_record_says_why() {
    let drawn = scene::drawn(&scene::problem(2, 16, 8, 24), 9);
    let leaver = drawn.seating[0].clone();
    let mut usual = drawn.clone();
    let first = leaves(&mut usual, &leaver.expert, None).unwrap().remove(0).successor;
    for application in [None, Some(leaver.application.clone())] {
        let mut record = drawn.clone();
        let out = Unavailable { expert: first.clone(), application, reason: "已暂停".to_owned() };
        let vacancy = Vacancy {
            expert: leaver.expert.clone(),
            application: None,
            reason: "因故不能参加".to_owned(),
            unavailable: vec![out],
        };
        let event = record.replace(&vacancy).unwrap().remove(0);
        assert!(place(&record, &event.successor) > place(&record, &first), "the next in lot order");
        let said = PassedOver::Unavailable { reason: "已暂停".to_owned() };
        assert_eq!((&event.passed_over[0].expert, &event.passed_over[0].reason), (&first, &said));
        let text = record.to_text().unwrap();
        assert_eq!(replay(&text).unwrap(), record);
        // Whoever strikes the reason out of the record is found out.
        let struck = text.replace(&first, &leaver.expert);
        assert!(replay(&struck).is_err());
        // Who was out at one time may be called at another.
        let next = record.current().into_iter().find(|a| a.application == leaver.application && a.role == leaver.role);
        let events = leaves(&mut record, &next.unwrap().expert, None).unwrap();
        assert_eq!(events[0].successor, first);
    }
}

fn pairs(seating: &[Assigned]) -> Vec<(&str, &str)> {
    seating.iter().map(|a| (a.application.as_str(), a.expert.as_str())).collect()
}

/// The position of each expert of the pool in lot order.
fn place(record: &Record, expert: &str) -> usize {
    let lots = crate::draw::lots(
        crate::draw::Lot::from_hex(&record.seed).unwrap().0,
        record.pool.candidates.iter().map(|c| c.id.as_str()),
    );
    let own = lots[record.pool.position(expert).unwrap()];
    lots.iter().filter(|lot| **lot < own).count()
}

#[test]
fn the_first_fitting_alternate_takes_the_seat_and_nobody_else_moves() {
    let mut record = scene::drawn(&scene::problem(2, 16, 8, 24), 9);
    let leaver = record.seating[0].clone();
    let events = leaves(&mut record, &leaver.expert, None).unwrap();
    assert_eq!(events.len(), 1);
    let successor = events[0].successor.clone();
    assert_eq!(
        successor,
        record
            .alternates
            .iter()
            .find(|a| a.places.iter().any(|p| p.application == leaver.application && p.role == leaver.role))
            .unwrap()
            .expert
    );
    let (before, after) = (record.seating.clone(), record.current());
    let kept: Vec<_> = pairs(&before).into_iter().filter(|p| p.1 != leaver.expert).collect();
    assert!(kept.iter().all(|p| pairs(&after).contains(p)));
    assert!(pairs(&after).contains(&(leaver.application.as_str(), successor.as_str())));
    assert_eq!(after.len(), before.len());
    let text = record.to_text().unwrap();
    assert_eq!(replay(&text).unwrap(), record);
}

#[test]
fn after_the_alternates_the_lot_order_goes_on_as_a_supplementary_draw() {
    let mut record = scene::drawn(&scene::problem(1, 12, 4, 16), 3);
    let mut kinds = Vec::new();
    let mut last = 0;
    for _ in 0..6 {
        let seat = record.current().into_iter().find(|a| a.role == crate::assignment::SeatRole::Technical).unwrap();
        let event = leaves(&mut record, &seat.expert, None).unwrap().remove(0);
        let at = place(&record, &event.successor);
        assert!(at > last, "successors come in lot order");
        last = at;
        kinds.push(event.kind);
    }
    assert_eq!(kinds, [Alternate, Alternate, Supplementary, Supplementary, Supplementary, Supplementary]);
    assert_eq!(replay(&record.to_text().unwrap()).unwrap(), record);
}

#[test]
fn nobody_who_declined_comes_back() {
    let mut record = scene::drawn(&scene::problem(1, 5, 2, 7), 1);
    let mut gone = Vec::new();
    while let Some(seat) = record.current().into_iter().find(|a| a.role == crate::assignment::SeatRole::Technical) {
        gone.push(seat.expert.clone());
        match leaves(&mut record, &seat.expert, None) {
            Ok(events) => assert!(!gone.contains(&events[0].successor)),
            Err(error) => {
                assert!(matches!(error, DrawError::Unfillable(_)), "{error}");
                break;
            }
        }
    }
    // Five technical experts, two seats: the fourth to leave cannot be replaced, and the record stays as it was.
    assert_eq!(gone.len(), 4);
    assert_eq!(record.events.len(), 3);
    assert_eq!(replay(&record.to_text().unwrap()).unwrap(), record);
}

#[test]
fn a_colleague_of_somebody_seated_is_skipped_with_the_reason() {
    // Everybody but the last two technical experts is a colleague of somebody.
    for seed in 0..40 {
        let mut record = scene::drawn(&scene::problem(1, 10, 3, 4), seed);
        let seats = record.current();
        let leaver = seats.iter().find(|a| a.role == crate::assignment::SeatRole::Technical).unwrap().expert.clone();
        let event = leaves(&mut record, &leaver, None).unwrap().remove(0);
        let after = record.current();
        let employer = |id: &str| record.pool.candidates[record.pool.position(id).unwrap()].employer.clone();
        let mut employers: Vec<_> = after.iter().map(|a| employer(&a.expert)).collect();
        employers.sort();
        employers.dedup();
        assert_eq!(employers.len(), 3, "{event:?}");
        assert_eq!(replay(&record.to_text().unwrap()).unwrap(), record);
    }
}

#[test]
fn if_nobody_fits_as_things_stand_the_fewest_others_move() {
    // E000 may sit on either panel, E003 on the first only, E004 on the second only.
    let mut problem = scene::problem(2, 6, 3, 9);
    for j in 0..5 {
        for i in 0..2 {
            let allowed = match j {
                0 => true,
                1..=3 => i == 0,
                _ => i == 1,
            };
            if !allowed {
                scene::bar(&mut problem, j, i, "三年内任职");
            }
        }
    }
    // E005 leaves the second panel while only first-panel experts wait: E000 has to move over.
    let mut moved = 0;
    for seed in 0..30 {
        let mut record = scene::drawn(&problem, seed);
        let Some(seat) = record.current().into_iter().find(|a| a.expert == "E005" && a.application == "第1组") else {
            continue;
        };
        let before = record.current();
        let Ok(events) = leaves(&mut record, "E005", None) else { continue };
        let stay = |a: &&Assigned| pairs(&before).contains(&(a.application.as_str(), a.expert.as_str()));
        let after = record.current();
        let kept = after.iter().filter(stay).count();
        if events[0].change.left.len() == 2 {
            moved += 1;
            assert_eq!(kept, before.len() - 2, "{seat:?}");
        }
        assert_eq!(replay(&record.to_text().unwrap()).unwrap(), record);
    }
    assert!(moved > 0, "the scene never came about");
}

#[test]
fn a_seat_that_nobody_holds_cannot_become_vacant() {
    let mut record = scene::drawn(&scene::problem(1, 5, 2, 7), 1);
    assert_eq!(leaves(&mut record, "E999", None), Err(DrawError::NotSeated("E999".to_owned())));
    let seated = record.seating[0].expert.clone();
    assert_eq!(leaves(&mut record, &seated, Some("第7组")), Err(DrawError::NotSeated(seated.clone())));
}
