//! The facts of one line as 名：值 pairs; long ones fold away.

use leptos::prelude::*;
use service::audit::{Fact, Told};

/// Characters shown before a value folds away.
const LONGEST: usize = 80;
/// Digits of a digest that are enough to recognise it.
const DIGITS: usize = 12;

pub fn detail(told: Told) -> AnyView {
    match told {
        Told::Facts(facts) => facts.into_iter().map(pair).collect_view().into_any(),
        Told::AsStored(text) => folded(text),
    }
}

fn pair(fact: Fact) -> impl IntoView {
    view! { <span class="fact"><span class="muted">{fact.name} "："</span> {folded(shortened(fact.words))}</span> }
}

fn folded(words: String) -> AnyView {
    if words.chars().count() <= LONGEST {
        return words.into_any();
    }
    let start: String = words.chars().take(LONGEST / 2).collect();
    view! {
        <details>
            <summary>{start} "…"</summary>
            <p>{words}</p>
        </details>
    }
    .into_any()
}

/// A digest by its first digits; any other words as they are.
fn shortened(words: String) -> String {
    let is_digest = words.len() == 64 && words.bytes().all(|b| b.is_ascii_hexdigit());
    if is_digest { words.chars().take(DIGITS).chain(['…']).collect() } else { words }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn digests_are_shortened_and_words_are_not() {
        assert_eq!(shortened("ab".repeat(32)), "abababababab…");
        assert_eq!(shortened("独立评分".to_owned()), "独立评分");
    }
}
