//! A form whose answer follows while one types: what its button would show is fetched and put in place. Without JavaScript the button
//! does it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "hydrate")]
mod browser;

/// When the answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pace {
    /// After a pause in typing.
    Pause,
    /// At every change, as fast as answers come: for what one drags.
    Drag,
}

/// Watches the form it stands in. `page` is asked with the form's fields as its query; of the answer the elements with the ids in
/// `regions` replace those of this page.
#[island]
pub fn LiveAnswer(page: String, regions: Vec<String>, when: Pace) -> impl IntoView {
    let anchor = NodeRef::<leptos::html::Span>::new();
    #[cfg(feature = "hydrate")]
    browser::watch(anchor, page, regions, when);
    #[cfg(not(feature = "hydrate"))]
    let _ = (page, regions, when);
    view! { <span class="live-answer" node_ref=anchor></span> }
}
