//! The browser's side: `navigator.credentials`, whose numbers are bytes where the server's JSON has text.

use super::Asking;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlFormElement;
use web_sys::js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};

/// Asks the key, and sends the form with its answer.
pub fn ask(question: &str, new: bool, answer: NodeRef<Input>, state: RwSignal<Asking>) {
    let Some(asked) = begin(question, new) else {
        state.set(Asking::Unknown);
        return;
    };
    state.set(Asking::Asked);
    spawn_local(async move {
        let given = JsFuture::from(asked).await.ok().and_then(|key| read(&key, new));
        let Some((text, input)) = given.zip(answer.get_untracked()) else {
            state.set(Asking::Unanswered);
            return;
        };
        input.set_value(&text);
        let form = input.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if form.is_none_or(|form| form.request_submit().is_err()) {
            state.set(Asking::Unanswered);
        }
    });
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

fn call(of: &JsValue, name: &str, argument: &JsValue) -> Option<JsValue> {
    get(of, name)?.dyn_into::<Function>().ok()?.call1(of, argument).ok()
}

fn begin(question: &str, new: bool) -> Option<Promise> {
    let credentials = get(&get(&window(), "navigator")?, "credentials")?;
    let options = get(&JSON::parse(question).ok()?, "publicKey")?;
    to_bytes(&options, "challenge")?;
    if let Some(user) = get(&options, "user") {
        to_bytes(&user, "id")?;
    }
    for list in ["allowCredentials", "excludeCredentials"] {
        if let Some(list) = get(&options, list) {
            for known in Array::from(&list) {
                to_bytes(&known, "id")?;
            }
        }
    }
    let whole = Object::new();
    Reflect::set(&whole, &"publicKey".into(), &options).ok()?;
    call(&credentials, if new { "create" } else { "get" }, &whole)?.dyn_into().ok()
}

/// Puts bytes in the place of their text.
fn to_bytes(of: &JsValue, name: &str) -> Option<()> {
    let bytes = URL_SAFE_NO_PAD.decode(get(of, name)?.as_string()?.trim_end_matches('=')).ok()?;
    Reflect::set(of, &name.into(), &Uint8Array::from(bytes.as_slice())).ok()?;
    Some(())
}

/// What the key answered, as the server reads it.
fn read(key: &JsValue, new: bool) -> Option<String> {
    let text = |of: &JsValue, name: &str| {
        let bytes = Uint8Array::new(&get(of, name)?).to_vec();
        Some(serde_json::Value::from(URL_SAFE_NO_PAD.encode(bytes)))
    };
    let given = get(key, "response")?;
    let mut response = serde_json::Map::new();
    response.insert("clientDataJSON".to_owned(), text(&given, "clientDataJSON")?);
    if new {
        response.insert("attestationObject".to_owned(), text(&given, "attestationObject")?);
    } else {
        for name in ["authenticatorData", "signature"] {
            response.insert(name.to_owned(), text(&given, name)?);
        }
        let user = text(&given, "userHandle").unwrap_or_default();
        response.insert("userHandle".to_owned(), user);
    }
    let answer = serde_json::json!({
        "id": get(key, "id")?.as_string()?,
        "rawId": text(key, "rawId")?,
        "type": "public-key",
        "extensions": {},
        "response": response,
    });
    Some(answer.to_string())
}
