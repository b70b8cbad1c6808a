//! The recorded facts of one line as 名：值 pairs; long ones fold away.

use super::words::{term, value};
use domain::points::Points;
use leptos::prelude::*;
use serde_json::Value;

/// Characters shown before a value folds away.
const LONGEST: usize = 80;

pub fn detail(json: &str) -> AnyView {
    match serde_json::from_str::<Value>(json) {
        Ok(Value::Object(pairs)) => pairs.iter().map(|(key, v)| pair(key, v)).collect_view().into_any(),
        Ok(other) => folded(&written("", &other)),
        Err(_) => folded(json),
    }
}

fn pair(key: &str, v: &Value) -> AnyView {
    // A fact within a fact, such as the reason of a new ranking, reads as its own pairs.
    if let ("because", Value::Object(inner)) = (key, v) {
        return inner.iter().map(|(key, v)| pair(key, v)).collect_view().into_any();
    }
    view! { <span class="fact"><span class="muted">{term(key)} "："</span> {folded(&written(key, v))}</span> }
        .into_any()
}

fn folded(words: &str) -> AnyView {
    if words.chars().count() <= LONGEST {
        return words.to_owned().into_any();
    }
    let start: String = words.chars().take(LONGEST / 2).collect();
    view! {
        <details>
            <summary>{start} "…"</summary>
            <p>{words.to_owned()}</p>
        </details>
    }
    .into_any()
}

/// A value as a person reads it.
fn written(key: &str, v: &Value) -> String {
    match v {
        Value::Null => "无".to_owned(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::Number(number) => match number.as_i64() {
            Some(hundredths) if is_points(key) => Points(hundredths).short(),
            _ => number.to_string(),
        },
        Value::String(text) if is_digest(text) => text.chars().take(12).chain(['…']).collect(),
        Value::String(text) => value(key, text),
        Value::Array(items) => items.iter().map(|item| written(key, item)).collect::<Vec<_>>().join("、"),
        Value::Object(pairs) => {
            let parts: Vec<_> = pairs.iter().map(|(k, v)| format!("{} {}", term(k), written(k, v))).collect();
            parts.join("，")
        }
    }
}

/// Kept in 1/100 point.
fn is_points(key: &str) -> bool {
    matches!(key, "full" | "pass_mark" | "points")
}

/// 64 hexadecimal digits: enough of them to recognise it stand for the whole.
fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::written;
    use serde_json::json;

    #[test]
    fn facts_read_in_the_words_of_the_review() {
        assert_eq!(written("to", &json!("scoring")), "独立评分");
        assert_eq!(written("digest", &json!("ab".repeat(32))), "abababababab…");
        assert_eq!(written("x", &json!({ "gate": "terms", "rows": 3 })), "会签事项 评审办法冻结，行数 3");
        assert_eq!(written("entries", &json!({ "A1": { "points": 950 } })), "A1 分值 9.5");
        assert_eq!(written("reason", &json!("passed")), "passed", "free text is not translated");
    }
}
