//! 同一人: who is one person behind two accounts. The one place where that is decided.

use crate::ids::AccountId;
use crate::text::name_key;

/// Two accounts are one person's if they are the same, or of the same name.
pub fn is_same<N: AsRef<str>>(one: AccountId, other: AccountId, name_of: impl Fn(AccountId) -> Option<N>) -> bool {
    let name = |account| name_of(account).map(|name| name_key(name.as_ref()));
    one == other || (name(one).is_some() && name(one) == name(other))
}
