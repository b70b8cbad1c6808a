//! The frame around every page: who is signed in, what they may go to, which round it is, what happened last.

use crate::chapter;
use crate::components::{
    Account, Alert, AlertKind, ErrorPanel, Flash, FormState, Frame, LinkButton, NavGroup, NavItem, Paper, RoundMark,
    Shell, Tone, bring_back, came_back, raw_text,
};
use crate::flash::{FlashKind, take_flash};
use crate::idle::IdleWatch;
use crate::request::{caller, context, error_text, go, here, log, parts, query, set_status, sign_in_address};
use crate::returned::Returns;
use crate::routes;
use crate::told::Told;
use axum::http::StatusCode;
use domain::access::{Permission, Standing};
use domain::round::{Round, RoundKind};
use leptos::prelude::*;
use leptos_meta::Title;
use service::account::Token;
use service::{Case, Context, Error};
use std::future::Future;
use std::sync::Arc;

/// A page: its title, its round, how it fills the window, and the view.
pub struct Page {
    title: String,
    round: Option<Round>,
    frame: Frame,
    paper: Paper,
    view: AnyView,
}

impl Page {
    pub fn new(title: impl Into<String>, view: impl IntoView + 'static) -> Self {
        Self { title: title.into(), round: None, frame: Frame::Page, paper: Paper::Portrait, view: view.into_any() }
    }

    /// A page of a round: the round stands in the top bar, its pages in the navigation.
    #[must_use]
    pub fn of(self, round: Round) -> Self {
        Self { round: Some(round), ..self }
    }

    /// Printed across the long side.
    #[must_use]
    pub fn landscape(self) -> Self {
        Self { paper: Paper::Landscape, ..self }
    }

    #[must_use]
    pub fn framed(self, frame: Frame) -> Self {
        Self { frame, ..self }
    }
}

