//! The parts of a list in one cell.

use super::{Unclear, unclear};
use crate::experts::words::split_outside_brackets;
use domain::text::{is_han, name_key, normalise};

/// The entries of a list: between separators, line breaks, or numbers that count them.
///
/// # Errors
/// A list that ends in 等.
pub fn parts(text: &str) -> Result<Vec<String>, Unclear> {
    let separator =
        |c: char| matches!(c, '、' | '；' | ';' | '，' | ',' | '\n' | '\r' | '|' | '｜' | '/' | '／' | '\\');
    let mut found = Vec::new();
    for counted in counted(text) {
        for part in split_outside_brackets(&joined_abbreviations(&counted), separator) {
            let part = normalise(&part.replace(ABBREVIATED, ","));
            if !is_placeholder(&name_key(&part)) {
                found.push(part);
            }
        }
    }
    match found.last().filter(|last| leaves_out(last)) {
        Some(last) => Err(unclear(last, "“等”没有说明是谁，请逐一列全")),
        None => Ok(found),
    }
}

/// The words that people write into a cell that has nothing to say.
pub fn is_placeholder(key: &str) -> bool {
    matches!(key, "" | "无" | "暂无" | "没有" | "/" | "\\" | "N/A" | "NA")
        || key.chars().all(|c| matches!(c, '-' | '—' | '－'))
}

/// Stands for the comma of `Co., Ltd.` while a text is split.
const ABBREVIATED: char = '\u{1}';

fn joined_abbreviations(text: &str) -> String {
    const BEHIND: [&str; 7] = ["LTD", "INC", "LLC", "LIMITED", "CORP", "GMBH", "S.A"];
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let behind = || text[at + c.len_utf8()..].trim_start().chars().take(8).collect::<String>().to_ascii_uppercase();
        let abbreviated = matches!(c, ',' | '，') && BEHIND.iter().any(|word| behind().starts_with(word));
        out.push(if abbreviated { ABBREVIATED } else { c });
    }
    out
}

/// `甲公司等`, `等3家`.
fn leaves_out(part: &str) -> bool {
    let Some((_, rest)) = part.rsplit_once('等') else { return false };
    let words =
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十多若干几".contains(c)).trim();
    let counted = words.len() < rest.trim().len();
    matches!(words, "" | "人" | "单位")
        || (counted
            && matches!(
                words,
                "家" | "个" | "名" | "位" | "家单位" | "个单位" | "家公司" | "家企业" | "所高校" | "所" | "名专家"
            ))
}

/// Splits before the numbers of a list: ①②, or 1. 2. 3. counting up from the start of the text or of a line.
fn counted(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut next = 1;
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(c) = rest.chars().next() {
        let fresh = before.is_none_or(|c| c == '\n');
        if is_counter(c) {
            parts.push(String::new());
            rest = &rest[c.len_utf8()..];
            before = Some('\n');
            continue;
        }
        // The first number stands at the beginning; every other one counts on.
        let known = if fresh { marker(rest).filter(|(n, _)| *n == next || *n == 1) } else { None };
        let counting =
            known.or_else(|| marker(rest).filter(|(n, _)| next > 1 && *n == next && before.is_none_or(ends_entry)));
        if let Some((number, used)) = counting {
            parts.push(String::new());
            next = number + 1;
            rest = &rest[used..];
            before = Some('\n');
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        rest = &rest[c.len_utf8()..];
        before = Some(c);
    }
    parts
}

/// A number that counts up may follow a name, a bracket or a separator, never a digit or letter.
fn ends_entry(c: char) -> bool {
    is_han(c) || c.is_whitespace() || "）)】]；;。，,、".contains(c)
}

const fn is_counter(c: char) -> bool {
    matches!(c, '①'..='⑳' | '⑴'..='⒇' | '⒈'..='⒛' | '㈠'..='㈩' | '❶'..='❿' | '➀'..='➓' | '•' | '●' | '■' | '◆')
}

/// `1.`, `2、`, `（3）`, `4)`, `一、` at the beginning: the number, and the bytes it takes. A dot within a figure is none.
fn marker(text: &str) -> Option<(usize, usize)> {
    let (open, body) = match text.strip_prefix(['（', '(']) {
        Some(body) => (true, body),
        None => (false, text),
    };
    let digits = body.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '０'..='９')).count();
    let (number, behind) = if digits > 0 {
        let end = body.char_indices().nth(digits).map_or(body.len(), |(at, _)| at);
        (normalise(&body[..end]).parse().ok().filter(|_| digits <= 2)?, &body[end..])
    } else {
        const NUMERALS: &str = "一二三四五六七八九十";
        let numeral = body.chars().next()?;
        let place = NUMERALS.chars().position(|c| c == numeral)?;
        let behind = &body[numeral.len_utf8()..];
        // 一 without a mark behind it begins a name.
        (open || behind.starts_with('、')).then_some((place + 1, behind))?
    };
    let mark = behind.chars().next()?;
    let fits = if open {
        matches!(mark, '）' | ')')
    } else {
        matches!(mark, '.' | '．' | '、' | '）' | ')' | '：' | ':')
    };
    let after = &behind[mark.len_utf8()..];
    let figure = after.starts_with(|c: char| c.is_ascii_digit());
    (fits && !figure && number > 0).then_some((number, text.len() - after.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        parts(text).unwrap()
    }

    #[test]
    fn lists_are_split_whatever_separates_them() {
        for text in [
            "甲公司、乙大学",
            "甲公司，乙大学",
            "甲公司,乙大学",
            "甲公司；乙大学；",
            "甲公司\n乙大学",
            "甲公司\r\n乙大学",
            "甲公司/乙大学",
            "甲公司｜乙大学",
            "①甲公司②乙大学",
            "⑴甲公司 ⑵乙大学",
            "1.甲公司2.乙大学",
            "1、甲公司\n2、乙大学",
            "1）甲公司 2）乙大学",
            "（1）甲公司（2）乙大学",
            "一、甲公司二、乙大学",
            "１．甲公司；２．乙大学",
            "• 甲公司\n• 乙大学",
        ] {
            assert_eq!(split(text), ["甲公司", "乙大学"], "{text}");
        }
    }

    #[test]
    fn figures_and_marks_within_names_split_nothing() {
        for text in [
            "中国电子第27研究所",
            "核工业2院",
            "示例（北京、上海）公司",
            "一汽示例公司",
            "3.5集成电路公司",
            "ABC Co., Ltd.",
            "916200000000000004",
        ] {
            assert_eq!(split(text), [text], "{text}");
        }
        assert_eq!(split("甲公司1、乙大学"), ["甲公司1", "乙大学"]);
        assert!(split("/").is_empty() && split("无").is_empty() && split("—").is_empty());
    }

    #[test]
    fn a_list_that_is_not_complete_is_refused() {
        for text in ["甲公司、乙大学等", "甲公司等3家", "张三、李四等人", "甲公司等五家单位"]
        {
            assert!(parts(text).unwrap_err().1.contains("列全"), "{text}");
        }
        assert_eq!(split("平等公司"), ["平等公司"]);
        assert_eq!(split("高等学校"), ["高等学校"]);
    }
}
