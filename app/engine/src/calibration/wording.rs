//! Findings and flags as officials read them.

use std::fmt::{Display, Formatter, Result};

use domain::round::Method;

use super::crossed::Factor;
use super::experts::Flag;
use super::finding::{Coefficient, Finding};
use super::mixed::Unfit;
use crate::decimal::Decimal;

const MIXED: &str = Method::Mixed.label();

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Disconnected { parts } => write!(
                f,
                "专家与申报的评分关系分为 {parts} 个互不相连的部分：部分之间的分差只能依靠假定，评分本身不能证明；\
                 加性校正的结果只在部分内可比，不作跨部分排序；混合效应校准的名次区间和入围概率已相应加宽：\
                 不假定各部分申报的平均水平相当，只假定各部分的专家出自同一专家库"
            ),
            Self::NoAdditive => f.write_str("加性校正：方程组无法求解，未给出结果"),
            Self::PanelsApart => f.write_str(
                "评审组之间没有共同的专家或申报：标准分转换法假定各组水平相当，模拟中任取两项申报，其先后与真实水平一致的占 80.7%，算术平均为 81.7%",
            ),
            Self::NoPanels => {
                f.write_str("未分组：修正系数法、二次平均法、标准分转换法按一个评审组计算，结果与算术平均一致")
            }
            Self::WithoutPanel { applications } => write!(
                f,
                "{applications} 项申报由几个评审组以同样多的评分表评审，或未注明评审组：修正系数法、二次平均法、标准分转换法不给出其结果"
            ),
            Self::SmallPanels { panels } => {
                let sizes = panels.iter().map(|(panel, size)| (panel, format!("{size} 项")));
                write!(f, "{}少于 5 项申报：组内标准差没有意义", listed(sizes))
            }
            Self::NoDeviation { panels } => {
                write!(f, "{}少于 2 项申报：标准分转换法不给出其结果", named(panels))
            }
            Self::ZeroDeviation { panels } => {
                write!(f, "{}各申报得分相同（标准差为 0）：标准分转换法不给出其结果", named(panels))
            }
            Self::UnevenPanels { largest, smallest } => {
                write!(f, "评审组规模相差超过一倍（最大 {largest} 项，最小 {smallest} 项）")
            }
            Self::NoCoefficient { panels, coefficient } => {
                write!(f, "{}平均分不大于 0：无法计算{}", named(panels), coefficient.label())
            }
            Self::ExtremeCoefficient { panels, coefficient } => {
                let shown = |value: &Option<Decimal>| value.map_or_else(|| "过大".to_owned(), |value| format!("{value:.4}"));
                let values = panels.iter().map(|(panel, value)| (panel, shown(value)));
                write!(f, "{}的{}超出 0.90–1.10", listed(values), coefficient.label())
            }
            Self::OutOfRange { method, applications, full_mark } => {
                write!(f, "{method}：{applications} 项申报的结果超出 0–{full_mark}")
            }
            Self::FewSheets { applications } => write!(f, "{applications} 项申报的有效评分少于 3 份"),
            Self::Untrimmed { applications, trim_from } => write!(
                f,
                "{applications} 项申报的有效评分少于 {trim_from} 份：不去最高最低分，去极值平均即算术平均"
            ),
            Self::Outlier { expert, application, score, mean, percent } => {
                let mean = mean.map_or_else(String::new, |mean| mean.to_string());
                write!(
                    f,
                    "专家 {expert} 对申报 {application} 的评分 {score} 偏离该申报均值 {mean} 达 {percent:+.1}%，应书面说明"
                )
            }
            Self::MoreOutliers { sheets, percent } => write!(f, "另有 {sheets} 份评分偏离其申报均值超过 ±{percent}%"),
            Self::Unfit(reason) => write!(f, "{MIXED}：{}，未给出结果", reason.label()),
            Self::Unfinished => write!(f, "{MIXED}：估计未达到收敛精度，结果仅供参考"),
            Self::NoSpread => write!(f, "{MIXED}：所有评分相同，没有可估计的差异"),
            Self::NoResidual => write!(f, "{MIXED}：残差为 0，结果与加性校正相同，没有名次区间"),
            Self::NoPosterior => f.write_str("没有后验分布：期望名次、名次区间与入围概率不给出"),
            Self::NoExpertEffect => {
                write!(f, "{MIXED}：每位专家只有一份评分（或只有一位专家），专家宽严与残差无法区分，未列入模型")
            }
            Self::NoPanelEffect => write!(f, "{MIXED}：评审组效应无法与其他效应区分，未列入模型"),
            Self::ZeroVariance(factor) => {
                let (name, consequence) = match factor {
                    Factor::Application => {
                        ("申报", "：申报之间的差异淹没在误差中，标准误与名次区间偏窄，不可作为依据")
                    }
                    Factor::Expert => ("专家", ""),
                    Factor::Panel => ("评审组", ""),
                };
                write!(f, "{MIXED}：{name}方差的估计在边界上（为 0）{consequence}")
            }
            Self::OtherMethodDecides(method) => write!(
                f,
                "名次区间、入围概率与标准误由{MIXED}得出；名次按{method}排列，两者可能相差较大，区间不一定包含名次"
            ),
        }
    }
}

impl Display for Flag {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Strict => f.write_str("评分明显偏严"),
            Self::Lenient => f.write_str("评分明显偏宽"),
            Self::Narrow => f.write_str("评分过于集中，区分度低"),
            Self::Wide => f.write_str("评分过于分散"),
            Self::LowAgreement => f.write_str("与其他专家的一致性低"),
            Self::Outlying { share, percent } => {
                write!(f, "偏离申报均值超过 ±{percent}% 的评分占 {:.0}%", share * 100.0)
            }
            Self::Constant => f.write_str("各申报评分完全相同"),
            Self::SameAs(experts) => write!(f, "与专家 {} 的评分逐项相同", experts.join("、")),
        }
    }
}

impl Coefficient {
    const fn label(self) -> &'static str {
        match self {
            Self::Plain => "修正系数",
            Self::Grand => "二次平均系数",
        }
    }
}

impl Unfit {
    const fn label(self) -> &'static str {
        match self {
            Self::OneApplication => "少于 2 项申报",
            Self::OneSheetEach => "每项申报只有一份评分，申报差异与残差无法区分",
            Self::NoFreedom => "评分数量不足以估计残差",
            Self::ExactButDisconnected => "残差为 0 且评分关系互不相连",
            Self::Singular => "似然函数没有有限的极值",
        }
    }
}

/// The panels of one finding, each with what was found: `评审组 甲（3 项）`, `2 个评审组（甲 3 项、乙 4 项）`.
fn listed<'a>(panels: impl ExactSizeIterator<Item = (&'a Option<String>, String)>) -> String {
    let count = panels.len();
    let each = panels.map(|(panel, found)| match panel {
        Some(name) if count == 1 => format!("评审组 {name}（{found}）"),
        Some(name) => format!("{name} {found}"),
        None => format!("未分组的申报（{found}）"),
    });
    together(count, &each.collect::<Vec<_>>())
}

fn named(panels: &[Option<String>]) -> String {
    let count = panels.len();
    let each = panels.iter().map(|panel| match panel {
        Some(name) if count == 1 => format!("评审组 {name} "),
        Some(name) => name.clone(),
        None => "未分组的申报".to_owned(),
    });
    together(count, &each.collect::<Vec<_>>())
}

fn together(count: usize, each: &[String]) -> String {
    if count == 1 { each.concat() } else { format!("{count} 个评审组（{}）", each.join("、")) }
}
