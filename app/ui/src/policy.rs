//! Content-Security-Policy: only this site's own files, and only those scripts that this answer itself put into its page.

use crate::request::parts;
use axum::http::header::{CONTENT_SECURITY_POLICY, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// The first Chromium that has a word of its own for WebAssembly. Older ones compile it only where scripts may be evaluated.
const KNOWS_WASM: u32 = 97;

/// Puts the policy of a page with scripts into the answer.
pub fn apply() {
    let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let wasm = parts().map_or("'wasm-unsafe-eval'", |parts| wasm_source(&parts.headers));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' {wasm}; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        options.insert_header(CONTENT_SECURITY_POLICY, value);
    }
}

fn wasm_source(headers: &HeaderMap) -> &'static str {
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let version = agent.split_once("Chrome/").and_then(|(_, rest)| rest.split('.').next()?.parse::<u32>().ok());
    if version.is_some_and(|version| version < KNOWS_WASM) { "'unsafe-eval'" } else { "'wasm-unsafe-eval'" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_browsers_get_the_wider_word() {
        let source =
            |agent: &'static str| wasm_source(&HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static(agent))]));
        assert_eq!(source("Mozilla/5.0 (X11; Linux x86_64) Chrome/86.0.4240.198 Safari/537.36"), "'unsafe-eval'");
        assert_eq!(source("Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36"), "'wasm-unsafe-eval'");
        assert_eq!(
            source("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
            "'wasm-unsafe-eval'"
        );
    }
}
