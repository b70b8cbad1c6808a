use leptos::prelude::*;

use super::{Direction, Query, Text};

/// How a table fits its page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// The page scrolls and the head sticks to the window.
    #[default]
    Page,
    /// The table scrolls in its own frame, for wide ones; the frame takes the focus so that keys can scroll it.
    Scroll,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Start,
    /// Figures: right, tabular.
    Number,
}

impl Align {
    const fn class(self) -> Option<&'static str> {
        match self {
            Self::Start => None,
            Self::Number => Some("n"),
        }
    }
}

/// The frame of a table. Children are `<thead>`, `<tbody>`, `<tfoot>`; number cells take `class="n"`.
#[component]
pub fn Table(
    /// What the table holds, for whoever cannot see the card's title.
    #[prop(into)]
    label: String,
    #[prop(optional)] fit: Fit,
    /// Extra classes: `middle` centres cells vertically, `tight` halves the row padding.
    #[prop(optional, into)]
    class: Text,
    children: Children,
) -> impl IntoView {
    let class = format!("table {}", class.get().unwrap_or_default());
    let table = view! {
        <table class=class aria-label=label.clone()>
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

/// A column head that sorts by a link: the first click ascending, the next descending, filters kept.
#[component]
pub fn SortHeader(
    #[prop(into)] query: Query,
    /// What `sort` is set to.
    #[prop(into)]
    key: String,
    #[prop(into)] label: String,
    #[prop(optional)] align: Align,
) -> impl IntoView {
    let direction = query.direction(&key);
    let (sort, glyph) = match direction {
        Some(Direction::Ascending) => (Some("ascending"), "▲"),
        Some(Direction::Descending) => (Some("descending"), "▼"),
        None => (None, "↕"),
    };
    view! {
        <th class=align.class() scope="col" aria-sort=sort>
            <a class="sort" href=query.sorted(&key).href()>
                {label}
                <i aria-hidden="true">{glyph}</i>
            </a>
        </th>
    }
}
