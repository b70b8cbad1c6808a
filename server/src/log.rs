//! The program's own log: on the console, for people or as JSON, and where it is asked for also on its way to another system.

mod forward;
mod syslog;
mod target;

pub use forward::{Forward, SENT};
pub use syslog::{About, Message, Severity};
pub use target::{NoTarget, Target};

use std::io::{self, Write};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

domain::coded! {
    /// The form of the log on the console
    Form {
        Text = "text", "文本";
        Json = "json", "JSON";
    }
}

/// Lines that wait in memory; more are dropped, the console has them.
const WAITING: usize = 1_000;

fn filter() -> EnvFilter {
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,hengping=info"))
}

/// Begins to write to the console. Returns the lines to be sent on.
pub fn begin(form: Form) -> Receiver<Message> {
    let (outbox, lines) = channel(WAITING);
    let console = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let console = match form {
        Form::Text => console.boxed(),
        Form::Json => console.json().flatten_event(true).boxed(),
    };
    let sent = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(Outbox(outbox));
    // Twice is one time too many; the first to begin decides.
    let _ = tracing_subscriber::registry().with(filter()).with(console).with(sent).try_init();
    lines
}

/// Puts lines up to be sent on.
struct Outbox(Sender<Message>);

/// One line with its level.
struct Entry<'a> {
    outbox: &'a Sender<Message>,
    level: tracing::Level,
}

impl<'a> MakeWriter<'a> for Outbox {
    type Writer = Entry<'a>;

    fn make_writer(&'a self) -> Entry<'a> {
        Entry { outbox: &self.0, level: tracing::Level::INFO }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Entry<'a> {
        Entry { outbox: &self.0, level: *meta.level() }
    }
}

impl Write for Entry<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let body = String::from_utf8_lossy(line).trim_end().to_owned();
        let _ = self.outbox.try_send(forward::line(self.level, body));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
