use leptos::children::ViewFnOnce;
use leptos::prelude::*;

use super::Text;

/// The head of a page: what it is, where it belongs, what can be done with all of it.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    /// A line above the title: document number, round.
    #[prop(optional, into)]
    eyebrow: Text,
    /// A line below the title: counts, method, basis.
    #[prop(optional, into)]
    lede: ViewFnOnce,
    #[prop(optional, into)] actions: ViewFnOnce,
) -> impl IntoView {
    view! {
        <div class="head">
            <div class="titles">
                {eyebrow.get().map(|words| view! { <p class="eyebrow">{words}</p> })}
                <h1>{title}</h1>
                <div class="lede">{lede.run()}</div>
            </div>
            <div class="acts">{actions.run()}</div>
        </div>
    }
}
