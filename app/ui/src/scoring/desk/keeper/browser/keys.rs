//! Keys: from score to score, on to the vote and the button, and between applications.

use super::fields::{is_score, nodes};
use super::{Keeper, on};
use domain::points::Points;
use leptos::prelude::{document, request_animation_frame};
use leptos::wasm_bindgen::JsCast;
use std::rc::Rc;
use web_sys::{
    Element, FocusEvent, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

pub fn listen(keeper: &Rc<Keeper>) {
    on(&document(), "keydown", keeper, pressed);
    // The focused item stays in sight, also above a soft keyboard, and its anchors stand in a place of their own, so that nothing moves under the
    // pointer when another item is clicked.
    if let Some(strip) = strip(keeper) {
        let _ = strip.remove_attribute("hidden");
    }
    if let Some(focused) = document().active_element() {
        show_anchors(keeper, &focused);
        filling(keeper, keeper.form.contains(Some(&focused)));
    }
    on(&keeper.form, "focusout", keeper, |keeper, event: &FocusEvent| {
        let next = event.related_target().and_then(|target| target.dyn_into::<Element>().ok());
        filling(keeper, next.is_some_and(|next| keeper.form.contains(Some(&next))));
    });
    on(&keeper.form, "focusin", keeper, |keeper, event: &FocusEvent| {
        let focused = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        filling(keeper, true);
        if let Some(focused) = &focused {
            show_anchors(keeper, focused);
        }
        if let Some(item) = focused.and_then(|element| element.closest(".item").ok().flatten()) {
            request_animation_frame(move || {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                item.scroll_into_view_with_scroll_into_view_options(&options);
            });
        }
    });
}

/// Where the window is low, the form has it while it is being filled in.
fn filling(keeper: &Keeper, is_filled_in: bool) {
    if let Ok(Some(desk)) = keeper.form.closest(".desk") {
        let _ = desk.class_list().toggle_with_force("filling", is_filled_in);
    }
}

fn strip(keeper: &Keeper) -> Option<Element> {
    keeper.form.query_selector(".desk-anchors").ok().flatten()
}

fn show_anchors(keeper: &Keeper, focused: &Element) {
    let item = focused.closest(".item[data-item]").ok().flatten();
    let anchors = item.and_then(|item| item.query_selector(".anchors").ok().flatten());
    if let (Some(strip), Some(copy)) =
        (strip(keeper), anchors.and_then(|anchors| anchors.clone_node_with_deep(true).ok()))
    {
        strip.replace_children_with_node_1(&copy);
    }
}

fn pressed(keeper: &Rc<Keeper>, event: &KeyboardEvent) {
    if event.is_composing() || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let Some(at) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let in_form = keeper.form.contains(Some(&at));
    let key = event.key();
    let done = if in_form && is_score(&at) {
        match key.as_str() {
            "Enter" => onward(keeper, &at),
            "Tab" => step(keeper, &at, !event.shift_key()),
            "r" | "R" => reason(&at).is_some_and(|area| focus(&area)),
            "j" | "J" => go(true),
            "k" | "K" => go(false),
            _ => false,
        }
    } else if in_form && at.matches("input[name=vote]").unwrap_or(false) {
        match key.as_str() {
            "Enter" => button(keeper).is_some_and(|button| focus(&button)),
            "1" | "2" | "3" => choose(keeper, &key),
            "j" | "J" => go(true),
            "k" | "K" => go(false),
            _ => false,
        }
    } else if at.matches("input, textarea, select, [role=alertdialog] *").unwrap_or(false) {
        false
    } else {
        match key.as_str() {
            "j" | "J" => go(true),
            "k" | "K" => go(false),
            _ => false,
        }
    };
    if done {
        event.prevent_default();
    }
}

fn focus(element: &HtmlElement) -> bool {
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
    element.focus().is_ok()
}

/// To the reason if it is owed, else to the next item.
fn onward(keeper: &Keeper, at: &Element) -> bool {
    match owed_reason(keeper, at) {
        Some(area) => focus(&area),
        None => step(keeper, at, true) || vote(keeper).is_some_and(|vote| focus(&vote)),
    }
}

/// To the next score or the one before; from the last one Tab goes where the browser takes it.
fn step(keeper: &Keeper, at: &Element, forward: bool) -> bool {
    if forward && let Some(area) = owed_reason(keeper, at) {
        return focus(&area);
    }
    let scores: Vec<Element> = nodes(&keeper.form, ".item[data-item] > input.input:not([readonly])");
    let Some(here) = scores.iter().position(|score| score == at) else { return false };
    let next = if forward { scores.get(here + 1) } else { here.checked_sub(1).and_then(|before| scores.get(before)) };
    match next.and_then(|next| next.dyn_ref::<HtmlElement>()) {
        Some(next) => focus(next),
        None if forward => vote(keeper).is_some_and(|vote| focus(&vote)),
        None => false,
    }
}

/// The reason that the score needs and that is not written.
fn owed_reason(keeper: &Keeper, at: &Element) -> Option<HtmlElement> {
    let input = at.dyn_ref::<HtmlInputElement>()?;
    let criterion = keeper.plan.criteria.iter().find(|c| c.code == input.name())?;
    let points = Points::parse(&input.value()).ok().filter(|p| *p >= Points::ZERO && *p <= criterion.full)?;
    let area = reason(at)?;
    let empty = area.dyn_ref::<HtmlTextAreaElement>().is_some_and(|area| area.value().trim().is_empty());
    (criterion.needs_reason(points) && empty).then_some(area)
}

fn reason(at: &Element) -> Option<HtmlElement> {
    let item = at.closest(".item").ok()??;
    let _ = item.query_selector("details").ok()??.set_attribute("open", "");
    item.query_selector("textarea").ok()??.dyn_into().ok()
}

fn vote(keeper: &Keeper) -> Option<HtmlElement> {
    let chosen = keeper.form.query_selector("input[name=vote]:checked").ok().flatten();
    chosen.or_else(|| keeper.form.query_selector("input[name=vote]").ok().flatten())?.dyn_into().ok()
}

fn choose(keeper: &Keeper, key: &str) -> bool {
    let votes = nodes(&keeper.form, "input[name=vote]");
    let chosen = key.parse::<usize>().ok().and_then(|number| votes.get(number.checked_sub(1)?));
    let Some(vote) = chosen.and_then(|vote| vote.dyn_ref::<HtmlInputElement>()) else { return false };
    vote.click();
    vote.focus().is_ok()
}

fn button(keeper: &Keeper) -> Option<HtmlElement> {
    keeper.form.query_selector("button[value=submit]").ok()??.dyn_into().ok()
}

/// Opens the next application of the list, or the one before.
fn go(forward: bool) -> bool {
    let Some(body) = document().body() else { return false };
    let links = nodes(&body, ".desk-list a");
    let Some(here) = links.iter().position(|link| link.has_attribute("aria-current")) else { return false };
    let next = if forward { links.get(here + 1) } else { here.checked_sub(1).and_then(|before| links.get(before)) };
    match next.and_then(|link| link.dyn_ref::<HtmlElement>()) {
        Some(link) => {
            link.click();
            true
        }
        None => false,
    }
}
