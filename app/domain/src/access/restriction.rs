//! Something that stands between a signed-in account and everything else.

/// Has to be done before an account may do anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restriction {
    /// The password was set by somebody else.
    FirstPassword,
    /// The password is too old.
    OldPassword,
    /// The role needs a second factor, and there is none yet.
    NoSecondFactor,
    /// The second factor of this session has not been passed.
    SecondFactor,
}
