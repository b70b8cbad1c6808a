//! 居民身份证号码 (GB 11643-1999) and masking.

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
    fn masks_keep_region_and_last_four() {
        assert_eq!(mask_id_number("620102199001010011"), "620102********0011");
    }
}
