//! 审计: every write leaves a row in the same transaction; so does every sign-in that fails and every refusal.

mod chain;
mod reading;

pub use chain::{Algorithm, Fault, Kept, Verified, adopt, digest_of_day, verify, verify_chain};

pub(crate) use reading::note as note_reading;

use crate::context::Refused;
use crate::{App, Client, Context, Error, Result};
use domain::Timestamp;
use domain::access::Permission;
use domain::digest::sha256;
use domain::ids::RoundId;
use serde::Serialize;
use serde_json::Value;
pub use store::repo::audit::AuditResult;
use store::repo::audit::{AuditRow, Link};
use store::{Repositories, Tx};
use uuid::Uuid;

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
        RoleGranted = "role_granted", "授予角色";
        BatchCreated = "batch_created", "建立批次";
        TasksCreated = "tasks_created", "登记榜单任务";
        FileChecked = "file_checked", "核对导入文件";
        FileRefused = "file_refused", "拒收导入文件";
        Imported = "imported", "导入";
        AffiliationRegistered = "affiliation_registered", "登记关联单位";
        AuthorityRegistered = "authority_registered", "登记主管部门";
        FormalityDecided = "formality_decided", "形式审查";
        RoundCreated = "round_created", "建立轮次";
        RubricChanged = "rubric_changed", "修改评分细则";
        TermsChanged = "terms_changed", "修改评审办法";
        Countersigned = "countersigned", "会签";
        Frozen = "frozen", "冻结评审办法";
        Advanced = "advanced", "进入下一步";
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
        SheetVoided = "sheet_voided", "作废评分表";
        ObjectiveScored = "objective_scored", "登记客观分";
        IndicatorsRecorded = "indicators_recorded", "登记指标完成情况";
        Calibrated = "calibrated", "校准计算";
        Ranked = "ranked", "排序计算";
        ShortlistConfirmed = "shortlist_confirmed", "结果确认";
        Exported = "exported", "导出";
        PeopleRead = "people_read", "查看个人信息";
        PersonalDataRead = "personal_data_read", "查看个人敏感信息";
        PersonalDataForgotten = "personal_data_forgotten", "删除个人敏感信息";
        ExpertAnonymised = "expert_anonymised", "匿名化专家";
        ApproachReported = "approach_reported", "登记请托";
        ApproachesRead = "approaches_read", "查看请托登记";
    }
}

/// What happened, to what.
#[derive(Debug, Clone)]
pub struct Event {
    pub action: Action,
    pub object: &'static str,
    pub id: Option<Uuid>,
    pub round: Option<RoundId>,
    pub detail: Value,
    pub result: AuditResult,
    /// Digests of what was changed.
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Event {
    pub fn new(action: Action, object: &'static str, id: Uuid, detail: Value) -> Self {
        Self { id: Some(id), ..Self::without_id(action, object, detail) }
    }

    /// About something that is not known, such as the account of a failed sign-in.
    pub const fn without_id(action: Action, object: &'static str, detail: Value) -> Self {
        Self { action, object, id: None, round: None, detail, result: AuditResult::Done, before: None, after: None }
    }

    /// With the digests of what changed, as it was and as it is: they show that something changed without showing what.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn changing<T: Serialize + ?Sized>(self, before: &T, after: &T) -> Result<Self> {
        let digest = |value: &T| Ok::<_, Error>(sha256(&serde_json::to_vec(value)?));
        Ok(Self { before: Some(digest(before)?), after: Some(digest(after)?), ..self })
    }

    #[must_use]
    pub fn refused(self) -> Self {
        Self { result: AuditResult::Refused, ..self }
    }

    #[must_use]
    pub fn in_round(self, round: RoundId) -> Self {
        Self { round: Some(round), ..self }
    }
}

impl Context {
    /// Records what the actor did, in the transaction that does it.
    ///
    /// # Errors
    /// The row cannot be written; the transaction then fails as a whole.
    pub async fn record(&self, tx: &Tx, event: Event) -> Result<()> {
        let row = row(&self.app, &self.client, &self.actor.name, event);
        let row = AuditRow { account: Some(self.actor.account), role: Some(self.actor.standing.role()), ..row };
        chain::append(tx, row, self.app.digest).await
    }
}

/// Records what nobody signed in did, such as a failed sign-in or a command on the console. `actor` is what they call themselves.
///
/// # Errors
/// The row cannot be written; the transaction then fails as a whole.
pub(crate) async fn record_unsigned(tx: &Tx, app: &App, client: &Client, actor: &str, event: Event) -> Result<()> {
    chain::append(tx, row(app, client, actor, event), app.digest).await
}

