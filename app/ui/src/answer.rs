//! The answer to a form: on to a page with a message, or back with what was typed and what is wrong.
//!
//! The forms work without JavaScript, so an error is not a failed call but a page that says what happened.

use crate::components::FormState;
use crate::flash::{FlashKind, set_flash};
use crate::request::{Caller, FormError, error_text, form_pairs, log, own_address, parts, sign_in_address};
use crate::returned::Returns;
use crate::routes;
use crate::told::Told;
use axum::body::Bytes;
use axum::http::request::Parts;
use domain::sheet::SheetError;
use leptos::prelude::{ServerFnError, provide_context, use_context};
use leptos_axum::redirect;
use service::account::Token;
use service::{Case, Error, RuleError};
use std::sync::Arc;
use uuid::Uuid;

/// The body of a form, as the web server attaches it to the request.
#[derive(Clone)]
pub struct Sent(pub Bytes);

/// The good end of a form: where to go, and the message that the page there shows once.
pub struct Done {
    to: String,
    message: String,
    by: By,
}

/// The way that a message takes to the next page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Cookie,
    Memory,
}

/// Ends a form's work well.
///
/// # Errors
/// Never; the work of a form has to return a `Result`.
pub fn done(to: impl Into<String>, message: impl Into<String>) -> Result<Done, Refusal> {
    Ok(Done { to: to.into(), message: message.into(), by: By::Cookie })
}

/// Ends a form's work well, with a message that holds a secret.
///
/// # Errors
/// Never; the work of a form has to return a `Result`.
pub fn done_secretly(to: impl Into<String>, message: impl Into<String>) -> Result<Done, Refusal> {
    Ok(Done { to: to.into(), message: message.into(), by: By::Memory })
}

/// The bad end of a form: the error, and what is wrong with which field.
#[derive(Debug)]
pub struct Refusal {
    why: Why,
    problems: Vec<(String, String)>,
}

#[derive(Debug)]
enum Why {
    Refused(Error),
    Form(FormError),
}

impl Refusal {
    pub const fn new(error: Error, problems: Vec<(String, String)>) -> Self {
        Self { why: Why::Refused(error), problems }
    }

    /// Several fields are wrong; `problems` are fields with the words about them.
    pub fn of_fields(message: String, problems: Vec<(String, String)>) -> Self {
        Self { why: Why::Form(FormError(message)), problems }
    }

    /// The error, unless only the form is wrong.
    pub const fn error(&self) -> Option<&Error> {
        match &self.why {
            Why::Refused(error) => Some(error),
            Why::Form(_) => None,
        }
    }

    pub fn text(&self) -> String {
        match &self.why {
            Why::Refused(error) => error_text(error),
            Why::Form(FormError(text)) => text.clone(),
        }
    }
}

impl From<FormError> for Refusal {
    fn from(error: FormError) -> Self {
        Self { why: Why::Form(error), problems: Vec::new() }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let problems = match &error {
            Error::Rule(RuleError::Sheet(SheetError::Invalid(items) | SheetError::Incomplete(items))) => {
                items.iter().map(|item| (item.code.clone(), item.problem.clone())).collect()
            }
            _ => Vec::new(),
        };
        Self { why: Why::Refused(error), problems }
    }
}

/// Says what is wrong beside a field.
pub trait Beside<T> {
    /// # Errors
    /// The same error; if it is about the input, the field shows it.
    fn beside(self, field: &str) -> Result<T, Refusal>;
}

impl<T> Beside<T> for Result<T, Error> {
    fn beside(self, field: &str) -> Result<T, Refusal> {
        self.map_err(|error| {
            let about_input = matches!(error.case(), Some(Case::Input | Case::Duplicate));
            let problems = if about_input { vec![(field.to_owned(), error_text(&error))] } else { Vec::new() };
            Refusal::new(error, problems)
        })
    }
}

/// Says beside a field what is wrong, if it is wrong in one way.
pub trait BesideIf<T> {
    /// # Errors
    /// The same error; the field shows it if it is of `case`.
    fn beside_if(self, field: &str, case: Case) -> Result<T, Refusal>;
}

impl<T> BesideIf<T> for Result<T, Error> {
    fn beside_if(self, field: &str, case: Case) -> Result<T, Refusal> {
        match self {
            Err(error) if error.case() == Some(case) => Err(error).beside(field),
            other => Ok(other?),
        }
    }
}

impl<T> Beside<T> for Result<T, FormError> {
    fn beside(self, field: &str) -> Result<T, Refusal> {
        self.map_err(|error| {
            let problems = vec![(field.to_owned(), error.0.clone())];
            Refusal { why: Why::Form(error), problems }
        })
    }
}

/// Runs the work of a form and answers it. `back` is the form's page: a refused form returns there.
///
/// # Errors
/// Never; server functions have to return a `Result`.
pub fn answer<'a>(
    back: &'a str,
    work: impl Future<Output = Result<Done, Refusal>> + Send + 'a,
) -> impl Future<Output = Result<(), ServerFnError>> + Send + 'a {
    // The work of some forms holds whole aggregates while it waits.
    let work = Box::pin(work);
    async move {
        match work.await {
            Ok(Done { to, message, by }) => {
                match by {
                    By::Cookie => set_flash(FlashKind::Done, &message),
                    By::Memory => tell(message),
                }
                redirect(own_address(&to));
            }
            Err(Refusal { why: Why::Refused(Error::SignedOut), .. }) => redirect(&sign_in_address(back)),
            Err(Refusal { why: Why::Refused(Error::Restricted(restriction)), .. }) => {
                redirect(routes::way_out(restriction));
            }
            Err(refusal) => {
                set_flash(FlashKind::Problem, &refusal.text());
                if let Why::Refused(error) = &refusal.why {
                    log(error);
                }
                // The page has newer values than a stale form; they are shown instead of the typed ones.
                if !matches!(refusal.why, Why::Refused(Error::Stale)) {
                    keep(back, refusal.problems);
                }
                redirect(own_address(back));
            }
        }
        Ok(())
    }
}

/// Whose a refused form is where nobody is signed in.
#[derive(Clone, Copy)]
struct HolderOfLink(Uuid);

/// A refused form of somebody who is not signed in comes back to the holder of this link, which the caller has checked.
pub fn keep_for(link: &Token) {
    provide_context(HolderOfLink(link.handle()));
}

/// Keeps a secret for the next page of the caller's session.
fn tell(message: String) {
    let Some(Parts { extensions, .. }) = parts() else { return };
    if let (Some(caller), Some(told)) = (extensions.get::<Caller>(), extensions.get::<Arc<Told>>())
        && let Some(session) = caller.context.as_ref().and_then(|ctx| ctx.session)
    {
        told.keep(session, caller.app.clock.now(), message);
    }
}

/// Keeps what was typed for the page at `back`. Nothing is kept for people who neither are signed in nor hold a link, so that nobody unknown can
/// fill the memory.
fn keep(back: &str, problems: Vec<(String, String)>) {
    let Some(Parts { uri, extensions, .. }) = parts() else { return };
    let (Some(caller), Some(Sent(body)), Some(returns)) =
        (extensions.get::<Caller>(), extensions.get(), extensions.get::<Arc<Returns>>())
    else {
        return;
    };
    let session = caller.context.as_ref().and_then(|ctx| ctx.session);
    if let Some(holder) = session.or_else(|| use_context::<HolderOfLink>().map(|link| link.0)) {
        let state = FormState { action: uri.path().to_owned(), typed: form_pairs(body), problems };
        returns.keep(holder, back, caller.app.clock.now(), state);
    }
}
