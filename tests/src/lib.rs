//! The things that whole-program tests share: an application over a database of its own, its router, and people signed in to it.

#![expect(clippy::expect_used, reason = "a test support that cannot do its part fails the test")]

pub mod browser;
pub mod request;
pub mod stage;

use domain::access::{Department, Errand, Role, Standing};
use domain::account::{NewPassword, PasswordState};
use domain::ids::AccountId;
use server::http::{Door, Rate, Rates};
use service::account::{self, NewAccount, Token};
use service::crypto::{Algorithm, ImprintKey, Passwords};
use service::{App, Client, Context, RandomIds, SystemClock, Transport};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use store::{Repositories, Store};

/// A password that the rules accept.
pub const PASSWORD: &str = "Ceshi-2025!";

/// The folder of the browser bundle, as the test command made it.
///
/// # Panics
/// Without `HENGPING_SITE`: run the tests through `cargo xtask test`.
pub fn site() -> PathBuf {
    PathBuf::from(
        environment("HENGPING_SITE").expect("HENGPING_SITE is not set; run the tests with `cargo xtask test`"),
    )
}

/// A value the test command hands over.
pub fn environment(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the test command hands over folders and addresses by environment")]
    std::env::var(name).ok()
}

/// An application over an empty database in memory.
#[derive(Clone)]
pub struct World {
    pub app: Arc<App>,
    pub router: axum::Router,
}

impl World {
    /// # Panics
    /// If the database or the bundle cannot be opened.
    pub async fn empty() -> Self {
        let store = Store::open("sqlite::memory:").await.expect("an in-memory database opens");
        store.migrate().await.expect("the schema applies");
        Self::over(store)
    }

    /// # Panics
    /// If the bundle is missing.
    pub fn over(store: Store) -> Self {
        Self::over_with(store, |_| {})
    }

    /// The same, but for what `change` does to it.
    ///
    /// # Panics
    /// If the bundle is missing.
    pub fn over_with(store: Store, change: impl FnOnce(&mut App)) -> Self {
        let mut app = App {
            store,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            hash_key: vec![7; 32],
            imprint_key: ImprintKey::of(&[7; 32], Algorithm::Sha256).expect("a key of 32 bytes"),
            passwords: Passwords::cheap().expect("passwords can be hashed"),
            transport: Transport::Plain,
            address: "http://hengping.example".to_owned(),
            keys: service::crypto::Keyring::throw_away(),
            policy: service::Policy::Demonstration,
            second_factor: domain::second_factor::Demanded::Staff,
            ceremonies: service::account::Ceremonies::default(),
            digest: Algorithm::Sha256,
        };
        change(&mut app);
        // Tests ask faster than people do; those about the limits open a door of their own.
        let fast = Rate { per_second: NonZeroU32::MAX, burst: NonZeroU32::MAX };
        let rates = Rates { stranger: fast, secret: fast, session: fast };
        Self::behind(Arc::new(app), rates)
    }

    /// The same behind a door that counts.
    ///
    /// # Panics
    /// If the bundle is missing.
    pub fn behind(app: Arc<App>, rates: Rates) -> Self {
        let door = Door { app: app.clone(), proxies: [].into(), rates };
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let router = server::http::router(door, &site(), listen).expect("the bundle is built");
        Self { app, router }
    }

    /// Makes the three administrators the way an installation does; returns the one of accounts.
    ///
    /// # Panics
    /// If set-up fails.
    pub async fn administrator(&self) -> Context {
        for (role, link) in account::open_setup_links(&self.app).await.expect("links") {
            let login = match role {
                Role::SystemAdmin => "admin",
                Role::SecurityAdmin => "anquan",
                _ => "shenji",
            };
            let name = role.label().to_owned();
            account::set_up(&self.app, &Client::default(), &link, login.to_owned(), name, PASSWORD.to_owned())
                .await
                .expect("set-up");
        }
        self.context("admin").await
    }

    /// Opens an account.
    ///
    /// # Panics
    /// If it cannot be opened.
    pub async fn hire(&self, admin: &Context, login: &str, standing: Standing) {
        let new = NewAccount {
            login: login.to_owned(),
            name: format!("{}{login}", standing.role()),
            password: PASSWORD.to_owned(),
        };
        let id = account::create(admin, new).await.expect("the account opens");
        if matches!(standing, Standing::Expert(_)) {
            let written = self
                .app
                .program(Errand::Demonstration)
                .write(async |tx| tx.accounts().set_standing(id, standing).await)
                .await;
            written.expect("the expert's account is theirs");
        } else {
            account::grant(&self.context("anquan").await, id, standing).await.expect("the role is given");
        }
        self.owns_password(id).await;
    }

    /// As if an account's owner had changed the first password, to the same.
    ///
    /// # Panics
    /// If there is no such account.
    pub async fn owns_password(&self, id: AccountId) {
        let account = self.app.program(Errand::Demonstration).accounts().get(id).await.expect("it is there");
        let own =
            NewPassword { hash: account.password_hash, state: PasswordState::Own, at: account.password_changed_at };
        let store = self.app.program(Errand::Demonstration);
        let written = store.write(async |tx| tx.accounts().set_password(id, own.clone(), self.app.ids.next()).await);
        written.await.expect("the password is set");
    }

    /// An administrator, three coordinators (gxt, jyt, kjt), an organizer and a supervisor.
    ///
    /// # Panics
    /// If an account cannot be opened.
    pub async fn staffed() -> Self {
        let world = Self::empty().await;
        let admin = world.administrator().await;
        for department in Department::ALL {
            world.hire(&admin, department.key(), Standing::Coordinator(*department)).await;
        }
        world.hire(&admin, "organizer", Standing::Organizer).await;
        world.hire(&admin, "supervisor", Standing::Supervisor).await;
        world
    }

    /// A session's secret.
    ///
    /// # Panics
    /// If signing in fails.
    pub async fn sign_in(&self, login: &str) -> Token {
        account::sign_in(&self.app, &Client::default(), login, PASSWORD.to_owned()).await.expect("signing in").0
    }

    /// The account of a login.
    ///
    /// # Panics
    /// If signing in fails.
    pub async fn context(&self, login: &str) -> Context {
        account::resume(&self.app, &Client::default(), &self.sign_in(login).await).await.expect("a fresh session")
    }
}
