//! 请托: somebody tries to influence a review. Whoever is approached reports it; only the supervisor reads it.

use crate::NaiveDate;
use crate::text::normalise;
use serde::{Deserialize, Serialize};

crate::coded! {
    /// 方式
    Channel {
        InPerson = "in_person", "当面";
        Telephone = "telephone", "电话";
        Message = "message", "短信、微信等";
        Letter = "letter", "信函";
        Through = "through", "托人转达";
        Other = "other", "其他";
    }
}

/// The content of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// 请托人.
    pub who: String,
    /// 所涉项目或单位; may be empty.
    pub about: String,
    /// 内容.
    pub what: String,
}

/// Why a report cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    #[error("请填写请托人（不知道姓名的写明身份或特征）")]
    Who,
    #[error("请填写请托的内容")]
    What,
    #[error("每项最多2000字")]
    TooLong,
    #[error("发生日期不能晚于今天")]
    Future,
}

impl Report {
    /// Trims what was typed.
    ///
    /// # Errors
    /// The first thing missing or too long; a day that has not come.
    pub fn checked(self, day: NaiveDate, today: NaiveDate) -> Result<Self, ReportError> {
        let report =
            Self { who: normalise(&self.who), about: normalise(&self.about), what: self.what.trim().to_owned() };
        if report.who.is_empty() {
            return Err(ReportError::Who);
        }
        if report.what.is_empty() {
            return Err(ReportError::What);
        }
        if [&report.who, &report.about, &report.what].iter().any(|text| text.chars().count() > 2_000) {
            return Err(ReportError::TooLong);
        }
        if day > today { Err(ReportError::Future) } else { Ok(report) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_who_and_what_and_a_day_that_has_come() {
        let day = |n| NaiveDate::from_ymd_opt(2026, 3, n).unwrap_or_default();
        let report =
            |who: &str, what: &str| Report { who: who.to_owned(), about: String::new(), what: what.to_owned() };
        assert_eq!(report(" ", "打招呼").checked(day(1), day(2)), Err(ReportError::Who));
        assert_eq!(report("某人", " ").checked(day(1), day(2)), Err(ReportError::What));
        assert_eq!(report("某人", "打招呼").checked(day(3), day(2)), Err(ReportError::Future));
        assert_eq!(report("某人", &"长".repeat(2_001)).checked(day(1), day(2)), Err(ReportError::TooLong));
        assert_eq!(report(" 某人 ", "打招呼").checked(day(2), day(2)).map(|r| r.who), Ok("某人".to_owned()));
    }
}
