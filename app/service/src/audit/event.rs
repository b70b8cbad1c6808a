//! Everything that is recorded, each with its facts. A row keeps the event's action, object and facts; [`Event::read`] reads it back.

use super::action::{Action, Object};
use super::fact::{Fact, Facts, Words};
use super::kinds::{
    Anonymised, Bound, Closing, Computed, Concluded, Ended, FactorChange, FactorUse, Guarding, List, Locked, Opening,
    PanelSize, PasswordChange, PasswordRefusal, TieSettled, TurnedAway,
};
use domain::acceptance::{Knockout, Results};
use domain::access::{Department, Role};
use domain::account::AccountState;
use domain::application::ApplicationState;
use domain::bridging::Ask;
use domain::conflict::{Decision, Rule};
use domain::consent::{Act, Proposal};
use domain::demand::Demand;
use domain::draw::Pledge;
use domain::expert::PoolState;
use domain::ids::{ApplicationId, ExpertId, RunId, SheetId, TaskId};
use domain::import::ImportKind;
use domain::leave::Leave;
use domain::people::Number;
use domain::points::Points;
use domain::renewal::Credential;
use domain::round::{Gate, RoundKind, Step, Terms};
use domain::rubric::{ExpertRole, Rubric};
use domain::seat::Presence;
use domain::sector::Sector;
use domain::uscc::Uscc;
use engine::assignment::Status;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Declares the events. Each has an action, the kind of object it is about, and its facts with their Chinese names, or one
/// value that names its facts itself. `or` is the action of older rows with the same facts.
macro_rules! events {
    (
        facts { $(
            $name:ident = $action:ident $(or $old:ident)? on $object:ident {
                $($field:ident: $type:ty = $label:literal,)*
            }
        )* }
        values { $($whole:ident = $whole_action:ident on $whole_object:ident($value:ty);)* }
    ) => {
        /// 审计事件
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Event {
            $($name { $($field: $type),* },)*
            $($whole($value),)*
        }

        impl Event {
            pub const fn action(&self) -> Action {
                match self {
                    $(Self::$name { .. } => Action::$action,)*
                    $(Self::$whole(_) => Action::$whole_action,)*
                }
            }

            /// The kind of thing it is about.
            pub const fn object(&self) -> Object {
                match self {
                    $(Self::$name { .. } => Object::$object,)*
                    $(Self::$whole(_) => Object::$whole_object,)*
                }
            }

            /// The facts with their names, in Chinese.
            pub fn facts(&self) -> Vec<Fact> {
                match self {
                    $(Self::$name { $($field),* } => {
                        let facts: Vec<Option<Fact>> =
                            vec![$(Words::words($field).map(|words| Fact { name: $label, words })),*];
                        facts.into_iter().flatten().collect()
                    })*
                    $(Self::$whole(value) => value.facts(),)*
                }
            }

            /// Reads a stored row. `None` if its facts are no event's, such as those of an older version of the program.
            pub fn read(action: &str, object: &str, detail: &str) -> Option<Self> {
                let (action, object) = (Action::from_key(action)?, Object::from_key(object)?);
                $(if matches!(action, Action::$action $(| Action::$old)?) && object == Object::$object {
                    #[derive(Deserialize)]
                    #[serde(deny_unknown_fields)]
                    struct Stored { $($field: $type),* }
                    if let Ok(Stored { $($field),* }) = serde_json::from_str(detail) {
                        return Some(Self::$name { $($field),* });
                    }
                })*
                $(if action == Action::$whole_action && object == Object::$whole_object {
                    if let Ok(value) = serde_json::from_str(detail) {
                        return Some(Self::$whole(value));
                    }
                })*
                None
            }

            #[cfg(test)]
            fn samples() -> Vec<Self> {
                use super::samples::Sample;
                vec![
                    $(Self::$name { $($field: Sample::sample()),* },)*
                    $(Self::$whole(Sample::sample()),)*
                ]
            }
        }
    };
}

impl Event {
    pub const fn label(&self) -> &'static str {
        self.action().label()
    }

    /// The facts as they are stored. A fact that is not there is left out.
    ///
    /// # Errors
    /// They cannot be written as JSON.
    pub fn detail(&self) -> serde_json::Result<String> {
        let mut detail = serde_json::to_value(self)?;
        if let Value::Object(facts) = &mut detail {
            facts.retain(|_, fact| !fact.is_null());
        }
        Ok(detail.to_string())
    }
}

