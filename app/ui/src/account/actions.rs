//! Server functions of the account pages.

use crate::answer::{Beside, Refusal, answer, done, keep_for};
use crate::cookie::Cookie;
use crate::request::{FormError, append_cookie, caller, clear_pages, coded, context, id, own_address, sign_in_address};
use crate::routes;
use domain::access::{Department, Permission, Role, Standing};
use domain::account::{AccountState, GrantError};
use domain::region::Recommender;
use leptos::prelude::*;
use service::account::{self, Granting, NewAccount, Token};
use service::{App, Error, RuleError};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) fn set_session(app: &App, token: Option<&Token>) {
    let (value, age) = token.map_or(("", Some(0)), |token| (token.as_str(), None));
    append_cookie(&Cookie::Session.line(app.transport, value, age));
}

/// 登录
#[server(endpoint = "sign_in")]
pub async fn sign_in(login: String, password: String, #[server(default)] next: String) -> Result<(), ServerFnError> {
    let next = own_address(&next).to_owned();
    answer(&sign_in_address(&next), async {
        let caller = caller()?;
        let (token, actor) = account::sign_in(&caller.app, &caller.client, &login, password).await?;
        set_session(&caller.app, Some(&token));
        let device = account::remember(&caller.app, &caller.client.device, actor.account)?;
        append_cookie(&Cookie::Device.line(caller.app.transport, &device, Some(account::DEVICE_DAYS * 86_400)));
        done(&next, "")
    })
    .await
}

/// 清除登录等待
#[server(endpoint = "clear_attempts")]
pub async fn clear_attempts(key: String) -> Result<(), ServerFnError> {
    answer(routes::ACCOUNTS, async {
        account::clear(&context()?, &key).await?;
        done(routes::ACCOUNTS, "已清除，可以立即登录")
    })
    .await
}

/// 退出
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ServerFnError> {
    answer(routes::WORKBENCH, async {
        let caller = caller()?;
        if let (Some(ctx), Some(token)) = (&caller.context, &caller.token) {
            account::sign_out(ctx, token).await?;
        }
        set_session(&caller.app, None);
        clear_pages();
        done(routes::SIGN_IN, "已退出")
    })
    .await
}

/// 首次设置: the first administrator.
#[server(endpoint = "set_up")]
pub async fn set_up(
    key: String,
    login: String,
    name: String,
    password: String,
    again: String,
) -> Result<(), ServerFnError> {
    let back = format!("/set-up?key={}", key.chars().filter(char::is_ascii_hexdigit).collect::<String>());
    let link = Token::from_cookie(&key);
    answer(&back, async {
        let caller = caller()?;
        account::setup_role(&caller.app, &link).await?;
        keep_for(&link);
        if password != again {
            return Err(FormError("两次输入的密码不一致".to_owned())).beside("again");
        }
        account::set_up(&caller.app, &caller.client, &link, login, name, password).await?;
        done(routes::SIGN_IN, "账号已建立，请登录")
    })
    .await
}

/// 接受邀请: a seated expert opens the own account.
#[server(endpoint = "accept_invitation")]
pub async fn accept_invitation(key: String, password: String, again: String) -> Result<(), ServerFnError> {
    let back = format!("/invitation?key={}", key.chars().filter(char::is_ascii_hexdigit).collect::<String>());
    answer(&back, async {
        if password != again {
            return Err(FormError("两次输入的密码不一致".to_owned())).beside("again");
        }
        let caller = caller()?;
        account::accept(&caller.app, &caller.client, &Token::from_cookie(&key), password).await?;
        done(routes::SIGN_IN, "账号已开通，请登录")
    })
    .await
}

/// 输入第二因素的验证码
#[server(endpoint = "pass_second_factor")]
pub async fn pass_second_factor(code: String) -> Result<(), ServerFnError> {
    answer(routes::SECOND_FACTOR, async {
        let ctx = context()?;
        let token = account::pass(&ctx, &code).await?;
        set_session(&ctx.app, Some(&token));
        done(routes::WORKBENCH, "")
    })
    .await
}

/// 设置第二因素之前，再次输入密码
#[server(endpoint = "begin_second_factor")]
pub async fn begin_second_factor(password: String) -> Result<(), ServerFnError> {
    let back = routes::ENROL;
    answer(back, async {
        account::begin_enrolment(&context()?, password).await?;
        done(back, "")
    })
    .await
}

/// 确认第二因素的设备
#[server(endpoint = "confirm_second_factor")]
pub async fn confirm_second_factor(code: String) -> Result<(), ServerFnError> {
    answer(routes::ENROL, async {
        let ctx = context()?;
        let token = account::confirm(&ctx, &code).await?;
        set_session(&ctx.app, Some(&token));
        done(routes::WORKBENCH, "第二因素已设置，以后每次登录都会要求验证码")
    })
    .await
}

