//! The record: repeated byte for byte, and every change to it found and named.

use super::scene;
use crate::assignment::Problem;
use crate::draw::{DrawError, Drawn, Forgery, Nonce, Party, PassedOver, Pool, Record, Source, draw, replay, seed};
use rand::seq::SliceRandom;

fn parties() -> Vec<Party> {
    let names = ["省工信厅", "省教育厅", "省科技厅"];
    let party = |(name, n): (&str, u8)| {
        let nonce = Nonce([n; 32]);
        Party { name: name.to_owned(), commitment: nonce.commitment(), nonce }
    };
    names.into_iter().zip(1..).map(party).collect()
}

fn committed(problem: &Problem) -> Record {
    let source = Source::Committed { parties: parties() };
    draw(Pool::new(problem).unwrap(), "2025-1", source, None, 2).unwrap()
}

fn scene() -> Problem {
    let mut problem = scene::problem(2, 14, 6, 9);
    scene::bar(&mut problem, 0, 0, "同一法人");
    scene::bar(&mut problem, 0, 1, "三年内任职");
    problem
}

#[test]
fn the_seed_is_the_hash_of_nonces_round_and_pool() {
    let digest = std::array::from_fn(|i| u8::try_from(i).unwrap());
    assert_eq!(
        hex::encode(seed(&parties(), "2025年度遴选", digest)),
        "06a72e718a72036f95925f1895bd5a54912e0ced1adc14973008d025ffdfddc9"
    );
    assert_eq!(
        Nonce([1; 32]).commitment().to_hex(),
        "72cd6e8422c407fb6d098690f1130b7ded7ec2f7f5e1d30bd9d521f015363793"
    );
}

#[test]
fn a_record_is_replayed_byte_for_byte() {
    let record = committed(&scene());
    let text = record.to_text().unwrap();
    assert_eq!(replay(&text).unwrap(), record);
}

#[test]
fn the_order_of_the_input_changes_nothing() {
    let mut problem = scene();
    let text = committed(&problem).to_text().unwrap();
    let rng = &mut crate::assignment::tests::random::rng(1);
    problem.pairs.shuffle(rng);
    problem.conflicts.shuffle(rng);
    assert_eq!(committed(&problem).to_text().unwrap(), text);
}

/// The record's text after one replacement in it, which must be there.
fn forged(record: &Record, from: &str, to: &str) -> Forgery {
    let text = record.to_text().unwrap();
    assert!(text.contains(from), "{from}");
    replay(&text.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn a_forged_nonce_is_named() {
    let record = committed(&scene());
    let found = forged(&record, &Nonce([2; 32]).to_hex(), &Nonce([4; 32]).to_hex());
    assert_eq!(found, Forgery::Commitment("省教育厅".to_owned()));
}

#[test]
fn a_changed_pool_is_named() {
    let record = committed(&scene());
    assert!(matches!(forged(&record, "三年内任职", "三年前任职"), Forgery::Pool { .. }));
    let employer = record.pool.candidates[3].employer.clone().unwrap();
    assert!(matches!(
        forged(&record, &format!("\"employer\": \"{employer}\""), "\"employer\": \"别处\""),
        Forgery::Pool { .. }
    ));
}

#[test]
fn a_seed_of_somebody_s_choice_is_named() {
    let record = committed(&scene());
    let other = hex::encode([7; 32]);
    assert!(matches!(forged(&record, &record.seed, &other), Forgery::Seed { .. }));
}

#[test]
fn another_round_needs_another_seed() {
    let record = committed(&scene());
    assert!(matches!(forged(&record, "\"round\": \"2025-1\"", "\"round\": \"2025-2\""), Forgery::Seed { .. }));
}

#[test]
fn an_edited_lot_or_seat_is_named_with_its_place() {
    let record = committed(&scene());
    let lot = record.lots[1].lot.to_hex();
    let Forgery::Edited { path, .. } = forged(&record, &lot, &hex::encode([0; 32])) else { panic!("not named") };
    assert_eq!(path, "lots[1].lot");
    let seat = &record.seating[2].expert;
    let text = record.to_text().unwrap();
    let at = text.find("\"seating\"").unwrap();
    let edited = format!("{}{}", &text[..at], text[at..].replacen(seat.as_str(), "E999", 1));
    let Forgery::Edited { path, stated, computed } = replay(&edited).unwrap_err() else { panic!("not named") };
    assert_eq!((path.as_str(), stated.as_str()), ("seating[2].expert", "\"E999\""));
    assert_eq!(computed, format!("{seat:?}"));
}

#[test]
fn an_added_field_is_found() {
    let record = committed(&scene());
    let found = forged(&record, "\"algorithm\"", "\"note\": \"\",\n  \"algorithm\"");
    assert!(matches!(found, Forgery::Edited { .. } | Forgery::Bytes), "{found}");
}

#[test]
fn everybody_who_was_passed_over_has_the_reason() {
    let mut texts = std::collections::BTreeMap::new();
    for seed in 0..20 {
        for entry in scene::drawn(&scene(), seed).lots {
            if let Drawn::PassedOver { reason } = entry.outcome {
                assert_ne!(reason, PassedOver::NotCandidate, "everybody is listed");
                texts.insert(reason.text(), entry.expert);
            }
        }
    }
    // E000 alone is recused from both panels, whatever the lots say.
    assert_eq!(texts.get("回避：三年内任职、同一法人").map(String::as_str), Some("E000"));
    assert!(texts.contains_key("同一单位专家已达上限"), "{texts:?}");
    assert!(texts.contains_key("该类别席位已满"), "{texts:?}");
    assert_eq!(texts.len(), 3, "{texts:?}");
}

#[test]
fn a_pool_that_cannot_fill_the_seats_is_refused_with_the_reason() {
    let mut problem = scene::problem(2, 14, 1, 20);
    scene::bar(&mut problem, 14, 0, "同一法人");
    let drawn = draw(Pool::new(&problem).unwrap(), "2025-1", Source::Stated, Some([0; 32]), 2);
    let Err(DrawError::Infeasible(shortfalls)) = drawn else { panic!("one finance expert cannot sit on two panels") };
    assert!(shortfalls.iter().any(|s| s.message.contains("财务")), "{shortfalls:?}");
}
