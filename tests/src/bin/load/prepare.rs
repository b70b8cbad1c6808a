//! The round that is scored: made by the program's own services.

use domain::access::Errand;
use domain::account::{NewPassword, PasswordState};
use server::config::Config;
use server::start::{hash_key, migrate, seal_keys};
use service::crypto::Passwords;
use service::{Clock, Ids, RandomIds, SystemClock};
use store::Repositories;

/// Present experts of the demonstration's main round, at least, for every unit of its scale.
const EXPERTS_OF_SCALE: usize = 60;
pub const PASSWORD: &str = tests::PASSWORD;
const LOGINS: &str = "load-logins.json";

/// Fills the database and writes down who can sign in.
pub async fn prepare(config: &Config, experts: usize) {
    let store = migrate(config).await.expect("the database opens");
    let scale = experts.div_ceil(EXPERTS_OF_SCALE);
    let (key, keys) = (hash_key(&config.data).expect("the key"), seal_keys(config).expect("the keys"));
    let progress = |what: &str| eprintln!("  ✓ {what}");
    let logins = demo::at_scoring(store.clone(), key, keys, scale, progress).await.expect("the round is made");
    // As in real use: a password that costs what passwords cost, and is not old.
    let hash = Passwords::standard().unwrap().hash(PASSWORD.to_owned()).await.unwrap();
    let program = store.of(domain::access::Scope::program(Errand::Demonstration));
    let written = program.write(async |tx| {
        for login in &logins {
            let id = tx.accounts().by_login(login).await?.id;
            let new = NewPassword { hash: hash.clone(), state: PasswordState::Own, at: SystemClock.now() };
            tx.accounts().set_password(id, new, RandomIds.next()).await?;
        }
        // Nobody's password is known to everybody any more.
        tx.accounts().set_setting(service::account::DEMONSTRATION, None).await
    });
    written.await.expect("the passwords are set");
    store.close().await.expect("the database closes");
    std::fs::write(config.data.join(LOGINS), serde_json::to_vec(&logins).unwrap()).expect("the logins are written");
}

/// The people who can sign in.
pub fn logins(config: &Config) -> Vec<String> {
    let text = std::fs::read(config.data.join(LOGINS)).expect("`prepare` has written the logins");
    serde_json::from_slice(&text).unwrap()
}