fn row(app: &App, client: &Client, actor: &str, event: Event) -> AuditRow {
    AuditRow {
        id: app.ids.next(),
        at: app.clock.now(),
        account: None,
        actor: actor.to_owned(),
        role: None,
        action: event.action.key().to_owned(),
        object: event.object.to_owned(),
        object_id: event.id,
        round: event.round,
        detail: event.detail.to_string(),
        address: client.label(),
        result: event.result,
        before: event.before,
        after: event.after,
        link: Link::default(),
    }
}

/// Writes down what the caller asked for during a request and was refused.
///
/// # Errors
/// The database cannot be written.
pub async fn record_refusals(ctx: &Context, path: &str) -> Result<()> {
    let refused = ctx.take_refusals();
    if refused.is_empty() {
        return Ok(());
    }
    let path: String = path.chars().take(200).collect();
    let mut detail = serde_json::json!({ "path": path });
    let permissions = refused.iter().filter_map(|refused| match refused {
        Refused::Permission(permission) => Some(permission.label()),
        Refused::Sheet(_) => None,
    });
    let permissions: Vec<&str> = permissions.collect();
    if !permissions.is_empty() {
        detail["permission"] = permissions.into();
    }
    if let Some(sheet) = refused.iter().find_map(|refused| match refused {
        Refused::Sheet(sheet) => Some(sheet.to_string()),
        Refused::Permission(_) => None,
    }) {
        detail["sheet"] = sheet.into();
    }
    let event = Event::new(Action::AccessRefused, "account", ctx.actor.account.0, detail).refused();
    ctx.store().write(async |tx| ctx.record(tx, event).await).await
}

/// Writes down that a request was turned away before anything was asked of it.
///
/// # Errors
/// The database cannot be written.
pub async fn record_turned_away(
    app: &App,
    client: &Client,
    ctx: Option<&Context>,
    path: &str,
    why: TurnedAway,
) -> Result<()> {
    let path: String = path.chars().take(200).collect();
    let detail = serde_json::json!({ "path": path, "turned_away": why.key() });
    if let Some(ctx) = ctx {
        let event = Event::new(Action::AccessRefused, "account", ctx.actor.account.0, detail).refused();
        return ctx.store().write(async |tx| ctx.record(tx, event).await).await;
    }
    let event = Event::without_id(Action::AccessRefused, "account", detail).refused();
    app.program().write(async |tx| record_unsigned(tx, app, client, "（未登录）", event).await).await
}

domain::coded! {
    /// 拒绝的原因
    TurnedAway {
        Rate = "rate", "请求过于频繁";
        Origin = "origin", "请求来自其他网站";
    }
}

/// One line of the audit page.
#[derive(Debug, Clone)]
pub struct AuditLine {
    pub at: Timestamp,
    pub actor: String,
    pub role: String,
    pub action: String,
    pub object: String,
    pub object_id: Option<Uuid>,
    pub detail: String,
    pub seq: i64,
    pub address: String,
    pub result: AuditResult,
    pub before: Option<String>,
    pub after: Option<String>,
    pub hash: String,
}

/// A page of the audit, newest first, and the number of all matching rows.
///
/// # Errors
/// `Denied` without `ReadAudit`.
pub async fn page(ctx: &Context, search: &str, page: u64, size: u64) -> Result<(Vec<AuditLine>, u64)> {
    ctx.require(Permission::ReadAudit)?;
    // Actions are stored by key and searched by the name people see.
    let key = Action::ALL.iter().find(|a| !search.is_empty() && a.label() == search).map_or(search, |a| a.key());
    let (rows, total) = ctx.store().audit().page(key, page, size).await?;
    let line = |row: AuditRow| AuditLine {
        detail: row.detail,
        at: row.at,
        actor: row.actor,
        role: row.role.map_or_else(String::new, |r| r.label().to_owned()),
        action: Action::from_key(&row.action).map_or(row.action, |a| a.label().to_owned()),
        object: row.object,
        object_id: row.object_id,
        seq: row.link.seq,
        address: row.address,
        result: row.result,
        before: row.before,
        after: row.after,
        hash: row.link.hash,
    };
    Ok((rows.into_iter().map(line).collect(), total))
}

impl From<hmac::digest::InvalidLength> for Error {
    fn from(error: hmac::digest::InvalidLength) -> Self {
        Self::Internal(error.to_string())
    }
}
