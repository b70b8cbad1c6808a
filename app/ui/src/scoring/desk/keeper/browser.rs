//! The browser's side of the keeper: what is typed goes to this machine at once and to the server after a pause, and the mark says which of
//! the two has happened.

mod copy;
mod fields;
mod keys;
mod leave;
mod mark;
mod send;
mod show;

use super::Questions;
use crate::scoring::desk::actions::SaveReply;
use crate::scoring::desk::entries::{Entries, Side, differences};
use copy::{Copies, Copy};
use domain::points::Points;
use domain::rubric::Criterion;
use fields::all_same;
use leptos::html::Span;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use mark::{Mark, say};
use send::{Answer, Parcel};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use web_sys::{Element, Event, EventTarget, HtmlElement, HtmlFormElement, SubmitEvent};

/// Pause after the last key before a save.
const PAUSE: Duration = Duration::from_millis(800);
/// Pause before another try while the network is away.
const RETRY: Duration = Duration::from_secs(5);
/// Saves whose answers are out that are remembered.
const UNANSWERED: usize = 40;

pub struct Keeping {
    pub sheet: String,
    pub criteria: Vec<Criterion>,
    pub shared: BTreeMap<String, Points>,
    pub full: Points,
    pub stored: Entries,
    pub last_save: Option<String>,
    pub owner: String,
    pub key: String,
    pub sign_in: String,
    pub sign_out: String,
}

/// What waits until everything typed is on the server.
enum Then {
    Submit(Option<HtmlElement>),
    Follow(String),
    SignOut(HtmlFormElement),
}

struct Keeper {
    plan: Keeping,
    form: HtmlFormElement,
    copies: Option<Copies>,
    questions: Questions,
    version: Cell<u32>,
    /// As the server has it.
    known: RefCell<Entries>,
    /// As it was typed, without what an input method is still composing.
    settled: RefCell<Entries>,
    /// Saves on their way, with what they carry.
    flights: RefCell<BTreeMap<String, Entries>>,
    /// Saves without an answer: each may have been kept.
    lost: RefCell<Vec<String>>,
    wrong: Cell<bool>,
    /// The last try failed, or the person has to decide: leaving would cost something.
    trouble: Cell<bool>,
    /// The copy on this machine was written and read back.
    on_device: Cell<bool>,
    timer: RefCell<Option<TimeoutHandle>>,
    then: RefCell<Option<Then>>,
    /// The form goes out as it is.
    passing: Cell<bool>,
}

/// Starts watching once the island's element is in the page.
pub fn watch(anchor: NodeRef<Span>, plan: Keeping, questions: Questions) {
    let plan = RefCell::new(Some(plan));
    anchor.on_load(move |span| {
        let element: &Element = &span;
        let form = element.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if let (Some(form), Some(plan)) = (form, plan.take()) {
            start(&Rc::new(keeper(plan, form, questions)));
        }
    });
}

fn keeper(plan: Keeping, form: HtmlFormElement, questions: Questions) -> Keeper {
    let version = fields::hidden(&form, "version").and_then(|field| field.value().parse().ok()).unwrap_or_default();
    Keeper {
        copies: Copies::open(&plan.owner, &plan.key),
        version: Cell::new(version),
        known: RefCell::new(plan.stored.clone()),
        settled: RefCell::new(fields::entries(&form)),
        flights: RefCell::default(),
        lost: RefCell::default(),
        wrong: Cell::new(false),
        trouble: Cell::new(false),
        on_device: Cell::new(true),
        timer: RefCell::default(),
        then: RefCell::default(),
        passing: Cell::new(false),
        plan,
        form,
        questions,
    }
}

/// Calls `act` at every event of the name. The listener lives as long as the page.
fn on<E: JsCast + 'static>(
    target: &EventTarget,
    name: &str,
    keeper: &Rc<Keeper>,
    act: impl Fn(&Rc<Keeper>, &E) + 'static,
) {
    let keeper = keeper.clone();
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if let Some(event) = event.dyn_ref::<E>() {
            act(&keeper, event);
        }
    });
    let _ = target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    listener.forget();
}

fn start(keeper: &Rc<Keeper>) {
    restore(keeper);
    show::all(keeper);
    let form = keeper.form.clone();
    on(
        &form,
        "input",
        keeper,
        |keeper, event: &web_sys::InputEvent| {
            if event.is_composing() { say(keeper, &Mark::Unsaved) } else { typed(keeper) }
        },
    );
    on(&form, "change", keeper, |keeper, event: &Event| {
        fields::tidy(event);
        // Leaving a field changes nothing that was not typed before: the mark, and a link in it, stay as they are.
        if !all_same(&fields::entries(&keeper.form), &keeper.settled.borrow()) {
            typed(keeper);
        }
    });
    on(&form, "compositionend", keeper, |keeper, _: &Event| typed(keeper));
    on(&form, "submit", keeper, submit);
    keys::listen(keeper);
    leave::listen(keeper);
    let deciding = keeper.clone();
    Effect::new(move |_| {
        if let Some(decided) = deciding.questions.decided.get() {
            decide(&deciding, &decided);
        }
    });
    let leaving = keeper.clone();
    Effect::new(move |_| {
        if let Some(left) = leaving.questions.left.get() {
            leave::answered(&leaving, left);
        }
    });
}

