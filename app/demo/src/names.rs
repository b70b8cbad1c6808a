//! Names that nobody bears: people are a surname and numerals, units say 示例, 样例 or 演示.

/// Experts have these surnames, listed people the others, so that namesakes are only those the story plants.
const OF_EXPERTS: [&str; 15] =
    ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩"];
const OF_LISTED: [&str; 15] =
    ["杨", "朱", "秦", "尤", "许", "何", "吕", "施", "张", "孔", "曹", "严", "华", "金", "魏"];
const NUMERALS: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];

pub fn expert(number: usize) -> String {
    numbered(&OF_EXPERTS, number)
}

pub fn listed_person(number: usize) -> String {
    numbered(&OF_LISTED, number)
}

/// A surname and two numerals, three from the 1216th person on.
fn numbered(surnames: &[&str], number: usize) -> String {
    let surname = surnames[number % surnames.len()];
    let mut rest = number / surnames.len();
    let mut digits = vec![NUMERALS[rest % 9], NUMERALS[rest / 9 % 9]];
    rest /= 81;
    while rest > 0 {
        digits.push(NUMERALS[(rest - 1) % 9]);
        rest = (rest - 1) / 9;
    }
    format!("{surname}{}", digits.into_iter().rev().collect::<String>())
}

/// An ID number of someone born in 1900 or soon after: valid in form, nobody's.
pub fn id_number(number: usize) -> Option<String> {
    let born = domain::NaiveDate::from_ymd_opt(1900, 1, 1)? + chrono::Days::new(u64::try_from(number % 3650).ok()?);
    let body = format!("620102{}{:03}", born.format("%Y%m%d"), 1 + number / 3650);
    let numbers = "0123456789X".chars().map(|check| format!("{body}{check}"));
    numbers.into_iter().find(|number| domain::people::id_number(number).is_ok())
}

const PLACES: [&str; 20] = [
    "陇原", "河西", "金城", "祁连", "崆峒", "麦积", "阳关", "玉门", "洮河", "渭源", "白银", "镍都", "雄关", "凉州",
    "甘州", "庆阳", "陇南", "临夏", "甘南", "秦川",
];
const MARKS: [&str; 3] = ["示例", "样例", "演示"];

/// `trades` makes it a firm of a sector; every number gives another name.
pub fn firm(trades: &[&str], number: usize) -> String {
    let place = PLACES[number % PLACES.len()];
    let mark = MARKS[number / PLACES.len() % MARKS.len()];
    let trade = trades[number / (PLACES.len() * MARKS.len()) % trades.len()];
    let round = number / (PLACES.len() * MARKS.len() * trades.len());
    let again = if round == 0 { String::new() } else { format!("第{}", round + 1) };
    format!("{place}{mark}{again}{trade}有限公司")
}

pub fn university(number: usize) -> String {
    named(number, &["大学", "理工大学", "工业学院"])
}

pub fn institute(number: usize) -> String {
    named(number, &["材料研究院", "化工研究所", "自动化研究所", "生物技术研究院", "资源利用研究院"])
}

pub fn accountants(number: usize) -> String {
    named(number, &["会计师事务所", "税务师事务所"])
}

pub fn association(number: usize) -> String {
    named(number, &["产业协会", "行业促进会"])
}

fn named(number: usize, endings: &[&str]) -> String {
    let place = PLACES[number % PLACES.len()];
    let mark = MARKS[number / PLACES.len() % MARKS.len()];
    let ending = endings[number % endings.len()];
    let round = number / (PLACES.len() * MARKS.len());
    let again = if round == 0 { String::new() } else { format!("第{}", round + 1) };
    format!("{place}{mark}{again}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_numbers_do_not_repeat() {
        let people: BTreeSet<_> = (0..5000).map(expert).chain((0..5000).map(listed_person)).collect();
        assert_eq!(people.len(), 10_000);
        assert_eq!((0..5000).filter_map(id_number).collect::<BTreeSet<_>>().len(), 5000);
        let firms: BTreeSet<_> = (0..500).map(|i| firm(&["新材料", "合金"], i)).collect();
        assert_eq!(firms.len(), 500);
        assert_eq!((0..200).map(university).collect::<BTreeSet<_>>().len(), 200);
    }
}
