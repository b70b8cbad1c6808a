//! One save on its way: with a limit of time, going on while the page closes.

use crate::scoring::desk::actions::{KeepSheet, SaveReply};
use crate::scoring::desk::entries::Entries;
use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::Reflect;
use web_sys::{AbortController, Request, RequestInit, Response, UrlSearchParams};

/// A server that has not answered by then is taken for silent.
const LIMIT: Duration = Duration::from_secs(10);
/// Browsers let no more than 64 KiB go on after a page.
const LONGEST_AFTER_PAGE: usize = 60_000;

pub struct Parcel {
    pub sheet: String,
    pub version: u32,
    pub save: String,
    pub unanswered: Vec<String>,
    pub entries: Entries,
}

pub enum Answer {
    Reply(SaveReply),
    /// Turned away for this many seconds.
    TooOften(u32),
    Refused(String),
    /// No answer within the limit; it may have been kept.
    Silent,
    Unreachable,
}

/// Random bytes, which browsers give on every page.
pub fn fill_random(bytes: &mut [u8]) -> Option<()> {
    web_sys::window()?.crypto().ok()?.get_random_values_with_u8_array(bytes).ok().map(|_| ())
}

pub fn new_id() -> Option<String> {
    let mut bytes = [0; 16];
    fill_random(&mut bytes)?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

pub async fn send(parcel: &Parcel) -> Answer {
    let Ok(controller) = AbortController::new() else { return Answer::Unreachable };
    let abort = controller.clone();
    let limit = set_timeout_with_handle(move || abort.abort(), LIMIT).ok();
    let answer = fetched(parcel, &controller).await;
    if let Some(limit) = limit {
        limit.clear();
    }
    match answer {
        Some(answer) => answer,
        None if controller.signal().aborted() => Answer::Silent,
        None => Answer::Unreachable,
    }
}

async fn fetched(parcel: &Parcel, controller: &AbortController) -> Option<Answer> {
    let body = body(parcel)?;
    let init = RequestInit::new();
    init.set_method("POST");
    Reflect::set(&init, &"keepalive".into(), &(body.len() < LONGEST_AFTER_PAGE).into()).ok()?;
    init.set_signal(Some(&controller.signal()));
    init.set_body(&body.into());
    let request = Request::new_with_str_and_init(<KeepSheet as ServerFn>::PATH, &init).ok()?;
    let headers = request.headers();
    headers.set("content-type", "application/x-www-form-urlencoded").ok()?;
    headers.set("accept", "application/json").ok()?;
    let response: Response =
        JsFuture::from(web_sys::window()?.fetch_with_request(&request)).await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    match response.status() {
        200 => serde_json::from_str(&text).ok().map(Answer::Reply),
        429 => {
            let wait = response.headers().get("retry-after").ok().flatten().and_then(|seconds| seconds.parse().ok());
            Some(Answer::TooOften(wait.unwrap_or(5)))
        }
        // Whatever else is no answer of the program's own: a proxy that has lost it, or a program that is going down.
        status if status >= 500 => None,
        _ => Some(Answer::Refused(text)),
    }
}

fn body(parcel: &Parcel) -> Option<String> {
    let pairs = UrlSearchParams::new().ok()?;
    pairs.append("sheet", &parcel.sheet);
    pairs.append("version", &parcel.version.to_string());
    pairs.append("save", &parcel.save);
    pairs.append("unanswered", &parcel.unanswered.join(","));
    for (field, text) in &parcel.entries {
        pairs.append(field, text);
    }
    Some(String::from(pairs.to_string()))
}
