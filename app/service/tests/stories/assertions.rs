//! Assertions about refusals.

/// The rule's text has all these words.
pub fn assert_words(rule: &service::RuleError, words: &[&str]) {
    let text = rule.to_string();
    assert!(words.iter().all(|own| text.contains(own)), "{text}");
}

/// A rule forbids it, of this case, and its text contains the words.
#[macro_export]
macro_rules! assert_rule {
    ($result:expr, $case:ident $(, $words:expr)*) => {
        match $result {
            Err(service::Error::Rule(rule)) if rule.case() == service::Case::$case => {
                $crate::assertions::assert_words(&rule, &[$($words),*]);
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
