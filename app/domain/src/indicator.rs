//! 考核指标 as people write them: one a line, or one a row of a table.

use crate::application::{Direction, Indicator, IndicatorKind, Weighting};
use crate::ids::IndicatorId;
use crate::quantity::parse_thousandths;
use crate::text::normalise;
use serde::{Deserialize, Serialize};

/// An indicator that has no id yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub kind: IndicatorKind,
    pub name: String,
    pub unit: String,
    pub direction: Direction,
    /// In 1/1000 of the unit; for qualitative indicators 1000.
    pub target: i64,
    pub weighting: Weighting,
}

/// Qualitative indicators are reached or not.
const REACHED: i64 = 1000;

/// The parts of an indicator as typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written<'a> {
    pub kind: &'a str,
    pub name: &'a str,
    pub direction: &'a str,
    pub target: &'a str,
    pub unit: &'a str,
    pub core: &'a str,
}

/// Why an indicator cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndicatorError {
    #[error("应为“类别|名称|方向|目标值|单位|核心”")]
    Form,
    #[error("类别应为技术、经济、成果、人才或其他")]
    Kind,
    #[error("指标名称不能为空")]
    Name,
    #[error("方向应为 ≥、≤、= 或 定性")]
    Direction,
    #[error("目标值“{text}”{why}")]
    Target { text: String, why: String },
    #[error("应写“核心”或“一般”")]
    Weighting,
}

impl Draft {
    /// Reads `类别|名称|方向|目标值|单位|核心`; the last two may be missing.
    ///
    /// # Errors
    /// The part that cannot be read.
    pub fn parse_line(line: &str) -> Result<Self, IndicatorError> {
        let parts: Vec<_> = line.split(['|', '｜']).map(normalise).collect();
        let [kind, name, direction, target, rest @ ..] = parts.as_slice() else { return Err(IndicatorError::Form) };
        let more = |place: usize| rest.get(place).map_or("", String::as_str);
        Self::read(Written { kind, name, direction, target, unit: more(0), core: more(1) })
    }

    /// # Errors
    /// The part that cannot be read.
    pub fn read(written: Written<'_>) -> Result<Self, IndicatorError> {
        let Written { kind, name, direction, target, unit, core } = written;
        let direction = read_direction(direction)?;
        let target = if direction == Direction::Qualitative {
            REACHED
        } else {
            parse_thousandths(target)
                .map_err(|why| IndicatorError::Target { text: target.to_owned(), why: why.to_string() })?
        };
        let kind = normalise(kind);
        let kind = kind.strip_suffix("指标").unwrap_or(&kind);
        Ok(Self {
            kind: IndicatorKind::from_label(kind).ok_or(IndicatorError::Kind)?,
            name: Some(normalise(name)).filter(|name| !name.is_empty()).ok_or(IndicatorError::Name)?,
            unit: normalise(unit),
            direction,
            target,
            weighting: read_weighting(core)?,
        })
    }

    pub fn with_id(self, id: IndicatorId) -> Indicator {
        let Self { kind, name, unit, direction, target, weighting } = self;
        Indicator { id, kind, name, unit, direction, target, weighting }
    }

    /// Whether a filed indicator says the same.
    pub fn is(&self, filed: &Indicator) -> bool {
        self.clone().with_id(filed.id) == *filed
    }
}

fn read_direction(text: &str) -> Result<Direction, IndicatorError> {
    match normalise(text).as_str() {
        "≥" | ">=" | "≧" | "不低于" | "不少于" | "不小于" => Ok(Direction::AtLeast),
        "≤" | "<=" | "≦" | "不高于" | "不超过" | "不大于" => Ok(Direction::AtMost),
        "=" | "＝" | "等于" => Ok(Direction::Equal),
        other => Direction::from_label(other).ok_or(IndicatorError::Direction),
    }
}

fn read_weighting(text: &str) -> Result<Weighting, IndicatorError> {
    match normalise(text).as_str() {
        "核心" | "是" | "核心指标" | "√" => Ok(Weighting::Core),
        "" | "一般" | "否" | "一般指标" | "-" | "—" | "/" => Ok(Weighting::Ordinary),
        _ => Err(IndicatorError::Weighting),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_whatever_its_signs() {
        let core = Draft {
            kind: IndicatorKind::Technical,
            name: "抗拉强度".to_owned(),
            unit: "MPa".to_owned(),
            direction: Direction::AtLeast,
            target: 450_500,
            weighting: Weighting::Core,
        };
        for line in ["技术|抗拉强度|≥|450.5|MPa|核心", "技术指标｜抗拉强度｜不低于｜４５０.５｜MPa｜是"]
        {
            assert_eq!(Draft::parse_line(line), Ok(core.clone()), "{line}");
        }
        let plain = Draft::parse_line("成果|完成中试|定性|完成").unwrap();
        assert_eq!((plain.target, plain.weighting), (1000, Weighting::Ordinary));
    }

    #[test]
    fn what_cannot_be_read_is_said_and_never_guessed() {
        assert_eq!(Draft::parse_line("抗拉强度≥450"), Err(IndicatorError::Form));
        assert_eq!(Draft::parse_line("质量|强度|≥|450"), Err(IndicatorError::Kind));
        assert_eq!(Draft::parse_line("技术||≥|450"), Err(IndicatorError::Name));
        assert_eq!(Draft::parse_line("技术|强度|大约|450"), Err(IndicatorError::Direction));
        assert!(matches!(Draft::parse_line("技术|强度|≥|四百"), Err(IndicatorError::Target { .. })));
        assert_eq!(Draft::parse_line("技术|强度|≥|450|MPa|重要"), Err(IndicatorError::Weighting));
    }
}
