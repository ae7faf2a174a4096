//! Folders and files that only their owner can read.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// Creates a file's missing folder with mode 0700, because it will contain password hashes and
/// keys.
pub(crate) fn create_private_parent(file: &Path) -> io::Result<()> {
    match file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => DirBuilder::new().recursive(true).mode(0o700).create(folder),
        None => Ok(()),
    }
}

/// Creates the database file with mode 0600, whatever the mode of its folder. Returns `true` if
/// it didn't exist. `SQLite` gives its companion files the same mode.
pub(crate) fn make_private_file(file: &Path) -> bool {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .is_ok()
}
