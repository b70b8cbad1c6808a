//! 榜单任务导入模板.

use crate::template::{Column, Sheet, build};
use domain::application::{Direction, IndicatorKind, Weighting};
use domain::sector::{Sector, TaskCategory};

/// The empty 榜单任务 workbook to fill in.
pub fn template() -> Vec<u8> {
    build(
        &[
            Sheet {
                name: "榜单任务",
                title: "揭榜挂帅榜单任务",
                columns: vec![
                    Column::new("任务编号", 14, "RW-01", "每项任务一个编号，不能重复。整列删去则自动编号。"),
                    Column::new("*任务名称", 36, "示例材料制备关键技术", "与榜单一致。"),
                    Column::new("*任务类别", 14, TaskCategory::Foundation.label(), "榜单中的类别。")
                        .choices(TaskCategory::ALL.iter().map(|c| c.label()).collect()),
                    Column::new("*重点领域", 16, Sector::Materials.label(), "一项任务一个领域。")
                        .choices(Sector::ALL.iter().map(|s| s.label()).collect()),
                    Column::new("*攻关内容", 50, "示例：突破……，形成……。", "可分行。"),
                    Column::new("*完成时限", 14, "2027-12-31", "写到月的，按当月最后一日。"),
                    Column::new(
                        "考核指标",
                        50,
                        "技术|抗拉强度|≥|450|MPa|核心",
                        "每行一项：类别|名称|方向|目标值|单位|核心；也可写在“考核指标”工作表。",
                    ),
                ],
            },
            Sheet {
                name: "考核指标",
                title: "考核指标（可不填）",
                columns: vec![
                    Column::new("任务编号", 14, "RW-01", "与“榜单任务”一致；没有编号时，此列改写“任务名称”。"),
                    Column::new("*指标类别", 12, IndicatorKind::Technical.label(), "技术、经济、成果、人才、其他。")
                        .choices(IndicatorKind::ALL.iter().map(|k| k.label()).collect()),
                    Column::new("*指标名称", 30, "抗拉强度", "一行一项。"),
                    Column::new("*方向", 10, Direction::AtLeast.label(), "不低于写 ≥，不高于写 ≤；没有数值的写定性。")
                        .choices(Direction::ALL.iter().map(|d| d.label()).collect()),
                    Column::new("目标值", 12, "450", "数字，至多三位小数；定性的不填。"),
                    Column::new("计量单位", 12, "MPa", "可不填。"),
                    Column::new("核心", 10, Weighting::Core.label(), "不填视为一般。")
                        .choices(Weighting::ALL.iter().map(|w| w.label()).collect()),
                ],
            },
        ],
        &[
            "1. 带 * 的列必填；不要改动表头。灰色斜体的示例行导入时自动跳过。",
            "2. 已登记的任务不能以导入更改；与已登记的完全一致的行不重复登记。",
            "3. 汇总表按任务编号对应任务，没有编号的按任务名称。",
        ],
    )
}