impl Keeper {
    fn is_unsent(&self) -> bool {
        self.wrong.get() || !all_same(&self.settled.borrow(), &self.known.borrow())
    }

    fn unanswered(&self) -> Vec<String> {
        self.lost.borrow().iter().chain(self.flights.borrow().keys()).cloned().collect()
    }
}

/// Something was typed: it is kept on this machine, and sent after a pause.
fn typed(keeper: &Rc<Keeper>) {
    *keeper.settled.borrow_mut() = fields::entries(&keeper.form);
    show::all(keeper);
    if keeper.is_unsent() {
        remember(keeper);
        if keeper.questions.differing.get_untracked().is_empty() {
            say(keeper, &Mark::Unsaved);
            schedule(keeper, PAUSE);
        }
    } else if keeper.flights.borrow().is_empty() {
        stop_timer(keeper);
        forget(keeper);
    }
}

fn remember(keeper: &Keeper) {
    let copy = Copy {
        version: keeper.version.get(),
        base: keeper.known.borrow().clone(),
        entries: keeper.settled.borrow().clone(),
        unanswered: keeper.unanswered(),
    };
    let kept = keeper.copies.as_ref().is_some_and(|copies| copies.write(&keeper.plan.sheet, &copy));
    keeper.on_device.set(kept);
}

fn forget(keeper: &Keeper) {
    if let Some(copies) = &keeper.copies {
        copies.remove(&keeper.plan.sheet);
    }
}

fn stop_timer(keeper: &Keeper) {
    if let Some(waiting) = keeper.timer.borrow_mut().take() {
        waiting.clear();
    }
}

fn schedule(keeper: &Rc<Keeper>, pause: Duration) {
    stop_timer(keeper);
    let next = keeper.clone();
    *keeper.timer.borrow_mut() = set_timeout_with_handle(move || save(&next), pause).ok();
}

/// One save at a time; the answer starts the next if more was typed.
fn save(keeper: &Rc<Keeper>) {
    if keeper.flights.borrow().is_empty() {
        dispatch(keeper);
    }
}

/// Sends what was typed, beside a save that may be under way: the server knows them as saves of one page.
fn dispatch(keeper: &Rc<Keeper>) {
    stop_timer(keeper);
    if !keeper.is_unsent() || !keeper.questions.differing.get_untracked().is_empty() {
        return;
    }
    let Some(id) = send::new_id() else { return };
    let entries = keeper.settled.borrow().clone();
    let parcel = Parcel {
        sheet: keeper.plan.sheet.clone(),
        version: keeper.version.get(),
        save: id.clone(),
        unanswered: keeper.unanswered(),
        entries: entries.clone(),
    };
    keeper.flights.borrow_mut().insert(id.clone(), entries);
    remember(keeper);
    say(keeper, &Mark::Saving);
    let keeper = keeper.clone();
    spawn_local(async move {
        let answer = send::send(&parcel).await;
        let sent = keeper.flights.borrow_mut().remove(&id).unwrap_or_default();
        answered(&keeper, &id, sent, answer);
    });
}

fn answered(keeper: &Rc<Keeper>, id: &str, sent: Entries, answer: Answer) {
    let others = !keeper.flights.borrow().is_empty();
    let failed = |mark: Mark, again: Option<Duration>| {
        let mut lost = keeper.lost.borrow_mut();
        lost.push(id.to_owned());
        let surplus = lost.len().saturating_sub(UNANSWERED);
        lost.drain(..surplus);
        drop(lost);
        keeper.trouble.set(true);
        keeper.then.borrow_mut().take();
        remember(keeper);
        say(keeper, &mark);
        if let Some(pause) = again {
            schedule(keeper, pause);
        }
    };
    match answer {
        Answer::Reply(SaveReply::Saved { version, time, wrong }) => {
            keeper.version.set(keeper.version.get().max(version));
            *keeper.known.borrow_mut() = sent;
            keeper.lost.borrow_mut().clear();
            keeper.trouble.set(!wrong.is_empty());
            keeper.wrong.set(!wrong.is_empty());
            show::mark_wrong(keeper, &wrong);
            settle(keeper, &time, others);
        }
        // A later save of this page has been kept before this one.
        Answer::Reply(SaveReply::Stale { .. }) if others => {}
        Answer::Reply(SaveReply::Stale { latest, stored, .. }) => ask(keeper, latest, &stored),
        Answer::Reply(SaveReply::SignedOut) => failed(Mark::SignedOut, None),
        Answer::Reply(SaveReply::Refused(why)) | Answer::Refused(why) => failed(Mark::Refused(why), None),
        Answer::TooOften(seconds) => failed(Mark::TooOften(seconds), Some(Duration::from_secs(seconds.into()))),
        Answer::Silent => failed(Mark::Silent, Some(RETRY)),
        Answer::Unreachable => failed(Mark::Unreachable, Some(RETRY)),
    }
}

