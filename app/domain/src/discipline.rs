//! 学科, by the codes of GB/T 13745—2009: what an expert's field is called in the national classification.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The first level: three digits and the name.
///
/// Source: GB/T 13745—2009 学科分类与代码, table 1.
const FIRST_LEVEL: [(&str, &str); 62] = [
    ("110", "数学"),
    ("120", "信息科学与系统科学"),
    ("130", "力学"),
    ("140", "物理学"),
    ("150", "化学"),
    ("160", "天文学"),
    ("170", "地球科学"),
    ("180", "生物学"),
    ("190", "心理学"),
    ("210", "农学"),
    ("220", "林学"),
    ("230", "畜牧、兽医科学"),
    ("240", "水产学"),
    ("310", "基础医学"),
    ("320", "临床医学"),
    ("330", "预防医学与公共卫生学"),
    ("340", "军事医学与特种医学"),
    ("350", "药学"),
    ("360", "中医学与中药学"),
    ("410", "工程与技术科学基础学科"),
    ("413", "信息与系统科学相关工程与技术"),
    ("416", "自然科学相关工程与技术"),
    ("420", "测绘科学技术"),
    ("430", "材料科学"),
    ("440", "矿山工程技术"),
    ("450", "冶金工程技术"),
    ("460", "机械工程"),
    ("470", "动力与电气工程"),
    ("480", "能源科学技术"),
    ("490", "核科学技术"),
    ("510", "电子与通信技术"),
    ("520", "计算机科学技术"),
    ("530", "化学工程"),
    ("535", "产品应用相关工程与技术"),
    ("540", "纺织科学技术"),
    ("550", "食品科学技术"),
    ("560", "土木建筑工程"),
    ("570", "水利工程"),
    ("580", "交通运输工程"),
    ("590", "航空、航天科学技术"),
    ("610", "环境科学技术及资源科学技术"),
    ("620", "安全科学技术"),
    ("630", "管理学"),
    ("710", "马克思主义"),
    ("720", "哲学"),
    ("730", "宗教学"),
    ("740", "语言学"),
    ("750", "文学"),
    ("760", "艺术学"),
    ("770", "历史学"),
    ("780", "考古学"),
    ("790", "经济学"),
    ("810", "政治学"),
    ("820", "法学"),
    ("830", "军事学"),
    ("840", "社会学"),
    ("850", "民族学与文化学"),
    ("860", "新闻学与传播学"),
    ("870", "图书馆、情报与文献学"),
    ("880", "教育学"),
    ("890", "体育科学"),
    ("910", "统计学"),
];

/// 学科: a code of three, five or seven digits, with the name that was given or that of its first level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discipline {
    /// Digits only; empty where only a name was given.
    pub code: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisciplineError {
    #[error("学科代码应为3、5或7位数字，如430、430.40、430.4010")]
    Length,
    #[error("学科代码{0}不在GB/T 13745—2009的一级学科之内")]
    Unknown(String),
}

impl Discipline {
    /// Reads `430`, `430.40 金属材料`, `4304010` or a name alone. Spreadsheets drop a closing zero: `430.4` is `430.40`.
    ///
    /// # Errors
    /// Digits that are no code.
    pub fn parse(text: &str) -> Result<Self, DisciplineError> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (digits, name) = text.split_at(end);
        let name = name.trim().trim_matches(['（', '）', '(', ')']).trim();
        let given = first_level(|_, known| known == name);
        if digits.is_empty() {
            let code = given.map_or("", |(code, _)| code);
            return Ok(Self { code: code.to_owned(), name: name.to_owned() });
        }
        let (first, finer) = digits.split_once('.').unwrap_or((digits, ""));
        let mut code = format!("{first}{finer}");
        if first.len() == 3 && finer.len() % 2 == 1 {
            code.push('0');
        }
        if !matches!(code.len(), 3 | 5 | 7) || (digits.contains('.') && first.len() != 3) || code.contains('.') {
            return Err(DisciplineError::Length);
        }
        let Some((_, known)) = first_level(|known, _| code.starts_with(known)) else {
            return Err(DisciplineError::Unknown(code));
        };
        let name = if name.is_empty() { known } else { name };
        Ok(Self { name: name.to_owned(), code })
    }

    /// Several in one cell, each once.
    ///
    /// # Errors
    /// As [`Self::parse`], for the first that cannot be read.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, DisciplineError> {
        let mut all = Vec::new();
        for part in text.split(['；', ';', '，', ',', '、', '|', '\n']).map(str::trim).filter(|part| !part.is_empty())
        {
            let discipline = Self::parse(part)?;
            if !all.contains(&discipline) {
                all.push(discipline);
            }
        }
        Ok(all)
    }

    /// The words that say what it is about: its own name and that of its first level.
    pub fn words(&self) -> String {
        let first = first_level(|known, _| !self.code.is_empty() && self.code.starts_with(known));
        match first {
            Some((_, known)) if known != self.name => format!("{} {known}", self.name),
            _ => self.name.clone(),
        }
    }
}

fn first_level(wanted: impl Fn(&str, &str) -> bool) -> Option<(&'static str, &'static str)> {
    FIRST_LEVEL.into_iter().find(|(code, name)| wanted(code, name))
}

/// `430.40 金属材料`
impl fmt::Display for Discipline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code.split_at_checked(3) {
            None => f.write_str(&self.name),
            Some((first, "")) => write!(f, "{first} {}", self.name),
            Some((first, finer)) => write!(f, "{first}.{finer} {}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_every_common_writing() {
        for (text, shown) in [
            ("430", "430 材料科学"),
            ("430.40", "430.40 材料科学"),
            ("430.4", "430.40 材料科学"),
            ("4304010 金属功能材料", "430.4010 金属功能材料"),
            ("510（电子技术）", "510 电子技术"),
            ("冶金工程技术", "450 冶金工程技术"),
            ("有色金属", "有色金属"),
        ] {
            assert_eq!(Discipline::parse(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["43", "4304", "430.40101", "43.040", "4.3.0", "430..40"] {
            assert_eq!(Discipline::parse(text), Err(DisciplineError::Length), "{text}");
        }
        assert_eq!(Discipline::parse("999"), Err(DisciplineError::Unknown("999".to_owned())));
    }

    #[test]
    fn a_finer_discipline_also_says_what_its_first_level_is_about() {
        assert_eq!(Discipline::parse("430.40 合金").unwrap().words(), "合金 材料科学");
        assert_eq!(Discipline::parse("430").unwrap().words(), "材料科学");
    }

    #[test]
    fn a_cell_holds_several_each_once() {
        let all = Discipline::parse_list("430.40；450、 430.40").unwrap();
        assert_eq!(all.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["43040", "450"]);
    }
}
