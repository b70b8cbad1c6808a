//! Rules for passwords, and first passwords.

use crate::Result;
use crate::crypto::random;
use domain::account::PasswordError;
use zxcvbn::Score;

const SHORTEST: usize = 10;
const LONGEST: usize = 128;
/// At least a million guesses: against a lock of five each half hour that takes more than ten years.
const STRENGTH: Score = Score::Two;
const CLASSES: usize = 3;
/// Words of the trade, the province and this program, and what people type when asked for letters and digits.
const KNOWN: [&str; 20] = [
    "hengping", "jiebang", "guashuai", "pingshen", "zhuanjia", "expert", "admin", "gansu", "lanzhou", "password",
    "passw0rd", "qwerty", "asdf", "1qaz", "2wsx", "1234", "abcd", "1314", "woaini", "aaaa",
];

/// At least 10 characters from three of four classes, and not the login.
pub fn check(password: &str, login: &str) -> Result<(), PasswordError> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(PasswordError::TooShort(SHORTEST));
    }
    if length > LONGEST {
        return Err(PasswordError::TooLong(LONGEST));
    }
    let classes = [
        password.chars().any(char::is_lowercase),
        password.chars().any(char::is_uppercase),
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| !c.is_alphanumeric() || (c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase())),
    ];
    if classes.into_iter().filter(|c| *c).count() < CLASSES {
        return Err(PasswordError::TooFewClasses);
    }
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    if !login.is_empty() && bare(password).contains(&bare(login)) {
        return Err(PasswordError::HoldsLogin);
    }
    if let Some(word) = KNOWN.iter().find(|word| bare(password).contains(*word)) {
        return Err(PasswordError::HoldsKnownWord(word));
    }
    // The classes do not find common words, keyboard rows, years, and their usual disguises.
    if zxcvbn::zxcvbn(password, &[login]).score() < STRENGTH {
        return Err(PasswordError::Guessable);
    }
    Ok(())
}

/// A first password that can be read out and typed: 5 groups without look-alike characters.
pub fn first_password() -> Result<String> {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let bytes: [u8; 16] = random()?;
    let letters: String = bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect();
    Ok(format!("{}-{}-{}-{}a9", &letters[..4], &letters[4..8], &letters[8..12], &letters[12..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        assert!(check("Short-1", "li").is_err());
        assert!(check("alllowercase", "li").is_err());
        assert!(check("Wanglei-2025", "wanglei").is_err());
        for common in [
            "Password123!",
            "Qwerty12345!",
            "P@ssw0rd2026",
            "Iloveyou123!",
            "Admin@2026x",
            "Gansu@2025",
            "1qaz@WSX3edc",
            "Zj-0007-2025",
        ] {
            assert!(check(common, "zj0007").is_err(), "{common}");
        }
        assert!(check("Qilian-Shan-2025", "wanglei").is_ok());
        assert!(check("衡评Review2025", "wanglei").is_ok());
    }

    #[test]
    fn first_passwords_are_strong_and_differ() {
        let (a, b) = (first_password().unwrap(), first_password().unwrap());
        assert_ne!(a, b);
        assert!(check(&a, "e0001").is_ok(), "{a}");
    }
}
