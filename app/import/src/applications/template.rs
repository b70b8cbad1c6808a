//! 汇总表导入模板.

use crate::template::{Column, Sheet, build};
use domain::application::{Form, MemberRole, UnitKind};
use domain::region::Recommender;

/// The empty 汇总表 workbook to fill in.
pub fn template() -> Vec<u8> {
    let lead = "916200000000000004";
    let partner = "91000000000000000K";
    let kinds = || UnitKind::ALL.iter().map(|k| k.label()).collect::<Vec<_>>();
    build(
        &[
            Sheet {
                name: "汇总表",
                title: "揭榜挂帅项目申报汇总表",
                columns: vec![
                    Column::new(
                        "项目编号",
                        14,
                        "SL-001",
                        "每个项目一个编号，不能重复；本批次已有的编号，按本行更新。整列删去则自动编号。",
                    ),
                    Column::new("*榜单任务编号", 16, "RW-01", "榜单任务的编号；没有编号的写任务名称全称。"),
                    Column::new("*项目名称", 30, "示例材料制备技术攻关", "与申报材料一致。"),
                    Column::new("申报形式", 12, Form::Consortium.label(), "不填则按有无参与单位判断。")
                        .choices(Form::ALL.iter().map(|f| f.label()).collect()),
                    Column::new("*牵头单位", 28, "示例材料有限公司", "牵头单位1家，写全称。"),
                    Column::new("*统一社会信用代码", 24, lead, "牵头单位的代码，18位。"),
                    Column::new("*单位类型", 12, UnitKind::Enterprise.label(), "牵头单位的类型。").choices(kinds()),
                    Column::new(
                        "参与单位",
                        40,
                        format!("示例大学（{partner}）"),
                        "写成“单位名称（代码）”，多家用顿号或换行隔开；也可只写名称，在“联合体成员”中给出代码。",
                    ),
                    Column::new("*推荐单位", 18, Recommender::Lanzhou.label(), "14个市州或兰州新区。")
                        .choices(Recommender::ALL.iter().map(|r| r.label()).collect()),
                    Column::new("*总投资（万元）", 14, "6200.00", "以万元为单位的数字。"),
                    Column::new(
                        "承诺书签署日期",
                        16,
                        "2025-03-01",
                        "写到日，如 2025-03-01。缺承诺书的项目形式审查不能通过。",
                    ),
                    Column::new("研发基础", 40, "示例：研发平台、团队、前期成果。", "可不填。"),
                    Column::new("攻关方案（创新）", 40, "示例：技术路线与创新点。", "可不填。"),
                    Column::new("资金筹措", 40, "示例：自筹到位情况。", "可不填。"),
                ],
            },
            Sheet {
                name: "联合体成员",
                title: "联合体成员（可不填）",
                columns: vec![
                    Column::new("项目编号", 14, "SL-001", "与“汇总表”一致；“汇总表”没有编号时，此列改写“项目名称”。"),
                    Column::new("*单位名称", 28, "示例大学", "单位全称。"),
                    Column::new("*统一社会信用代码", 24, partner, "18位，含校验位。"),
                    Column::new("单位类型", 12, UnitKind::University.label(), "不填则按名称和代码判断。")
                        .choices(kinds()),
                    Column::new("角色", 12, MemberRole::Participant.label(), "不填视为参与单位。")
                        .choices(MemberRole::ALL.iter().map(|r| r.label()).collect()),
                ],
            },
            Sheet {
                name: "参与人员",
                title: "参与人员（用于回避比对）",
                columns: vec![
                    Column::new("项目编号", 14, "SL-001", "与“汇总表”一致；“汇总表”没有编号时，此列改写“项目名称”。"),
                    Column::new("*姓名", 12, "示例乙", "一行一人。"),
                    Column::new("单位", 28, "示例大学", "单位全称。"),
                    Column::new("分工", 24, "技术负责人", "可不填。"),
                ],
            },
        ],
        &[
            "1. 带 * 的列必填；不要改动表头。灰色斜体的示例行导入时自动跳过。",
            "2. 编号、信用代码所在列已设为文本格式；从别处粘贴时请选“只粘贴数值”，避免变成科学计数。",
            "3. 联合体揭榜牵头单位1家，参与单位不少于1家；每家单位都要有统一社会信用代码。",
        ],
    )
}
