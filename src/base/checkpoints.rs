//! Places where a run could die. A test stops the process at one of them; the program passes them
//! without notice.

use std::fmt;
use std::sync::Arc;

/// Who is told before and after every call to the bank and every write to the store. Nobody,
/// outside the tests of crash safety.
#[derive(Clone, Default)]
pub struct Checkpoints(Option<Arc<Watcher>>);

type Watcher = dyn Fn(&str) + Send + Sync;

impl Checkpoints {
    /// Tells this function at each of them; it may end the process.
    pub fn tell(watcher: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(watcher)))
    }

    /// This one is passed now: `before POST session-server`, `after write sessions:83` (file and line).
    pub fn pass(&self, name: impl FnOnce() -> String) {
        if let Some(watcher) = &self.0 {
            watcher(&name());
        }
    }
}

impl fmt::Debug for Checkpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checkpoints")
    }
}
