//! Every request learns who asks, from the session cookie.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use service::account::{Token, resume};
use service::{App, Context, Error};
use std::sync::Arc;
use ui::account::cookie_name;
use ui::request::{Caller, cookie_in};

/// Attaches the caller; an unknown or ended session is simply nobody.
pub async fn attach(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let token = cookie_in(request.headers(), cookie_name(app.transport)).map(|value| Token::from_cookie(&value));
    let context = match &token {
        None => None,
        Some(token) => match resume(&app, token).await {
            Ok(context) => Some(context),
            Err(Error::SignedOut) => None,
            Err(error) => {
                ui::request::log(&error);
                return (axum::http::StatusCode::SERVICE_UNAVAILABLE, "系统暂时不可用，请稍后重试").into_response();
            }
        },
    };
    request.extensions_mut().insert(Caller { app, context, token });
    next.run(request).await
}

/// The signed-in caller of a plain route.
///
/// # Errors
/// `SignedOut` if nobody is.
pub fn context(caller: &Caller) -> Result<Context, Error> {
    caller.context.clone().ok_or(Error::SignedOut)
}
