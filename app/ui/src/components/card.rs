use leptos::children::ViewFnOnce;
use leptos::prelude::*;

use super::Text;

/// The content of the card; it decides the inner edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardBody {
    #[default]
    Padded,
    /// Padded, with children spaced apart.
    Stacked,
    /// Tables and lists that run to the edge.
    Flush,
}

/// A framed part of a page under its own title.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Text,
    #[prop(optional, into)] hint: Text,
    #[prop(optional, into)] actions: ViewFnOnce,
    #[prop(optional, into)] footer: Text,
    #[prop(optional)] body: CardBody,
    /// Anchor for links to this card.
    #[prop(optional, into)]
    id: Text,
    children: Children,
) -> impl IntoView {
    let header = title.get().map(|title| {
        view! {
            <header>
                <h2>{title}</h2>
                {hint.get().map(|words| view! { <span class="hint">{words}</span> })}
                <div class="acts">{actions.run()}</div>
            </header>
        }
    });
    let class = match body {
        CardBody::Padded => Some("body"),
        CardBody::Stacked => Some("body stack"),
        CardBody::Flush => None,
    };
    let inner = match class {
        Some(class) => view! { <div class=class>{children()}</div> }.into_any(),
        None => children().into_any(),
    };
    view! {
        <section class="card" id=id.get()>
            {header}
            {inner}
            {footer.get().map(|words| view! { <footer>{words}</footer> })}
        </section>
    }
}
