//! Units of a consortium: as listed one a row, and as several named in one cell.

use super::Record;
use super::columns::MemberField;
use crate::names::{self, Unclear, UnitName};
use crate::record::uscc;
use domain::application::{Member, MemberRole, UnitKind};
use domain::text::name_key;
use domain::uscc::Uscc;

/// A unit named in the cell 参与单位.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub uscc: Option<Uscc>,
    pub kind: Option<UnitKind>,
}

/// A row of 联合体成员.
pub struct Listed {
    pub name: String,
    pub uscc: Uscc,
    kind: Option<UnitKind>,
    pub role: Option<MemberRole>,
}

impl Listed {
    pub fn read(record: &mut Record<'_, '_, MemberField>) -> Option<Self> {
        let name = record.required_unit(MemberField::Unit);
        let uscc = record.required_code_of(name.as_ref(), MemberField::Unit, MemberField::Uscc);
        let kind = record.optional_as(MemberField::Kind, unit_kind);
        let role = record.optional_as(MemberField::Role, |text| {
            match (text.contains("牵头"), text.contains("参与") || text.contains("成员") || text.contains("参加"))
            {
                (true, false) => Ok(MemberRole::Lead),
                (false, true) => Ok(MemberRole::Participant),
                _ => Err("应为“牵头单位”或“参与单位”".to_owned()),
            }
        });
        record.is_clean().then_some(())?;
        Some(Self { name: name?.name, uscc: uscc?, kind, role })
    }

    pub fn member(&self, kind: Option<UnitKind>, role: MemberRole) -> Member {
        let kind = self.kind.or(kind).unwrap_or_else(|| likely_kind(&self.name, &self.uscc));
        Member { uscc: self.uscc.clone(), name: self.name.clone(), kind, role: self.role.unwrap_or(role) }
    }
}

/// Reads 企业(incl. 大/中/小/微型企业), 高校, 科研院所, 其他.
pub fn unit_kind(text: &str) -> Result<UnitKind, String> {
    let key = name_key(text);
    let has = |words: &[&str]| words.iter().any(|w| key.contains(w));
    if has(&["高校", "大学", "高等院校", "高等学校", "院校"]) {
        Ok(UnitKind::University)
    } else if has(&["科研", "研究院", "研究所", "院所"]) {
        Ok(UnitKind::Institute)
    } else if has(&["企业", "公司", "国企", "民企", "央企"])
        || matches!(key.as_str(), "大型" | "中型" | "小型" | "微型")
    {
        Ok(UnitKind::Enterprise)
    } else if has(&["其他", "其它", "事业单位", "社会团体", "社会组织"]) {
        Ok(UnitKind::Other)
    } else {
        Err("应为企业、高校、科研院所、其他之一".to_owned())
    }
}

/// The kind of a participant of which only name and code are given. It serves statistics only.
pub fn likely_kind(name: &str, code: &Uscc) -> UnitKind {
    // 登记管理部门 9 is the market regulator: a firm, whatever it is called.
    if code.as_str().starts_with('9') {
        return UnitKind::Enterprise;
    }
    if name.contains("大学") || name.ends_with("学院") || name.ends_with("学校") {
        return UnitKind::University;
    }
    if name.contains("研究") || name.contains("科学院") || name.ends_with('院') || name.ends_with('所') {
        return UnitKind::Institute;
    }
    UnitKind::Other
}

