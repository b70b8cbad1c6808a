//! Company forms, notes in brackets, and the names within a name.

/// 公司形式, the longest first.
const FORMS: [&str; 14] = [
    "集团股份有限公司",
    "集团有限责任公司",
    "股份有限责任公司",
    "集团有限公司",
    "有限责任公司",
    "股份有限公司",
    "集团总公司",
    "有限公司",
    "集团公司",
    "股份公司",
    "总公司",
    "总厂",
    "公司",
    "集团",
];

/// The name without its company form.
pub fn without_form(name: &str) -> &str {
    let strip = |form: &&str| name.strip_suffix(*form).filter(|stem| stem.chars().count() >= 2);
    FORMS.iter().find_map(strip).unwrap_or(name)
}

/// A name without its notes, and the former names among these.
pub struct Brackets {
    pub plain: String,
    pub former: Vec<String>,
}

/// How a former or a second name is introduced.
const FORMER: [&str; 9] = ["曾用名", "原名称", "原名", "原单位", "原为", "现名", "现更名为", "更名前", "原"];
/// Words by which a note is one of registration.
const REGISTRATION: [&str; 7] = ["投资", "控股", "独资", "合伙", "法人", "上市", "自然人"];

/// Reads a folded name, whose brackets are `(` and `)`. A note at the end leaves the name; a word in its midst, such as (集团), loses its brackets only.
pub fn brackets(key: &str) -> Brackets {
    let mut plain = String::with_capacity(key.len());
    let mut former = Vec::new();
    let mut rest = key;
    while let Some((before, after)) = rest.split_once(['(', '[', '【', '〔']) {
        plain.push_str(before);
        let (note, after) = after.split_once([')', ']', '】', '〕']).unwrap_or((after, ""));
        let name = FORMER
            .iter()
            .find_map(|word| note.strip_prefix(word))
            .map(|name| name.trim_start_matches([':', '：', '为', ' ']));
        match name {
            Some(name) if name.chars().count() >= 2 => former.push(name.to_owned()),
            _ if REGISTRATION.iter().any(|word| note.contains(word)) => {}
            // At the end it is a second name or an explanation.
            _ if after.is_empty() && !before.is_empty() => {
                if note.chars().count() >= 4 {
                    former.push(note.to_owned());
                }
            }
            _ => plain.push_str(note),
        }
        rest = after;
    }
    plain.push_str(rest);
    Brackets { plain, former }
}

/// What is left of a name behind that of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remainder {
    /// 内设机构: no legal person of its own.
    Department,
    /// It may be one.
    Independent,
}

/// Words with which the name of a unit ends.
const HEADS: [&str; 31] = [
    "大学",
    "学院",
    "研究院",
    "研究所",
    "研究中心",
    "科学院",
    "设计院",
    "工程院",
    "勘察院",
    "医院",
    "公司",
    "集团",
    "银行",
    "委员会",
    "工信委",
    "经信委",
    "中心",
    "学校",
    "中学",
    "协会",
    "学会",
    "总厂",
    "厂",
    "局",
    "厅",
    "院",
    "所",
    "站",
    "社",
    "馆",
    "矿",
];
/// Words with which the name of a department ends.
const DEPARTMENTS: [&str; 35] = [
    "学院",
    "学部",
    "书院",
    "系",
    "处",
    "科",
    "室",
    "部",
    "组",
    "办",
    "办公室",
    "教研室",
    "实验室",
    "研究室",
    "课题组",
    "车间",
    "工段",
    "班组",
    "分厂",
    "事业部",
    "项目部",
    "党委",
    "工会",
    "机关",
    "支部",
    "团委",
    "图书馆",
    "档案馆",
    "研究生院",
    "校区",
    "院区",
    "厂区",
    "研究中心",
    "技术中心",
    "工程中心",
];
/// Names of which each part is a legal person of its own.
const SYSTEMS: [&str; 3] = ["科学院", "社会科学院", "工程院"];
/// Colleges that bear a university's name and are none of its departments.
const APART: [&str; 5] = ["独立学院", "职业学院", "职业技术学院", "专科学校", "科技学院"];

/// The units whose names begin this one: each with what is left.
pub fn prefixes(name: &str) -> impl Iterator<Item = (&str, &str, Remainder)> {
    let ends: std::collections::BTreeSet<usize> =
        HEADS.iter().flat_map(|head| name.match_indices(head).map(|(at, head)| at + head.len())).collect();
    ends.into_iter().filter(|end| *end < name.len()).filter_map(|end| {
        let (prefix, rest) = name.split_at_checked(end)?;
        (prefix.chars().count() >= 3).then(|| (prefix, rest, remainder(prefix, rest)))
    })
}

fn remainder(prefix: &str, rest: &str) -> Remainder {
    let ends = |words: &[&str]| words.iter().any(|word| rest.ends_with(word));
    let of_system = SYSTEMS.iter().any(|word| prefix.ends_with(word));
    if ends(&DEPARTMENTS) && !ends(&APART) && !of_system { Remainder::Department } else { Remainder::Independent }
}
