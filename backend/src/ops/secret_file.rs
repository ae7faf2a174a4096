//! The file of the server secret (`PORTAL_SECRET_FILE`) and its binding to the database.

use crate::crypto::server_secret::ServerSecret;
use crate::store::private_files::create_private_parent;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use subtle::ConstantTimeEq as _;

use crate::error::Failure;
use crate::store::sql::database::Database;
use crate::store::tables::installation;

/// Why the server secret can't be used. Each message is one sentence that names the setting.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    #[error("PORTAL_SECRET_FILE: {} can't be created ({cause})", file.display())]
    Write { file: PathBuf, cause: io::Error },
    #[error("PORTAL_SECRET_FILE: {} can't be read ({cause})", file.display())]
    Read { file: PathBuf, cause: io::Error },
    #[error("PORTAL_SECRET_FILE: {} doesn't contain a Portal secret", file.display())]
    Malformed { file: PathBuf },
    #[error("PORTAL_SECRET_FILE: {} is missing, but this database was created with a secret; put that file back", file.display())]
    Missing { file: PathBuf },
    #[error("PORTAL_SECRET_FILE: {} isn't the secret this database was created with; put that file back", file.display())]
    Foreign { file: PathBuf },
    #[error("DATABASE_URL: {0}")]
    Failed(#[from] Failure),
}

/// A secret that was found, or one that was drawn and isn't in place yet. A new secret is written
/// to a temporary file *before* the database is created, so an unwritable folder stops the start
/// before anything is half-made.
pub(crate) enum PendingSecret {
    Found(ServerSecret),
    Drawn {
        secret: ServerSecret,
        unfinished: PathBuf,
    },
}

impl PendingSecret {
    /// Removes the temporary file after a failed start.
    pub(crate) fn discard(self) {
        if let Self::Drawn { unfinished, .. } = self {
            drop(fs::remove_file(unfinished));
        }
    }

    /// Binds secret and database to each other. A drawn secret is kept only for an empty
    /// database; a found secret must match the database's check value.
    ///
    /// # Errors
    /// See [`SecretFileError`]. A secret that wasn't kept leaves no file behind.
    pub(crate) async fn bind(
        self,
        database: &Database,
        path: &Path,
    ) -> Result<ServerSecret, SecretFileError> {
        let stored = match stored_check_value(database).await {
            Ok(stored) => stored,
            Err(failure) => {
                self.discard();
                return Err(failure.into());
            }
        };
        let secret = match self {
            Self::Found(secret) => secret,
            Self::Drawn { .. } if stored.is_some() => {
                self.discard();
                return Err(SecretFileError::Missing {
                    file: path.to_owned(),
                });
            }
            Self::Drawn { secret, unfinished } => {
                fs::rename(&unfinished, path)
                    .and_then(|()| sync_folder_of(path))
                    .map_err(|cause| SecretFileError::Write {
                        file: path.to_owned(),
                        cause,
                    })?;
                secret
            }
        };
        let stored = match stored {
            Some(stored) => stored,
            None => first_check_value(database, &secret).await?,
        };
        if bool::from(stored.ct_eq(&secret.check_value())) {
            Ok(secret)
        } else {
            Err(SecretFileError::Foreign {
                file: path.to_owned(),
            })
        }
    }
}

async fn stored_check_value(database: &Database) -> Result<Option<Vec<u8>>, Failure> {
    let mut connection = database.read().await?;
    Ok(installation::secret_check(&mut connection).await?)
}

/// Syncs the folder: only then does a rename survive a power cut.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Warns about a file that others can read. This isn't an error, because some operators provide
/// secrets in files whose mode they can't set.
fn warn_of_readers(path: &Path) {
    let mode = fs::metadata(path).map(|metadata| metadata.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o077 != 0) {
        tracing::warn!("PORTAL_SECRET_FILE can be read by other accounts of this machine");
    }
}

/// Stores the check value unless another server was faster. Returns the stored value.
async fn first_check_value(database: &Database, secret: &ServerSecret) -> Result<Vec<u8>, Failure> {
    let mut transaction = database.begin().await?;
    installation::set_secret_check(&mut transaction, &secret.check_value()).await?;
    let stored = installation::secret_check(&mut transaction).await?;
    transaction.commit().await?;
    stored.ok_or_else(|| Failure::Internal("the check value was not stored".into()))
}

impl ServerSecret {
    /// Creates the file's folder if it is missing.
    ///
    /// # Errors
    /// [`SecretFileError::Write`].
    pub(crate) fn make_folder(path: &Path) -> Result<(), SecretFileError> {
        create_private_parent(path).map_err(|cause| SecretFileError::Write {
            file: path.to_owned(),
            cause,
        })
    }

    /// Reads the file, or draws a new secret if there is none. The caller holds
    /// `store::start_lock::StartLock`, so no other process does the same at once.
    ///
    /// # Errors
    /// See [`SecretFileError`].
    pub(crate) fn draft(path: &Path) -> Result<PendingSecret, SecretFileError> {
        match fs::read_to_string(path) {
            Ok(text) => {
                warn_of_readers(path);
                Self::parse(text.trim())
                    .map(PendingSecret::Found)
                    .ok_or_else(|| SecretFileError::Malformed {
                        file: path.to_owned(),
                    })
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Self::draw(path),
            Err(cause) => Err(SecretFileError::Read {
                file: path.to_owned(),
                cause,
            }),
        }
    }

    /// Compares the file with the database's check value and returns the file's mode. `None` if
    /// neither exists yet. Creates nothing.
    ///
    /// # Errors
    /// See [`SecretFileError`].
    pub(crate) fn diagnose(
        path: &Path,
        stored: Option<&[u8]>,
    ) -> Result<Option<u32>, SecretFileError> {
        let file = path.to_owned();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return match stored {
                    Some(_) => Err(SecretFileError::Missing { file }),
                    None => Ok(None),
                };
            }
            Err(cause) => return Err(SecretFileError::Read { file, cause }),
        };
        let Some(secret) = Self::parse(text.trim()) else {
            return Err(SecretFileError::Malformed { file });
        };
        let own = secret.check_value();
        if stored.is_some_and(|stored| !bool::from(stored.ct_eq(&own))) {
            return Err(SecretFileError::Foreign { file });
        }
        let mode = fs::metadata(path).map(|found| found.permissions().mode() & 0o777);
        mode.map(Some)
            .map_err(|cause| SecretFileError::Read { file, cause })
    }

    fn draw(path: &Path) -> Result<PendingSecret, SecretFileError> {
        let unfinished = path.with_extension("unfinished");
        let secret = Self::random()?;
        let text = secret.encode();
        let mut options = OpenOptions::new();
        options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)
            .and_then(|mut file| {
                writeln!(file, "{text}")?;
                file.sync_all()
            })
            .map_err(|cause| SecretFileError::Write {
                file: path.to_owned(),
                cause,
            })?;
        Ok(PendingSecret::Drawn { secret, unfinished })
    }
}
