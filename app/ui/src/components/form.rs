use leptos::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Text;

/// A refused form: what was typed, and what is wrong with which field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormState {
    /// Where the form posted.
    pub action: String,
    pub typed: Vec<(String, String)>,
    pub problems: Vec<(String, String)>,
}

impl FormState {
    fn typed(&self, name: &str) -> Option<&str> {
        self.typed.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn problem(&self, name: &str) -> Option<&str> {
        self.problems.iter().find(|(key, _)| key == name).map(|(_, words)| words.as_str())
    }
}

/// The refused form that came back to this page.
#[derive(Clone)]
struct Returned(Arc<FormState>);

/// The form around a field, if it is the one that came back.
#[derive(Clone)]
struct Around(Option<Arc<FormState>>);

/// Set when a form inside came back.
#[derive(Clone)]
struct Notice(Arc<AtomicBool>);

/// Hands a refused form to the page.
pub fn bring_back(state: FormState) {
    provide_context(Returned(Arc::new(state)));
}

/// Whether a refused form came back to this page with what was typed; of a form of passwords nothing does.
pub fn came_back() -> bool {
    use_context::<Returned>().is_some_and(|returned| !returned.0.typed.is_empty())
}

fn around() -> Option<Arc<FormState>> {
    use_context::<Around>().and_then(|around| around.0)
}

/// The typed value of a field, or the stored one if the form did not come back.
pub fn typed(name: &str, stored: Text) -> Text {
    match around() {
        Some(form) => form.typed(name).map_or(stored, Text::from),
        None => stored,
    }
}

/// Whether a box is ticked. Browsers send ticked boxes only.
pub fn ticked(name: &str, value: &str, stored: bool) -> bool {
    around().map_or(stored, |form| form.typed.iter().any(|(key, typed)| key == name && typed == value))
}

/// The problem of a field.
pub fn problem(name: &str, known: Text) -> Text {
    if known.is_some() { known } else { around().and_then(|form| form.problem(name).map(ToOwned::to_owned)).into() }
}

/// Whether the field is the first with a problem: the page opens there.
pub fn is_first_problem(name: &str) -> bool {
    around().is_some_and(|form| form.problems.first().is_some_and(|(key, _)| key == name))
}

/// Builds the fields of the form that posts to `action`. `own` are the hidden values that tell it from others with the same action.
pub fn refilled<T>(action: &str, own: &[(&str, String)], fields: impl FnOnce() -> T) -> T {
    let same = |state: &FormState| {
        state.action == action && own.iter().all(|(name, value)| state.typed(name) == Some(value.as_str()))
    };
    let state = use_context::<Returned>().map(|returned| returned.0).filter(|state| same(state));
    if let (Some(_), Some(notice)) = (&state, use_context::<Notice>()) {
        notice.0.store(true, Ordering::Relaxed);
    }
    within(Around(state), fields)
}

/// Builds a content, and tells whether a form in it came back.
pub(super) fn noticing<T>(content: impl FnOnce() -> T) -> (T, bool) {
    let notice = Arc::new(AtomicBool::new(false));
    let built = within(Notice(notice.clone()), content);
    (built, notice.load(Ordering::Relaxed))
}

/// Runs `content` where `value` is in the context, and nowhere else.
fn within<V: Send + Sync + 'static, T>(value: V, content: impl FnOnce() -> T) -> T {
    let owner = Owner::current().map_or_else(Owner::new, |owner| owner.child());
    let built = owner.with(|| {
        provide_context(value);
        content()
    });
    // What was built is rendered later, and what it reacts to must live until then.
    on_cleanup(move || drop(owner));
    built
}

/// A form that writes. If it was refused, its fields hold what was typed, each with its error.
#[component]
pub fn Form(
    #[prop(into)] action: String,
    /// Hidden values that tell this form from others with the same action.
    #[prop(optional)]
    own: Vec<(&'static str, String)>,
    #[prop(optional, into)] class: Text,
    children: Children,
) -> impl IntoView {
    let fields = refilled(&action, &own, children);
    let hidden = own.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form method="post" action=action class=class.get()>
            {hidden.collect_view()}
            {fields}
        </form>
    }
}
