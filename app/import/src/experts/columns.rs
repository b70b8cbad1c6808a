//! The columns of 专家 and 任职经历, and the names they go by.

use crate::header::Need::{Optional, Required};
use crate::header::{Column, Table};
use crate::report::SheetKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Code,
    Name,
    Source,
    Role,
    Sectors,
    Specialities,
    Title,
    Employer,
    EmployerUscc,
    Region,
    IdNumber,
}

pub static EXPERTS: Table<Field> = Table {
    kind: SheetKind::Experts,
    minimum: 4,
    evidence: 4,
    columns: &[
        Column {
            field: Field::Code,
            name: "专家编号",
            need: Required,
            aliases: &["编号", "专家代码", "专家号", "专家序号", "人员编号"],
            within: &["专家编号", "专家代码"],
            never: &[],
        },
        Column {
            field: Field::Name,
            name: "姓名",
            need: Required,
            aliases: &["专家姓名", "名字", "专家", "专家名称"],
            within: &["姓名"],
            never: &["联系人", "配偶", "亲属"],
        },
        Column {
            field: Field::Source,
            name: "来源部门",
            need: Required,
            aliases: &["来源", "推荐部门", "入库部门", "归口部门", "所属厅局", "来源厅局", "推荐厅局"],
            within: &["来源部门", "推荐部门", "来源厅"],
            never: &[],
        },
        Column {
            field: Field::Role,
            name: "专家类别",
            need: Required,
            aliases: &["类别", "专家类型", "类型", "评审类别"],
            within: &["专家类别", "专家类型"],
            never: &[],
        },
        Column {
            field: Field::Sectors,
            name: "重点领域",
            need: Required,
            aliases: &["领域", "所属领域", "评审领域", "擅长领域", "产业领域", "行业领域", "技术领域"],
            within: &["领域"],
            never: &[],
        },
        Column {
            field: Field::Specialities,
            name: "专业方向",
            need: Optional,
            aliases: &["专业", "研究方向", "从事专业", "专业特长", "学科专业", "擅长专业"],
            within: &["专业方向", "研究方向", "从事专业"],
            never: &["领域", "职称"],
        },
        Column {
            field: Field::Title,
            name: "职称",
            need: Optional,
            aliases: &["专业技术职称", "技术职称", "专业技术职务", "职称职务", "职称/职务"],
            within: &["职称"],
            never: &["时间", "日期"],
        },
        Column {
            field: Field::Employer,
            name: "工作单位",
            need: Required,
            aliases: &["单位", "所在单位", "现工作单位", "单位名称", "工作单位名称", "任职单位", "现单位"],
            within: &["工作单位", "所在单位"],
            never: &["代码", "曾", "原工作", "地址", "性质", "电话"],
        },
        Column {
            field: Field::EmployerUscc,
            name: "统一社会信用代码",
            need: Optional,
            aliases: &["信用代码", "社会信用代码", "组织机构代码", "单位代码", "机构代码", "单位信用代码"],
            within: &["信用代码", "机构代码"],
            never: &["曾", "原"],
        },
        Column {
            field: Field::Region,
            name: "所在地区",
            need: Optional,
            aliases: &["地区", "所属地区", "区域", "市州", "所在市州", "所在地"],
            within: &["所在地区", "所属地区", "市州"],
            never: &[],
        },
        Column {
            field: Field::IdNumber,
            name: "身份证号",
            need: Optional,
            aliases: &["身份证号码", "身份证", "证件号码", "居民身份证号", "公民身份号码", "证件号"],
            within: &["身份证", "身份号码"],
            never: &["地址", "有效期"],
        },
    ],
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TieField {
    Code,
    Kind,
    Unit,
    Uscc,
    Position,
    Since,
    Until,
}

pub static TIES: Table<TieField> = Table {
    kind: SheetKind::Ties,
    minimum: 2,
    evidence: 3,
    columns: &[
        Column {
            field: TieField::Code,
            name: "专家编号",
            need: Required,
            aliases: &["编号", "专家代码", "专家号", "人员编号"],
            within: &["专家编号", "专家代码"],
            never: &[],
        },
        Column {
            field: TieField::Kind,
            name: "关系",
            need: Optional,
            aliases: &["任职关系", "关系类型", "关系类别", "与单位关系", "类型", "类别"],
            within: &["关系"],
            never: &[],
        },
        Column {
            field: TieField::Unit,
            name: "单位名称",
            need: Required,
            aliases: &["单位", "任职单位", "工作单位", "企业名称", "所在单位", "机构名称"],
            within: &["单位名称", "任职单位", "工作单位"],
            never: &["代码"],
        },
        Column {
            field: TieField::Uscc,
            name: "统一社会信用代码",
            need: Optional,
            aliases: &["信用代码", "社会信用代码", "组织机构代码", "单位代码", "机构代码", "单位信用代码"],
            within: &["信用代码", "机构代码"],
            never: &[],
        },
        Column {
            field: TieField::Position,
            name: "职务",
            need: Optional,
            aliases: &["岗位", "担任职务", "职位", "任职职务"],
            within: &["职务", "岗位"],
            never: &["时间", "日期"],
        },
        Column {
            field: TieField::Since,
            name: "起始时间",
            need: Optional,
            aliases: &["开始时间", "起始日期", "开始日期", "任职开始时间", "自", "起", "起始", "起始年月", "入职时间"],
            within: &["起始", "开始", "入职"],
            never: &["结束", "截止", "终止", "起止"],
        },
        Column {
            field: TieField::Until,
            name: "结束时间",
            need: Optional,
            aliases: &[
                "截止时间",
                "结束日期",
                "终止时间",
                "任职结束时间",
                "至",
                "止",
                "截止日期",
                "结束年月",
                "离职时间",
            ],
            within: &["结束", "截止", "终止", "离职"],
            never: &["起始", "开始", "起止"],
        },
    ],
};
