//! What the audit says of sheets and computations: their content as it was last written.

use crate::audit::{Event, Object};
use crate::crypto::ImprintKey;
use crate::imprint::purpose_of_object;
use domain::audit::{AuditResult, AuditRow};
use domain::digest::sha256;
use domain::ids::RunId;
use domain::invariant::{Review, RunFault, SheetFault, Violation};
use domain::run::{Run, RunKind};
use domain::sheet::Sheet;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Debug, Default)]
pub struct Trail {
    /// Digest of every sheet after its last change.
    sheets: HashMap<Uuid, String>,
    /// Digest of every computation, where its event has one.
    runs: HashMap<RunId, Option<String>>,
}

impl Trail {
    /// Takes down what a row says; later rows replace earlier ones.
    pub fn note(&mut self, row: &AuditRow) {
        if row.result != AuditResult::Done {
            return;
        }
        if let (true, Some(id), Some(after)) = (row.object == "sheet", row.object_id, &row.after) {
            self.sheets.insert(id, after.clone());
            return;
        }
        let read = || Event::read(&row.action, &row.object, &row.detail);
        let (run, digest) = match if row.detail.contains("\"run\"") { read() } else { None } {
            Some(
                Event::Calibrated { run, digest, .. }
                | Event::Ranked { run, digest, .. }
                | Event::TieSettled { run, digest, .. }
                | Event::Concluded { run, digest, .. },
            ) => (run, Some(digest)),
            Some(
                Event::ExpertsAssigned { run, .. } | Event::DrawRefused { run, .. } | Event::BridgesPlanned { run, .. },
            ) => (run, None),
            _ => return,
        };
        self.runs.insert(run, digest);
    }

    /// Whether the sheet is as its last change left it. One that was handed out and never touched has no trace of its own.
    pub fn of_sheet(&self, sheet: &Sheet, key: &ImprintKey, review: &Review<'_>) -> Option<Violation> {
        let purpose = purpose_of_object(Object::Sheet.key(), Some(sheet.id.0));
        let agrees = |digest: &str| serde_json::to_vec(sheet).is_ok_and(|text| key.agrees(digest, &purpose, &text));
        let fault = match self.sheets.get(&sheet.id.0) {
            None if sheet.is_blank() => return None,
            None => SheetFault::Untraced,
            Some(after) if agrees(after) => return None,
            Some(_) => SheetFault::NotAsTraced,
        };
        let code = review.applications.get(&sheet.application).map(|own| own.code.clone());
        let application = code.unwrap_or_else(|| sheet.application.to_string());
        Some(Violation::Sheet { sheet: sheet.id, application, fault })
    }

    /// Whether the computation is as it was made.
    pub fn of_run(&self, run: &Run) -> Option<Violation> {
        let traced = match self.runs.get(&run.id) {
            // Comparisons are recorded by their counts, which are also what they put out.
            None if run.kind == RunKind::Detection => None,
            None => Some(RunFault::Untraced),
            Some(Some(digest)) if *digest != run.digest => Some(RunFault::NotAsTraced),
            Some(_) => None,
        };
        let altered = (sha256(run.output.as_bytes()) != run.digest).then_some(RunFault::Altered);
        altered.or(traced).map(|fault| Violation::Run { kind: run.kind, run: run.id, fault })
    }
}
