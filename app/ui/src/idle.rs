//! The island in the top bar that keeps a session alive while somebody reads, and warns two minutes before it ends.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "hydrate")]
mod browser;

/// How the session of this page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Idle {
    Running,
    /// It ends in so many seconds.
    Ending(i64),
    Ended,
}

/// 继续使用: the person is still reading. Tells the seconds until the session would end; none if it has.
#[server(endpoint = "stay_signed_in")]
pub async fn stay_signed_in() -> Result<Option<i64>, ServerFnError> {
    let ends = crate::request::context().ok().and_then(|ctx| Some((ctx.ends? - ctx.now()).num_seconds()));
    if ends.is_none() {
        leptos_axum::redirect(crate::routes::SIGN_IN);
    }
    std::future::ready(Ok(ends)).await
}

/// `seconds` are left to the session; `sign_in` leads back to this page.
#[island]
pub fn IdleWatch(seconds: i64, sign_in: String) -> impl IntoView {
    let state = RwSignal::new(Idle::Running);
    let stay = RwSignal::new(0_u32);
    #[cfg(feature = "hydrate")]
    browser::watch(seconds, state, stay);
    #[cfg(not(feature = "hydrate"))]
    let _ = seconds;
    let shown = move || match state.get() {
        Idle::Running => ().into_any(),
        Idle::Ending(left) => view! {
            <div class="idle-watch" role="alert">
                {format!("您已较长时间没有操作，{}分{:02}秒后自动退出", left / 60, left % 60)}
                <button type="button" class="btn sm" on:click=move |_| stay.update(|n| *n += 1)>"继续使用"</button>
            </div>
        }
        .into_any(),
        Idle::Ended => view! {
            <div class="idle-watch ended" role="alert">
                "登录已失效。"
                <a href=sign_in.clone()>"重新登录，回到本页"</a>
            </div>
        }
        .into_any(),
    };
    view! { <span class="idle-watch-anchor">{shown}</span> }
}
