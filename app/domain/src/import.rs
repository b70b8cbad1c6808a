//! 导入: files of experts or applications, checked first and imported then.

crate::coded! {
    /// 导入内容
    ImportKind {
        Experts = "experts", "专家库";
        Applications = "applications", "汇总表";
    }
}

crate::coded! {
    /// 导入状态
    ImportState {
        Checked = "checked", "已核对，待导入";
        Done = "done", "已导入";
    }
}
