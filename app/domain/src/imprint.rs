//! 冻结摘要: keyed digests over what a round rests on. Every change that a use case makes is written down with the digests that hold from
//! then on; whatever is changed past the use cases no longer agrees with the last ones.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

crate::coded! {
    /// 冻结内容: what has one digest together.
    Facet {
        Course = "course", "轮次的步骤";
        Terms = "terms", "评审办法与评分细则";
        Applications = "applications", "榜单任务与申报";
        Panels = "panels", "分组与连接评审";
        Seats = "seats", "席位与签到";
        Conflicts = "conflicts", "回避记录";
        Draws = "draws", "抽取";
        Sheets = "sheets", "评分表的发放";
        Objectives = "objectives", "客观分";
        Indicators = "indicators", "指标完成情况与一票否决";
        Runs = "runs", "计算记录";
        Signatures = "signatures", "会签";
        Consents = "consents", "复核";
    }
}

/// The digest of every facet that has been written down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imprints(BTreeMap<Facet, String>);

impl Imprints {
    pub fn get(&self, facet: Facet) -> Option<&str> {
        self.0.get(&facet).map(String::as_str)
    }

    pub fn set(&mut self, facet: Facet, digest: String) {
        self.0.insert(facet, digest);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Content that is not as the audit says it was left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Altered {
    #[error("{0}")]
    Facet(Facet),
    /// The entry of the audit that should say how it was left is missing, or not as it was written.
    #[error("审计记录（{0}）")]
    Record(String),
    #[error("评分表（{application}，专家 {expert}）")]
    Sheet { application: String, expert: String },
    #[error("无法识别的记录（{0}）")]
    Unreadable(String),
    #[error("计算记录（{0}）")]
    Run(crate::run::RunKind),
}

/// Nothing is computed, decided or handed out on content that was changed past the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "下列内容与审计链中的摘要不符，可能在程序之外被改动，不能据此继续：{}。请停止操作，由审计员运行 hengping audit verify 核查",
    names(.0)
)]
pub struct NotAsLeft(pub Vec<Altered>);

/// So many are named.
const NAMED: usize = 5;

fn names(altered: &[Altered]) -> String {
    let mut named: Vec<String> = altered.iter().take(NAMED).map(ToString::to_string).collect();
    if altered.len() > NAMED {
        named.push(format!("共{}处", altered.len()));
    }
    named.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_altered_is_named_and_counted() {
        let some = NotAsLeft(vec![Altered::Facet(Facet::Terms), Altered::Facet(Facet::Conflicts)]);
        assert!(some.to_string().contains("：评审办法与评分细则、回避记录。"), "{some}");
        let sheet = |n: usize| Altered::Sheet { application: format!("SL-{n:03}"), expert: "E01".to_owned() };
        let many = NotAsLeft((1..=7).map(sheet).collect());
        assert!(many.to_string().contains("SL-005") && !many.to_string().contains("SL-006"), "{many}");
        assert!(many.to_string().contains("共7处"));
    }

    #[test]
    fn a_later_digest_takes_the_place_of_an_earlier_one() {
        let mut imprints = Imprints::default();
        imprints.set(Facet::Terms, "a".to_owned());
        imprints.set(Facet::Terms, "b".to_owned());
        assert_eq!((imprints.get(Facet::Terms), imprints.get(Facet::Seats)), (Some("b"), None));
        let text = serde_json::to_string(&imprints).unwrap();
        assert_eq!(text, r#"{"terms":"b"}"#);
        assert_eq!(serde_json::from_str::<Imprints>(&text).unwrap(), imprints);
    }
}
