use super::*;

/// Everything a person reads of an event. Typed texts, ids and digests have samples without letters.
fn said(event: &Event) -> Vec<String> {
    let facts = event.facts().into_iter().flat_map(|fact| [fact.name.to_owned(), fact.words]);
    [event.label().to_owned(), event.object().label().to_owned()].into_iter().chain(facts).collect()
}

#[test]
fn every_event_reads_in_chinese() {
    for event in Event::samples() {
        for words in said(&event) {
            assert!(!words.contains(|c: char| c.is_ascii_alphabetic()), "{event:?}: {words}");
        }
    }
}

#[test]
fn every_event_is_read_back_from_its_row() {
    for event in Event::samples() {
        let (action, object, detail) = (event.action().key(), event.object().key(), event.detail().unwrap());
        assert_eq!(Event::read(action, object, &detail), Some(event), "{detail}");
    }
}

#[test]
fn every_action_and_object_has_an_event() {
    let samples = Event::samples();
    for action in Action::ALL {
        assert!(samples.iter().any(|event| event.action() == *action), "{action}");
    }
    for object in Object::ALL {
        assert!(samples.iter().any(|event| event.object() == *object), "{object}");
    }
}

#[test]
fn facts_that_are_not_there_are_neither_kept_nor_said() {
    let event = Event::SignInFailed { locked: None, times: None };
    assert_eq!(event.detail().unwrap(), "{}");
    assert_eq!(event.facts(), []);
    assert_eq!(Event::read("sign_in_failed", "account", "{}"), Some(event));
}

#[test]
fn rows_of_earlier_versions_are_read() {
    let run = Uuid::from_u128(7);
    let tie = format!(
        r#"{{"because":{{"application":"A-1","outcome":"reserve","reason":"专家组表决"}},"digest":"","run":"{run}"}}"#
    );
    let event = Event::read("ranked", "round", &tie).unwrap();
    assert_eq!(event.label(), "并列会商");
    assert!(event.facts().iter().any(|fact| fact.words == "A-1：备选；专家组表决"), "{:?}", event.facts());
    let recused = Event::read("sheet_voided", "sheet", r#"{"reason":"same_legal_person"}"#);
    assert_eq!(recused, Some(Event::SheetRecused { reason: Rule::SameLegalPerson }));
    let bound = r#"{"bound":null,"from_role":"unassigned","login":"zhang","role":"auditor"}"#;
    assert!(Event::read("role_granted", "account", bound).is_some());
    assert_eq!(Event::read("advanced", "round", r#"{"gone":1}"#), None);
    assert_eq!(Event::read("unknown", "round", "{}"), None);
}
