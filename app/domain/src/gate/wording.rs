//! The words for the conditions of a gate, and for those who must act while one is not met.

use super::{Condition, SIGNATURES, Seating};
use crate::round::Met;

const COORDINATOR: &str = "协调员";
const ALL_COORDINATORS: &str = "三厅协调员";
const ORGANIZER: &str = "组织者";

/// `done` when nothing is left, else how many are left.
fn none_left(left: usize, done: impl Into<String>, open: &str) -> String {
    if left == 0 { done.into() } else { format!("{left} {open}") }
}

fn either(met: Met, yes: &str, no: &str) -> String {
    if met.holds() { yes } else { no }.to_owned()
}

impl Condition {
    pub fn text(&self) -> String {
        match self {
            Self::Imported(0) => "尚未导入申报".to_owned(),
            Self::Imported(count) => format!("已导入申报 {count} 项"),
            Self::FormalityDone { left } => none_left(*left, "形式审查全部完成", "项申报尚未形式审查"),
            Self::Compared(met) => either(*met, "已完成回避比对", "尚未进行回避比对"),
            Self::ConflictsDecided { left } => none_left(*left, "待认定的回避全部认定", "条回避待认定"),
            Self::Grouped { left } => none_left(*left, "全部申报已分组", "项申报尚未分组"),
            Self::Seatable(seating) => match seating {
                Seating::Usual => "席位试算：候选池能坐满全部席位",
                Seating::Adjusted => "席位试算：按通常的席位设置坐不满，抽取时须调整席位或上限",
                Seating::Never => "席位试算：任何席位设置都坐不满，须补充专家库、重新分组，或者核实回避",
            }
            .to_owned(),
            Self::Seated { left } => none_left(*left, "各评审组专家已就位", "个评审组尚无专家"),
            Self::DrawFinished(met) => either(*met, "没有未完成的抽取", "抽取尚未完成，须三厅公布随机数或者作废"),
            Self::EnoughSeated { least, short } => {
                none_left(*short, format!("每个项目不回避的入座专家不少于{least}名"), "个项目不回避的入座专家不足")
            }
            Self::ConflictsRegistered { left } => {
                none_left(*left, "回避登记与专家库一致", "条回避情形尚未登记，须重新比对")
            }
            Self::MethodFits { bridges: Met::No, .. } => {
                "校准方法不能利用已安排的连接评审，须修改评审办法或取消连接评审".to_owned()
            }
            Self::MethodFits { joined: Met::No, .. } => {
                "加性校正要求全部项目经共同的专家连通，须安排连接评审或修改评审办法".to_owned()
            }
            Self::MethodFits { .. } => "校准方法与分组相符".to_owned(),
            Self::Frozen(met) => either(*met, "评分细则与评审办法已冻结", "评分细则与评审办法尚未由三厅会签冻结"),
            Self::ArrivalsNoted { left } => none_left(*left, "专家到会情况登记完毕", "名专家到会情况未登记"),
            Self::EnoughPresent { least, short } => {
                none_left(*short, format!("每个项目到会且不回避的专家不少于{least}名"), "个项目专家不足")
            }
            Self::Submitted { left } => none_left(*left, "评分表全部提交", "张评分表未提交"),
            Self::ObjectivesComplete { left } => none_left(*left, "客观分登记齐全", "个项目客观分未登记齐全"),
            Self::EnoughSheets { least, short } => {
                none_left(*short, format!("每个项目有效评分表不少于{least}份"), "个项目有效评分表不足")
            }
            Self::Deliberated => "合议完成".to_owned(),
            Self::Calibrated(met) => either(*met, "校准已计算", "尚未进行校准计算"),
            Self::Ranked(met) => either(*met, "排序已计算", "尚未进行排序计算"),
            Self::RankingCurrent(met) => either(*met, "排序已计算", "评分表在排序后有变动，须重新校准、排序"),
            Self::TiesSettled { left } => none_left(*left, "跨线并列全部会商", "个跨线并列项目尚未会商"),
            Self::Scored { left } => {
                none_left(*left, "冻结的方法给出了全部成绩", "个项目用冻结的校准方法不能得出成绩，须由三厅研究处理")
            }
            Self::WithinQuota { quota, over } => within_quota(*quota, over),
            Self::Signed(count) => format!("三厅会签 {count}/{SIGNATURES}"),
            Self::StepBefore => "前一步骤已完成".to_owned(),
        }
    }

    /// 责任人: those who must act while it is not met.
    pub const fn who(&self) -> &'static str {
        match self {
            Self::DrawFinished(_) | Self::Frozen(_) | Self::Scored { .. } | Self::Signed(_) => ALL_COORDINATORS,
            Self::ArrivalsNoted { .. } | Self::Deliberated => ORGANIZER,
            Self::Submitted { .. } => "专家",
            _ => COORDINATOR,
        }
    }
}

fn within_quota(quota: u32, over: &[(String, usize)]) -> String {
    if over.is_empty() {
        return "入围数不超过名额".to_owned();
    }
    let line = |(group, count): &(String, usize)| {
        format!("{group}{}入围 {count} 项，超过名额 {quota}", if group.is_empty() { "" } else { " " })
    };
    let lines: Vec<_> = over.iter().map(line).collect();
    format!("{}；请重新会商", lines.join("，"))
}
