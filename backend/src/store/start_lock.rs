//! One process at a time opens a place for the first time.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use tokio::task::spawn_blocking;

use crate::store::sql::database_url::DatabaseUrl;

/// Keeps other processes from opening the same place for the first time: a lock on the
/// folders of the embedded database and of the secret file, gone with this value. Servers
/// on `PostgreSQL` with secret files of their own have its lock for migrations.
pub(crate) struct StartLock {
    _folders: Vec<File>,
}

impl StartLock {
    /// Waits for others to finish. Where a folder isn't there or can't be locked (some
    /// network file systems), what follows says so or goes on.
    pub(crate) async fn take(url: &DatabaseUrl, secret_file: &Path) -> Self {
        let folder_of = |folder: Option<&Path>| {
            let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
            folder.unwrap_or(Path::new(".")).canonicalize().ok()
        };
        let database = url.folder().and_then(|folder| folder_of(Some(folder)));
        // In one order for everybody, each once.
        let folders: BTreeSet<PathBuf> = [database, folder_of(secret_file.parent())]
            .into_iter()
            .flatten()
            .collect();
        // Waiting for a lock blocks the thread, which must not be one of the runtime's.
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
