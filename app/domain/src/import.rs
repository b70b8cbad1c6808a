//! 导入: files of experts or applications, checked first and imported then.

crate::coded! {
    /// 导入内容
    ImportKind {
        Experts = "experts", "专家库";
        Applications = "applications", "汇总表";
        Tasks = "tasks", "榜单任务";
    }
}

crate::coded! {
    /// 导入状态
    ImportState {
        Checked = "checked", "已核对，待导入";
        Done = "done", "已导入";
    }
}

/// Why a file is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("内容是 Excel 工作簿，但文件名不以 .xlsx 结尾；请确认文件并改名后上传")]
    Name,
    #[error("文件超过 {megabytes} MB，没有导入。请拆分后分批上传")]
    TooLarge { megabytes: usize },
    #[error("有{count}处问题，没有导入任何数据。第1处：{first}")]
    Problems { count: usize, first: String },
    #[error("没有可导入的数据行")]
    NoRows,
    #[error("文件所列与已有内容完全一致，没有要更改的")]
    Unchanged,
    #[error("请先看过“将更改的内容”“没有读取的内容与提示”并确认；核对之后内容有变的，请重新查看")]
    Unseen,
    #[error("本批次的“{round}”{refusal}")]
    Closed { round: String, refusal: String },
    #[error("请选择文件")]
    NoFile,
    #[error("上传中断或表单不完整，没有读取文件，请重试")]
    Interrupted,
}

/// The file has been imported before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("该文件已经导入，没有重复导入")]
pub struct AlreadyImported;
