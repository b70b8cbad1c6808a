//! 假定核查: what each method assumes, and where the sheets do not bear it, in words.

use num_traits::Signed;

use super::{Calibration, Decimal, Method, Origin, Unfit};
use crate::decimal::{Exact, round};

/// Outlying sheets that are named one by one.
const NAMED: usize = 20;

/// One line per assumption that does not hold and per method that cannot give a value.
#[must_use]
pub fn checks(calibration: &Calibration) -> Vec<String> {
    let mut lines = Vec::new();
    connectivity(calibration, &mut lines);
    panel_sizes(calibration, &mut lines);
    coefficients(calibration, &mut lines);
    range(calibration, &mut lines);
    sheets(calibration, &mut lines);
    mixed(calibration, &mut lines);
    lines
}

fn connectivity(calibration: &Calibration, lines: &mut Vec<String>) {
    let count = calibration.components.count;
    if count > 1 {
        lines.push(format!(
            "专家与申请的评分关系分为 {count} 个互不相连的部分：部分之间的分差只能依靠假定，评分本身不能证明；\
             加性校正的结果只在部分内可比，不作跨部分排序；混合效应校准的名次区间和入围概率已相应加宽：\
             不假定各部分申请的平均水平相当，只假定各部分的专家出自同一专家库"
        ));
    }
    if calibration.additive.is_none() {
        lines.push("加性校正：方程组无法求解，未给出结果".to_owned());
    }
    if count > 1 && calibration.panels.len() > 1 {
        lines.push("评审组之间没有共同的专家或申请：标准分转换法假定各组水平相当，模拟中其排序准确度低于算术平均（τ .613 对 .634）".to_owned());
    }
}

fn panel_sizes(calibration: &Calibration, lines: &mut Vec<String>) {
    let panels = &calibration.panels;
    if calibration.design.panels.is_empty() {
        lines.push("未分组：修正系数法、二次平均法、标准分转换法按一个评审组计算，结果与算术平均一致".to_owned());
    } else {
        let without = calibration.design.panel_of.iter().filter(|panel| panel.is_none()).count();
        if without > 0 {
            lines.push(format!(
                "{without} 项申请由几个评审组以同样多的评分表评审，或未注明评审组：修正系数法、二次平均法、标准分转换法不给出其结果"
            ));
        }
        for panel in panels {
            if panel.members.len() < 5 {
                let (name, size) = (label(panel.name.as_deref()), panel.members.len());
                lines.push(format!("{name}只有 {size} 项申请（少于 5 项）：组内标准差没有意义"));
            }
        }
    }
    for panel in panels {
        let name = label(panel.name.as_deref());
        if panel.deviation.is_none() {
            lines.push(format!("{name}少于 2 项申请：标准分转换法不给出其结果"));
        } else if panel.deviation == Some(0.0) {
            lines.push(format!("{name}各申请得分相同（标准差为 0）：标准分转换法不给出其结果"));
        }
    }
    let sizes = || panels.iter().map(|panel| panel.members.len());
    if let (Some(largest), Some(smallest)) = (sizes().max(), sizes().min())
        && largest > 2 * smallest
    {
        lines.push(format!("评审组规模相差超过一倍（最大 {largest} 项，最小 {smallest} 项）"));
    }
}

fn coefficients(calibration: &Calibration, lines: &mut Vec<String>) {
    let low = Exact::new(9.into(), 10.into());
    let high = Exact::new(11.into(), 10.into());
    for panel in &calibration.panels {
        let name = label(panel.name.as_deref());
        for (method, factor) in [("修正系数", &panel.coefficient), ("二次平均系数", &panel.grand_coefficient)]
        {
            match factor {
                None => lines.push(format!("{name}平均分不大于 0：无法计算{method}")),
                Some(factor) if *factor < low || *factor > high => {
                    let shown = round(factor, 4).map_or_else(String::new, |value| format!("{value:.4}"));
                    lines.push(format!("{name}{method}为 {shown}，超出 0.90–1.10"));
                }
                Some(_) => {}
            }
        }
    }
}

fn range(calibration: &Calibration, lines: &mut Vec<String>) {
    let full = calibration.options.full_mark;
    for method in Method::ALL {
        let outside = calibration
            .results
            .iter()
            .filter(|results| {
                let beyond = |value: Decimal| {
                    let value = value.exact();
                    value.is_negative() || value > Exact::from_integer(full.into())
                };
                let beyond_float = |value: f64| !(-1e-9..=full as f64 + 1e-9).contains(&value);
                match method {
                    Method::Raw => results.raw.is_some_and(beyond),
                    Method::Trimmed => results.trimmed.is_some_and(beyond),
                    Method::Coefficient => results.coefficient.is_some_and(beyond),
                    Method::Grand => results.grand.is_some_and(beyond),
                    Method::Standard => results.standard.is_some_and(beyond),
                    Method::Additive => results.additive.is_some_and(beyond_float),
                    Method::Mixed => results.mixed.is_some_and(beyond_float),
                }
            })
            .count();
        if outside > 0 {
            lines.push(format!("{}：{outside} 项申请的结果超出 0–{full}", method.name()));
        }
    }
}

