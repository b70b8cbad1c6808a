//! Leaving the page: what is unsent goes out, and where that is uncertain the person is asked.

use super::{Keeper, Mark, Then, after_saving, dispatch, on, say, schedule};
use crate::scoring::desk::keeper::Leaving;
use leptos::prelude::{Set, document, window};
use leptos::wasm_bindgen::JsCast;
use std::rc::Rc;
use std::time::Duration;
use web_sys::{BeforeUnloadEvent, Element, Event, HtmlAnchorElement, HtmlFormElement, MouseEvent, VisibilityState};

pub fn listen(keeper: &Rc<Keeper>) {
    on(&window(), "pagehide", keeper, |keeper, _: &Event| flush(keeper));
    on(&document(), "visibilitychange", keeper, |keeper, _: &Event| {
        if document().visibility_state() == VisibilityState::Hidden {
            flush(keeper);
        }
    });
    on(&window(), "online", keeper, |keeper, _: &Event| {
        if keeper.is_unsent() && !keeper.wrong.get() {
            schedule(keeper, Duration::ZERO);
        }
    });
    on(&window(), "beforeunload", keeper, warn);
    on(&document(), "click", keeper, follow);
    if let Some(form) = sign_out_form(keeper) {
        on(&form, "submit", keeper, sign_out);
    }
}

fn sign_out_form(keeper: &Keeper) -> Option<HtmlFormElement> {
    let found = document().query_selector(&format!("form[action=\"{}\"]", keeper.plan.sign_out)).ok()??;
    found.dyn_into().ok()
}

/// Sends what is unsent, once: the request goes on after the page.
fn flush(keeper: &Rc<Keeper>) {
    let on_its_way = keeper.flights.borrow().values().any(|sent| *sent == *keeper.settled.borrow());
    if !keeper.passing.get() && !on_its_way {
        dispatch(keeper);
    }
}

/// While the server does not answer, or this machine keeps no copy, the browser asks before it leaves. Otherwise what was typed is on this machine
/// and goes out with the page.
fn warn(keeper: &Rc<Keeper>, event: &BeforeUnloadEvent) {
    let unsure = keeper.trouble.get() || !keeper.on_device.get() || !keeper.flights.borrow().is_empty();
    if keeper.is_unsent() && unsure && !keeper.passing.get() {
        event.prevent_default();
        event.set_return_value("还有内容没有保存");
    }
}

/// A link of this site waits until everything is saved.
fn follow(keeper: &Rc<Keeper>, event: &MouseEvent) {
    let plain = event.button() == 0 && !(event.ctrl_key() || event.shift_key() || event.meta_key() || event.alt_key());
    let link = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = link.and_then(|element| element.closest("a[href]").ok().flatten());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
    let elsewhere = !link.target().is_empty() || link.get_attribute("href").is_some_and(|href| href.starts_with('#'));
    // Signing in again leads back here, where the copy on this machine waits.
    if keeper.on_device.get() && link.closest(".saved").ok().flatten().is_some() {
        keeper.passing.set(true);
        return;
    }
    if plain && !elsewhere && keeper.is_unsent() && !keeper.trouble.get() {
        event.prevent_default();
        after_saving(keeper, Then::Follow(link.href()));
    }
}

fn sign_out(keeper: &Rc<Keeper>, event: &Event) {
    if keeper.is_unsent() && !keeper.passing.get() {
        event.prevent_default();
        keeper.questions.leaving.set(true);
    }
}

/// The person has said what becomes of what is unsent.
pub fn answered(keeper: &Rc<Keeper>, left: Leaving) {
    let Some(form) = sign_out_form(keeper) else { return };
    match left {
        Leaving::SaveFirst => after_saving(keeper, Then::SignOut(form)),
        Leaving::Anyway => {
            super::stop_timer(keeper);
            super::remember(keeper);
            if keeper.on_device.get() {
                keeper.passing.set(true);
                let _ = form.submit();
            } else {
                say(keeper, &Mark::Unsaved);
            }
        }
        Leaving::Stay => {}
    }
}
