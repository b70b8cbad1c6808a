use leptos::children::ViewFnOnce;
use leptos::prelude::*;

use super::Query;

/// A row of filters that posts back as `GET`. Children are `Field` and `Select`; sorting and page size are kept.
#[component]
pub fn FilterBar(
    #[prop(into)] query: Query,
    /// Keys kept besides the filters.
    #[prop(default = &["sort", "size"])]
    keep: &'static [&'static str],
    /// At the right end: download, columns.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let kept = query.only(keep);
    let clear = kept.href();
    let filtered = query.without("page").pairs().len() > kept.pairs().len();
    let hidden = kept
        .pairs()
        .iter()
        .map(|(key, value)| view! { <input type="hidden" name=key.clone() value=value.clone() /> })
        .collect_view();
    view! {
        <form class="filter" method="get" action=query.path().to_owned() role="search">
            {hidden}
            {children()}
            <button class="btn" type="submit">
                "筛选"
            </button>
            {filtered.then(|| view! { <a href=clear class="small">"清除条件"</a> })}
            <span class="grow"></span>
            {actions.run()}
        </form>
    }
}
