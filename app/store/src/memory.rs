//! Values made of rows, kept until the revision of the rows changes.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Kept at most, all rounds together; the longest unused goes first.
const MOST: usize = 48;

/// Shared by every clone of a store.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    kept: HashMap<(TypeId, Uuid), Entry>,
    /// Counts the uses.
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    revisions: Vec<i64>,
    value: Arc<dyn Any + Send + Sync>,
    used: u64,
}

impl Memory {
    /// The `T` of `of` as it was made at exactly these revisions.
    pub fn get<T: Send + Sync + 'static>(&self, of: Uuid, revisions: &[i64]) -> Option<Arc<T>> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.uses += 1;
        let now = entries.uses;
        let entry = entries.kept.get_mut(&(TypeId::of::<T>(), of)).filter(|entry| entry.revisions == revisions)?;
        entry.used = now;
        entry.value.clone().downcast().ok()
    }

    pub fn put<T: Send + Sync + 'static>(&self, of: Uuid, revisions: Vec<i64>, value: Arc<T>) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let used = entries.uses;
        entries.kept.insert((TypeId::of::<T>(), of), Entry { revisions, value, used });
        if entries.kept.len() > MOST
            && let Some(oldest) = entries.kept.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| *key)
        {
            entries.kept.remove(&oldest);
        }
    }
}
