//! The browser's side: after a pause in typing, or as fast as one drags, the page is asked again and the regions are replaced.

use super::Pace;
use leptos::html::Span;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomParser, Element, Event, HtmlFormElement, HtmlInputElement, Response, SupportedType, UrlSearchParams};

/// Pause after the last key before asking.
const PAUSE: Duration = Duration::from_millis(400);

struct Live {
    page: String,
    regions: Vec<String>,
    when: Pace,
    form: HtmlFormElement,
    timer: RefCell<Option<TimeoutHandle>>,
    /// Counts the questions, so that only the answer to the last one is shown.
    asked: Cell<u32>,
    /// While one drags: an answer is on its way, and whether the form has changed since it was asked for.
    busy: Cell<bool>,
    again: Cell<bool>,
}

/// Starts watching once the island's element is in the page.
pub fn watch(anchor: NodeRef<Span>, page: String, regions: Vec<String>, when: Pace) {
    anchor.on_load(move |span| {
        let element: &Element = &span;
        let form = element.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form {
            let (timer, asked) = (RefCell::new(None), Cell::new(0));
            let (busy, again) = (Cell::new(false), Cell::new(false));
            start(&Rc::new(Live { page, regions, when, form, timer, asked, busy, again }));
        }
    });
}

fn start(live: &Rc<Live>) {
    let on_input = {
        let live = live.clone();
        Closure::<dyn Fn(Event)>::new(move |_| {
            if live.when == Pace::Drag {
                return drag(&live);
            }
            if let Some(running) = live.timer.borrow_mut().take() {
                running.clear();
            }
            let next = live.clone();
            *live.timer.borrow_mut() = set_timeout_with_handle(move || ask(next), PAUSE).ok();
        })
    };
    // A closed page ends the listener; until then it must live as long as the form.
    let _ = live.form.add_event_listener_with_callback("input", on_input.as_ref().unchecked_ref());
    on_input.forget();
}

fn drag(live: &Rc<Live>) {
    if live.busy.replace(true) {
        live.again.set(true);
    } else {
        ask(live.clone());
    }
}

fn ask(live: Rc<Live>) {
    let number = live.asked.get() + 1;
    live.asked.set(number);
    mark(&live, true);
    spawn_local(async move {
        let address = address(&live);
        let answer = match &address {
            Some(address) => fetched(address).await,
            None => None,
        };
        if live.asked.get() != number {
            return;
        }
        mark(&live, false);
        live.busy.set(false);
        if let (Some(address), Some(text)) = (address, answer) {
            show(&live, &text);
            let history = web_sys::window().and_then(|window| window.history().ok());
            if let Some(history) = history {
                let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
            }
        }
        if live.again.replace(false) {
            drag(&live);
        }
    });
}

/// The page with every visible field of the form.
fn address(live: &Live) -> Option<String> {
    let query = UrlSearchParams::new().ok()?;
    let fields = live.form.query_selector_all("input[name]").ok()?;
    for at in 0..fields.length() {
        if let Some(field) = fields.item(at).and_then(|node| node.dyn_into::<HtmlInputElement>().ok())
            && field.type_() != "hidden"
        {
            query.append(&field.name(), &field.value());
        }
    }
    Some(format!("{}?{}", live.page, String::from(query.to_string())))
}

async fn fetched(address: &str) -> Option<String> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(address)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

fn show(live: &Live, text: &str) {
    let answer = DomParser::new().ok().and_then(|parser| parser.parse_from_string(text, SupportedType::TextHtml).ok());
    let (Some(answer), Some(page)) = (answer, document()) else { return };
    for region in &live.regions {
        let (old, new) = (page.get_element_by_id(region), answer.get_element_by_id(region));
        if let (Some(old), Some(new)) = (old, new) {
            old.set_class_name(&new.class_name());
            old.set_inner_html(&new.inner_html());
        }
    }
}

/// Shows that the answer on the page is not yet that to what was typed.
fn mark(live: &Live, waiting: bool) {
    let Some(page) = document() else { return };
    for region in live.regions.iter().filter_map(|region| page.get_element_by_id(region)) {
        let _ = region.set_attribute("aria-busy", if waiting { "true" } else { "false" });
    }
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
