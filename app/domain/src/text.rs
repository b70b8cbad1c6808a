//! Text as people type it into spreadsheets and forms, made comparable.

/// Full-width letters, digits and punctuation to half-width; every kind of blank to one space; ends trimmed.
pub fn normalise(text: &str) -> String {
    let half = text.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' if !is_chinese_punctuation(c) => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\t' | '\r' | '\n' | '\u{2002}'..='\u{200b}' | '\u{feff}' => ' ',
        other => other,
    });
    let mut out = String::with_capacity(text.len());
    for c in half {
        if c == ' ' && (out.is_empty() || out.ends_with(' ')) {
            continue;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Punctuation that Chinese sentences use full-width; narrowing it would spoil names such as 兰州（集团）公司.
const fn is_chinese_punctuation(c: char) -> bool {
    matches!(c, '（' | '）' | '，' | '：' | '；' | '？' | '！')
}

/// A key for comparing names of people and units: normalised, without blanks or brackets' width.
pub fn name_key(text: &str) -> String {
    normalise(text)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '·' && *c != '•')
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            other => other.to_ascii_uppercase(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_digits_and_blanks_become_plain() {
        assert_eq!(normalise("　９１６２　０００\u{a0}\n"), "9162 000");
    }

    #[test]
    fn chinese_brackets_stay_in_text_but_not_in_keys() {
        assert_eq!(normalise("西部（集团）公司"), "西部（集团）公司");
        assert_eq!(name_key("西部（集团） 公司"), name_key("西部(集团)公司"));
    }
}
