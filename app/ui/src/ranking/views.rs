//! The three views of a ranking: the list, what it hangs on, and other weights.

use crate::components::{Tab, Tabs};
use domain::ids::RoundId;
use domain::round::RoundKind;
use leptos::prelude::*;

const VIEWS: [(&str, &str); 3] = [("排序表", ""), ("敏感性与追加评审", "/sensitivity"), ("权重试算", "/weights")];

/// Only where there are places to compete for: a 验收 round has one view.
pub fn tabs(round: RoundId, kind: RoundKind, here: &str) -> Option<impl IntoView + use<>> {
    let address = |page: &str| format!("/rounds/{round}/ranking{page}");
    let all = VIEWS.iter().map(|(label, page)| Tab::new(*label, address(page))).collect();
    let here = address(here);
    (kind == RoundKind::Selection).then(|| view! { <Tabs label="排序" tabs=all here=here /> })
}

/// A code that leads to how its score came about.
pub fn code(round: RoundId, code: &str) -> impl IntoView + use<> {
    let row = crate::components::percent_encode(code);
    let href = format!("/rounds/{round}/ranking?row={row}#row-{row}");
    view! { <a href=href class="nowrap">{code.to_owned()}</a> }
}
