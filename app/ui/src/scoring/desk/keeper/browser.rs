//! The browser's side of the keeper: reads the form, shows total and bands, saves, and keeps a copy while offline.

use crate::scoring::desk::actions::{SaveReply, keep_sheet};
use domain::points::Points;
use domain::rubric::{Band, Criterion, Scoring, total};
use leptos::html::Span;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use web_sys::{
    Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, NodeList, Storage, SubmitEvent,
};

/// Pause after the last key before a save.
const PAUSE: Duration = Duration::from_millis(800);
/// Pause before another try while the network is away.
const RETRY: Duration = Duration::from_secs(5);

pub struct Keeping {
    pub sheet: String,
    pub criteria: Vec<Criterion>,
    pub shared: BTreeMap<String, Points>,
    pub full: Points,
}

struct Keeper {
    plan: Keeping,
    form: HtmlFormElement,
    timer: RefCell<Option<TimeoutHandle>>,
    /// One save at a time, so that versions follow each other.
    busy: Cell<bool>,
    /// Typed since the running save began.
    again: Cell<bool>,
    /// The form was sent while a save was running, by this button.
    waits: Cell<bool>,
    button: RefCell<Option<HtmlElement>>,
}

/// Starts watching once the island's element is in the page.
pub fn watch(anchor: NodeRef<Span>, plan: Keeping) {
    let plan = RefCell::new(Some(plan));
    anchor.on_load(move |span| {
        let element: &Element = &span;
        let form = element.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if let (Some(form), Some(plan)) = (form, plan.take()) {
            start(&Rc::new(Keeper {
                plan,
                form,
                timer: RefCell::new(None),
                busy: Cell::new(false),
                again: Cell::new(false),
                waits: Cell::new(false),
                button: RefCell::new(None),
            }));
        }
    });
}

fn start(keeper: &Rc<Keeper>) {
    restore(keeper);
    show(keeper);
    let on_input = {
        let keeper = keeper.clone();
        Closure::<dyn Fn(Event)>::new(move |_| {
            show(&keeper);
            schedule(&keeper, PAUSE);
        })
    };
    // A closed page ends the listener; until then it must live as long as the form.
    let target = keeper.form.clone();
    let _ = target.add_event_listener_with_callback("input", on_input.as_ref().unchecked_ref());
    on_input.forget();
    let on_submit = {
        let keeper = keeper.clone();
        Closure::<dyn Fn(SubmitEvent)>::new(move |event: SubmitEvent| submit(&keeper, &event))
    };
    let _ = target.add_event_listener_with_callback("submit", on_submit.as_ref().unchecked_ref());
    on_submit.forget();
}

/// A form sent while a save is running would carry the version before it, and be refused: it waits.
fn submit(keeper: &Keeper, event: &SubmitEvent) {
    if let Some(waiting) = keeper.timer.borrow_mut().take() {
        waiting.clear();
    }
    if keeper.busy.get() {
        event.prevent_default();
        keeper.waits.set(true);
        *keeper.button.borrow_mut() = event.submitter();
    }
}

fn schedule(keeper: &Rc<Keeper>, pause: Duration) {
    if let Some(running) = keeper.timer.borrow_mut().take() {
        running.clear();
    }
    let next = keeper.clone();
    *keeper.timer.borrow_mut() = set_timeout_with_handle(move || save(&next), pause).ok();
}

/// Every named field of the form but the bookkeeping ones.
fn entries(form: &HtmlFormElement) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for element in nodes(form, "input[name], textarea[name]") {
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            let skipped = matches!(input.name().as_str(), "sheet" | "version" | "intent")
                || input.read_only()
                || (input.type_() == "radio" && !input.checked());
            if !skipped {
                all.insert(input.name(), input.value());
            }
        } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
            all.insert(area.name(), area.value());
        }
    }
    all
}

fn nodes(form: &HtmlFormElement, selector: &str) -> Vec<Element> {
    let list: Option<NodeList> = form.query_selector_all(selector).ok();
    let list = list.as_ref();
    (0..list.map_or(0, NodeList::length)).filter_map(|i| list?.item(i)?.dyn_into::<Element>().ok()).collect()
}

fn version_field(form: &HtmlFormElement) -> Option<HtmlInputElement> {
    form.query_selector("input[name=version]").ok()??.dyn_into().ok()
}

fn save(keeper: &Rc<Keeper>) {
    if keeper.busy.replace(true) {
        keeper.again.set(true);
        return;
    }
    let Some(version) = version_field(&keeper.form).and_then(|f| f.value().parse::<u32>().ok()) else {
        keeper.busy.set(false);
        return;
    };
    let typed = entries(&keeper.form);
    let keeper = keeper.clone();
    spawn_local(async move {
        let reply = keep_sheet(keeper.plan.sheet.clone(), version, typed.clone()).await;
        keeper.busy.set(false);
        let saved = matches!(reply, Ok(SaveReply::Saved { .. }));
        match reply {
            Ok(SaveReply::Saved { version, time, wrong }) => {
                if let Some(field) = version_field(&keeper.form) {
                    field.set_value(&version.to_string());
                }
                mark_wrong(&keeper, &wrong);
                if wrong.is_empty() {
                    forget(&keeper);
                    say(&keeper, "saved good", "●", &format!("已保存 {time}"));
                } else {
                    remember(&keeper, version, &typed);
                    say(&keeper, "saved bad", "✕", &format!("其余已保存 {time}，标红的项有误，未保存"));
                }
            }
            Ok(SaveReply::Stale { .. }) => {
                remember(&keeper, version, &typed);
                say(&keeper, "saved bad", "✕", "已在别处更新，请刷新页面后再填，以免互相覆盖");
            }
            Ok(SaveReply::Refused(why)) => {
                remember(&keeper, version, &typed);
                say(&keeper, "saved bad", "✕", &format!("未保存，已存本机：{why}"));
            }
            Err(_) => {
                remember(&keeper, version, &typed);
                say(&keeper, "saved warn", "▲", "网络中断，已存本机，恢复后自动补存");
                schedule(&keeper, RETRY);
            }
        }
        if keeper.waits.replace(false) && saved {
            // The form waited for this save: it now carries the version that the save made.
            let button = keeper.button.borrow_mut().take();
            let _ = keeper.form.request_submit_with_submitter(button.as_ref());
        } else if keeper.again.replace(false) {
            schedule(&keeper, PAUSE);
        }
    });
}

