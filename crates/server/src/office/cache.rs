//! Folded streams, kept until they move on. Never a source of truth: each use compares the head.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Most folded streams kept of one kind; beyond it the shelf is emptied.
const KEPT_MAX: usize = 8_192;

/// A shelf of folded streams by name, each with the sequence it was folded to.
pub(super) struct Cache<T> {
    shelf: Mutex<HashMap<String, (u64, Arc<T>)>>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { shelf: Mutex::new(HashMap::new()) }
    }
}

impl<T> Cache<T> {
    /// What stands at exactly this sequence.
    pub(super) fn get(&self, stream: &str, sequence: u64) -> Option<Arc<T>> {
        let kept_now = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let (kept, folded) = kept_now.get(stream)?;
        (*kept == sequence).then(|| Arc::clone(folded))
    }

    /// Keeps a folded stream.
    pub(super) fn put(&self, stream: &str, sequence: u64, folded: T) -> Arc<T> {
        let folded = Arc::new(folded);
        let mut kept_now = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if kept_now.len() >= KEPT_MAX && !kept_now.contains_key(stream) {
            kept_now.clear();
        }
        kept_now.insert(stream.to_owned(), (sequence, Arc::clone(&folded)));
        folded
    }
}
