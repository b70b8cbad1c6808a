//! 审计事项 and 审计对象: the keys under which rows are stored, and the words for them.

domain::coded! {
    /// 审计事项
    Action {
        SetUp = "set_up", "首次设置";
        SignIn = "sign_in", "登录";
        SignInFailed = "sign_in_failed", "登录失败";
        SignOut = "sign_out", "退出";
        SessionEnded = "session_ended", "结束登录";
        SecondFactorPassed = "second_factor_passed", "通过第二因素";
        SecondFactorFailed = "second_factor_failed", "第二因素未通过";
        AccessRefused = "access_refused", "越权访问";
        AccountCreated = "account_created", "开通账号";
        ExpertsInvited = "experts_invited", "邀请专家";
        AccountChanged = "account_changed", "变更账号";
        AttemptsCleared = "attempts_cleared", "清除登录等待";
        RenewalAsked = "renewal_asked", "提请重置凭据";
        RenewalAgreed = "renewal_agreed", "复核重置凭据";
        RenewalDeclined = "renewal_declined", "退回重置凭据";
        RoleGranted = "role_granted", "授予角色";
        BatchCreated = "batch_created", "建立批次";
        TasksCreated = "tasks_created", "登记榜单任务";
        FileChecked = "file_checked", "核对导入文件";
        FileRefused = "file_refused", "拒收导入文件";
        Imported = "imported", "导入";
        EntryUpdated = "entry_updated", "导入更新";
        AffiliationRegistered = "affiliation_registered", "登记关联单位";
        AuthorityRegistered = "authority_registered", "登记主管部门";
        IdentityJudged = "identity_judged", "认定是否同一人";
        IdentityReopened = "identity_reopened", "撤销认定";
        FormalityDecided = "formality_decided", "形式审查";
        RoundCreated = "round_created", "建立轮次";
        RubricChanged = "rubric_changed", "修改评分细则";
        TermsChanged = "terms_changed", "修改评审办法";
        Countersigned = "countersigned", "会签";
        Frozen = "frozen", "冻结评审办法";
        Advanced = "advanced", "进入下一步";
        Regrouped = "regrouped", "退回分组";
        AdmittedLate = "admitted_late", "补录申报";
        ConflictsDetected = "conflicts_detected", "回避比对";
        ConflictDecided = "conflict_decided", "认定回避";
        ConflictDeclared = "conflict_declared", "申明回避";
        PanelsPlanned = "panels_planned", "分组";
        ExpertsAssigned = "experts_assigned", "定向指派";
        DrawOpened = "draw_opened", "开启抽取";
        DrawRefused = "draw_refused", "抽取试算不可行";
        DrawCommitted = "draw_committed", "抽取承诺";
        DrawRevealed = "draw_revealed", "公布随机数";
        DrawTaken = "draw_taken", "抽取专家";
        DrawVoided = "draw_voided", "作废抽取";
        SeatReplaced = "seat_replaced", "递补专家";
        BridgesPlanned = "bridges_planned", "安排连接评审";
        PresenceSet = "presence_set", "登记到会";
        SheetSaved = "sheet_saved", "保存评分表";
        SheetSubmitted = "sheet_submitted", "提交评分表";
        SheetWithdrawn = "sheet_withdrawn", "撤回提交";
        SheetVoided = "sheet_voided", "作废评分表";
        SheetReinstated = "sheet_reinstated", "恢复评分表";
        ObjectiveScored = "objective_scored", "登记客观分";
        IndicatorsRecorded = "indicators_recorded", "登记指标完成情况";
        Calibrated = "calibrated", "校准计算";
        Ranked = "ranked", "排序计算";
        TieSettled = "tie_settled", "并列会商";
        Concluded = "concluded", "验收结论";
        ShortlistConfirmed = "shortlist_confirmed", "结果确认";
        ActAgreed = "act_agreed", "同意决定事项";
        ActClosed = "act_closed", "办结决定事项";
        ActDeclined = "act_declined", "退回决定事项";
        DigestKept = "digest_kept", "写出每日摘要";
        DigestsGone = "digests_gone", "每日摘要缺失";
        DigestsRemade = "digests_remade", "补写每日摘要";
        Unguarded = "unguarded", "审计保护缺失";
        ContentAccepted = "content_accepted", "接受内容";
        Exported = "exported", "导出";
        PeopleRead = "people_read", "查看个人信息";
        PersonalDataRead = "personal_data_read", "查看个人敏感信息";
        PersonalDataForgotten = "personal_data_forgotten", "删除个人敏感信息";
        ExpertAnonymised = "expert_anonymised", "匿名化专家";
        ApproachReported = "approach_reported", "登记请托";
        ApproachesRead = "approaches_read", "查看请托登记";
    }
}

domain::coded! {
    /// 审计对象
    Object {
        Account = "account", "账号";
        Affiliation = "affiliation", "关联单位";
        Application = "application", "申报";
        Approach = "approach", "请托";
        Audit = "audit", "审计";
        Authority = "authority", "主管部门";
        Batch = "batch", "批次";
        Conflict = "conflict", "回避";
        Consent = "consent", "决定事项";
        Document = "document", "导出文件";
        Draw = "draw", "抽取";
        Expert = "expert", "专家";
        Experts = "experts", "专家库";
        Import = "import", "导入";
        Judgement = "judgement", "同一人的认定";
        Round = "round", "轮次";
        Sheet = "sheet", "评分表";
    }
}
