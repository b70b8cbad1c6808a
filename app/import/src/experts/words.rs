//! Coded columns as people word them.

use domain::access::Department;
use domain::expert::{PoolState, TieKind};
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use domain::text::name_key;

fn labels<T: Copy + std::fmt::Display>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}

/// The values some of whose words occur in the text.
fn by_words<T: Copy>(text: &str, words: &[(&[&str], T)]) -> Vec<T> {
    words.iter().filter(|(words, _)| words.iter().any(|w| text.contains(w))).map(|(_, value)| *value).collect()
}

pub fn department(text: &str) -> Result<Department, String> {
    let key = name_key(text);
    let words: [(&[&str], Department); 3] = [
        (&["工信", "工业和信息化", "GXT"], Department::Industry),
        (&["教育", "JYT"], Department::Education),
        (&["科技", "科学技术", "KJT"], Department::Science),
    ];
    match by_words(&key, &words)[..] {
        [one] => Ok(one),
        _ => Err(format!("应为{}之一", labels(Department::ALL))),
    }
}

pub fn role(text: &str) -> Result<ExpertRole, String> {
    let key = name_key(text);
    // 财务管理 is finance, not management.
    if ["财务", "会计", "审计", "财税", "金融"].iter().any(|w| key.contains(w)) {
        return Ok(ExpertRole::Finance);
    }
    let words: [(&[&str], ExpertRole); 2] = [
        (&["技术", "科研", "工程", "研发"], ExpertRole::Technical),
        (&["管理", "产业", "行业"], ExpertRole::Management),
    ];
    match by_words(&key, &words)[..] {
        [one] => Ok(one),
        _ => Err(format!("应为{}之一", labels(ExpertRole::ALL))),
    }
}

/// Several sectors in one cell, each once.
pub fn sectors(text: &str) -> Result<Vec<Sector>, String> {
    let mut sectors = Vec::new();
    let parts = split_outside_brackets(text, |c| matches!(c, '、' | '，' | ',' | ';' | '；' | '/' | '|' | ' '));
    for part in parts.iter().filter(|p| !p.is_empty()) {
        let sector = sector(part).ok_or_else(|| format!("“{part}”不是重点领域，应为{}", labels(Sector::ALL)))?;
        if !sectors.contains(&sector) {
            sectors.push(sector);
        }
    }
    if sectors.is_empty() { Err("必填，不能为空".to_owned()) } else { Ok(sectors) }
}

/// The one sector that a cell must name.
pub fn one_sector(text: &str) -> Result<Sector, String> {
    sector(text).ok_or_else(|| format!("应为{}之一", labels(Sector::ALL)))
}

fn sector(text: &str) -> Option<Sector> {
    let key = name_key(text);
    let words: [(&[&str], Sector); 9] = [
        (&["冶金", "有色"], Sector::Metallurgy),
        (&["能源", "化工", "石化"], Sector::Chemical),
        (&["电子", "信息"], Sector::Electronics),
        (&["装备", "机械", "智能制造"], Sector::Equipment),
        (&["材料"], Sector::Materials),
        (&["生物", "医药"], Sector::Biomedicine),
        (&["航空", "航天"], Sector::Aerospace),
        (&["循环", "资源综合利用"], Sector::Circular),
        (&["其他", "其它", "未来产业"], Sector::Other),
    ];
    match by_words(&key, &words)[..] {
        [one] => Some(one),
        _ => None,
    }
}

pub fn tie_kind(text: &str) -> Result<TieKind, String> {
    let key = name_key(text);
    // 董事、监事 weigh the same in recusal; 控股 comes before the posts because it is the rarer fact.
    let words: [(&[&str], TieKind); 5] = [
        (&["控股", "实际控制", "股东", "持股", "参股"], TieKind::Shareholder),
        (&["监事"], TieKind::Supervisor),
        (&["董事"], TieKind::Director),
        (&["顾问", "咨询"], TieKind::Consultant),
        (&["任职", "工作", "聘用", "劳动", "兼职", "在职", "雇佣", "雇用", "就职"], TieKind::Employment),
    ];
    by_words(&key, &words).first().copied().ok_or_else(|| format!("应为{}之一", labels(TieKind::ALL)))
}

pub fn standing(text: &str) -> Result<PoolState, String> {
    let key = name_key(text);
    let found = PoolState::ALL.iter().find(|state| name_key(state.label()) == key);
    found.copied().ok_or_else(|| format!("应为{}之一", labels(PoolState::ALL)))
}

/// Parts between separators that do not stand in brackets, blanks around them removed.
pub fn split_outside_brackets(text: &str, separator: impl Fn(char) -> bool) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' | '（' | '【' | '[' => depth += 1,
            ')' | '）' | '】' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && separator(c) {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.iter().map(|p| p.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departments_and_roles_go_by_several_names() {
        assert_eq!(department("甘肃省工业和信息化厅"), Ok(Department::Industry));
        assert_eq!(department("省科技厅"), Ok(Department::Science));
        assert!(department("省财政厅").is_err());
        assert!(department("省教育厅、省科技厅").is_err());
        assert_eq!(role("财务管理"), Ok(ExpertRole::Finance));
        assert_eq!(role("产业/管理"), Ok(ExpertRole::Management));
        assert_eq!(role("技术专家"), Ok(ExpertRole::Technical));
        assert!(role("技术管理").is_err());
    }

    #[test]
    fn sectors_are_split_whatever_separates_them() {
        let expected = Ok(vec![Sector::Materials, Sector::Electronics]);
        for text in [
            "新材料、电子信息",
            "新材料，电子信息",
            "新材料,电子信息",
            "新材料;电子信息；",
            "新材料/电子信息",
            "新材料 电子信息",
        ] {
            assert_eq!(sectors(text), expected, "{text}");
        }
        assert_eq!(sectors("其他（含未来产业）"), Ok(vec![Sector::Other]));
        assert!(sectors("新材料、烹饪").unwrap_err().contains("烹饪"));
    }
}