fn sheets(calibration: &Calibration, lines: &mut Vec<String>) {
    let trim_from = calibration.options.trim_from.max(3);
    let few = calibration.results.iter().filter(|results| results.sheets < 3).count();
    if few > 0 {
        lines.push(format!("{few} 项申请的有效评分少于 3 份"));
    }
    let untrimmed = calibration.results.iter().filter(|results| results.sheets < trim_from).count();
    if untrimmed > 0 {
        lines.push(format!("{untrimmed} 项申请的有效评分少于 {trim_from} 份：不去最高最低分，去极值平均即算术平均"));
    }
    outliers(calibration, lines);
}

/// Names the sheets that deviate most; beyond [`NAMED`] only their number.
fn outliers(calibration: &Calibration, lines: &mut Vec<String>) {
    let percent = calibration.options.outlier_percent;
    let mut outliers = calibration.outliers(percent);
    outliers.sort_by(|a, b| b.percent.abs().total_cmp(&a.percent.abs()).then(a.sheet.cmp(&b.sheet)));
    for outlier in outliers.iter().take(NAMED) {
        let sheet = &calibration.design.sheets[outlier.sheet];
        lines.push(format!(
            "专家 {} 对申请 {} 的评分 {} 偏离该申请均值 {} 达 {:+.1}%，应书面说明",
            calibration.design.experts[sheet.expert],
            calibration.design.applications[sheet.application],
            sheet.score.decimal(),
            outlier.mean.map_or_else(String::new, |mean| mean.to_string()),
            outlier.percent,
        ));
    }
    if outliers.len() > NAMED {
        lines.push(format!("另有 {} 份评分偏离其申请均值超过 ±{percent}%", outliers.len() - NAMED));
    }
}

fn mixed(calibration: &Calibration, lines: &mut Vec<String>) {
    let name = Method::Mixed.name();
    let mixed = match &calibration.mixed {
        Ok(mixed) => mixed,
        Err(reason) => {
            lines.push(format!("{name}：{}，未给出结果", unfit(*reason)));
            return;
        }
    };
    match mixed.origin {
        Origin::Converged => {}
        Origin::Unfinished => lines.push(format!("{name}：估计未达到收敛精度，结果仅供参考")),
        Origin::NoSpread => lines.push(format!("{name}：所有评分相同，没有可估计的差异")),
        Origin::NoResidual => lines.push(format!("{name}：残差为 0，结果与加性校正相同，没有名次区间")),
    }
    if mixed.posterior.is_none() {
        lines.push("没有后验分布：期望名次、名次区间与入围概率不给出".to_owned());
    }
    if mixed.variances.expert.is_none() {
        lines.push(format!("{name}：每位专家只有一份评分（或只有一位专家），专家宽严与残差无法区分，未列入模型"));
    }
    if mixed.variances.panel.is_none() && calibration.design.panels.len() > 1 {
        lines.push(format!("{name}：评审组效应无法与其他效应区分，未列入模型"));
    }
    if mixed.origin == Origin::Converged || mixed.origin == Origin::Unfinished {
        let zero = |variance: Option<f64>| variance.is_some_and(|variance| variance <= 0.0);
        let variances = mixed.variances;
        for (what, variance) in
            [("申请", Some(variances.application)), ("专家", variances.expert), ("评审组", variances.panel)]
        {
            if zero(variance) {
                let so = if what == "申请" {
                    "：申请之间的差异淹没在误差中，标准误与名次区间偏窄，不可作为依据"
                } else {
                    ""
                };
                lines.push(format!("{name}：{what}方差的估计在边界上（为 0）{so}"));
            }
        }
    }
}

const fn unfit(reason: Unfit) -> &'static str {
    match reason {
        Unfit::OneApplication => "少于 2 项申请",
        Unfit::OneSheetEach => "每项申请只有一份评分，申请差异与残差无法区分",
        Unfit::NoFreedom => "评分数量不足以估计残差",
        Unfit::ExactButDisconnected => "残差为 0 且评分关系互不相连",
        Unfit::Singular => "似然函数没有有限的极值",
    }
}

fn label(name: Option<&str>) -> String {
    name.map_or_else(|| "未分组的申请".to_owned(), |name| format!("评审组 {name} "))
}
