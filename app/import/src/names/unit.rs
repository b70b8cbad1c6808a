//! One unit: its name, the code that stands in it, and remarks.

use super::{Unclear, parts, unclear};
use domain::text::{is_han, normalise, plain};

/// A unit named in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitName {
    /// Without code and remarks; what else stands in brackets belongs to the name.
    pub name: String,
    /// What stood there as a code, right or wrong.
    pub code: Option<String>,
    /// 牵头, 企业, and what else was said of it.
    pub remarks: Vec<String>,
}

/// The units in one cell.
///
/// # Errors
/// The text at fault and the reason: codes without a name, one name or two joined by 和.
pub fn units(text: &str) -> Result<Vec<UnitName>, Unclear> {
    read(text, Room::Several)
}

/// How many units a cell is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    One,
    Several,
}

fn read(text: &str, room: Room) -> Result<Vec<UnitName>, Unclear> {
    let mut units: Vec<UnitName> = Vec::new();
    for part in parts(text)? {
        for piece in spaced(&part) {
            for name in conjoined(&piece, room)? {
                let unit = UnitName::read(&name);
                match units.last_mut() {
                    // `甲公司，9162…` puts the code behind a separator.
                    Some(last) if unit.name.is_empty() && last.code.is_none() => {
                        last.code = unit.code;
                        last.remarks.extend(unit.remarks);
                    }
                    _ if unit.name.is_empty() => {
                        return Err(unclear(&unit.code.unwrap_or(name), "信用代码前没有单位名称"));
                    }
                    _ => units.push(unit),
                }
            }
        }
    }
    Ok(units)
}

/// The unit in a cell that has room for one.
///
/// # Errors
/// As [`units`], and where there are several.
pub fn unit(text: &str) -> Result<UnitName, Unclear> {
    let found = read(text, Room::One)?;
    let count = found.len();
    match <[UnitName; 1]>::try_from(found) {
        Ok([unit]) if !unit.name.is_empty() => Ok(unit),
        Ok(_) => Err(unclear(text, "只有代码，没有单位名称")),
        Err(_) => Err(unclear(text, format!("这一格像是写了{count}家单位，只能写一家"))),
    }
}

/// What the name of a unit ends in.
const ENDINGS: [&str; 28] = [
    "公司",
    "集团",
    "大学",
    "学院",
    "学校",
    "研究院",
    "研究所",
    "科学院",
    "设计院",
    "中心",
    "医院",
    "厂",
    "协会",
    "学会",
    "银行",
    "事务所",
    "合作社",
    "实验室",
    "联盟",
    "基金会",
    "管委会",
    "委员会",
    "总院",
    "分院",
    "局",
    "厅",
    "工作站",
    "推广站",
];

/// Whether a text ends as the names of units do.
pub fn is_unit(text: &str) -> bool {
    const SHORTEST: usize = 4;
    let text = without_trailing_brackets(text);
    text.chars().count() >= SHORTEST && ENDINGS.iter().any(|ending| text.ends_with(ending))
}

fn without_trailing_brackets(text: &str) -> &str {
    let mut text = text.trim();
    while let Some((name, _)) = trailing_bracket(text) {
        text = name.trim_end();
    }
    text
}

/// Units with nothing but a blank between them.
fn spaced(part: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let words: Vec<&str> = part.split(' ').collect();
    for (i, word) in words.iter().enumerate() {
        let rest = words[i..].join(" ");
        match pieces.last_mut() {
            Some(piece) if !(is_unit(piece) && is_unit(&rest) && rest.starts_with(is_han)) => {
                piece.push(' ');
                piece.push_str(word);
            }
            _ => pieces.push((*word).to_owned()),
        }
    }
    pieces
}