fn say(keeper: &Keeper, class: &str, glyph: &str, words: &str) {
    let Some(mark) = keeper.form.query_selector(".saved").ok().flatten() else { return };
    mark.set_class_name(class);
    mark.set_text_content(Some(&format!("{glyph} {words}")));
}

/// Marks the items the server refused.
fn mark_wrong(keeper: &Keeper, items: &[(String, String)]) {
    for element in nodes(&keeper.form, "[data-item]") {
        let code = element.get_attribute("data-item").unwrap_or_default();
        let problem = items.iter().find(|(item, _)| *item == code).map(|(_, problem)| problem.as_str());
        let _ = element.class_list().toggle_with_force("wrong", problem.is_some());
        if let Some(input) = element.query_selector("input").ok().flatten() {
            let _ = input.set_attribute("aria-invalid", if problem.is_some() { "true" } else { "false" });
            let _ = input.set_attribute("title", problem.unwrap_or_default());
        }
    }
}

/// Total, sums of the dimensions, and the band each score falls into.
fn show(keeper: &Keeper) {
    let typed = entries(&keeper.form);
    let own = |c: &Criterion| c.scoring == Scoring::Subjective;
    let mut scores = keeper.plan.shared.clone();
    for criterion in keeper.plan.criteria.iter().filter(|c| own(c)) {
        let points = typed.get(&criterion.code).and_then(|text| Points::parse(text).ok());
        if let Some(points) = points.filter(|p| *p >= Points::ZERO && *p <= criterion.full) {
            scores.insert(criterion.code.clone(), points);
        }
        show_band(keeper, criterion, scores.get(&criterion.code).copied());
    }
    let words = if let Some(total) = total(keeper.plan.criteria.iter(), keeper.plan.full, &scores) {
        total.rounded().to_string()
    } else {
        let sum: Points = keeper.plan.criteria.iter().filter_map(|c| scores.get(&c.code).copied()).sum();
        format!("{sum} 未完")
    };
    set_text(keeper.form.query_selector("output.total").ok().flatten().as_ref(), &words);
    for group in nodes(&keeper.form, "fieldset[data-group]") {
        let prefix = group.get_attribute("data-group").unwrap_or_default();
        let of_group = keeper.plan.criteria.iter().filter(|c| c.code.starts_with(&prefix));
        let sum: Points = of_group.filter_map(|c| scores.get(&c.code).copied()).sum();
        set_text(group.query_selector("legend output").ok().flatten().as_ref(), &sum.to_string());
    }
}

fn show_band(keeper: &Keeper, criterion: &Criterion, points: Option<Points>) {
    let selector = format!("[data-item=\"{}\"]", criterion.code);
    let Some(item) = keeper.form.query_selector(&selector).ok().flatten() else { return };
    let band = points.map(|p| criterion.band(p));
    let Ok(list) = item.query_selector_all(".bands li") else { return };
    for (i, of) in (0..list.length()).zip(Band::ALL) {
        if let Some(element) = list.item(i).and_then(|n| n.dyn_into::<HtmlElement>().ok()) {
            let _ = element.class_list().toggle_with_force("on", band == Some(*of));
        }
    }
    // Full marks and less than six tenths need a reason: open the place where it is written.
    if points.is_some_and(|p| criterion.needs_reason(p))
        && let Some(details) = item.query_selector("details").ok().flatten()
    {
        let _ = details.set_attribute("open", "");
    }
}

fn set_text(element: Option<&Element>, words: &str) {
    if let Some(element) = element {
        element.set_text_content(Some(words));
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn storage_key(keeper: &Keeper) -> String {
    format!("hengping:sheet:{}", keeper.plan.sheet)
}

/// Keeps what was typed on this machine until it can be saved.
fn remember(keeper: &Keeper, version: u32, typed: &BTreeMap<String, String>) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&(version, typed))) {
        let _ = storage.set_item(&storage_key(keeper), &text);
    }
}

fn forget(keeper: &Keeper) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&storage_key(keeper));
    }
}

/// Puts back what could not be saved before the page was left, if nobody saved in between.
fn restore(keeper: &Rc<Keeper>) {
    let kept = storage().and_then(|s| s.get_item(&storage_key(keeper)).ok().flatten());
    let Some((version, typed)) =
        kept.and_then(|text| serde_json::from_str::<(u32, BTreeMap<String, String>)>(&text).ok())
    else {
        return;
    };
    // Saved elsewhere since: what is there stays, what is empty there is filled from here.
    let same = version_field(&keeper.form).is_some_and(|field| field.value() == version.to_string());
    for element in nodes(&keeper.form, "input[name], textarea[name]") {
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            match typed.get(&input.name()) {
                Some(value) if input.type_() == "radio" && same => input.set_checked(input.value() == *value),
                Some(value) if input.type_() != "radio" && (same || input.value().is_empty()) => input.set_value(value),
                _ => {}
            }
        } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>()
            && let Some(value) = typed.get(&area.name())
            && (same || area.value().is_empty())
        {
            area.set_value(value);
        }
    }
    schedule(keeper, Duration::ZERO);
}
