//! The review at its present revisions, and what was made of it.

use crate::memory::Memory;
use crate::revision::{Revisions, Topic};
use crate::{Scoped, StoreError};
use std::sync::Arc;
use uuid::Uuid;

/// A caller's view of the review with the revisions at which it was opened. What others made of the same revisions is found here.
pub struct Current<'a> {
    store: &'a Scoped,
    memory: &'a Memory,
    /// `None` for callers who do not reach the whole review.
    revisions: Option<Revisions>,
}

impl Scoped {
    /// The review at its present revisions.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn current(&self) -> Result<Current<'_>, StoreError> {
        Ok(Current { store: self, memory: self.memory(), revisions: self.revisions().await? })
    }
}

impl<'a> Current<'a> {
    /// The database as the caller reaches it.
    pub const fn store(&self) -> &'a Scoped {
        self.store
    }

    /// The value that `load` makes of rows of these topics for `of`, kept until rows of one of them change. One `T` means one thing.
    ///
    /// Shared among all who reach the whole review, whose queries find the same rows: `load` reads rows of the topics and nothing
    /// else. For others it is loaded each time. The revisions were read before the rows: whoever changes rows in between raises
    /// them, and what was made is not used again.
    ///
    /// # Errors
    /// The error of `load`.
    pub async fn kept<T, E>(
        &self,
        of: Uuid,
        topics: &[Topic],
        load: impl AsyncFnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
        E: From<StoreError>,
    {
        let Some(all) = &self.revisions else { return Ok(Arc::new(load().await?)) };
        let revision = |topic: &Topic| {
            all.get(topic.key()).copied().ok_or_else(|| StoreError::Corrupt(format!("revision of {}", topic.key())))
        };
        let revisions: Vec<i64> = topics.iter().map(revision).collect::<Result<_, _>>()?;
        if let Some(kept) = self.memory.get(of, &revisions) {
            return Ok(kept);
        }
        let made = Arc::new(load().await?);
        self.memory.put(of, revisions, made.clone());
        Ok(made)
    }
}
