//! 统一社会信用代码 (GB 32100-2015).

use serde::{Deserialize, Serialize};

/// A unified social credit code with a valid check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(String);

/// Why a text is no unified social credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    #[error("应为18位，实际{0}位")]
    Length(usize),
    #[error("含有不允许的字符“{0}”")]
    Character(char),
    #[error("校验位不符，应为“{0}”")]
    Check(char),
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl Uscc {
    /// Reads a code as typed: lower case, full-width characters and blanks are forgiven, a wrong check digit is not.
    ///
    /// # Errors
    /// Wrong length, a character outside the alphabet, a wrong check character.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let code: String = crate::text::plain(text)
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let length = code.chars().count();
        if length != 18 {
            return Err(UsccError::Length(length));
        }
        let check = check_character(&code)?;
        if !code.ends_with(check) {
            return Err(UsccError::Check(check));
        }
        Ok(Self(code))
    }

    /// Appends the check character to 17 valid characters.
    ///
    /// # Errors
    /// Wrong length or a character outside the alphabet.
    pub fn from_body(body: &str) -> Result<Self, UsccError> {
        if body.chars().count() != 17 {
            return Err(UsccError::Length(body.chars().count()));
        }
        let check = check_character(body)?;
        Ok(Self(format!("{body}{check}")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 登记机关行政区划码 (positions 3–8): a hint on where the unit was first registered, never a decision.
    pub fn registration_region(&self) -> &str {
        &self.0[2..8]
    }
}

/// Weights are 3^(i−1) mod 31; the check value is (31 − Σ CiWi mod 31) mod 31.
fn check_character(code: &str) -> Result<char, UsccError> {
    let mut weight = 1;
    let mut sum = 0;
    for c in code.chars().take(17) {
        let value = ALPHABET.iter().position(|a| char::from(*a) == c).ok_or(UsccError::Character(c))?;
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    Ok(char::from(ALPHABET[(31 - sum % 31) % 31]))
}

impl std::fmt::Display for Uscc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Uscc {
    type Error = UsccError;
    fn try_from(text: String) -> Result<Self, UsccError> {
        Self::parse(&text)
    }
}

impl From<Uscc> for String {
    fn from(code: Uscc) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_pass() {
        for code in ["11620400013911751U", "916200000000000004", "91000000000000000K"] {
            assert_eq!(Uscc::parse(code).map(|c| c.to_string()), Ok(code.to_owned()));
        }
    }

    #[test]
    fn every_changed_character_is_caught() {
        let code = "11620400013911751U";
        for i in 0..18 {
            for replacement in ALPHABET {
                let mut bytes = code.as_bytes().to_vec();
                if bytes[i] == *replacement {
                    continue;
                }
                bytes[i] = *replacement;
                let changed = String::from_utf8(bytes).unwrap();
                assert!(Uscc::parse(&changed).is_err(), "{changed}");
            }
        }
    }

    #[test]
    fn the_problem_is_named() {
        assert_eq!(Uscc::parse("9162"), Err(UsccError::Length(4)));
        assert_eq!(Uscc::parse("1162040001391175IU"), Err(UsccError::Character('I')));
        assert_eq!(Uscc::parse("11620400013911751X"), Err(UsccError::Check('U')));
    }

    #[test]
    fn typing_habits_are_forgiven() {
        assert!(Uscc::parse("１１620400 013911751u").is_ok());
    }
}
