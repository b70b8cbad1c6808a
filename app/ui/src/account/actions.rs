//! What the account pages do.

use crate::request::{append_cookie, caller, coded, context, finish, id, own_address, sign_in_address};
use domain::access::{Department, Role, Standing};
use leptos::prelude::*;
use service::account::{self, AccountState, NewAccount, Token};
use service::{App, Error, Transport};

/// Name of the session cookie. With TLS the browser itself keeps `__Host-` cookies to this host and path.
pub const fn cookie_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Tls => "__Host-hengping",
        Transport::Plain => "hengping",
    }
}

fn set_session(app: &App, token: Option<&Token>) {
    let name = cookie_name(app.transport);
    let secure = if app.transport == Transport::Tls { "; Secure" } else { "" };
    let (value, age) = token.map_or(("", "; Max-Age=0"), |token| (token.as_str(), ""));
    append_cookie(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}"));
}

/// 登录
#[server(endpoint = "sign_in")]
pub async fn sign_in(login: String, password: String, #[server(default)] next: String) -> Result<(), ServerFnError> {
    let next = own_address(&next).to_owned();
    let result = async {
        let caller = caller()?;
        let (token, _) = account::sign_in(&caller.app, &login, password).await?;
        set_session(&caller.app, Some(&token));
        Ok((next.clone(), String::new()))
    };
    finish(result.await, &sign_in_address(&next))
}

/// 退出
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ServerFnError> {
    let result = async {
        let caller = caller()?;
        if let (Some(ctx), Some(token)) = (&caller.context, &caller.token) {
            account::sign_out(ctx, token).await?;
        }
        set_session(&caller.app, None);
        Ok(("/sign-in".to_owned(), "已退出".to_owned()))
    };
    finish(result.await, "/")
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
    let result = async {
        if password != again {
            return Err(Error::Invalid("两次输入的密码不一致".to_owned()));
        }
        let caller = caller()?;
        account::set_up(&caller.app, &Token::from_cookie(&key), login, name, password).await?;
        Ok(("/sign-in".to_owned(), "系统管理员已建立，请登录".to_owned()))
    };
    finish(result.await, &back)
}

/// 修改密码
#[server(endpoint = "change_password")]
pub async fn change_password(old: String, password: String, again: String) -> Result<(), ServerFnError> {
    let result = async {
        let ctx = context()?;
        if password != again {
            return Err(Error::Invalid("两次输入的新密码不一致".to_owned()));
        }
        account::change_password(&ctx, old, password).await?;
        Ok(("/sign-in".to_owned(), "密码已修改，请重新登录".to_owned()))
    };
    finish(result.await, "/password")
}

/// 开通账号
#[server(endpoint = "create_account")]
pub async fn create_account(
    login: String,
    name: String,
    role: String,
    #[server(default)] department: String,
    password: String,
) -> Result<(), ServerFnError> {
    let result = async {
        let ctx = context()?;
        let standing = match coded::<Role>(&role, "角色")? {
            Role::Coordinator => Standing::Coordinator(coded::<Department>(&department, "部门")?),
            Role::Organizer => Standing::Organizer,
            Role::Supervisor => Standing::Supervisor,
            Role::SystemAdmin => Standing::SystemAdmin,
            Role::Expert => return Err(Error::Invalid("专家账号由“为就位专家开通账号”统一开通".to_owned())),
        };
        account::create(&ctx, NewAccount { login: login.clone(), name, standing, password }).await?;
        Ok(("/accounts".to_owned(), format!("已开通账号 {login}")))
    };
    finish(result.await, "/accounts")
}

/// 重置密码: the new first password is shown once, on the next page.
#[server(endpoint = "reset_password")]
pub async fn reset_password(account: String) -> Result<(), ServerFnError> {
    let result = async {
        let ctx = context()?;
        let (login, password) = account::reset_password(&ctx, id(&account)?).await?;
        Ok(("/accounts".to_owned(), format!("{login} 的新初始密码：{password}。只显示这一次，请本人登录后修改")))
    };
    finish(result.await, "/accounts")
}

/// 启用、停用账号
#[server(endpoint = "set_account_state")]
pub async fn set_account_state(account: String, state: String) -> Result<(), ServerFnError> {
    let result = async {
        let ctx = context()?;
        let state: AccountState = coded(&state, "状态")?;
        account::set_state(&ctx, id(&account)?, state).await?;
        Ok(("/accounts".to_owned(), format!("账号已{state}")))
    };
    finish(result.await, "/accounts")
}
