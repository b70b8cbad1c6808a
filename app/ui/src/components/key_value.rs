use leptos::prelude::*;

use super::Text;

/// A fact under its name. `source` says where it comes from, or opens how it was made.
pub struct KeyValue {
    term: String,
    value: AnyView,
    source: Text,
}

impl KeyValue {
    pub fn new(term: impl Into<String>, value: impl IntoAny) -> Self {
        Self { term: term.into(), value: value.into_any(), source: Text::none() }
    }

    #[must_use]
    pub fn source(self, source: impl Into<Text>) -> Self {
        Self { source: source.into(), ..self }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyValuesLayout {
    /// Name at the left, value at the right.
    #[default]
    Beside,
    /// Name above the value, for narrow cards.
    Above,
}

/// Facts about one thing.
#[component]
pub fn KeyValues(items: Vec<KeyValue>, #[prop(optional)] layout: KeyValuesLayout) -> impl IntoView {
    let class = match layout {
        KeyValuesLayout::Beside => "kv",
        KeyValuesLayout::Above => "kv over",
    };
    let items = items
        .into_iter()
        .map(|item| {
            view! {
                <dt>{item.term}</dt>
                <dd>
                    {item.value}
                    {item.source.get().map(|words| view! { <span class="src">{words}</span> })}
                </dd>
            }
        })
        .collect_view();
    view! { <dl class=class>{items}</dl> }
}
