//! 资金: exact 分.

use serde::{Deserialize, Serialize};

/// Money in 分 (1/100 元).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

const FEN_PER_WAN: i64 = 1_000_000;
/// 最高不超过500万元
const SUPPORT_CEILING: Fen = Fen(500 * FEN_PER_WAN);

impl Fen {
    pub const fn wan(wan: i64) -> Self {
        Self(wan * FEN_PER_WAN)
    }

    /// Reads an amount in 万元 as typed or as found in a spreadsheet cell: `6,200.5`, `６２００`, `3210万元`. Groups of other than three digits
    /// mean that a digit or a mark is wrong: `62,00` is nothing.
    pub fn parse_wan(text: &str) -> Option<Self> {
        let text = crate::text::plain(text).replace('，', ",");
        let text = text.trim_end_matches("万元").trim_end_matches('万').trim_end();
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let whole = ungrouped(whole)?;
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let decimals = decimals.trim_end_matches('0');
        if whole.is_empty() || whole.len() > 9 || decimals.len() > 6 || !digits(&whole) || !digits(decimals) {
            return None;
        }
        let fraction: i64 = format!("{decimals:0<6}").parse().ok()?;
        Some(Self(whole.parse::<i64>().ok()? * FEN_PER_WAN + fraction))
    }

    /// 不高于项目总投资额10%，最高不超过500万元: the highest support a project with this total investment may get.
    #[must_use]
    pub const fn support_cap(self) -> Self {
        let tenth = self.0 / 10;
        if tenth < SUPPORT_CEILING.0 { Self(tenth) } else { SUPPORT_CEILING }
    }

    /// In 万元 with thousands separators and at least two decimals: `6,200.00`.
    pub fn in_wan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let value = self.0.unsigned_abs();
        let whole = (value / 1_000_000).to_string();
        let fraction = format!("{:06}", value % 1_000_000);
        let fraction = fraction.trim_end_matches('0');
        let mut grouped = String::new();
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{sign}{grouped}.{fraction:0<2}")
    }
}

/// The digits of a whole number written in groups of three, by commas or by blanks.
fn ungrouped(whole: &str) -> Option<String> {
    let mark = [',', ' '].into_iter().find(|mark| whole.contains(*mark));
    let Some(mark) = mark else { return Some(whole.to_owned()) };
    let mut groups = whole.split(mark);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()))?;
    let rest: Vec<&str> = groups.collect();
    rest.iter().all(|group| group.len() == 3).then(|| format!("{first}{}", rest.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn support_is_a_tenth_and_at_most_five_million_yuan() {
        assert_eq!(Fen::wan(3210).support_cap(), Fen::wan(321));
        assert_eq!(Fen::wan(5000).support_cap(), Fen::wan(500));
        assert_eq!(Fen::wan(8000).support_cap(), Fen::wan(500));
        assert_eq!(Fen(19).support_cap(), Fen(1));
    }

    #[test]
    fn amounts_are_read_and_shown_in_wan() {
        assert_eq!(Fen::parse_wan("6,200.5"), Some(Fen(6_200_500_000)));
        assert_eq!(Fen::parse_wan("３２１０万元"), Some(Fen::wan(3210)));
        assert_eq!(Fen::parse_wan("1 234 567.5 万元"), Some(Fen(1_234_567_500_000)));
        assert_eq!(Fen::parse_wan("6，200\u{202c}"), Some(Fen::wan(6200)));
        for wrong in ["约3000", "62,00", "6,20", "6,2000", ",620", "6,,200", "1,234 567", "6.200,5", "6 2", "12,345,67"]
        {
            assert_eq!(Fen::parse_wan(wrong), None, "{wrong}");
        }
        assert_eq!(Fen::wan(6200).in_wan(), "6,200.00");
        assert_eq!(Fen(1_234_567_000_001).in_wan(), "1,234,567.000001");
    }
}
