use leptos::prelude::*;

use super::Text;

/// One place in the left navigation. List only what the signed-in role can use.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub label: String,
    pub href: String,
    /// How many wait there; `None` shows nothing.
    pub count: Option<u64>,
}

impl NavItem {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), count: None }
    }

    #[must_use]
    pub fn count(self, count: u64) -> Self {
        Self { count: Some(count), ..self }
    }
}

/// Places under one heading; a group without a title comes first.
#[derive(Clone, Debug)]
pub struct NavGroup {
    pub title: Text,
    pub items: Vec<NavItem>,
}

impl NavGroup {
    pub fn new(title: impl Into<Text>, items: Vec<NavItem>) -> Self {
        Self { title: title.into(), items }
    }
}

/// The item whose `href` is the longest prefix of `here` is the current one, so that a detail page keeps its place.
pub(super) fn navigation(groups: Vec<NavGroup>, here: &str) -> impl IntoView + use<> {
    let current = groups
        .iter()
        .flat_map(|group| &group.items)
        .filter(|item| covers(&item.href, here))
        .max_by_key(|item| item.href.len())
        .map(|item| item.href.clone());
    let groups = groups
        .into_iter()
        .map(|group| {
            let items = group.items.into_iter().map(|item| entry(item, current.as_deref())).collect_view();
            view! {
                <section>
                    {group.title.get().map(|title| view! { <h2>{title}</h2> })}
                    <ul>{items}</ul>
                </section>
            }
        })
        .collect_view();
    view! {
        <nav class="nav" aria-label="主导航">
            {groups}
        </nav>
    }
}

fn entry(item: NavItem, current: Option<&str>) -> impl IntoView + use<> {
    let is_current = current == Some(item.href.as_str());
    let count = item.count.map(|count| view! { <span class="count">{count.to_string()}</span> });
    view! {
        <li>
            <a href=item.href aria-current=is_current.then_some("page")>
                {item.label}
                {count}
            </a>
        </li>
    }
}

fn covers(href: &str, here: &str) -> bool {
    here.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_detail_page_belongs_to_its_list() {
        assert!(covers("/experts", "/experts/17"));
        assert!(covers("/experts", "/experts?page=2"));
        assert!(!covers("/expert", "/experts"));
    }
}
