//! A save while typing, from the request to the row.

use domain::access::Errand;
use service::{Client, account};
use store::{Repositories, Store};
use tests::World;

#[tokio::test]
async fn a_save_sends_few_statements_and_reads_nothing_of_the_round_but_its_own_sheet() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let keys = service::crypto::Keyring::throw_away();
    let logins = demo::at_scoring(store.clone(), vec![7; 32], keys, 1, |_| {}).await.unwrap();
    let (store, statements) = store.counted();
    let world = World::over(store);
    let client = Client::default();
    let signed_in = account::sign_in(&world.app, &client, &logins[0], demo::PASSWORD.to_owned());
    let (token, actor) = signed_in.await.unwrap();
    let program = world.app.program(Errand::Demonstration);
    let seat = program.panels().seats_of(actor.as_expert().unwrap()).await.unwrap().remove(0);
    let sheets = program.sheets();
    let own = sheets.of(seat.expert);
    let sheet = own.in_round(seat.round).await.unwrap().remove(0).id;
    let id = sheet.to_string();
    for version in ["0", "1"] {
        let fields = [("sheet", id.as_str()), ("version", version), ("A1", "5"), ("comment", "总体可行")];
        statements.take();
        world.post(Some(&token), "/api/keep_sheet", &fields).await;
        let counted = statements.take();
        assert!(counted.len() <= 6, "{counted:#?}");
    }
    assert_eq!(own.get(sheet).await.unwrap().version, 2);
}