/// Reads several units in one cell: `甲公司（9162…）、乙大学（1262…，高校）`, each on a line, numbered, or without codes. `codes`
/// is the neighbouring column of codes, in the same order, if there is one.
///
/// # Errors
/// The value and the reason in words: a code that fails its check, codes that do not match the names in number.
pub fn participants(names: &str, codes: &str) -> Result<Vec<Named>, Unclear> {
    let mut units = names::units(names)?.into_iter().map(named).collect::<Result<Vec<_>, _>>()?;
    let codes = names::parts(&codes.replace(' ', "\n"))?;
    if !codes.is_empty() {
        if codes.len() != units.len() {
            let reason = format!("参与单位有{}家，信用代码有{}个，无法一一对应", units.len(), codes.len());
            return Err((crate::report::shorten(&codes.join("、")), reason));
        }
        for (unit, code) in units.iter_mut().zip(&codes) {
            let beside = uscc(code).map_err(|reason| (code.clone(), reason))?;
            if unit.uscc.as_ref().is_some_and(|inside| *inside != beside) {
                return Err((unit.name.clone(), "名称中的代码与代码列不一致".to_owned()));
            }
            unit.uscc = Some(beside);
        }
    }
    Ok(units)
}

fn named(unit: UnitName) -> Result<Named, Unclear> {
    let uscc = unit.code.map(|code| uscc(&code).map_err(|reason| (unit.name.clone(), reason))).transpose()?;
    let kind = unit.remarks.iter().find_map(|remark| unit_kind(remark).ok());
    Ok(Named { name: unit.name, uscc, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "916200000000000004";
    const B: &str = "11620400013911751U";

    fn read(names: &str) -> Vec<(String, Option<String>)> {
        let units = participants(names, "").unwrap();
        units.into_iter().map(|u| (u.name, u.uscc.map(|c| c.to_string()))).collect()
    }

    #[test]
    fn several_units_in_one_cell_are_told_apart() {
        let expected =
            [("示例西部（集团）公司".to_owned(), Some(A.to_owned())), ("示例大学".to_owned(), Some(B.to_owned()))];
        for text in [
            format!("示例西部（集团）公司（{A}）和示例大学（{B}）"),
            format!("示例西部（集团）公司（{A}）、示例大学（{B}）"),
            format!("示例西部（集团）公司({A})；示例大学({B})；"),
            format!("示例西部（集团）公司（{A}）\n示例大学（{B}）"),
            format!("1.示例西部（集团）公司（{A}）\n2.示例大学（{B}）"),
            format!("1、示例西部（集团）公司（{A}）\n2、示例大学（{B}）"),
            format!("①示例西部（集团）公司（{A}）②示例大学（{B}）").replace('②', "；②"),
            format!("示例西部（集团）公司 {A}、示例大学：{B}"),
            format!("示例西部（集团）公司，{A}；示例大学，{B}"),
            format!("示例西部（集团）公司（信用代码：{A}）、示例大学（{B}，高校）"),
        ] {
            assert_eq!(read(&text), expected, "{text}");
        }
        assert_eq!(read("示例西部（集团）公司、示例大学")[0], ("示例西部（集团）公司".to_owned(), None));
        assert!(read("无").is_empty());
        assert!(read("/").is_empty());
    }

    #[test]
    fn codes_of_a_neighbouring_column_follow_the_order() {
        let units = participants("示例公司、示例大学", &format!("{A}、{B}")).unwrap();
        assert_eq!(units[1].uscc.as_ref().map(Uscc::as_str), Some(B));
        assert!(participants("示例公司、示例大学", A).unwrap_err().1.contains("无法一一对应"));
    }

    #[test]
    fn a_wrong_code_is_named() {
        let (value, reason) = participants("示例公司（916200000000000005）", "").unwrap_err();
        assert!(value.contains("示例公司") && reason.contains("校验位"), "{value} {reason}");
    }

    #[test]
    fn kinds_go_by_several_names() {
        assert_eq!(unit_kind("小微企业"), Ok(UnitKind::Enterprise));
        assert_eq!(unit_kind("中型企业"), Ok(UnitKind::Enterprise));
        assert_eq!(unit_kind("科研院所"), Ok(UnitKind::Institute));
        assert_eq!(unit_kind("高等院校"), Ok(UnitKind::University));
        assert!(unit_kind("医院?").is_err());
    }
}
