use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::Failure;
use crate::secrets::random_bytes;
use crate::store::{Database, installation, make_private_folder_of};

/// The key beside the database (`PORTAL_SECRET_FILE`): what is encrypted or keyed in
/// the database can't be read with the database alone. All servers of one database
/// share it; the database keeps a check value, so that a server with another key
/// stops at once instead of making codes that are wrong elsewhere (contract section 9).
pub(crate) struct ServerSecret([u8; 32]);

/// Why the server's secret can't be used. Each is one sentence that names the setting.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("PORTAL_SECRET_FILE: {} can't be made ({cause})", file.display())]
    Write { file: PathBuf, cause: io::Error },
    #[error("PORTAL_SECRET_FILE: {} can't be read ({cause})", file.display())]
    Read { file: PathBuf, cause: io::Error },
    #[error("PORTAL_SECRET_FILE: {} holds no secret of Portal's", file.display())]
    Malformed { file: PathBuf },
    #[error("PORTAL_SECRET_FILE: {} is missing, and this database was made with a secret; put that file back", file.display())]
    Missing { file: PathBuf },
    #[error("PORTAL_SECRET_FILE: {} is not the secret this database was made with; put that file back", file.display())]
    Foreign { file: PathBuf },
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// A secret found, or one drawn and not yet kept. Drawn *before* the database is made,
/// so that a folder that can't be written stops the start with nothing half-made.
pub(crate) enum Draft {
    Found(ServerSecret),
    Drawn { secret: ServerSecret, file: File },
}

impl ServerSecret {
    /// Reads the file, or makes an empty one in its place with mode 0600, with its folder.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub(crate) fn draft(path: &Path) -> Result<Draft, SecretError> {
        let mut text = String::new();
        match File::open(path).and_then(|mut file| file.read_to_string(&mut text)) {
            Ok(0) => Self::draw(path, OpenOptions::new().write(true)),
            Ok(_) => {
                Self::parse(text.trim())
                    .map(Draft::Found)
                    .ok_or_else(|| SecretError::Malformed {
                        file: path.to_owned(),
                    })
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Self::draw(
                path,
                OpenOptions::new().write(true).create_new(true).mode(0o600),
            ),
            Err(cause) => Err(SecretError::Read {
                file: path.to_owned(),
                cause,
            }),
        }
    }

    fn draw(path: &Path, options: &mut OpenOptions) -> Result<Draft, SecretError> {
        let file = make_private_folder_of(path)
            .and_then(|()| options.open(path))
            .map_err(|cause| SecretError::Write {
                file: path.to_owned(),
                cause,
            })?;
        Ok(Draft::Drawn {
            secret: Self(random_bytes()?),
            file,
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        match STANDARD_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Some(Self(bytes)),
            _ => None,
        }
    }

    /// A key for one purpose, so that no two uses share one.
    fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        // A key shorter than HMAC's block is padded with zeros (RFC 2104): the same thing,
        // without a length that could be wrong.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(purpose);
        mac.finalize().into_bytes().into()
    }

    fn check_value(&self) -> [u8; 32] {
        self.derive(b"portal check value")
    }
}

impl Draft {
    /// Leaves the place as it was found: for a start that came to nothing.
    pub(crate) fn discard(self, path: &Path) {
        if let Self::Drawn { .. } = self {
            drop(fs::remove_file(path));
            // Only if it is empty, and so most likely our own.
            if let Some(folder) = path.parent() {
                drop(fs::remove_dir(folder));
            }
        }
    }

    /// Binds secret and database to each other: a drawn secret is kept only for an empty
    /// database, a found one must be the database's own.
    ///
    /// # Errors
    /// See [`SecretError`]; the file of a secret that wasn't kept is removed.
    pub(crate) async fn bind(
        self,
        database: &Database,
        path: &Path,
    ) -> Result<ServerSecret, SecretError> {
        let stored = async {
            let mut connection = database.read().await?;
            installation::secret_check(&mut connection).await
        };
        let stored = stored.await.map_err(Failure::from);
        let (secret, drawn) = match self {
            Self::Found(secret) => (secret, None),
            Self::Drawn { secret, file } => (secret, Some(file)),
        };
        if let Some(mut file) = drawn {
            if !matches!(stored, Ok(None)) {
                drop(fs::remove_file(path));
                return Err(match stored {
                    Ok(_) => SecretError::Missing {
                        file: path.to_owned(),
                    },
                    Err(failure) => failure.into(),
                });
            }
            let text = STANDARD_NO_PAD.encode(secret.0);
            writeln!(file, "{text}")
                .and_then(|()| file.sync_all())
                .map_err(|cause| SecretError::Write {
                    file: path.to_owned(),
                    cause,
                })?;
        }
        let stored = match stored? {
            Some(stored) => stored,
            None => first_check_value(database, &secret).await?,
        };
        if bool::from(stored.ct_eq(&secret.check_value())) {
            Ok(secret)
        } else {
            Err(SecretError::Foreign {
                file: path.to_owned(),
            })
        }
    }
}

/// Stores the check value, unless another server was faster; answers what counts.
async fn first_check_value(database: &Database, secret: &ServerSecret) -> Result<Vec<u8>, Failure> {
    let mut transaction = database.begin().await?;
    installation::set_secret_check(&mut transaction, &secret.check_value()).await?;
    let stored = installation::secret_check(&mut transaction).await?;
    transaction.commit().await?;
    stored.ok_or_else(|| Failure::Internal("the check value was not stored".into()))
}