/// 结束自己的登录: of those on the page, the ticked ones.
#[server(endpoint = "end_sessions")]
pub async fn end_sessions(
    #[server(default)] password: String,
    #[server(flatten)] rows: BTreeMap<String, String>,
) -> Result<(), ServerFnError> {
    let back = routes::BROWSER_SESSIONS;
    answer(back, async {
        let ctx = context()?;
        let ticked = rows.keys().filter_map(|key| key.strip_prefix("end."));
        let sessions: Vec<Uuid> = ticked.map(id).collect::<Result<_, _>>()?;
        if sessions.is_empty() {
            return done(back, "没有勾选，没有结束任何登录");
        }
        account::end_browser_sessions(&ctx, &sessions, password).await.beside("password")?;
        done(back, format!("已结束{}次登录", sessions.len()))
    })
    .await
}

/// 修改密码
#[server(endpoint = "change_password")]
pub async fn change_password(old: String, password: String, again: String) -> Result<(), ServerFnError> {
    answer(routes::PASSWORD, async {
        let ctx = context()?;
        if password != again {
            return Err(FormError("两次输入的新密码不一致".to_owned())).beside("again");
        }
        account::change_password(&ctx, old, password).await?;
        done(routes::SIGN_IN, "密码已修改，请重新登录")
    })
    .await
}

/// 开通账号
#[server(endpoint = "create_account")]
pub async fn create_account(login: String, name: String, password: String) -> Result<(), ServerFnError> {
    answer(routes::NEW_ACCOUNT, async {
        let ctx = context()?;
        account::create(&ctx, NewAccount { login: login.clone(), name, password }).await?;
        done(routes::ACCOUNTS, format!("已开通账号 {login}，请安全管理员授予角色"))
    })
    .await
}

/// 授予或收回角色: of every account on the page, `was.` its role as shown, `role.` and `bound.` as chosen. Only what was changed is written.
#[server(endpoint = "grant_roles")]
pub async fn grant_roles(
    #[server(default)] back: String,
    #[server(flatten)] rows: BTreeMap<String, String>,
) -> Result<(), ServerFnError> {
    let back = if back.starts_with(routes::ROLES) { back.as_str() } else { routes::ROLES };
    answer(back, async {
        let ctx = context()?;
        ctx.require(Permission::GrantRoles)?;
        let mut grantings = Vec::new();
        let mut problems = Vec::new();
        for (key, was) in &rows {
            let Some(account) = key.strip_prefix("was.") else { continue };
            let chosen = |what: &str| rows.get(&format!("{what}.{account}")).map_or("", String::as_str);
            let from =
                was.split_once('.').and_then(|(role, bound)| standing(role, bound).ok()).ok_or(Error::NotFound)?;
            match standing(chosen("role"), chosen("bound")) {
                Ok(to) if to == from => {}
                Ok(to) => grantings.push(Granting { account: id(account)?, from, to }),
                Err((field, error)) => problems.push((format!("{field}.{account}"), error.0)),
            }
        }
        if let Some((_, first)) = problems.first() {
            return Err(Refusal::of_fields(first.clone(), problems));
        }
        if grantings.is_empty() {
            return done(back, "没有改动");
        }
        if let Err(error) = account::grant_all(&ctx, &grantings).await {
            let field = match &error {
                Error::Rule(RuleError::NotGranted(refused)) => format!("role.{}", refused.account),
                _ => String::new(),
            };
            return Err(error).beside(&field);
        }
        done(back, format!("已变更{}个账号的角色，这些账号须重新登录", grantings.len()))
    })
    .await
}

/// A role with its scope as chosen; the scope of roles that have none is passed over.
fn standing(role: &str, bound: &str) -> Result<Standing, (&'static str, FormError)> {
    Ok(match coded::<Role>(role, "角色").map_err(|error| ("role", error))? {
        Role::Coordinator => {
            Standing::Coordinator(coded::<Department>(bound, "协调员所属部门").map_err(|error| ("bound", error))?)
        }
        Role::Recommender => {
            Standing::Recommender(coded::<Recommender>(bound, "推荐单位所在地区").map_err(|error| ("bound", error))?)
        }
        Role::Organizer => Standing::Organizer,
        Role::Supervisor => Standing::Supervisor,
        Role::SystemAdmin => Standing::SystemAdmin,
        Role::SecurityAdmin => Standing::SecurityAdmin,
        Role::Auditor => Standing::Auditor,
        Role::Unassigned => Standing::Unassigned,
        Role::Expert => return Err(("role", FormError(GrantError::Expert.to_string()))),
    })
}

/// 启用、停用账号
#[server(endpoint = "set_account_state")]
pub async fn set_account_state(account: String, state: String) -> Result<(), ServerFnError> {
    answer(routes::ACCOUNTS, async {
        let ctx = context()?;
        let state: AccountState = coded(&state, "状态").beside("state")?;
        account::set_state(&ctx, id(&account)?, state).await?;
        done(routes::ACCOUNTS, format!("账号已{state}"))
    })
    .await
}
