//! Several accounts at once, from a list.

use super::{NewAccount, login_name, prepare};
use crate::audit::Event;
use crate::{Context, Error, Result, RuleError, heavy};
use domain::access::{Errand, Permission, Standing};
use domain::account::{Account, AccountError, AccountListError, PasswordState};
use std::collections::HashSet;
use store::Repositories;

/// Every password takes the time of a sign-in to be hashed.
const MOST: usize = 300;

/// Opens the accounts of a list, all or none, without any role.
///
/// # Errors
/// `Denied`; `Rule` with the places of what is wrong.
pub async fn create_all(ctx: &Context, content: Vec<u8>) -> Result<usize> {
    ctx.require(Permission::ManageAccounts)?;
    let parsed = heavy::glance(move || import::accounts::read(&content)).await??;
    let mut problems: Vec<String> =
        parsed.problems.iter().map(|p| format!("工作表“{}” {} {}：{}", p.sheet, p.cell, p.column, p.reason)).collect();
    if problems.is_empty() && parsed.rows.is_empty() {
        return Err(AccountListError::Empty.into());
    }
    if parsed.rows.len() > MOST {
        return Err(AccountListError::TooMany { most: MOST }.into());
    }
    let codes = ctx.app.program(Errand::Rule).experts().codes().await?;
    let codes: HashSet<String> = codes.keys().map(|code| login_name(code)).collect();
    let taken: HashSet<String> = ctx.store().accounts().all().await?.into_iter().map(|own| own.login).collect();
    let mut accounts: Vec<Account> = Vec::new();
    for row in &parsed.rows {
        let value = &row.value;
        let new = NewAccount { login: value.login.clone(), name: value.name.clone(), password: value.password.clone() };
        let login = login_name(&new.login);
        let refused = if codes.contains(&login) {
            Some(Error::from(AccountError::ExpertCode(login)))
        } else if taken.contains(&login) {
            Some(AccountError::LoginTaken(login).into())
        } else {
            match prepare(&ctx.app, new, Standing::Unassigned).await {
                Ok(account) => {
                    accounts.push(Account { password_state: PasswordState::First, ..account });
                    None
                }
                Err(error @ Error::Rule(_)) => Some(error),
                Err(other) => return Err(other),
            }
        };
        problems.extend(refused.map(|error| format!("工作表“{}” 第{}行：{error}", row.sheet, row.row)));
    }
    if !problems.is_empty() {
        return Err(AccountListError::Problems(problems).into());
    }
    let count = accounts.len();
    ctx.store()
        .write(async |tx| {
            tx.accounts().insert(accounts.clone()).await?;
            for account in &accounts {
                let event = Event::AccountCreated { login: account.login.clone(), by: None };
                ctx.record(tx, event.of(account.id.0)).await?;
            }
            Ok(())
        })
        .await
        .map_err(|error| match error {
            Error::Rule(RuleError::AlreadyThere(_)) => AccountListError::Meanwhile.into(),
            other => other,
        })?;
    Ok(count)
}

/// An empty list to fill in.
///
/// # Errors
/// `Denied` without `ManageAccounts`.
pub fn list_template(ctx: &Context) -> Result<crate::export::Document> {
    ctx.require(Permission::ManageAccounts)?;
    Ok(crate::export::Document { name: "账号模板.xlsx".to_owned(), content: import::accounts::template() })
}