/// After a save was kept: more to send, or everything that waited for it.
fn settle(keeper: &Rc<Keeper>, time: &str, others: bool) {
    fields::set_hidden(&keeper.form, "version", &keeper.version.get().to_string());
    fields::set_hidden(&keeper.form, "unanswered", "");
    if keeper.wrong.get() {
        remember(keeper);
        say(keeper, &Mark::Partly(time.to_owned()));
        if !all_same(&keeper.settled.borrow(), &keeper.known.borrow()) {
            schedule(keeper, PAUSE);
        } else if matches!(keeper.then.take(), Some(Then::Submit(_))) {
            show::go_to_wrong(keeper);
        }
        return;
    }
    if keeper.is_unsent() {
        remember(keeper);
        let waited = keeper.then.borrow().is_some();
        schedule(keeper, if waited { Duration::ZERO } else { PAUSE });
        return;
    }
    if others {
        return;
    }
    forget(keeper);
    say(keeper, &Mark::Saved(time.to_owned()));
    go_on(keeper);
}

/// Does what waited until everything was saved.
fn go_on(keeper: &Rc<Keeper>) {
    match keeper.then.take() {
        Some(Then::Submit(button)) => {
            let only_save = button.as_ref().is_some_and(|b| b.get_attribute("value").as_deref() == Some("save"));
            if !only_save {
                keeper.passing.set(true);
                let _ = keeper.form.request_submit_with_submitter(button.as_ref());
            }
        }
        Some(Then::Follow(address)) => {
            let _ = window().location().assign(&address);
        }
        Some(Then::SignOut(form)) => {
            keeper.passing.set(true);
            let _ = form.submit();
        }
        None => {}
    }
}

/// Saves what is unsent, then does it.
fn after_saving(keeper: &Rc<Keeper>, then: Then) {
    stop_timer(keeper);
    *keeper.then.borrow_mut() = Some(then);
    if keeper.is_unsent() && !keeper.wrong.get() || !all_same(&keeper.settled.borrow(), &keeper.known.borrow()) {
        save(keeper);
    } else if keeper.wrong.get() {
        keeper.then.take();
        show::go_to_wrong(keeper);
    } else if keeper.flights.borrow().is_empty() {
        go_on(keeper);
    }
}

/// The form is sent by its button: what is typed is saved first, so that nothing of it can be lost on the way.
fn submit(keeper: &Rc<Keeper>, event: &SubmitEvent) {
    if keeper.passing.get() || !keeper.questions.differing.get_untracked().is_empty() {
        if !keeper.passing.get() {
            event.prevent_default();
        }
        return;
    }
    event.prevent_default();
    after_saving(keeper, Then::Submit(event.submitter()));
}

/// Both versions differ: the person decides.
fn ask(keeper: &Rc<Keeper>, latest: u32, stored: &Entries) {
    let found = differences(&keeper.settled.borrow(), stored, &keeper.known.borrow());
    keeper.version.set(latest);
    *keeper.known.borrow_mut() = stored.clone();
    keeper.lost.borrow_mut().clear();
    fields::set_hidden(&keeper.form, "version", &latest.to_string());
    if found.is_empty() {
        settle(keeper, "", false);
        return;
    }
    keeper.then.take();
    keeper.trouble.set(true);
    // The copy keeps what was typed here, on top of what is stored now.
    remember(keeper);
    say(keeper, &Mark::Differs);
    keeper.questions.differing.set(found);
}

fn decide(keeper: &Rc<Keeper>, decided: &[(String, Side)]) {
    let stored = keeper.known.borrow().clone();
    for (field, side) in decided {
        if *side == Side::Stored {
            fields::set(&keeper.form, field, stored.get(field).map_or("", String::as_str));
        }
    }
    keeper.questions.differing.set(Vec::new());
    keeper.trouble.set(false);
    *keeper.settled.borrow_mut() = fields::entries(&keeper.form);
    show::all(keeper);
    if keeper.is_unsent() {
        remember(keeper);
        save(keeper);
    } else {
        forget(keeper);
        say(keeper, &Mark::Same);
    }
}

/// Puts back what was typed on this machine and is not on the server.
fn restore(keeper: &Rc<Keeper>) {
    let Some(copy) = keeper.copies.as_ref().and_then(|copies| copies.read(&keeper.plan.sheet)) else {
        if keeper.is_unsent() {
            // A refused form came back with what was typed.
            remember(keeper);
            say(keeper, &Mark::Unsaved);
        }
        return;
    };
    let own = keeper.plan.last_save.as_ref().is_some_and(|save| copy.unanswered.contains(save));
    let stored = keeper.known.borrow().clone();
    for (field, text) in &copy.entries {
        fields::set(&keeper.form, field, text);
    }
    *keeper.settled.borrow_mut() = fields::entries(&keeper.form);
    if copy.version == keeper.version.get() || own {
        *keeper.lost.borrow_mut() = copy.unanswered;
        if keeper.is_unsent() { schedule(keeper, Duration::ZERO) } else { forget(keeper) }
    } else {
        *keeper.known.borrow_mut() = copy.base;
        ask(keeper, keeper.version.get(), &stored);
    }
}
