//! 结果: where an application ends in a ranking.

crate::coded! {
    /// 建议
    Outcome {
        Shortlisted = "shortlisted", "入围";
        Reserve = "reserve", "备选";
        NotShortlisted = "not_shortlisted", "不入围";
        /// Tied across the quota line: people decide, the program does not.
        LineTie = "line_tie", "待会商";
        KnockedOut = "knocked_out", "一票否决";
        BelowPass = "below_pass", "未达合格线";
        TooFewSheets = "too_few_sheets", "有效评分不足";
        /// The frozen method gives no score.
        NoScore = "no_score", "无法得出成绩";
    }
}
