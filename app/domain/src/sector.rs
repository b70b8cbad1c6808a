//! 重点领域与任务类别.

crate::coded! {
    /// 重点领域: the eight named by the policy, and 其他 because the policy says 等 and names 未来产业.
    Sector {
        Metallurgy = "metallurgy", "冶金有色";
        Chemical = "chemical", "能源化工";
        Electronics = "electronics", "电子信息";
        Equipment = "equipment", "智能装备";
        Materials = "materials", "新材料";
        Biomedicine = "biomedicine", "生物医药";
        Aerospace = "aerospace", "航空航天";
        Circular = "circular", "循环经济";
        Other = "other", "其他（含未来产业）";
    }
}

crate::coded! {
    /// 任务类别
    TaskCategory {
        Foundation = "foundation", "核心基础";
        Product = "product", "重点产品";
        Support = "support", "公共支撑";
        Demonstration = "demonstration", "示范应用";
    }
}
