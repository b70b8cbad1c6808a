//! Text as people type it into spreadsheets and forms, made comparable. What is shown is what was typed; what is compared is a key.

mod fold;
mod invisible;

pub use invisible::{first_invisible, kept, named, without_invisible};

/// Characters of a title or a name.
pub const LONGEST_TITLE: usize = 200;

/// Full-width letters, digits and punctuation to half-width; every kind of blank to one space; ends trimmed. The text stays what it says.
pub fn normalise(text: &str) -> String {
    let text = kept(text);
    let half = text.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' if !is_chinese_punctuation(c) => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c if c.is_whitespace() => ' ',
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

/// A value to be read, such as a number, a date, a code or a word of a list: normalised, without characters nobody sees.
pub fn plain(text: &str) -> String {
    normalise(&without_invisible(text))
}

/// Punctuation that Chinese sentences use full-width; narrowing it would spoil names such as 兰州（集团）公司.
const fn is_chinese_punctuation(c: char) -> bool {
    matches!(c, '（' | '）' | '，' | '：' | '；' | '？' | '！')
}

/// A key for comparing names of people and units and other words: equal for what looks equal. Width, brackets, case, traditional forms, radicals
/// and compatibility characters, dots of minority names, invisible marks and blanks beside Chinese characters make no difference; blanks
/// between words of foreign script do.
pub fn name_key(text: &str) -> String {
    fold::fold(text)
}

/// Whether it is a Chinese character.
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' | '〇')
}

#[cfg(test)]
mod tests;
