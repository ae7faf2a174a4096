//! The lock for the first start: one process at a time creates the database and the secret file.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use tokio::task::spawn_blocking;

use crate::store::sql::database_url::DatabaseUrl;

/// An exclusive lock on the folders of the embedded database and of the secret file, released on
/// drop. It keeps other processes from a first start in the same place. Servers on `PostgreSQL`
/// with separate secret files are serialized by the lock for migrations.
pub(crate) struct StartLock {
    _folders: Vec<File>,
}

impl StartLock {
    /// Waits until other processes have finished. A missing folder is skipped, because later
    /// steps report it. A folder that can't be locked (on some network file systems) is skipped
    /// too.
    pub(crate) async fn take(url: &DatabaseUrl, secret_file: &Path) -> Self {
        let folder_of = |folder: Option<&Path>| {
            let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
            folder.unwrap_or(Path::new(".")).canonicalize().ok()
        };
        let database = url.folder().and_then(|folder| folder_of(Some(folder)));
        // Sorted and without duplicates: the same order in every process avoids deadlocks.
        let folders: BTreeSet<PathBuf> = [database, folder_of(secret_file.parent())]
            .into_iter()
            .flatten()
            .collect();
        // Waiting for a lock blocks the thread, so it must not be one of the runtime's.
        let locked = spawn_blocking(move || {
            let locked = folders.iter().filter_map(|folder| {
                let folder = File::open(folder).ok()?;
                folder.lock().ok()?;
                Some(folder)
            });
            locked.collect()
        });
        Self {
            _folders: locked.await.unwrap_or_default(),
        }
    }
}
