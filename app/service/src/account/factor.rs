//! 第二因素的种类: what somebody proves beside the password. Each kind is one [`Factor`]; whatever else a session has to do with it is the same for all.
//!
//! Another kind, such as a key in a USB token that signs with SM2, is another implementation: what it is asked is the content's digest, what it
//! answers is a certificate and a signature, and what is written when it was used is its serial number.

mod ceremony;
mod totp;
mod webauthn;

pub use ceremony::{Ceremonies, Statement};
pub(super) use totp::{Recovery, Totp};
pub use webauthn::check_proof;
pub(super) use webauthn::{Key, begin, fingerprint, finish, offer, relying_party};
pub(crate) use webauthn::{Signed, sign_offer, signed};

use crate::audit::kinds::FactorUse;
use crate::{Context, Result};
use domain::account::Account;
use store::Tx;

/// A kind of second factor.
pub(super) trait Factor: Sync {
    /// What is written when it was used, so that it is not used again: the step of a code, the counter of a key.
    type Used: Send + Sync;

    /// How the audit calls it.
    const USE: FactorUse;

    /// Looks at an answer. `None` if it is wrong, or no answer to this kind.
    fn check(
        &self,
        ctx: &Context,
        account: &Account,
        answer: &str,
    ) -> impl Future<Output = Result<Option<Self::Used>>> + Send;

    /// Writes that it was used; `false` if it was used before.
    fn spend(
        &self,
        ctx: &Context,
        tx: &Tx,
        account: &Account,
        used: &Self::Used,
    ) -> impl Future<Output = Result<bool>> + Send;
}