events! {
    facts {
        SetUp = SetUp on Account { login: String = "登录名", role: Role = "角色", }
        SignIn = SignIn on Account {}
        SignInFailed = SignInFailed on Account { locked: Option<Vec<Locked>> = "锁定", times: Option<u32> = "次数", }
        SignOut = SignOut on Account {}
        SessionEnded = SessionEnded on Account { session: Uuid = "登录", }
        SecondFactorPassed = SecondFactorPassed on Account { second_factor: FactorUse = "第二因素", }
        SecondFactorFailed = SecondFactorFailed on Account { times: Option<u32> = "次数", }
        AccessRefused = AccessRefused on Account {
            path: String = "地址",
            permission: Option<Vec<String>> = "权限",
            sheet: Option<SheetId> = "评分表",
        }
        TurnedAway = AccessRefused on Account { path: String = "地址", turned_away: TurnedAway = "拒绝原因", }
        AccountCreated = AccountCreated on Account { login: String = "登录名", by: Option<Opening> = "方式", }
        ExpertsInvited = ExpertsInvited on Account { logins: Vec<String> = "登录名", }
        AccountStateSet = AccountChanged on Account { login: String = "登录名", state: AccountState = "状态", }
        AccountReopened = AccountChanged on Account { login: String = "登录名", by: Opening = "方式", }
        PasswordChanged = AccountChanged on Account { login: Option<String> = "登录名", password: PasswordChange = "密码", }
        PasswordRefused = AccountChanged on Account {
            login: String = "登录名",
            password: PasswordRefusal = "密码",
            times: Option<u32> = "次数",
        }
        SecondFactorChanged = AccountChanged on Account {
            login: Option<String> = "登录名",
            second_factor: FactorChange = "第二因素",
        }
        SecurityKeyChanged = AccountChanged on Account {
            key: String = "安全密钥",
            fingerprint: String = "公钥摘要",
            second_factor: FactorChange = "第二因素",
        }
        AccountRecovered = AccountChanged on Account {
            password: PasswordChange = "密码",
            second_factor: FactorChange = "第二因素",
        }
        RenewalAsked = RenewalAsked on Account {
            login: String = "登录名",
            credential: Credential = "凭据",
            recognised: String = "核实方式",
        }
        RenewalAgreed = RenewalAgreed on Account { login: String = "登录名", credential: Credential = "凭据", }
        RenewalDeclined = RenewalDeclined on Account {
            login: String = "登录名",
            credential: Credential = "凭据",
            reason: String = "理由",
        }
        AttemptsCleared = AttemptsCleared on Account { key: String = "登录名或来源地址", }
        RoleGranted = RoleGranted on Account {
            login: String = "登录名",
            from_role: Role = "原角色",
            role: Role = "角色",
            bound: Option<Bound> = "部门或地区",
        }
        BatchCreated = BatchCreated on Batch { title: String = "名称", }
        TasksCreated = TasksCreated on Batch { codes: Vec<String> = "编号", }
        FileChecked = FileChecked on Import {
            kind: ImportKind = "类型",
            name: String = "名称",
            sha256: String = "文件摘要",
            rows: usize = "行数",
            problems: usize = "问题数",
        }
        FileRefused = FileRefused on Import {
            kind: ImportKind = "类型",
            name: String = "名称",
            sha256: Option<String> = "文件摘要",
            why: String = "原因",
        }
        Imported = Imported on Import {
            kind: ImportKind = "类型",
            name: String = "名称",
            sha256: String = "文件摘要",
            rows: usize = "新增行数",
            updated: Option<usize> = "更新行数",
            whole: Option<String> = "文件没有的列按",
        }
        ExpertUpdated = EntryUpdated on Expert { code: String = "编号", changes: Vec<String> = "更改", }
        ApplicationUpdated = EntryUpdated on Application { code: String = "编号", changes: Vec<String> = "更改", }
        AffiliationRegistered = AffiliationRegistered on Affiliation { parent: Uscc = "母公司", child: Uscc = "子公司", }
        AuthorityRegistered = AuthorityRegistered on Authority {
            name: String = "名称",
            uscc: Option<Uscc> = "统一社会信用代码",
        }
        FoundSame = IdentityJudged on Judgement {
            kept: String = "保留",
            given_up: String = "并入并退库",
            reason: String = "理由",
        }
        FoundDistinct = IdentityJudged on Judgement { codes: Vec<String> = "不是同一人", reason: String = "理由", }
        IdentityReopened = IdentityReopened on Judgement { reason: String = "理由", }
        FormalityDecided = FormalityDecided on Application {
            code: String = "编号",
            state: ApplicationState = "状态",
            reason: String = "理由",
        }
        SoundPassed = FormalityDecided on Round { state: ApplicationState = "状态", codes: Vec<String> = "编号", }
        RoundCreated = RoundCreated on Round {
            title: String = "名称",
            kind: RoundKind = "类型",
            applications: usize = "项目数",
        }
        Countersigned = Countersigned on Round {
            gate: Gate = "会签事项",
            department: Department = "部门",
            digest: String = "内容摘要",
        }
        Frozen = Frozen on Round { digest: String = "内容摘要", }
        AdmittedLate = AdmittedLate on Round { step: Step = "步骤", codes: Vec<String> = "编号", reason: String = "理由", }
        Regrouped = Regrouped on Round { seats: usize = "空出的席位", reason: String = "理由", }
        Advanced = Advanced on Round { from: Step = "由", to: Step = "到", sheets: usize = "评分表数", }
        ConflictsDetected = ConflictsDetected on Round {
            experts: usize = "专家数",
            applications: usize = "项目数",
            findings: usize = "比对结果数",
            new: usize = "新增",
        }
        ConflictDecided = ConflictDecided on Conflict {
            rule: Rule = "规则",
            decision: Decision = "认定",
            reason: String = "理由",
            expert: ExpertId = "专家",
            application: ApplicationId = "项目",
        }
        ConflictDeclared = ConflictDeclared on Conflict {
            rule: Rule = "规则",
            application: ApplicationId = "项目",
            statement: String = "申明",
        }
        TaskMoved = PanelsPlanned on Round {
            task: TaskId = "榜单任务",
            panel: String = "评审组",
            applications: usize = "项目数",
        }
        ExpertsAssigned = ExpertsAssigned on Round {
            status: Status = "求解结果",
            seats: usize = "席位数",
            objective: Option<f64> = "目标值",
            input_digest: String = "输入摘要",
            run: RunId = "计算记录",
            reason: String = "理由",
        }
        DrawOpened = DrawOpened on Draw {
            pool_digest: String = "候选池摘要",
            candidates: usize = "候选人数",
            demand: Demand = "席位要求",
        }
        DrawRefused = DrawRefused on Round {
            status: Status = "求解结果",
            input_digest: String = "输入摘要",
            run: RunId = "计算记录",
        }
        DrawCommitted = DrawCommitted on Draw { department: Department = "部门", pledge: Option<Pledge> = "承诺", }
        DrawRevealed = DrawRevealed on Draw { department: Department = "部门", pledge: Option<Pledge> = "承诺", }
        DrawTaken = DrawTaken on Draw {
            seed: String = "种子",
            lots: usize = "签数",
            seats: usize = "席位数",
            alternates: usize = "备选人数",
            record: String = "抽取记录摘要",
        }
        DrawVoided = DrawVoided on Draw { reason: String = "理由", }
        SeatReplaced = SeatReplaced on Draw {
            expert: ExpertId = "专家",
            why: Leave = "原因",
            reason: String = "理由",
            successors: Vec<String> = "递补专家",
            record: String = "抽取记录摘要",
        }
        BridgesPlanned = BridgesPlanned on Round {
            reviews: usize = "连接评审份数",
            ask: Ask = "要求",
            run: RunId = "计算记录",
            digest: String = "内容摘要",
            mean_before: f64 = "原组间标准误",
            mean_after: f64 = "现组间标准误",
        }
        BridgesCleared = BridgesPlanned on Round { reviews: usize = "连接评审份数", }
        PresenceSet = PresenceSet on Round { experts: Vec<ExpertId> = "专家", presence: Presence = "到会", }
        SheetSaved = SheetSaved on Sheet { version: u32 = "版本", }
        SheetSubmitted = SheetSubmitted on Sheet { version: u32 = "版本", digest: String = "内容摘要", }
        SheetAccepted = ContentAccepted on Sheet { version: u32 = "版本", }
        SheetWithdrawn = SheetWithdrawn on Sheet { version: u32 = "版本", }
        SheetReinstated = SheetReinstated on Sheet { reason: String = "理由", }
        SheetRecused = SheetVoided on Sheet { reason: Rule = "理由", }
        SheetVoided = SheetVoided on Sheet { reason: String = "理由", }
        IndicatorsRecorded = IndicatorsRecorded on Application {
            code: String = "编号",
            results: Results = "指标完成值",
            knockouts: BTreeMap<Knockout, String> = "一票否决",
        }
        Calibrated = Calibrated on Round {
            run: RunId = "计算记录",
            input_digest: String = "输入摘要",
            digest: String = "内容摘要",
        }
        Ranked = Ranked on Round { run: RunId = "计算记录", digest: String = "内容摘要", because: Computed = "输入摘要", }
        TieSettled = TieSettled or Ranked on Round {
            run: RunId = "计算记录",
            digest: String = "内容摘要",
            because: TieSettled = "会商",
        }
        Concluded = Concluded or Ranked on Round {
            run: RunId = "计算记录",
            digest: String = "内容摘要",
            because: Concluded = "验收结论",
        }
        ShortlistConfirmed = ShortlistConfirmed on Round { digest: String = "内容摘要", }
        ContentAccepted = ContentAccepted on Round { what: Vec<String> = "与审计不符的内容", reason: String = "理由", }
        ActAgreed = ActAgreed on Consent { act: Act = "事项", what: Proposal = "内容", agreed: usize = "已同意人数", }
        ActClosed = ActClosed on Consent { act: Act = "事项", closing: Closing = "结果", }
        ActDeclined = ActDeclined on Consent { act: Act = "事项", reason: String = "理由", }
        DigestKept = DigestKept on Audit { day: String = "日期", seq: i64 = "末条序号", hash: String = "末条摘要", }
        DigestsGone = DigestsGone on Audit { days: Vec<String> = "日期", }
        DigestsRemade = DigestsRemade on Audit { days: Vec<String> = "日期", reason: String = "理由", }
        Unguarded = Unguarded on Audit { guards: Vec<String> = "触发器", then: Guarding = "处理", }
        Exported = Exported on Document { name: String = "名称", sha256: String = "文件摘要", }
        AccountsRead = PeopleRead on Account { list: List = "名单", rows: usize = "行数", }
        DoublesRead = PeopleRead on Experts { pairs: usize = "疑似同一人", }
        PoolRead = PeopleRead on Experts {
            rows: usize = "行数",
            search: Option<String> = "查找",
            expert_role: Option<ExpertRole> = "专家类别",
            sector: Option<Sector> = "领域",
            source: Option<Department> = "推荐部门",
            standing: Option<PoolState> = "在库状态",
        }
        ExpertRead = PeopleRead on Expert { code: String = "编号", }
        ApplicationRead = PeopleRead on Application { code: String = "编号", }
        RoundRead = PeopleRead on Round { list: List = "名单", experts: usize = "专家数", }
        PersonalDataRead = PersonalDataRead on Expert {
            code: String = "编号",
            number: Number = "号码",
            reason: String = "理由",
        }
        PhonesRead = PersonalDataRead on Round { codes: Vec<String> = "编号", reason: String = "理由", }
        NumberForgotten = PersonalDataForgotten on Expert { number: Number = "号码", why: Ended = "原因", }
        PeopleForgotten = PersonalDataForgotten on Application { people: Anonymised = "参与人员", why: Ended = "原因", }
        FileForgotten = PersonalDataForgotten on Import { name: String = "名称", why: Ended = "原因", }
        ExpertAnonymised = ExpertAnonymised on Expert { code: String = "编号", reason: String = "理由", }
        ApproachReported = ApproachReported on Approach {}
        ApproachesRead = ApproachesRead on Account { rows: usize = "行数", }
    }
    values {
        RubricChanged = RubricChanged on Round(Rubric);
        TermsChanged = TermsChanged on Round(Terms);
        PanelsPlanned = PanelsPlanned on Round(Vec<PanelSize>);
        ObjectiveScored = ObjectiveScored on Round(BTreeMap<ApplicationId, BTreeMap<String, Points>>);
    }
}

#[cfg(test)]
mod tests;
