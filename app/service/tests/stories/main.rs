//! Stories of the use cases, told on a real schema in memory, with a clock that is moved by hand.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod acceptance;
mod account;
mod affinity;
mod approaches;
mod bridging;
mod drawing;
mod feasibility;
mod formality;
mod importing;
mod invitations;
mod permissions;
mod personal;
mod reading;
mod recusal;
mod region;
mod results;
mod scoring;
mod seating;
mod second_factor;
mod signing;
mod support;

/// A rule forbids it, of this case, and its text contains the words.
#[macro_export]
macro_rules! assert_rule {
    ($result:expr, $case:ident $(, $words:expr)*) => {
        match $result {
            Err(service::Error::Rule(rule)) if rule.case() == service::Case::$case => {
                $crate::support::assert_words(&rule, &[$($words),*]);
            }
            other => panic!("expected a rule of {}, got {other:?}", stringify!($case)),
        }
    };
}

/// Asserts that a result is an error of the given kind.
#[macro_export]
macro_rules! assert_error {
    ($result:expr, $pattern:pat $(if $guard:expr)?) => {
        match $result {
            Err($pattern) $(if $guard)? => {}
            other => panic!("expected {}, got {other:?}", stringify!($pattern)),
        }
    };
}
