use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::store::sql::database::Database;
use crate::store::sql::database_url::DatabaseUrl;

/// Why no backup was made, in one sentence.
#[derive(Debug, thiserror::Error)]
pub enum BackUpError {
    #[error("DATABASE_URL: {0} is a PostgreSQL database; back it up with pg_dump --format=custom")]
    Postgres(DatabaseUrl),
    #[error("DATABASE_URL: there's no database at {0}")]
    NoDatabase(DatabaseUrl),
    #[error("{} already exists; choose a new file", file.display())]
    Exists { file: PathBuf },
    #[error("{} can't be written ({cause})", file.display())]
    Write { file: PathBuf, cause: io::Error },
    #[error("DATABASE_URL: {url} can't be read ({cause})")]
    Read {
        url: DatabaseUrl,
        cause: sqlx::Error,
    },
}

/// Copies an embedded database, as of one moment, to a new file with mode 0600 while servers
/// continue to write (security A20). It doesn't change the database, so an older version's
/// database can be backed up before a newer version migrates it.
///
/// # Errors
/// See [`BackUpError`]. No file is left behind, not even a partial one.
pub async fn backup(url: &DatabaseUrl, file: &Path) -> Result<(), BackUpError> {
    let DatabaseUrl::Sqlite(source) = url else {
        return Err(BackUpError::Postgres(url.clone()));
    };
    if !source.is_file() {
        return Err(BackUpError::NoDatabase(url.clone()));
    }
    if file.exists() {
        return Err(BackUpError::Exists {
            file: file.to_owned(),
        });
    }
    let mut unfinished = OsString::from(file);
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let copied = copy(url, source, &unfinished, file).await;
    if copied.is_err() {
        drop(fs::remove_file(&unfinished));
    }
    copied
}

async fn copy(
    url: &DatabaseUrl,
    source: &Path,
    unfinished: &Path,
    file: &Path,
) -> Result<(), BackUpError> {
    let write = |cause| BackUpError::Write {
        file: file.to_owned(),
        cause,
    };
    // SQLite only writes to an existing file if it is empty.
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(unfinished)
        .map_err(write)?;
    let copied = Database::copy_sqlite(source, unfinished).await;
    copied.map_err(|cause| BackUpError::Read {
        url: url.clone(),
        cause,
    })?;
    File::open(unfinished)
        .and_then(|copy| copy.sync_all())
        .and_then(|()| fs::rename(unfinished, file))
        .map_err(write)?;
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(write)
}