/// `甲公司和乙大学`: two units where each side is one with a code of its own, or ends as firms and schools do.
fn conjoined(part: &str, room: Room) -> Result<Vec<String>, Unclear> {
    const WORDS: [&str; 6] = ["以及", "和", "及", "与", "暨", "&"];
    for (at, _) in part.char_indices().skip(1) {
        let Some(word) = WORDS.iter().find(|word| part[at..].starts_with(**word)) else { continue };
        let (before, after) = (part[..at].trim(), part[at + word.len()..].trim());
        if depth(before) > 0 || !is_unit(before) {
            continue;
        }
        let coded = |text: &str| UnitName::read(text).code.is_some();
        if !is_unit(after) && !coded(after) {
            // 甲公司和李明 is for a person to sort out; 研究院与 within a name goes on until the name ends.
            if coded(before) {
                return Err(unclear(part, format!("“{word}”前后像是两家单位，请分行填写")));
            }
            continue;
        }
        if coded(before) || is_legal(without_trailing_brackets(before)) {
            let mut units = vec![before.to_owned()];
            units.extend(conjoined(after, room)?);
            return Ok(units);
        }
        // One name may well have 和 in it; where there is room for one, and nothing else speaks for two, it is one.
        if room == Room::One {
            continue;
        }
        let way = "两家请分行填写；一家请在“联合体成员”工作表中单独列一行，不写在这里";
        return Err(unclear(part, format!("分不清“{word}”前后是一家单位还是两家：{way}")));
    }
    Ok(vec![part.to_owned()])
}

