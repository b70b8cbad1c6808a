//! The three views of a ranking: the list, what it hangs on, and other weights.

use crate::components::{Tab, Tabs};
use crate::routes::Round;
use domain::ids::RoundId;
use domain::round::RoundKind;
use leptos::prelude::*;

type View = fn(Round) -> String;

const VIEWS: [(&str, View); 3] =
    [("排序表", Round::ranking), ("敏感性与追加评审", Round::sensitivity), ("权重试算", Round::weights)];

/// Only where there are places to compete for: a 验收 round has one view.
pub fn tabs(round: RoundId, kind: RoundKind, here: View) -> Option<impl IntoView + use<>> {
    let all = VIEWS.iter().map(|(label, view)| Tab::new(*label, view(Round(round)))).collect();
    let here = here(Round(round));
    (kind == RoundKind::Selection).then(|| view! { <Tabs label="排序" tabs=all here=here /> })
}

/// A code that leads to how its score came about.
pub fn code(round: RoundId, code: &str) -> impl IntoView + use<> {
    let row = crate::components::percent_encode(code);
    let href = format!("{}?row={row}#row-{row}", Round(round).ranking());
    view! { <a href=href class="nowrap">{code.to_owned()}</a> }
}
