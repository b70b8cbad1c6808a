use leptos::children::ViewFnOnce;
use leptos::prelude::*;

use super::Text;

/// Nothing here: what is missing, and what to do about it.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(optional, into)] what_to_do: Text,
    #[prop(optional, into)] actions: ViewFnOnce,
) -> impl IntoView {
    view! {
        <div class="empty">
            <h3>{title}</h3>
            {what_to_do.get().map(|words| view! { <p>{words}</p> })}
            <div class="acts">{actions.run()}</div>
        </div>
    }
}

/// An action failed: what happened, what was kept, what to do, and the number to give when asking for help.
#[component]
pub fn ErrorPanel(
    #[prop(into)] title: String,
    #[prop(into)] what_happened: String,
    #[prop(optional, into)] what_was_kept: Text,
    #[prop(into)] what_to_do: String,
    /// For the log: 编号.
    #[prop(optional, into)]
    reference: Text,
    #[prop(optional, into)] actions: ViewFnOnce,
) -> impl IntoView {
    let line = |term: &'static str, words: String| view! { <dt>{term}</dt> <dd>{words}</dd> };
    view! {
        <section class="card fault" role="alert">
            <div class="body">
                <h2>{title}</h2>
                <dl class="kv">
                    {line("发生了什么", what_happened)}
                    {what_was_kept.get().map(|words| line("已保留", words))}
                    {line("怎么办", what_to_do)}
                    {reference.get().map(|words| line("编号", words))}
                </dl>
                <div class="acts">{actions.run()}</div>
            </div>
        </section>
    }
}
