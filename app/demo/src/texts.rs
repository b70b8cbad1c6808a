//! 申报材料 as an applicant would write it, with invented figures.

use crate::source::Dice;
use domain::application::Section;
use std::fmt::Write;

/// The subjects of the texts.
pub struct Subject<'a> {
    pub title: &'a str,
    pub lead: &'a str,
    pub partners: &'a [String],
    /// 总投资，万元
    pub investment: i64,
}

/// Three or four headed parts of two to four sentences.
pub fn sections(dice: &mut Dice, subject: &Subject<'_>) -> Vec<Section> {
    let mut parts = vec![
        ("研发基础与前期工作", foundation(dice, subject)),
        ("攻关方案", plan(dice, subject)),
        ("资金筹措与预算", funding(dice, subject)),
    ];
    if dice.percent(80) {
        parts.push(("产业化前景", prospects(dice, subject)));
    }
    parts.into_iter().map(|(heading, body)| Section { heading: heading.to_owned(), body }).collect()
}

fn foundation(dice: &mut Dice, subject: &Subject<'_>) -> String {
    let years = dice.between(3, 12);
    let patents = dice.between(1, 14);
    let staff = dice.between(12, 90);
    let level =
        *dice.pick(&["国家级企业技术中心", "省级工程研究中心", "省级重点实验室", "市级企业技术中心", "自建研发中心"]);
    let stage = *dice.pick(&[
        "已完成小试，正在进行公斤级放大",
        "已建成年产百吨级中试线并连续运行",
        "已完成样机试制和第三方检测",
        "已完成原理验证，关键参数得到初步数据",
    ]);
    let mut text = format!(
        "{}从事{}相关研发{years}年，依托{level}，现有研发人员{staff}人，近三年取得相关授权发明专利{patents}件。{stage}。",
        subject.lead, subject.title
    );
    if dice.percent(60) {
        let tests = dice.between(2, 9);
        let _ = write!(text, "前期承担相关项目{tests}项，均按期通过验收；主要性能数据见检测报告附件。");
    }
    text
}

fn plan(dice: &mut Dice, subject: &Subject<'_>) -> String {
    let months = dice.between(18, 36);
    let improvement = dice.between(8, 45);
    let routes = [
        "以机理研究为先导，建立成分、组织与性能的定量关系，再开展工艺窗口优化和装备适配",
        "采用“小试—中试—示范线”三步走，每一步设定量化的放行指标",
        "以在线检测和过程建模为核心，实现关键参数的闭环控制",
        "对标国际同类产品逐项分解差距，形成材料、工艺、装备、标准四个子任务",
    ];
    let route = *dice.pick(&routes);
    let mut text =
        format!("围绕{}，{route}。计划{months}个月完成，核心指标较现有水平提高{improvement}%以上。", subject.title);
    if subject.partners.is_empty() {
        text.push_str("项目由本单位独立实施，检测评价委托第三方机构承担。");
    } else {
        let share = dice.between(15, 40);
        let _ = write!(
            text,
            "{}负责总体设计、中试与示范，{}承担基础研究和检测评价，参与单位经费占比约{share}%，知识产权归属已在协议中约定。",
            subject.lead,
            subject.partners.join("、")
        );
    }
    if dice.percent(50) {
        text.push_str("主要风险为原料波动和放大效应，已准备备选路线，并约定半年一次的评估节点。");
    }
    text
}

fn funding(dice: &mut Dice, subject: &Subject<'_>) -> String {
    let paid = dice.between(15, 70);
    let equipment = dice.between(35, 60);
    let trial = dice.between(15, 25);
    let backing = *dice.pick(&["其余由企业自有资金解决并出具承诺函", "其余已取得银行授信", "其余列入下一年度投资计划"]);
    let mut text = format!(
        "项目总投资{}万元，自筹资金已到位{paid}%，{backing}。预算中设备购置约占{equipment}%，试验与材料约占{trial}%，其余为测试、人员和管理费用。",
        subject.investment
    );
    if dice.percent(60) {
        let share = dice.between(2, 8);
        let _ = write!(text, "牵头单位近三年平均研发投入占营业收入的{share}%，财务报表经审计。");
    }
    text
}

fn prospects(dice: &mut Dice, subject: &Subject<'_>) -> String {
    let sales = subject.investment / 10 * dice.between(12, 40);
    let users = dice.between(2, 7);
    let jobs = dice.between(20, 160);
    let market = *dice.pick(&["国内需求仍以进口为主", "省内产业链缺少这一环节", "下游用户已提出明确的替代需求"]);
    format!(
        "{market}，{}达产后预计年新增销售收入{sales}万元，带动就业{jobs}人。已与{users}家用户签订试用或采购意向，意向书见附件。",
        subject.title
    )
}
