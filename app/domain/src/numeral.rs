//! 数字: a decimal number as people type it, read exactly or refused; it never becomes another one.

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumeralError {
    #[error("未填写")]
    Empty,
    #[error("含有逗号：小数点请用“.”，整数部分不分节")]
    Comma,
    #[error("不是数字")]
    NotANumber,
    #[error("最多保留{}位小数", in_words(*.0))]
    TooPrecise(usize),
    #[error("应为整数")]
    NotWhole,
    #[error("数值过大")]
    TooLarge,
}

const fn in_words(places: usize) -> &'static str {
    match places {
        1 => "一",
        2 => "两",
        3 => "三",
        _ => "若干",
    }
}

/// Digits and places that are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Precision {
    pub whole_digits: usize,
    pub decimals: usize,
}

/// Marks that stand for a comma in one script or another.
const COMMAS: [char; 6] = [',', '，', '、', '､', '٫', '\''];

/// Reads `10`, `10.5`, `１０．５`, `10。5`, `-3` in units of the last decimal. Nothing is rounded.
///
/// # Errors
/// Anything but a plain decimal number with the digits and places that are kept.
pub(crate) fn parse(text: &str, kept: Precision) -> Result<i64, NumeralError> {
    let text = crate::text::plain(text).replace(['。', '｡'], ".").replace('−', "-");
    if text.is_empty() {
        return Err(NumeralError::Empty);
    }
    if text.contains(COMMAS) {
        return Err(NumeralError::Comma);
    }
    let (negative, digits) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && decimals.is_empty()) || !all_digits(whole) || !all_digits(decimals) {
        return Err(NumeralError::NotANumber);
    }
    let (whole, decimals) = (whole.trim_start_matches('0'), decimals.trim_end_matches('0'));
    if decimals.len() > kept.decimals {
        return Err(match kept.decimals {
            0 => NumeralError::NotWhole,
            places => NumeralError::TooPrecise(places),
        });
    }
    if whole.len() > kept.whole_digits {
        return Err(NumeralError::TooLarge);
    }
    let value: i64 =
        format!("0{whole}{decimals:0<width$}", width = kept.decimals).parse().map_err(|_| NumeralError::TooLarge)?;
    Ok(if negative { -value } else { value })
}

/// Reads a whole number.
///
/// # Errors
/// Anything else, a number with a fraction included.
pub fn parse_whole(text: &str) -> Result<i64, NumeralError> {
    parse(text, Precision { whole_digits: 15, decimals: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hundredths(text: &str) -> Result<i64, NumeralError> {
        parse(text, Precision { whole_digits: 9, decimals: 2 })
    }

    #[test]
    fn reads_what_an_input_method_leaves() {
        for text in ["1.5", "１．５", "1。5", "１。５", "1｡5", " 1.50 ", "01.5", "\u{3000}1.5", "1.5\u{200b}"]
        {
            assert_eq!(hundredths(text), Ok(150), "{text:?}");
        }
        assert_eq!(hundredths(".5"), Ok(50));
        assert_eq!(hundredths("5."), Ok(500));
        assert_eq!(hundredths("0。5"), Ok(50));
        assert_eq!(hundredths("−3"), Ok(-300));
        assert_eq!(hundredths("-０．０５"), Ok(-5));
    }

    #[test]
    fn refuses_what_it_would_have_to_guess() {
        for text in ["1,1", "1，1", "1,200", "1、5", "1'200"] {
            assert_eq!(hundredths(text), Err(NumeralError::Comma), "{text:?}");
        }
        for text in ["1.2.3", "1。2。3", "1e3", "+5", "0x1", "十", "优", "-", ".", "1 2", "8分", "1/2", "٣", "½", "1·5"]
        {
            assert_eq!(hundredths(text), Err(NumeralError::NotANumber), "{text:?}");
        }
        assert_eq!(hundredths(" \u{3000}"), Err(NumeralError::Empty));
        assert_eq!(hundredths("8.125"), Err(NumeralError::TooPrecise(2)));
        assert_eq!(hundredths("1234567890"), Err(NumeralError::TooLarge));
        assert_eq!(hundredths("000000000001"), Ok(100));
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        assert_eq!(parse_whole("１２"), Ok(12));
        assert_eq!(parse_whole("3.0"), Ok(3));
        assert_eq!(parse_whole("0.5"), Err(NumeralError::NotWhole));
        assert_eq!(parse_whole("1,000"), Err(NumeralError::Comma));
    }
}
