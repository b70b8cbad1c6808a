//! 参考模板，可调整: the default rubrics. The policy fixes the three factors of 单位遴选 and no weights, so nothing here
//! may be shown as policy.

use crate::points::Points;
use crate::rubric::{Criterion, Dimension, ExpertRole, NotApplicable, Rubric, Scoring};

use ExpertRole::{Finance, Management, Technical};
use Scoring::{Objective, Subjective};

struct Row {
    code: &'static str,
    name: &'static str,
    full: i64,
    scoring: Scoring,
    field: ExpertRole,
    anchors: &'static [&'static str],
    evidence: &'static str,
    not_applicable: NotApplicable,
    /// Lowest points of the four bands where the criterion has its own.
    floors: &'static [i64],
}

const fn row(
    code: &'static str,
    name: &'static str,
    full: i64,
    kind: (Scoring, ExpertRole),
    anchors: &'static [&'static str],
    evidence: &'static str,
) -> Row {
    Row {
        code,
        name,
        full,
        scoring: kind.0,
        field: kind.1,
        anchors,
        evidence,
        not_applicable: NotApplicable::Never,
        floors: &[],
    }
}

fn dimension(code: &str, name: &str, rows: &[Row]) -> Dimension {
    let criteria = rows
        .iter()
        .map(|r| Criterion {
            code: r.code.to_owned(),
            name: r.name.to_owned(),
            full: Points::whole(r.full),
            scoring: r.scoring,
            field: r.field,
            anchors: r.anchors.iter().map(|a| (*a).to_owned()).collect(),
            evidence: r.evidence.to_owned(),
            not_applicable: r.not_applicable,
            floors: r.floors.iter().map(|points| Points::whole(*points)).collect(),
        })
        .collect();
    Dimension { code: code.to_owned(), name: name.to_owned(), criteria }
}

const BASIS: &str = "参考模板，可调整：政策文件未规定分值，由三厅在评分前确定并冻结";

/// 单位遴选: 研发基础 30, 创新能力 40, 资金支撑 30.
#[expect(clippy::too_many_lines, reason = "one table, read row by row")]
pub fn selection() -> Rubric {
    Rubric {
        title: "单位遴选评分细则".to_owned(),
        basis: BASIS.to_owned(),
        dimensions: vec![
            dimension(
                "A",
                "研发基础",
                &[
                    row(
                        "A1",
                        "前期基础与任务匹配度",
                        12,
                        (Subjective, Technical),
                        &["已有直接相关成果且关键指标接近目标", "有相关成果，差距清楚", "有间接基础", "无相关基础"],
                        "检测报告、论文、专利",
                    ),
                    row(
                        "A2",
                        "研发平台与条件",
                        8,
                        (Objective, Technical),
                        &[
                            "国家级 8分",
                            "省级 6分",
                            "市州级 4分",
                            "自建研发机构有固定人员设备 2分",
                            "无 0分",
                            "取高不累计，联合体可计参与单位，牵头优先",
                        ],
                        "平台批文",
                    ),
                    row(
                        "A3",
                        "研发团队",
                        6,
                        (Subjective, Technical),
                        &["带头人业绩突出、专业齐、投入时间明确", "较完整", "基本满足", "明显不足"],
                        "人员名单、劳动关系",
                    ),
                    row(
                        "A4",
                        "中试与产业化基础",
                        4,
                        (Subjective, Technical),
                        &[
                            "已有中试线或技术成熟度6级以上",
                            "样机，技术成熟度5级",
                            "原理验证，技术成熟度4级",
                            "技术成熟度3级及以下",
                        ],
                        "照片、合同",
                    ),
                ],
            ),
            dimension(
                "B",
                "创新能力",
                &[
                    row(
                        "B1",
                        "攻关方案先进性、创新性",
                        12,
                        (Subjective, Technical),
                        &["国际先进或填补国内空白且有依据", "国内领先", "省内先进", "跟随"],
                        "查新报告、对标表",
                    ),
                    row(
                        "B2",
                        "技术路线可行、指标可考核",
                        10,
                        (Subjective, Technical),
                        &["路线清晰、指标量化且不低于任务要求、风险预案完整", "较清晰", "有缺口", "不可考核"],
                        "申报材料",
                    ),
                    row(
                        "B3",
                        "知识产权与标准",
                        6,
                        (Objective, Technical),
                        &[
                            "近3年与任务相关授权发明专利5件以上或主持国标、行标 6分",
                            "3至4件 4.5分",
                            "1至2件 3分",
                            "仅实用新型或软著 1.5分",
                            "无 0分",
                        ],
                        "证书",
                    ),
                    Row {
                        not_applicable: NotApplicable::SoloApplicant,
                        ..row(
                            "B4",
                            "联合体分工与产学研协同",
                            6,
                            (Subjective, Management),
                            &["协议完备、上下游真实协作、权益清晰", "分工明确", "形式联合", "无协议"],
                            "联合体协议",
                        )
                    },
                    row(
                        "B5",
                        "产业带动与转化前景",
                        6,
                        (Subjective, Management),
                        &["对省内产业链有明确带动、用户意向明确", "较好", "一般", "弱"],
                        "用户证明",
                    ),
                ],
            ),
            dimension(
                "C",
                "资金支撑",
                &[
                    row(
                        "C1",
                        "资金筹措落实",
                        10,
                        (Objective, Finance),
                        &[
                            "自筹已到位50%以上且其余有承诺 10分",
                            "30%以上 8分",
                            "有授信或承诺函 6分",
                            "仅有计划 3分",
                            "无 0分",
                        ],
                        "银行证明",
                    ),
                    row(
                        "C2",
                        "财务状况与履约能力",
                        8,
                        (Subjective, Finance),
                        &["连续盈利、负债率低于60%、现金流为正", "基本稳健", "有压力但可控", "资不抵债或被执行"],
                        "近2至3年审计报告",
                    ),
                    Row {
                        not_applicable: NotApplicable::LeadNotEnterprise,
                        ..row(
                            "C3",
                            "研发投入强度",
                            6,
                            (Objective, Finance),
                            &["近3年平均研发投入占营收5%以上 6分", "3%至5% 4.5分", "1%至3% 3分", "不足1% 1分"],
                            "加计扣除、审计",
                        )
                    },
                    row(
                        "C4",
                        "预算合理性",
                        6,
                        (Subjective, Finance),
                        &["构成合理、测算有据", "较合理", "有偏差", "明显不实"],
                        "预算表",
                    ),
                ],
            ),
        ],
    }
}

