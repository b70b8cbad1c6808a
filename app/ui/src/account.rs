//! 账号: signing in and out, first-run set-up, the list of accounts.

mod actions;
mod list;
mod sign_in;

pub use actions::{SignOut, cookie_name};
pub use list::AccountsPage;
pub use sign_in::{PasswordPage, SetUpPage, SignInPage};
