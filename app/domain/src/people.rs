//! 个人敏感信息: ID numbers (GB 11643-1999), phones, bank cards, and how they are masked.

crate::coded! {
    /// 个人号码: what is kept sealed and shown masked.
    Number {
        IdNumber = "id_number", "身份证号";
        Phone = "phone", "手机号";
        BankCard = "bank_card", "银行卡号";
    }
}

/// The word that replaces a person's name or employer once their retention has ended.
pub const ANONYMOUS: &str = "已匿名";

impl Number {
    /// Checks a number and returns it in canonical form.
    ///
    /// # Errors
    /// Why the text is none, without the text.
    pub fn read(self, text: &str) -> Result<String, String> {
        match self {
            Self::IdNumber => id_number(text).map_err(|error| error.to_string()),
            Self::Phone => phone(text).ok_or_else(|| "应为11位手机号".to_owned()),
            Self::BankCard => bank_card(text),
        }
    }

    /// 620102********0011, 138****1234, ****0011.
    pub fn mask(self, number: &str) -> String {
        match self {
            Self::IdNumber => mask_id_number(number),
            Self::Phone if number.is_ascii() && number.len() == 11 => format!("{}****{}", &number[..3], &number[7..]),
            Self::BankCard if number.is_ascii() && number.len() >= 12 => format!("****{}", &number[number.len() - 4..]),
            Self::Phone | Self::BankCard => "********".to_owned(),
        }
    }
}

/// Digits as people write them, in groups and with a leading quote of a spreadsheet.
fn digits(text: &str) -> Option<String> {
    let text = crate::text::name_key(text);
    let digits: String = text.trim_start_matches('\'').chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    digits.chars().all(|c| c.is_ascii_digit()).then_some(digits)
}

fn phone(text: &str) -> Option<String> {
    let digits = digits(text.trim().trim_start_matches("+86"))?;
    let mobile = digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes()[1], b'0'..=b'2');
    mobile.then_some(digits)
}

/// 12 to 19 digits; cards of 银联 (62…) have a check digit (ISO/IEC 7812-1, Luhn), accounts of other forms may have none.
fn bank_card(text: &str) -> Result<String, String> {
    let digits = digits(text).filter(|digits| (12..=19).contains(&digits.len())).ok_or("应为12至19位数字")?;
    let has_check_digit = digits.starts_with("62") && digits.len() >= 16;
    if has_check_digit && !passes_luhn(&digits) { Err("校验位不符".to_owned()) } else { Ok(digits) }
}

fn passes_luhn(digits: &str) -> bool {
    let value = |(place, digit): (usize, u8)| {
        let digit = u32::from(digit - b'0');
        let doubled = digit * 2;
        if place % 2 == 0 { digit } else { doubled / 10 + doubled % 10 }
    };
    digits.bytes().rev().enumerate().map(value).sum::<u32>().is_multiple_of(10)
}

/// Why a text is no ID number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    #[error("应为18位")]
    Length,
    #[error("含有不允许的字符")]
    Character,
    #[error("出生日期不存在")]
    Date,
    #[error("校验位不符")]
    Check,
}

/// Checks an ID number and returns it in canonical form (half-width, upper-case X).
///
/// # Errors
/// Wrong length, characters, birth date or check digit.
pub fn id_number(text: &str) -> Result<String, IdNumberError> {
    let id: String = crate::text::name_key(text).trim_start_matches('\'').to_owned();
    if id.len() != 18 {
        return Err(IdNumberError::Length);
    }
    let mut sum = 0;
    for (i, c) in id.chars().take(17).enumerate() {
        let digit = c.to_digit(10).ok_or(IdNumberError::Character)?;
        // Weight 2^(17−i) mod 11.
        sum += digit * ((1_u32 << (17 - i)) % 11);
    }
    if chrono::NaiveDate::parse_from_str(&id[6..14], "%Y%m%d").is_err() {
        return Err(IdNumberError::Date);
    }
    let check = "10X98765432".as_bytes()[(sum % 11) as usize];
    if id.as_bytes()[17] != check {
        return Err(IdNumberError::Check);
    }
    Ok(id)
}

/// 620102********0011
pub fn mask_id_number(id: &str) -> String {
    if id.is_ascii() && id.len() == 18 { format!("{}********{}", &id[..6], &id[14..]) } else { "********".to_owned() }
}

/// Different letters below which nobody has given a purpose.
const SHORTEST_PURPOSE: usize = 4;
const LONGEST_PURPOSE: usize = 200;
/// Years and days may stand in a purpose, numbers of people may not.
const LONGEST_DIGITS: usize = 6;

/// Why a text is no purpose for which a number may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PurposeError {
    #[error("请写明查看的用途，{SHORTEST_PURPOSE}至{LONGEST_PURPOSE}字")]
    Length,
    #[error("用途会记入审计，请不要在其中写号码")]
    Number,
}

/// A purpose is words of some length, and holds no number itself: the audit keeps it in clear.
///
/// # Errors
/// `Length`, `Number`.
pub fn check_purpose(purpose: &str) -> Result<(), PurposeError> {
    let letters: std::collections::BTreeSet<char> = purpose.chars().filter(|c| c.is_alphabetic()).collect();
    if letters.len() < SHORTEST_PURPOSE || purpose.chars().count() > LONGEST_PURPOSE {
        return Err(PurposeError::Length);
    }
    let mut run = 0;
    for c in purpose.chars().filter(|c| !matches!(c, ' ' | '-' | '　')) {
        run = if c.is_numeric() { run + 1 } else { 0 };
        if run > LONGEST_DIGITS {
            return Err(PurposeError::Number);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_synthetic_number_passes_and_changes_do_not() {
        assert_eq!(id_number("620102199001010011").as_deref(), Ok("620102199001010011"));
        assert_eq!(id_number("620102199001010012"), Err(IdNumberError::Check));
        assert_eq!(id_number("620102199013010011"), Err(IdNumberError::Date));
        assert_eq!(id_number("62010219900101001"), Err(IdNumberError::Length));
    }

    #[test]
    fn phones_are_read_as_people_write_them() {
        for typed in [
            "13800001234",
            " 138-0000-1234",
            "138 0000 1234",
            "+86 13800001234",
            "'13800001234",
            "１３８００００１２３４",
        ] {
            assert_eq!(Number::Phone.read(typed).as_deref(), Ok("13800001234"), "{typed}");
        }
        for wrong in ["", "1380000123", "12800001234", "0931-8888888", "1380000123x"] {
            assert!(Number::Phone.read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn bank_cards_have_a_check_digit_where_the_scheme_has_one() {
        assert_eq!(Number::BankCard.read("6222 0200 0000 0012 344").as_deref(), Ok("6222020000000012344"));
        assert!(Number::BankCard.read("6222020000000012345").is_err());
        assert_eq!(Number::BankCard.read("1012 3456 7890").as_deref(), Ok("101234567890"), "an account without one");
        assert!(Number::BankCard.read("123").is_err() && Number::BankCard.read("6222x2000000001234").is_err());
    }

    #[test]
    fn masks_show_what_the_practice_shows_and_never_the_whole() {
        assert_eq!(Number::Phone.mask("13800001234"), "138****1234");
        assert_eq!(Number::BankCard.mask("6222020000000012344"), "****2344");
        assert_eq!(Number::Phone.mask("1234"), "********");
        assert_eq!(Number::BankCard.mask("1234"), "********");
    }

    #[test]
    fn masks_keep_region_and_last_four() {
        assert_eq!(mask_id_number("620102199001010011"), "620102********0011");
    }
}