/// 验收评估: 任务完成 60, 成果水平 10, 资金 20, 管理 10.
#[expect(clippy::too_many_lines, reason = "one table, read row by row")]
pub fn acceptance() -> Rubric {
    Rubric {
        title: "验收评估评分细则".to_owned(),
        basis: BASIS.to_owned(),
        dimensions: vec![
            dimension(
                "D",
                "任务完成",
                &[
                    Row {
                        floors: &[15, 12, 9, 0],
                        ..row(
                            "D1",
                            "攻关内容完成",
                            15,
                            (Subjective, Technical),
                            &["全部完成", "完成90%以上", "完成80%以上", "不足80%"],
                            "工作总结、技术研究报告",
                        )
                    },
                    row(
                        "D2",
                        "技术指标达成",
                        25,
                        (Objective, Technical),
                        &[
                            "按指标完成情况表计算：Σ 权重 × 完成率（封顶100%），核心指标权重加倍",
                            "核心指标未达成的，不超过15分",
                        ],
                        "指标完成情况表、第三方检测报告",
                    ),
                    row(
                        "D3",
                        "成果与知识产权",
                        10,
                        (Objective, Technical),
                        &[
                            "全部完成 10分",
                            "个别非主要成果未完成 8至9分",
                            "主要成果近期可完成 4至7分",
                            "无望完成 0至3分",
                        ],
                        "知识产权清单",
                    ),
                    Row {
                        not_applicable: NotApplicable::NoEconomicIndicator,
                        ..row(
                            "D4",
                            "应用转化与经济指标",
                            10,
                            (Objective, Management),
                            &["完成100% 10分", "75%以上 8至9分", "50%以上 5至7分", "不足50% 0至4分"],
                            "用户证明、经济效益证明",
                        )
                    },
                ],
            ),
            dimension(
                "E",
                "成果水平",
                &[row(
                    "E1",
                    "成果水平与创新",
                    10,
                    (Subjective, Technical),
                    &["国际先进", "国内领先", "国内先进", "一般"],
                    "查新报告、成果评价",
                )],
            ),
            dimension(
                "F",
                "资金",
                &[
                    row(
                        "F1",
                        "资金到位",
                        6,
                        (Objective, Finance),
                        &["100% 6分", "75%以上 4.5分", "50%以上 3分", "不足50% 0至1.5分"],
                        "到账凭证",
                    ),
                    row(
                        "F2",
                        "资金使用合规",
                        8,
                        (Subjective, Finance),
                        &["规范", "较规范", "基本规范", "不规范"],
                        "经费决算",
                    ),
                    row(
                        "F3",
                        "单独核算与审计",
                        6,
                        (Objective, Finance),
                        &["单独列账且审计无保留 6分", "有调整事项 4分", "未单独列账 0至3分"],
                        "专项审计报告",
                    ),
                ],
            ),
            dimension(
                "G",
                "组织管理",
                &[
                    row(
                        "G1",
                        "组织管理与过程跟踪",
                        5,
                        (Subjective, Management),
                        &["按期报告进展、变更均报批", "较好", "基本按要求", "管理缺失"],
                        "进展报告、变更批复",
                    ),
                    row(
                        "G2",
                        "资料完整规范",
                        5,
                        (Objective, Management),
                        &["齐全规范 5分", "有缺漏已补正 3至4分", "缺漏较多 0至2分"],
                        "验收材料",
                    ),
                ],
            ),
        ],
    }
}
