use leptos::prelude::*;

/// One view of the same thing, at its own address.
#[derive(Clone, Debug)]
pub struct Tab {
    label: String,
    href: String,
    count: Option<u64>,
}

impl Tab {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), count: None }
    }

    #[must_use]
    pub fn count(self, count: u64) -> Self {
        Self { count: Some(count), ..self }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TabsLook {
    #[default]
    Line,
    /// Small and round, for a card's header or the desk's documents.
    Pills,
}

/// Links between views; the one whose address is `here` is current.
#[component]
pub fn Tabs(
    #[prop(into)] label: String,
    tabs: Vec<Tab>,
    #[prop(into)] here: String,
    #[prop(optional)] look: TabsLook,
) -> impl IntoView {
    let class = match look {
        TabsLook::Line => "tabs",
        TabsLook::Pills => "tabs pills",
    };
    let links = tabs
        .into_iter()
        .map(|tab| {
            let current = (tab.href == here).then_some("page");
            let count = tab.count.map(|n| view! { <span class="count">{n.to_string()}</span> });
            view! { <a href=tab.href aria-current=current>{tab.label} {count}</a> }
        })
        .collect_view();
    view! {
        <nav class=class aria-label=label>
            {links}
        </nav>
    }
}