/// Renders a page of the signed-in caller. Whoever is not signed in is sent to sign in and back.
pub fn page<F>(build: impl FnOnce(Context) -> F + Send + 'static) -> AnyView
where
    F: Future<Output = Result<Page, Error>> + Send + 'static,
{
    let caller = context();
    let path = query().path().to_owned();
    let told = caller.as_ref().ok().and_then(take_told).map(|message| (FlashKind::Done, message));
    let flash = take_flash().or(told);
    if let Some(state) = caller.as_ref().ok().and_then(|ctx| take_form(ctx, &path)) {
        bring_back(state);
    }
    let work = async move {
        let ctx = match caller {
            Ok(ctx) => ctx,
            Err(Error::SignedOut) => {
                go(&sign_in_address(&here()));
                return ().into_any();
            }
            Err(error) => return failure(None, &path, flash, &error),
        };
        if let Some(page) = ctx.restriction.and_then(|own| routes::instead_of(own, &path)) {
            go(page);
            return ().into_any();
        }
        match build(ctx.clone()).await {
            Ok(page) => framed(Some(&ctx), &path, flash, page),
            Err(Error::SignedOut) => {
                go(&sign_in_address(&path));
                ().into_any()
            }
            Err(error) => failure(Some(&ctx), &path, flash, &error),
        }
    };
    Suspend::new(work).into_any()
}

/// Renders a page that needs nobody signed in.
pub fn open_page<F>(build: impl FnOnce() -> F + Send + 'static) -> AnyView
where
    F: Future<Output = Result<Page, Error>> + Send + 'static,
{
    let path = query().path().to_owned();
    let flash = take_flash();
    let work = async move {
        match build().await {
            Ok(page) => framed(None, &path, flash, page),
            Err(error) => failure(None, &path, flash, &error),
        }
    };
    Suspend::new(work).into_any()
}

/// The secret that the last form of this session ended with.
fn take_told(ctx: &Context) -> Option<String> {
    parts()?.extensions.get::<Arc<Told>>()?.take(ctx.session?, ctx.now())
}

/// The refused form that belongs on this page.
fn take_form(ctx: &Context, path: &str) -> Option<FormState> {
    parts()?.extensions.get::<Arc<Returns>>()?.take(ctx.session?, path, ctx.now())
}

/// Brings a refused form back to the holder of a link, who is not signed in.
pub fn bring_back_to(link: &Token) {
    let Some((parts, caller)) = parts().zip(caller().ok()) else { return };
    let returns = parts.extensions.get::<Arc<Returns>>();
    let state = returns.and_then(|returns| returns.take(link.handle(), parts.uri.path(), caller.app.clock.now()));
    if let Some(state) = state {
        bring_back(state);
    }
}

fn framed(ctx: Option<&Context>, path: &str, flash: Option<(FlashKind, String)>, page: Page) -> AnyView {
    let flash = flash.map(|(kind, message)| match kind {
        FlashKind::Done => view! { <Flash kind=AlertKind::Ok message=message /> }.into_any(),
        FlashKind::Problem => {
            let hint = came_back().then(|| view! { <p>"下面是您填写的内容，改正后请再次提交。"</p> });
            view! { <Alert kind=AlertKind::Error title=message body=move || hint /> }.into_any()
        }
    });
    // A form whose text could not even be read comes back with this mark instead of a message.
    let garbled = query()
        .get("__err")
        .is_some()
        .then(|| view! { <Alert kind=AlertKind::Error title="提交的内容不完整或格式不对，没有保存。请检查后重试" /> });
    let groups = ctx.map(|ctx| navigation(ctx, path, page.round.as_ref())).unwrap_or_default();
    let round = page.round.as_ref().map(|round| RoundMark {
        name: round.title.clone(),
        href: if is_expert(ctx) { routes::DESKS.to_owned() } else { routes::Round(round.id).overview() },
        state: round.step.label().to_owned(),
        tone: Tone::Accent,
    });
    let account =
        ctx.map(|ctx| Account { label: account_label(ctx), sign_out: routes::SIGN_OUT.to_owned(), hidden: Vec::new() });
    let watch = ctx.and_then(|ctx| Some((ctx.ends? - ctx.now()).num_seconds())).map(|seconds| {
        view! { <IdleWatch seconds=seconds sign_in=sign_in_address(&here()) /> }
    });
    view! {
        <Title text=format!("{} · 衡评", raw_text(&page.title)) />
        <Shell here=path.to_owned() frame=page.frame paper=page.paper groups=groups round=round account=account top=move || watch>
            {flash}
            {garbled}
            {page.view}
        </Shell>
    }
    .into_any()
}

/// The message of the last form is shown even if the page itself is refused.
fn failure(ctx: Option<&Context>, path: &str, flash: Option<(FlashKind, String)>, error: &Error) -> AnyView {
    log(error);
    let (status, title, what_to_do) = match error {
        Error::NotFound => {
            (StatusCode::NOT_FOUND, "没有这个页面", "请从导航重新进入；若是他人给您的链接，请确认所用账号")
        }
        Error::Denied(_) | Error::OutOfScope => (StatusCode::FORBIDDEN, "不能查看", "请换用有权限的账号，或联系管理员"),
        Error::Rule(rule) if rule.case() == Case::Moment => {
            (StatusCode::CONFLICT, "现在还不能查看", "请等待前一步骤完成")
        }
        Error::Internal(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "系统故障", "请稍后重试；若持续出现，请联系系统管理员")
        }
        _ => (StatusCode::BAD_REQUEST, "不能完成", "请返回后重试"),
    };
    set_status(status);
    let what = error_text(error);
    let on = ways_on(ctx, path);
    let panel = view! { <ErrorPanel title=title what_happened=what what_to_do=what_to_do actions=move || on /> };
    framed(ctx, path, flash, Page::new(title, panel))
}

/// Where to go from a page that cannot be shown.
fn ways_on(ctx: Option<&Context>, path: &str) -> impl IntoView + use<> {
    let Some(ctx) = ctx else { return view! { <LinkButton href=routes::SIGN_IN>"登录"</LinkButton> }.into_any() };
    let round = path.strip_prefix("/rounds/").and_then(|rest| rest.split('/').next()?.parse().ok());
    let overview = round.filter(|_| ctx.may(Permission::ReadProgress)).map(|round| routes::Round(round).overview());
    let overview = overview.filter(|overview| overview != path);
    view! {
        {overview.map(|href| view! { <LinkButton href=href>"回到本轮总览"</LinkButton> })}
        <LinkButton href=routes::WORKBENCH>"回到工作台"</LinkButton>
        <LinkButton href=chapter::about(path)>"帮助"</LinkButton>
    }
    .into_any()
}

fn is_expert(ctx: Option<&Context>) -> bool {
    ctx.is_some_and(|ctx| matches!(ctx.actor.standing, Standing::Expert(_)))
}

fn account_label(ctx: &Context) -> String {
    let role = ctx.actor.standing.role();
    match ctx.actor.standing {
        Standing::Coordinator(department) => format!("{department} · {role} · {}", ctx.actor.name),
        Standing::Recommender(region) => format!("{region} · {role} · {}", ctx.actor.name),
        _ => format!("{role} · {}", ctx.actor.name),
    }
}

/// Only what the caller's role can use.
fn navigation(ctx: &Context, path: &str, round: Option<&Round>) -> Vec<NavGroup> {
    let may = |permission| ctx.may(permission);
    let mut first = vec![NavItem::new("工作台", routes::WORKBENCH)];
    if may(Permission::Score) {
        first.push(NavItem::new("评分台", routes::DESKS));
    }
    if may(Permission::ReadRound) {
        first.push(NavItem::new("批次与轮次", routes::BATCHES));
    }
    if may(Permission::ReadOwnRegion) {
        first.push(NavItem::new("本地区申报", routes::REGION));
    }
    if may(Permission::ReadExperts) {
        first.push(NavItem::new("专家库", routes::EXPERTS));
    }
    let mut groups = vec![NavGroup::new("", first)];
    if let Some(round) = round.filter(|_| may(Permission::ReadRound)) {
        groups.push(NavGroup::new("本轮", round_items(ctx, round)));
    }
    let mut last = Vec::new();
    if may(Permission::ManageAccounts) {
        last.push(NavItem::new("账号", routes::ACCOUNTS));
    }
    if may(Permission::GrantRoles) {
        last.push(NavItem::new("授权", routes::ROLES));
    }
    if may(Permission::ReadAudit) {
        last.push(NavItem::new("审计", routes::AUDIT));
    }
    last.push(NavItem::new("请托登记", routes::APPROACHES));
    last.push(NavItem::new("我的登录", routes::BROWSER_SESSIONS));
    last.push(NavItem::new("安全密钥", routes::KEYS));
    last.push(NavItem::new("修改密码", routes::PASSWORD));
    last.push(NavItem::new("帮助", chapter::about(path)));
    groups.push(NavGroup::new("系统", last));
    groups
}

fn round_items(ctx: &Context, round: &Round) -> Vec<NavItem> {
    let may = |permission| ctx.may(permission);
    let at = routes::Round(round.id);
    let subject = if round.kind == RoundKind::Selection { "申报项目" } else { "验收项目" };
    let all = [
        (Permission::ReadProgress, "总览", at.overview()),
        (Permission::ReadRound, "细则与办法", at.terms()),
        (Permission::ReadRound, subject, at.applications()),
        (Permission::ReadConflicts, "回避", at.conflicts()),
        (Permission::ReadRound, "分组与席位", at.panels()),
        (Permission::ReadProgress, "抽取", at.draw()),
        (Permission::ReadProgress, "连接评审", at.bridging()),
        (Permission::ReadProgress, "签到", at.session()),
        (
            Permission::ReadScores,
            if round.kind == RoundKind::Selection { "客观分" } else { "指标与客观分" },
            at.findings(),
        ),
        (Permission::ReadProgress, "评分核对", at.board()),
        (Permission::ReadResults, "校准", at.calibration()),
        (Permission::ReadResults, "排序与会签", at.ranking()),
        (Permission::ReadRound, "决定事项", at.consents()),
        (Permission::Export, "导出中心", at.exports()),
    ];
    all.into_iter()
        .filter(|(permission, ..)| may(*permission))
        .map(|(_, label, page)| NavItem::new(label, page))
        .collect()
}
