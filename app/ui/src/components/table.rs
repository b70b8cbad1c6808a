use leptos::prelude::*;

use super::{Column, Text, head};

/// How a table fits its page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// The page scrolls and the head sticks to the window.
    #[default]
    Page,
    /// The table scrolls in its own frame, for wide ones; the frame takes the focus so that keys can scroll it.
    Scroll,
}

/// A table with its head. Children are `<tbody>` and `<tfoot>`.
#[component]
pub fn Table(
    /// The content in words, for screen readers.
    #[prop(into)]
    label: String,
    #[prop(optional)] fit: Fit,
    /// Extra classes: `middle` centres cells vertically, `tight` halves the row padding.
    #[prop(optional, into)]
    class: Text,
    #[prop(optional, into)] caption: Text,
    #[prop(into)] columns: Vec<Column>,
    children: Children,
) -> impl IntoView {
    let class = format!("table {}", class.get().unwrap_or_default());
    let table = view! {
        <table class=class aria-label=label.clone()>
            {caption.get().map(|words| view! { <caption>{words}</caption> })}
            {head(columns)}
            {children()}
        </table>
    };
    match fit {
        Fit::Page => view! { <div class="fit">{table}</div> }.into_any(),
        Fit::Scroll => view! {
            <div class="scroll" tabindex="0" role="region" aria-label=label>
                {table}
            </div>
        }
        .into_any(),
    }
}
