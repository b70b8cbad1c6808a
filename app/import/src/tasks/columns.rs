//! The columns of 榜单任务 and 考核指标, and the names they go by.

use crate::header::Need::{Key, Optional, Required};
use crate::header::{Column, Table};
use crate::report::SheetKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Code,
    Title,
    Category,
    Sector,
    Content,
    Deadline,
    Indicators,
}

pub static TASKS: Table<Field> = Table {
    kind: SheetKind::Tasks,
    minimum: 3,
    evidence: 4,
    columns: &[
        Column {
            field: Field::Code,
            name: "任务编号",
            need: Key,
            aliases: &["编号", "榜单编号", "榜单任务编号", "任务代码"],
            within: &["任务编号", "榜单编号"],
            never: &[],
        },
        Column {
            field: Field::Title,
            name: "任务名称",
            need: Required,
            aliases: &["榜单任务", "榜单任务名称", "名称", "题目", "攻关任务", "揭榜任务"],
            within: &["任务名称"],
            never: &["编号"],
        },
        Column {
            field: Field::Category,
            name: "任务类别",
            need: Required,
            aliases: &["类别", "榜单类别", "任务类型", "类型"],
            within: &["任务类别", "榜单类别"],
            never: &[],
        },
        Column {
            field: Field::Sector,
            name: "重点领域",
            need: Required,
            aliases: &["领域", "产业领域", "所属领域", "技术领域", "行业领域"],
            within: &["领域"],
            never: &[],
        },
        Column {
            field: Field::Content,
            name: "攻关内容",
            need: Required,
            aliases: &["主要内容", "任务内容", "研究内容", "攻关任务内容", "内容", "主要攻关内容"],
            within: &["攻关内容", "任务内容"],
            never: &[],
        },
        Column {
            field: Field::Deadline,
            name: "完成时限",
            need: Required,
            aliases: &["时限", "完成时间", "截止时间", "完成期限", "期限"],
            within: &["时限", "完成时间"],
            never: &[],
        },
        Column {
            field: Field::Indicators,
            name: "考核指标",
            need: Optional,
            aliases: &["指标", "主要指标", "主要考核指标", "预期指标"],
            within: &["考核指标"],
            never: &[],
        },
    ],
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndicatorField {
    Code,
    Title,
    Kind,
    Name,
    Direction,
    Target,
    Unit,
    Core,
}

pub static INDICATORS: Table<IndicatorField> = Table {
    kind: SheetKind::Indicators,
    minimum: 3,
    evidence: 4,
    columns: &[
        Column {
            field: IndicatorField::Code,
            name: "任务编号",
            need: Key,
            aliases: &["编号", "榜单编号", "榜单任务编号", "任务代码"],
            within: &["任务编号", "榜单编号"],
            never: &[],
        },
        Column {
            field: IndicatorField::Title,
            name: "任务名称",
            need: Optional,
            aliases: &["榜单任务", "榜单任务名称"],
            within: &["任务名称"],
            never: &["编号"],
        },
        Column {
            field: IndicatorField::Kind,
            name: "指标类别",
            need: Required,
            aliases: &["类别", "指标类型"],
            within: &["指标类别"],
            never: &[],
        },
        Column {
            field: IndicatorField::Name,
            name: "指标名称",
            need: Required,
            aliases: &["指标", "考核指标", "名称"],
            within: &["指标名称"],
            never: &[],
        },
        Column {
            field: IndicatorField::Direction,
            name: "方向",
            need: Required,
            aliases: &["指标方向", "关系", "符号"],
            within: &["方向"],
            never: &[],
        },
        Column {
            field: IndicatorField::Target,
            name: "目标值",
            need: Optional,
            aliases: &["指标值", "目标", "考核值", "数值"],
            within: &["目标值", "指标值"],
            never: &[],
        },
        Column {
            field: IndicatorField::Unit,
            name: "计量单位",
            need: Optional,
            aliases: &["单位", "指标单位"],
            within: &["计量单位"],
            never: &[],
        },
        Column {
            field: IndicatorField::Core,
            name: "核心",
            need: Optional,
            aliases: &["是否核心", "核心指标", "重要性", "是否核心指标"],
            within: &["核心"],
            never: &[],
        },
    ],
};
