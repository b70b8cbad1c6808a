//! The methods in a sentence each, as they are explained to whoever asks how a number was made.

use domain::round::{Method, Terms, Trimming};

/// The formula of the method in words.
pub fn formula(method: Method, terms: &Terms) -> String {
    match method {
        Method::Raw => "最终分 = 有效评分表总分的算术平均".to_owned(),
        Method::Trimmed => match terms.trimming {
            Trimming::Totals => format!(
                "有效评分表不少于{}份时去掉一个最高分、一个最低分后平均；不足的按算术平均",
                terms.trim_from
            ),
            Trimming::Items => format!(
                "有效评分表不少于{}份时，每个评分项各去掉一个最高分、一个最低分后平均，再相加；不足的按算术平均",
                terms.trim_from
            ),
        },
        Method::Coefficient => "最终分 = 组内平均 × 修正系数；修正系数 = 全体项目平均分 ÷ 本组平均分；组内平均只计本组专家的评分表，连接评审不计入".to_owned(),
        Method::Grand => "最终分 = 组内平均 × 系数；系数 = 各组平均分的平均 ÷ 本组平均分；组内平均只计本组专家的评分表，连接评审不计入".to_owned(),
        Method::Standard => {
            "先在组内化为标准分 z =（组内平均 − 本组平均分）÷ 本组标准差，再换算：最终分 = 全体平均分 + z × 各组标准差的平均"
                .to_owned()
        }
        Method::Additive => "把每份总分分解为 项目水平 + 专家宽严，用最小二乘求解，最终分 = 扣除专家宽严后的项目水平".to_owned(),
        Method::Mixed => {
            "把每份总分分解为 总平均 + 项目水平 + 专家宽严 + 随机误差，用限制性极大似然（REML）估计，最终分 = 总平均 + 项目水平的最佳线性无偏预测"
                .to_owned()
        }
    }
}

/// How figures are rounded, the same for every method.
pub const fn rounding() -> &'static str {
    "逐项合计、平均均用精确分数计算，中途不舍入；最终分在最后一步四舍五入到两位小数"
}
