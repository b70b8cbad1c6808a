use leptos::prelude::*;

use super::Text;

/// Whether a condition of a gate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    Met,
    Unmet,
    /// Let through with a reason on record.
    Waived,
}

/// One condition: `GateItem::new(Gate::Unmet, "尚有 78 张评分表未提交").who("各组专家")`.
#[derive(Clone, Debug)]
pub struct GateItem {
    gate: Gate,
    what: String,
    who: Text,
    why: Text,
    href: Text,
}

impl GateItem {
    pub fn new(gate: Gate, what: impl Into<String>) -> Self {
        Self { gate, what: what.into(), who: Text::none(), why: Text::none(), href: Text::none() }
    }

    /// The person who must act, or who confirmed it and when.
    #[must_use]
    pub fn who(self, who: impl Into<Text>) -> Self {
        Self { who: who.into(), ..self }
    }

    /// The basis, or what exactly is missing.
    #[must_use]
    pub fn why(self, why: impl Into<Text>) -> Self {
        Self { why: why.into(), ..self }
    }

    /// Where to see or mend it.
    #[must_use]
    pub fn href(self, href: impl Into<Text>) -> Self {
        Self { href: href.into(), ..self }
    }
}

/// The conditions of the next gate, each met or not, with who must act.
#[component]
pub fn Checklist(items: Vec<GateItem>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| {
            let (class, glyph, said) = match item.gate {
                Gate::Met => ("met", "✓", "已满足："),
                Gate::Unmet => ("unmet", "✕", "未满足："),
                Gate::Waived => ("waived", "▲", "已豁免："),
            };
            let what = match item.href.get() {
                Some(href) => view! { <a href=href>{item.what}</a> }.into_any(),
                None => item.what.into_any(),
            };
            view! {
                <li class=class>
                    <i aria-hidden="true">{glyph}</i>
                    <span class="what"><span class="sr">{said}</span>{what}</span>
                    {item.who.get().map(|words| view! { <span class="who">{words}</span> })}
                    {item.why.get().map(|words| view! { <span class="why">{words}</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="gate">{items}</ul> }
}
