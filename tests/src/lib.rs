//! What whole-program tests share: an application over a database of its own, its router, and people signed in to it.

#![expect(clippy::expect_used, reason = "a test support that cannot do its part fails the test")]

pub mod browser;
pub mod request;

use domain::access::{Department, Standing};
use service::account::{self, NewAccount, Passwords, Token};
use service::{App, Context, RandomIds, SystemClock, Transport};
use std::path::PathBuf;
use std::sync::Arc;
use store::Store;

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
        let app = Arc::new(App {
            store,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            hash_key: vec![7; 32],
            passwords: Passwords::cheap().expect("passwords can be hashed"),
            transport: Transport::Plain,
        });
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let router = server::http::router(app.clone(), &site(), listen).expect("the bundle is built");
        Self { app, router }
    }

    /// Makes the first administrator the way an installation does.
    ///
    /// # Panics
    /// If set-up fails.
    pub async fn administrator(&self) -> Context {
        let link = account::open_setup_link(&self.app).await.expect("a link").expect("nobody is there yet");
        account::set_up(&self.app, &link, "admin".to_owned(), "管理员".to_owned(), PASSWORD.to_owned())
            .await
            .expect("set-up");
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
            standing,
            password: PASSWORD.to_owned(),
        };
        account::create(admin, new).await.expect("the account opens");
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
        account::sign_in(&self.app, login, PASSWORD.to_owned()).await.expect("signing in").0
    }

    /// Who a login is.
    ///
    /// # Panics
    /// If signing in fails.
    pub async fn context(&self, login: &str) -> Context {
        account::resume(&self.app, &self.sign_in(login).await).await.expect("a fresh session")
    }
}
