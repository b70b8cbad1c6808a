//! A form whose answer follows while one types: what its button would show is fetched and put in place. Without JavaScript the button
//! does it.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod browser;

/// Watches the form it stands in. `page` is asked with the form's fields as its query; of the answer the elements with the ids in
/// `regions` replace those of this page.
#[island]
pub fn LiveAnswer(page: String, regions: Vec<String>) -> impl IntoView {
    let anchor = NodeRef::<leptos::html::Span>::new();
    #[cfg(feature = "hydrate")]
    browser::watch(anchor, page, regions);
    #[cfg(not(feature = "hydrate"))]
    let _ = (page, regions);
    view! { <span class="live-answer" node_ref=anchor></span> }
}
