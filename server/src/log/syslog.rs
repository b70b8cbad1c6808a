//! Messages as log services read them: syslog (RFC 5424) around JSON.

use chrono::{DateTime, SecondsFormat, Utc};
use std::fmt;

/// The name under which the program appears.
const PROGRAM: &str = "hengping";
const DAEMON: u8 = 3;
const LOG_AUDIT: u8 = 13;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A row of the audit.
    Audit,
    /// The program itself.
    Program,
}

/// How much it matters, by the numbers of syslog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error = 3,
    Warning = 4,
    Info = 6,
    Debug = 7,
}

impl From<tracing::Level> for Severity {
    fn from(level: tracing::Level) -> Self {
        match level {
            tracing::Level::ERROR => Self::Error,
            tracing::Level::WARN => Self::Warning,
            tracing::Level::INFO => Self::Info,
            _ => Self::Debug,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub about: About,
    pub severity: Severity,
    pub at: DateTime<Utc>,
    /// JSON.
    pub body: String,
}

/// The machine's name, as far as it may stand in a message.
fn host() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = String::new();
    let name: String = name.chars().filter(char::is_ascii_graphic).take(255).collect();
    if name.is_empty() { "-".to_owned() } else { name }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (facility, kind) = match self.about {
            About::Audit => (LOG_AUDIT, "audit"),
            About::Program => (DAEMON, "log"),
        };
        let priority = facility * 8 + self.severity as u8;
        let at = self.at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let (host, process) = (host(), std::process::id());
        write!(f, "<{priority}>1 {at} {host} {PROGRAM} {process} {kind} - {}", self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_fields_of_its_standard() {
        let at = DateTime::from_timestamp(1_775_000_000, 250_000_000).unwrap();
        let message = Message { about: About::Audit, severity: Severity::Warning, at, body: "{\"seq\":7}".to_owned() };
        let text = message.to_string();
        let fields: Vec<&str> = text.splitn(8, ' ').collect();
        assert_eq!(fields[0], "<108>1", "log audit, warning");
        assert_eq!(fields[1], "2026-03-31T23:33:20.250000Z");
        assert!(!fields[2].is_empty());
        assert_eq!(fields[3..], ["hengping", &std::process::id().to_string(), "audit", "-", "{\"seq\":7}"]);
    }
}
