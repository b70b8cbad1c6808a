//! Sends the rows of the audit and the lines of the log on. Rows wait in the audit while nobody takes them; the number of the last one that was
//! taken is in a file, so that the next start goes on there. Lines wait in memory, as many as fit.

use super::syslog::{About, Message, Severity};
use super::target::{Line, Target};
use domain::access::Errand;
use domain::audit::AuditResult;
use service::audit::{Outline, Sent, not_as_sent, outlines};
use service::{App, Clock, SystemClock};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;

/// In the data folder: the last row that was sent.
pub const SENT: &str = "audit-sent.json";
/// How often it is looked for rows.
const EVERY: Duration = Duration::from_secs(2);
/// After a failure the next try waits so long, then twice as long, and so on.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// Rows that are read at once.
const ROWS: u64 = 500;

/// Where the sending stands.
pub struct Forward {
    app: Arc<App>,
    target: Target,
    mark: PathBuf,
    lines: Receiver<Message>,
    /// A line that was taken up and could not be sent.
    held: Option<Message>,
}

#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Service(#[from] service::Error),
}

impl Forward {
    pub fn new(app: Arc<App>, target: Target, data: &Path, lines: Receiver<Message>) -> Self {
        Self { app, target, mark: data.join(SENT), lines, held: None }
    }

    /// Sends until it is told to stop; what was written by then is tried once more.
    pub async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        let mut wait = FIRST_WAIT;
        // Only what is sent shows that the other side listens again.
        while let Err(error) = self.session(&mut wait, &mut stop).await {
            if wait == FIRST_WAIT {
                tracing::warn!(target = %self.target, %error, "the log cannot be sent on; it waits");
            }
            if tokio::time::timeout(wait, &mut stop).await.is_ok() {
                return;
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// One connection, until it fails or the program stops.
    async fn session(&mut self, wait: &mut Duration, stop: &mut oneshot::Receiver<()>) -> Result<(), Broken> {
        let mut line = self.target.connect().await?;
        self.compare().await?;
        let mut clock = tokio::time::interval(EVERY);
        loop {
            if let Some(message) = self.held.take() {
                self.send(&mut line, message).await?;
                *wait = FIRST_WAIT;
            }
            tokio::select! {
                message = self.lines.recv(), if !self.lines.is_closed() => self.held = message,
                _ = clock.tick() => {
                    if self.rows(&mut line).await? {
                        *wait = FIRST_WAIT;
                    }
                }
                _ = &mut *stop => {
                    // What cannot be sent any more waits in the audit for the next start.
                    let _ = self.finish(&mut line).await;
                    return Ok(());
                }
            }
        }
    }

    /// Notices that the last row which was sent is another one by now, or gone: then everything is sent again, and the other side has both.
    async fn compare(&self) -> Result<(), Broken> {
        let Some(last) = self.last()? else { return Ok(()) };
        let audit = self.app.program(Errand::Audit);
        if !not_as_sent(&audit, std::slice::from_ref(&last)).await?.is_empty() {
            tracing::error!(row = last.seq, "the audit is not what was sent on; all of it is sent again");
            std::fs::remove_file(&self.mark)?;
        }
        Ok(())
    }

    async fn finish(&mut self, line: &mut Line) -> Result<(), Broken> {
        while let Ok(message) = self.lines.try_recv() {
            self.send(line, message).await?;
        }
        self.rows(line).await?;
        Ok(())
    }

    async fn send(&mut self, line: &mut Line, message: Message) -> io::Result<()> {
        let sent = line.send(&message).await;
        if sent.is_err() {
            self.held = Some(message);
        }
        sent
    }

    /// Sends the rows that were not sent yet; whether there were any.
    async fn rows(&self, line: &mut Line) -> Result<bool, Broken> {
        let mut any = false;
        loop {
            let last = self.last()?;
            let rows = outlines(&self.app, last.as_ref().map_or(0, |own| own.seq), ROWS).await?;
            let Some(newest) = rows.last() else { return Ok(any) };
            let mark = Sent { seq: newest.seq, hash: newest.hash.clone() };
            for row in &rows {
                line.send(&message(row)?).await?;
            }
            self.remember(&mark)?;
            any = true;
        }
    }

    fn last(&self) -> io::Result<Option<Sent>> {
        match std::fs::read_to_string(&self.mark) {
            Ok(text) => Ok(Some(serde_json::from_str(&text)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn remember(&self, sent: &Sent) -> io::Result<()> {
        let part = self.mark.with_extension("part");
        std::fs::write(&part, serde_json::to_string(sent)? + "\n")?;
        std::fs::rename(&part, &self.mark)
    }
}

fn message(row: &Outline) -> io::Result<Message> {
    let severity = if row.result == AuditResult::Refused { Severity::Warning } else { Severity::Info };
    Ok(Message { about: About::Audit, severity, at: row.at, body: serde_json::to_string(row)? })
}

/// A line of the log, as it is sent.
pub fn line(level: tracing::Level, body: String) -> Message {
    Message { about: About::Program, severity: level.into(), at: SystemClock.now(), body }
}
