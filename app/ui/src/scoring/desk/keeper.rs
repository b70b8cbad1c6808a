//! The island in the foot of the sheet: live total, saving while one types, and a copy on this machine while the network
//! is away. The sheet itself is server-rendered and works without it.

use domain::points::Points;
use domain::rubric::Criterion;
use leptos::prelude::*;
use std::collections::BTreeMap;

#[cfg(feature = "hydrate")]
mod browser;

/// Watches the form it stands in.
#[island]
pub fn SheetKeeper(
    /// The sheet's id.
    sheet: String,
    /// The applicable criteria, in the rubric's order.
    criteria: Vec<Criterion>,
    /// Points given once for all experts.
    shared: BTreeMap<String, Points>,
    /// Full points of the whole rubric.
    full: Points,
) -> impl IntoView {
    let anchor = NodeRef::<leptos::html::Span>::new();
    #[cfg(feature = "hydrate")]
    browser::watch(anchor, browser::Keeping { sheet, criteria, shared, full });
    #[cfg(not(feature = "hydrate"))]
    let _ = (sheet, criteria, shared, full);
    view! { <span class="sheet-keeper" node_ref=anchor></span> }
}
