use leptos::prelude::*;

use super::{Direction, Query};

/// The head of one column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    label: String,
    below: Option<String>,
    class: Option<&'static str>,
    title: Option<String>,
    sort: Option<Sort>,
    unseen: bool,
}

#[derive(Clone, Debug)]
struct Sort {
    direction: Option<Direction>,
    href: String,
}

/// A column of words.
pub fn text(label: impl Into<String>) -> Column {
    Column { label: label.into(), ..Column::default() }
}

/// A column of figures: right, tabular. Its cells take `class="n"`.
pub fn num(label: impl Into<String>) -> Column {
    text(label).class("n")
}

/// A column whose head only screen readers hear.
pub fn unseen(label: impl Into<String>) -> Column {
    Column { unseen: true, ..text(label) }
}

impl Column {
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class: Some(class), ..self }
    }

    /// Words that the pointer shows.
    #[must_use]
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    /// A second, smaller line.
    #[must_use]
    pub fn below(self, words: impl Into<String>) -> Self {
        Self { below: Some(words.into()), ..self }
    }

    /// Sorts by a link: the first click ascending, the next descending, filters kept. `key` is the value of `sort`.
    #[must_use]
    pub fn sorted(self, query: &Query, key: &str) -> Self {
        let sort = Sort { direction: query.direction(key), href: query.sorted(key).href() };
        Self { sort: Some(sort), ..self }
    }

    fn cell(self) -> impl IntoView {
        let direction = self.sort.as_ref().and_then(|sort| sort.direction);
        let (order, glyph) = match direction {
            Some(Direction::Ascending) => (Some("ascending"), "▲"),
            Some(Direction::Descending) => (Some("descending"), "▼"),
            None => (None, "↕"),
        };
        let label = self.label;
        let words = match self.sort {
            Some(sort) => {
                view! { <a class="sort" href=sort.href>{label}<i aria-hidden="true">{glyph}</i></a> }.into_any()
            }
            None if self.unseen => view! { <span class="sr">{label}</span> }.into_any(),
            None => label.into_any(),
        };
        let below = self.below.map(|words| view! { <br /><small>{words}</small> });
        view! { <th class=self.class scope="col" title=self.title aria-sort=order>{words}{below}</th> }
    }
}

/// The head of a table with these columns.
pub fn head(columns: impl IntoIterator<Item = Column>) -> impl IntoView {
    let cells: Vec<_> = columns.into_iter().map(Column::cell).collect();
    view! { <thead><tr>{cells}</tr></thead> }
}
