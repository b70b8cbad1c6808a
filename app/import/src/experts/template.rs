//! 专家库导入模板.

use crate::template::{Column, Sheet, build};
use domain::access::Department;
use domain::expert::{PoolState, TieKind};
use domain::rubric::ExpertRole;

/// The empty 专家库 workbook to fill in.
pub fn template() -> Vec<u8> {
    let code = "与“专家”工作表一致。";
    let uscc = "18位，含校验位。没有可不填；填写后回避比对更准。";
    build(
        &[
            Sheet {
                name: "专家",
                title: "揭榜挂帅评审专家库",
                columns: vec![
                    Column::new(
                        "专家编号",
                        14,
                        "ZJ-0001",
                        "每位专家一个编号，不能重复；专家库中已有的编号，按本行更新。整列删去则自动编号。",
                    ),
                    Column::new("*姓名", 10, "示例甲", "与身份证一致。"),
                    Column::new("*来源部门", 12, Department::Industry.label(), "入库的部门。")
                        .choices(Department::ALL.iter().map(|d| d.label()).collect()),
                    Column::new("*专家类别", 12, ExpertRole::Technical.label(), "评审中承担的角色。")
                        .choices(ExpertRole::ALL.iter().map(|r| r.label()).collect()),
                    Column::new(
                        "*重点领域",
                        24,
                        "新材料、冶金有色",
                        "可填多个，用顿号隔开：冶金有色、能源化工、电子信息、智能装备、新材料、生物医药、航空航天、循环经济、其他。",
                    ),
                    Column::new("专业方向", 20, "有色金属材料", "可不填。"),
                    Column::new(
                        "学科代码",
                        20,
                        "430.40 金属材料",
                        "GB/T 13745 学科代码，可附名称，多个用顿号隔开。可不填。",
                    ),
                    Column::new("职称", 12, "正高级工程师", "可不填。"),
                    Column::new("*工作单位", 28, "示例大学", "现单位全称。"),
                    Column::new("统一社会信用代码", 24, "916200000000000004", uscc),
                    Column::new("所在地区", 12, "兰州市", "可不填。"),
                    Column::new("身份证号", 24, "620102199001010011", "用于去重；加密保存，页面上只显示首尾。可不填。"),
                    Column::new("手机号", 16, "13800001234", "用于通知；加密保存。可不填。"),
                    Column::new("银行卡号", 24, "6222020000000012344", "用于发放评审费；加密保存。可不填。"),
                    Column::new("在库状态", 12, PoolState::Active.label(), "不填视为在库。")
                        .choices(PoolState::ALL.iter().map(|s| s.label()).collect()),
                ],
            },
            Sheet {
                name: "任职经历",
                title: "专家任职经历（近三年内的单位须填写）",
                columns: vec![
                    Column::new("*专家编号", 14, "ZJ-0001", code),
                    Column::new("关系", 22, TieKind::Director.label(), "不填视为任职。")
                        .choices(TieKind::ALL.iter().map(|k| k.label()).collect()),
                    Column::new("*单位名称", 28, "示例材料有限公司", "单位全称。"),
                    Column::new("统一社会信用代码", 24, "91000000000000000K", uscc),
                    Column::new("职务", 14, "独立董事", "可不填。"),
                    Column::new("起始时间", 14, "2021-03", "写到月或日，如 2021-03 或 2021年3月1日。"),
                    Column::new("结束时间", 14, "至今", "写法同上；仍在任写“至今”或留空。"),
                ],
            },
        ],
        &[
            "1. 带 * 的列必填；不要改动表头。灰色斜体的示例行导入时自动跳过。",
            "2. 编号、信用代码、身份证号所在列已设为文本格式；从别处粘贴时请选“只粘贴数值”，避免变成科学计数。",
            "3. 任职经历用于回避比对：近三年内任职、董事、监事、控股、顾问的单位都要填写，一行一项。",
        ],
    )
}