/// Endings behind which a name cannot go on with 和.
fn is_legal(name: &str) -> bool {
    ["公司", "大学", "集团", "学校", "厂", "医院", "银行", "事务所", "合作社"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

fn depth(text: &str) -> usize {
    text.chars().fold(0_usize, |depth, c| match c {
        '(' | '（' | '【' | '[' => depth + 1,
        ')' | '）' | '】' | ']' => depth.saturating_sub(1),
        _ => depth,
    })
}

impl UnitName {
    /// One unit: `名称`, `名称（代码）`, `名称（代码，类型）`, `名称 代码`, `（代码）名称`, or a bare code.
    pub fn read(text: &str) -> Self {
        let mut unit = Self { name: normalise(text), code: None, remarks: Vec::new() };
        unit.take_brackets();
        if unit.code.is_none() {
            unit.take_bare_code();
        }
        unit.take_labels();
        unit
    }

    /// Takes out the brackets that hold a code, wherever they stand, and known remarks at the end.
    fn take_brackets(&mut self) {
        let mut from = 0;
        while let Some((start, end, inside)) = bracket(&self.name, from) {
            let notes: Vec<&str> = inside.split(['，', ',', '、', '；', ';', '：', ':', ' ']).map(str::trim).collect();
            // A code may be written in groups.
            let whole = LABELS.iter().find_map(|label| inside.strip_prefix(label)).unwrap_or(&inside);
            let whole = whole.trim_start_matches(['：', ':', ' ']);
            let notes = if looks_like_code(&compact(whole)) { vec![whole] } else { notes };
            let code = notes.iter().copied().find(|note| looks_like_code(&compact(note)));
            let last = self.name[end..].trim().is_empty();
            let remark = last && notes.iter().all(|note| is_remark(note));
            if let Some(code) = code.filter(|_| self.code.is_none()) {
                self.code = Some(compact(code));
                self.remarks
                    .extend(notes.iter().filter(|note| **note != code && !is_label(note)).map(|n| (*n).to_owned()));
            } else if remark {
                self.remarks.extend(notes.iter().map(|note| (*note).to_owned()));
            } else {
                from = end;
                continue;
            }
            self.name = normalise(&format!("{} {}", &self.name[..start], &self.name[end..]));
            // The name may end in a further bracket that was not at the end before.
            from = 0;
        }
    }

    /// Takes out a run of letters and digits as long as a code.
    fn take_bare_code(&mut self) {
        let mut start = None;
        let ends = self.name.char_indices().chain([(self.name.len(), ' ')]);
        for (at, c) in ends {
            if c.is_ascii_alphanumeric() {
                start = start.or(Some(at));
            } else if let Some(begin) = start.take()
                && looks_like_code(&self.name[begin..at])
            {
                self.code = Some(self.name[begin..at].to_owned());
                let (before, after) = (self.name[..begin].to_owned(), self.name[at..].to_owned());
                let before = before.trim_end_matches([' ', ':', '：', '-', '—', '，', ',']);
                self.name = normalise(&format!("{before} {after}"));
                return;
            }
        }
    }

    /// Takes off `统一社会信用代码：` and what else announces a code.
    fn take_labels(&mut self) {
        if self.code.is_none() {
            return;
        }
        let mut name = self.name.trim_matches([' ', ':', '：', '-', '—', '，', ',', '、', '；', ';']);
        for label in LABELS {
            if let Some(rest) = name.strip_suffix(label) {
                name = rest.trim_end_matches([' ', ':', '：', '，', ',', '（', '(']);
            }
            if let Some(rest) = name.strip_prefix(label) {
                name = rest.trim_start_matches([' ', ':', '：', '）', ')']);
            }
        }
        self.name = name.to_owned();
    }
}

const LABELS: [&str; 7] =
    ["统一社会信用代码", "社会信用代码", "组织机构代码", "信用代码", "机构代码", "单位代码", "代码"];

fn is_label(note: &str) -> bool {
    LABELS.contains(&note) || note.is_empty()
}

/// What people add in brackets behind the name of a unit without meaning a part of it.
fn is_remark(note: &str) -> bool {
    const REMARKS: [&str; 34] = [
        "",
        "牵头",
        "牵头单位",
        "牵头方",
        "主持",
        "主持单位",
        "承担单位",
        "申报单位",
        "揭榜单位",
        "参与",
        "参与单位",
        "参与方",
        "参加单位",
        "联合单位",
        "联合体成员",
        "成员单位",
        "合作单位",
        "合作方",
        "协作单位",
        "盖章",
        "公章",
        "签章",
        "章",
        "甲方",
        "乙方",
        "丙方",
        "企业",
        "高校",
        "科研院所",
        "其他",
        "事业单位",
        "民营企业",
        "国有企业",
        "退休",
    ];
    REMARKS.contains(&note)
}

fn compact(note: &str) -> String {
    plain(note).chars().filter(|c| !matches!(c, ' ' | '-')).collect()
}

/// The first bracket at or behind `from` that no other bracket holds: where it begins and ends, and what it holds.
fn bracket(text: &str, from: usize) -> Option<(usize, usize, String)> {
    let mut open: Option<usize> = None;
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().filter(|(at, _)| *at >= from) {
        match c {
            '（' | '(' | '【' | '[' | '〔' => {
                depth += 1;
                open = open.or(Some(at));
            }
            '）' | ')' | '】' | ']' | '〕' if depth > 0 => {
                depth -= 1;
                if let (0, Some(start)) = (depth, open) {
                    let inner = text[start..at].chars().next().map_or(0, char::len_utf8);
                    return Some((start, at + c.len_utf8(), text[start + inner..at].to_owned()));
                }
            }
            _ => {}
        }
    }
    None
}

fn trailing_bracket(part: &str) -> Option<(&str, &str)> {
    let inner = part.strip_suffix(['）', ')', '】', ']'])?;
    let open = inner.rfind(['（', '(', '【', '['])?;
    let width = inner[open..].chars().next()?.len_utf8();
    Some((&inner[..open], &inner[open + width..]))
}

/// Long enough and alphanumeric: meant as a code, right or wrong.
pub fn looks_like_code(text: &str) -> bool {
    (15..=20).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.bytes().filter(u8::is_ascii_digit).count() >= 8
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "916200000000000004";
    const B: &str = "11620400013911751U";

    fn read(text: &str) -> Vec<(String, Option<String>)> {
        units(text).unwrap().into_iter().map(|unit| (unit.name, unit.code)).collect()
    }

    fn both() -> [(String, Option<String>); 2] {
        [("示例西部（集团）公司".to_owned(), Some(A.to_owned())), ("示例大学".to_owned(), Some(B.to_owned()))]
    }

    #[test]
    fn several_units_in_one_cell_are_told_apart() {
        for text in [
            format!("示例西部（集团）公司（{A}）、示例大学（{B}）"),
            format!("示例西部（集团）公司({A})；示例大学({B})；"),
            format!("示例西部（集团）公司（{A}）\n示例大学（{B}）"),
            format!("1.示例西部（集团）公司（{A}）\n2.示例大学（{B}）"),
            format!("①示例西部（集团）公司（{A}）②示例大学（{B}）"),
            format!("示例西部（集团）公司 {A}、示例大学：{B}"),
            format!("示例西部（集团）公司，{A}；示例大学，{B}"),
            format!("示例西部（集团）公司（信用代码：{A}）、示例大学（{B}，高校）"),
            format!("示例西部（集团）公司（{A}）和示例大学（{B}）"),
            format!("示例西部（集团）公司（{A}）以及示例大学（{B}）"),
            format!("示例西部（集团）公司（{A}） 示例大学（{B}）"),
            format!("示例西部（集团）公司（{A}）/示例大学（{B}）"),
            format!("示例西部（集团）公司（{A}）（牵头）与示例大学（{B}）（参与）"),
            format!("示例西部（集团）公司{A}、{B}示例大学"),
            format!("（{A}）示例西部（集团）公司；示例大学，统一社会信用代码：{B}"),
            format!("示例西部（集团）公司（9162 0000 0000 0000 04）、示例大学（{B}）"),
        ] {
            assert_eq!(read(&text), both(), "{text}");
        }
    }

    #[test]
    fn names_joined_without_codes_are_told_apart_where_each_is_one() {
        let names = |text: &str| units(text).unwrap().into_iter().map(|unit| unit.name).collect::<Vec<_>>();
        for text in ["示例大学和示例二公司", "示例大学 示例二公司", "示例大学及示例二公司", "示例大学暨示例二公司"]
        {
            assert_eq!(names(text), ["示例大学", "示例二公司"], "{text}");
        }
        for text in [
            "和政县示例公司",
            "示例和盛堂公司",
            "示例材料与工程公司",
            "中国和平利用军工技术协会",
            "示例 大学",
            "示例及时雨公司",
            "示例公司（原示例厂）",
        ] {
            assert_eq!(names(text), [text], "{text}");
        }
    }

    #[test]
    fn what_may_be_one_unit_or_two_is_for_a_person() {
        assert!(units("示例生态研究所与工程中心").unwrap_err().1.contains("一家单位还是两家"));
        assert!(units(&format!("示例公司（{A}）和示例课题组")).unwrap_err().1.contains("两家单位"));
        assert!(units(A).unwrap_err().1.contains("没有单位名称"));
    }

    #[test]
    fn a_cell_for_one_takes_one() {
        let name = |text: &str| unit(text).map(|unit| unit.name);
        assert_eq!(name("示例生态研究所与工程中心").as_deref(), Ok("示例生态研究所与工程中心"));
        assert_eq!(name(&format!("示例公司（{A}）")).as_deref(), Ok("示例公司"));
        for text in
            ["示例公司等3家", "示例大学、示例公司", "示例大学和示例二公司", A, &format!("示例公司（{A}）和示例课题组")]
        {
            assert!(unit(text).is_err(), "{text}");
        }
    }

    #[test]
    fn remarks_go_and_parts_of_the_name_stay() {
        let unit = UnitName::read("示例大学（牵头单位）");
        assert_eq!((unit.name.as_str(), unit.remarks.as_slice()), ("示例大学", ["牵头单位".to_owned()].as_slice()));
        assert_eq!(UnitName::read("示例公司（盖章）").name, "示例公司");
        assert_eq!(UnitName::read("示例公司（兰州）").name, "示例公司（兰州）");
        assert_eq!(UnitName::read(&format!("示例公司（兰州）（{A}）（企业）")).name, "示例公司（兰州）");
    }
}
