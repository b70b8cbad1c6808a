//! 编号 for entries whose list has none.

use crate::text::name_key;

/// Counts on from the highest number in use behind a prefix.
#[derive(Debug)]
pub struct FreeCodes {
    prefix: &'static str,
    digits: usize,
    last: u64,
}

/// A number beyond this is no number in a row, such as a date in the code.
const HIGHEST: u64 = 1_000_000;

impl FreeCodes {
    pub fn new<'a>(prefix: &'static str, digits: usize, used: impl Iterator<Item = &'a str>) -> Self {
        let number = |code: &str| {
            let key = name_key(code);
            let digits: String = key.strip_prefix(prefix)?.chars().filter(char::is_ascii_digit).collect();
            digits.parse::<u64>().ok().filter(|number| *number < HIGHEST)
        };
        Self { prefix, digits, last: used.filter_map(number).max().unwrap_or(0) }
    }

    /// The next code.
    pub fn take(&mut self) -> String {
        self.last += 1;
        format!("{}{:0width$}", self.prefix, self.last, width = self.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_on_from_the_highest_in_use_however_it_is_written() {
        let mut free = FreeCodes::new("ZJ", 4, ["ZJ-0007", "zj0012", "ＺＪ９", "XM0500", "ZJ20250101123"].into_iter());
        assert_eq!([free.take(), free.take()], ["ZJ0013", "ZJ0014"]);
        assert_eq!(FreeCodes::new("SB", 3, std::iter::empty()).take(), "SB001");
    }
}
