//! The fields of the form.

use crate::scoring::desk::entries::{Entries, REASON, says_same};
use domain::points::Points;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, NodeList};

const NAMED: &str = "input[name]:not([type=hidden]), textarea[name]";

/// Every named field that is the expert's to fill in.
pub fn entries(form: &HtmlFormElement) -> Entries {
    let mut all = Entries::new();
    for element in nodes(form, NAMED) {
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            if input.type_() == "radio" {
                let chosen = all.entry(input.name()).or_default();
                if input.checked() {
                    *chosen = input.value();
                }
            } else if !input.read_only() {
                all.insert(input.name(), input.value());
            }
        } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
            all.insert(area.name(), area.value());
        }
    }
    all
}

/// Fills a field in; a reason that is there is in sight.
pub fn set(form: &HtmlFormElement, field: &str, text: &str) {
    for element in nodes(form, NAMED) {
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            if input.name() == field && input.type_() == "radio" {
                input.set_checked(input.value() == text);
            } else if input.name() == field && !input.read_only() {
                input.set_value(text);
            }
        } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>()
            && area.name() == field
        {
            area.set_value(text);
            if field.ends_with(REASON)
                && !text.is_empty()
                && let Ok(Some(details)) = area.closest("details")
            {
                let _ = details.set_attribute("open", "");
            }
        }
    }
}

/// A score that was left stands as it was read: `１２。５` becomes 12.5.
pub fn tidy(event: &Event) {
    if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        && is_score(&input)
        && let Ok(points) = Points::parse(&input.value())
    {
        input.set_value(&points.short());
    }
}

pub fn is_score(element: &Element) -> bool {
    element.matches(".item[data-item] > input.input").unwrap_or(false)
}

pub fn nodes(within: &Element, selector: &str) -> Vec<Element> {
    let list: Option<NodeList> = within.query_selector_all(selector).ok();
    let list = list.as_ref();
    (0..list.map_or(0, NodeList::length)).filter_map(|i| list?.item(i)?.dyn_into::<Element>().ok()).collect()
}

pub fn hidden(form: &HtmlFormElement, name: &str) -> Option<HtmlInputElement> {
    form.query_selector(&format!("input[type=hidden][name={name}]")).ok()??.dyn_into().ok()
}

pub fn set_hidden(form: &HtmlFormElement, name: &str, value: &str) {
    if let Some(field) = hidden(form, name) {
        field.set_value(value);
    }
}

/// Whether every field of `one` says the same in `other`.
pub fn all_same(one: &Entries, other: &Entries) -> bool {
    one.iter().all(|(field, text)| says_same(field, text, other.get(field).map_or("", String::as_str)))
}
