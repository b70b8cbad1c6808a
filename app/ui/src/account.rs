//! 账号: signing in and out, first-run set-up, the list of accounts.

mod actions;
mod browser_sessions;
mod keys;
mod list;
mod renewal;
mod roles;
mod second_factor;
mod sign_in;

pub use actions::SignOut;
pub use browser_sessions::BrowserSessionsPage;
pub use keys::KeysPage;
pub use list::AccountsPage;
pub use renewal::RenewalPage;
pub use roles::RolesPage;
pub use second_factor::{EnrolPage, SecondFactorPage};
pub use sign_in::{InvitationPage, PasswordPage, SetUpPage, SignInPage};
