//! The browser's side: counts down, asks for more time while there is movement on the page, and shares the end among the pages of a session.

use super::{Idle, stay_signed_in};
use leptos::leptos_dom::helpers::set_interval;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use web_sys::js_sys::Date;
use web_sys::{AddEventListenerOptions, Event, Storage};

/// Seconds before the end when the person is warned.
const WARNING: i64 = 120;
/// Between two requests for more time.
const BETWEEN: f64 = 60_000.0;
/// Where the pages of one browser tell each other when the session ends, in milliseconds.
const SHARED: &str = "hengping:session-ends";

struct Watch {
    /// In milliseconds of this browser's clock.
    ends: Cell<f64>,
    /// Somebody read, pointed or typed since the last request.
    moved: Cell<bool>,
    asked: Cell<f64>,
    state: RwSignal<Idle>,
}

pub fn watch(seconds: i64, state: RwSignal<Idle>, stay: RwSignal<u32>) {
    let watch = Rc::new(Watch {
        ends: Cell::new(Date::now() + seconds as f64 * 1000.0),
        moved: Cell::new(false),
        asked: Cell::new(Date::now()),
        state,
    });
    share(&watch);
    for name in ["pointermove", "pointerdown", "keydown", "scroll", "wheel", "touchmove"] {
        let moving = watch.clone();
        let listener = Closure::<dyn Fn(Event)>::new(move |_| moving.moved.set(true));
        let options = AddEventListenerOptions::new();
        // Scrolling does not rise from the part that scrolls.
        options.set_capture(true);
        options.set_passive(true);
        let _ = document().add_event_listener_with_callback_and_add_event_listener_options(
            name,
            listener.as_ref().unchecked_ref(),
            &options,
        );
        listener.forget();
    }
    let ticking = watch.clone();
    set_interval(move || tick(&ticking), Duration::from_secs(1));
    Effect::new(move |before: Option<u32>| {
        let wanted = stay.get();
        if before.is_some_and(|before| before != wanted) {
            ask(&watch);
        }
        wanted
    });
}

fn tick(watch: &Rc<Watch>) {
    let now = Date::now();
    if watch.moved.get() && now - watch.asked.get() > BETWEEN && watch.state.get_untracked() != Idle::Ended {
        ask(watch);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a session lasts hours")]
    let left = ((watch.ends.get().max(shared()) - now) / 1000.0) as i64;
    let state = match left {
        ..=0 => Idle::Ended,
        1..=WARNING => Idle::Ending(left),
        _ => Idle::Running,
    };
    if watch.state.get_untracked() != state {
        watch.state.set(state);
    }
}

fn ask(watch: &Rc<Watch>) {
    watch.moved.set(false);
    watch.asked.set(Date::now());
    let watch = watch.clone();
    spawn_local(async move {
        // Without an answer the countdown goes on.
        if let Ok(left) = stay_signed_in().await {
            watch.ends.set(left.map_or(0.0, |seconds| Date::now() + seconds as f64 * 1000.0));
            if left.is_some() {
                share(&watch);
            } else if let Some(storage) = storage() {
                let _ = storage.remove_item(SHARED);
            }
        }
    });
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn share(watch: &Watch) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(SHARED, &watch.ends.get().to_string());
    }
}

fn shared() -> f64 {
    storage().and_then(|s| s.get_item(SHARED).ok().flatten()).and_then(|text| text.parse().ok()).unwrap_or_default()
}
