//! Folders and files that only their owner can read.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// Makes the folder of a file where it is missing, mode 0700: password hashes and keys
/// lie in there.
pub(crate) fn create_private_parent(file: &Path) -> io::Result<()> {
    match file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => DirBuilder::new().recursive(true).mode(0o700).create(folder),
        None => Ok(()),
    }
}

/// Makes the database's file, mode 0600, whatever the folder is like; true if it was not
/// there. `SQLite` gives its companions the same mode.
pub(crate) fn make_private_file(file: &Path) -> bool {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .is_ok()
}
