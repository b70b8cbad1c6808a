//! 离席: why an expert who was drawn gives up the seat.

crate::coded! {
    /// 离席情形
    Leave {
        Declined = "declined", "不能参加";
        Unreachable = "unreachable", "未接通";
        Recused = "recused", "须回避";
        Absent = "absent", "未到会";
        Ill = "ill", "中途离席";
    }
}
