//! 指标数值: exact thousandths of an indicator's unit, as people type and read them.

use crate::numeral::{self, NumeralError, Precision};

/// Longest whole part: 999,999,999,999 fits with its thousandths and leaves room for products.
const WHOLE_DIGITS: usize = 12;

/// Reads what a person types, in 1/1000: `450`, `4.5`, `１２００．２５`, `-3`. Nothing is rounded.
///
/// # Errors
/// Empty text, anything but a plain decimal number, a fourth decimal, or more than 12 digits.
pub fn parse_thousandths(text: &str) -> Result<i64, NumeralError> {
    numeral::parse(text, Precision { whole_digits: WHOLE_DIGITS, decimals: 3 })
}

/// Shortest form, as a person would write it: `450`, `4.5`, `-0.025`.
pub fn show_thousandths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    let shown = format!("{sign}{}.{:03}", size / 1000, size % 1000);
    shown.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_type() {
        assert_eq!(parse_thousandths(" 450 "), Ok(450_000));
        assert_eq!(parse_thousandths("１２００．２５"), Ok(1_200_250));
        assert_eq!(parse_thousandths("0.0250"), Ok(25));
        assert_eq!(parse_thousandths(".5"), Ok(500));
        assert_eq!(parse_thousandths("000"), Ok(0));
        assert_eq!(parse_thousandths("-3"), Ok(-3000));
        assert_eq!(parse_thousandths("999999999999.999"), Ok(999_999_999_999_999));
    }

    #[test]
    fn refuses_what_it_would_have_to_guess() {
        assert_eq!(parse_thousandths("　"), Err(NumeralError::Empty));
        assert_eq!(parse_thousandths("1,200.25"), Err(NumeralError::Comma));
        assert_eq!(parse_thousandths("约3"), Err(NumeralError::NotANumber));
        assert_eq!(parse_thousandths("1e3"), Err(NumeralError::NotANumber));
        assert_eq!(parse_thousandths("1.2.3"), Err(NumeralError::NotANumber));
        assert_eq!(parse_thousandths("-"), Err(NumeralError::NotANumber));
        assert_eq!(parse_thousandths("0.0005"), Err(NumeralError::TooPrecise(3)));
        assert_eq!(parse_thousandths("1000000000000"), Err(NumeralError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(value in -999_999_999_999_999_i64..=999_999_999_999_999) {
            prop_assert_eq!(parse_thousandths(&show_thousandths(value)), Ok(value));
        }
    }
}
