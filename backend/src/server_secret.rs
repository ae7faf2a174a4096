use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::array::Array;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sha2::digest::block_api::BlockSizeUser;
use subtle::ConstantTimeEq as _;

use crate::Failure;
use crate::secrets::random_bytes;
use crate::store::{Database, installation, make_private_folder_of};

/// The key beside the database (`PORTAL_SECRET_FILE`): what is encrypted or keyed in
/// the database can't be read with the database alone. All servers of one database
/// share it; the database keeps a check value, so that a server with another key
/// stops at once instead of making codes that are wrong elsewhere (contract section 9).
#[derive(Clone)]
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
    #[error("DATABASE_URL: {0}")]
    Failed(#[from] Failure),
}

/// A secret found, or one drawn and not yet in its place. Drawn, and written beside it,
/// *before* the database is made, so that a folder that can't be written stops the start
/// with nothing half-made.
pub(crate) enum Draft {
    Found(ServerSecret),
    Drawn {
        secret: ServerSecret,
        unfinished: PathBuf,
    },
}

impl ServerSecret {
    /// Makes the folder of the file where it is missing.
    ///
    /// # Errors
    /// [`SecretError::Write`].
    pub(crate) fn make_folder(path: &Path) -> Result<(), SecretError> {
        make_private_folder_of(path).map_err(|cause| SecretError::Write {
            file: path.to_owned(),
            cause,
        })
    }

    /// Reads the file, or draws a new secret where there is none. Nobody else may do so
    /// meanwhile: see `store::StartLock`.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub(crate) fn draft(path: &Path) -> Result<Draft, SecretError> {
        match fs::read_to_string(path) {
            Ok(text) => {
                warn_of_readers(path);
                Self::parse(text.trim())
                    .map(Draft::Found)
                    .ok_or_else(|| SecretError::Malformed {
                        file: path.to_owned(),
                    })
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Self::draw(path),
            Err(cause) => Err(SecretError::Read {
                file: path.to_owned(),
                cause,
            }),
        }
    }

    /// Compares the file with a database's check value, and answers its mode; none where
    /// there is neither yet. Makes nothing.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub(crate) fn inspect(path: &Path, stored: Option<&[u8]>) -> Result<Option<u32>, SecretError> {
        let file = path.to_owned();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return match stored {
                    Some(_) => Err(SecretError::Missing { file }),
                    None => Ok(None),
                };
            }
            Err(cause) => return Err(SecretError::Read { file, cause }),
        };
        let Some(secret) = Self::parse(text.trim()) else {
            return Err(SecretError::Malformed { file });
        };
        let own = secret.check_value();
        if stored.is_some_and(|stored| !bool::from(stored.ct_eq(&own))) {
            return Err(SecretError::Foreign { file });
        }
        let mode = fs::metadata(path).map(|found| found.permissions().mode() & 0o777);
        mode.map(Some)
            .map_err(|cause| SecretError::Read { file, cause })
    }

    fn draw(path: &Path) -> Result<Draft, SecretError> {
        let unfinished = path.with_extension("unfinished");
        let secret = Self(random_bytes()?);
        let text = STANDARD_NO_PAD.encode(secret.0);
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
            .map_err(|cause| SecretError::Write {
                file: path.to_owned(),
                cause,
            })?;
        Ok(Draft::Drawn { secret, unfinished })
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
        let mut mac = Hmac::<Sha256>::new(&block(&self.0));
        mac.update(purpose);
        mac.finalize().into_bytes().into()
    }

    /// A hash that can't be computed without the secret: what short secrets are found by.
    pub(crate) fn keyed_hash(&self, purpose: Purpose, text: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new(&block(&self.derive(purpose.hash_key())));
        mac.update(text);
        mac.finalize().into_bytes().into()
    }

    /// Encrypts for one row: moved to another row, it can't be opened (ASVS 11.3.3).
    ///
    /// # Errors
    /// The system's generator failed.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        row: i64,
        plain: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let nonce: [u8; 24] = random_bytes()?;
        let payload = Payload {
            msg: plain,
            aad: &row.to_le_bytes(),
        };
        let sealed = self
            .cipher(purpose)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|error| Failure::Internal(error.to_string().into()))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Decrypts what was sealed for this very row.
    ///
    /// # Errors
    /// It was sealed with another secret, for another row, or altered since.
    pub(crate) fn open(
        &self,
        purpose: Purpose,
        row: i64,
        sealed: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let broken = || Failure::Internal("a sealed value can't be opened".into());
        let (nonce, sealed) = sealed.split_first_chunk::<24>().ok_or_else(broken)?;
        let payload = Payload {
            msg: sealed,
            aad: &row.to_le_bytes(),
        };
        self.cipher(purpose)
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| broken())
    }

    fn cipher(&self, purpose: Purpose) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.derive(purpose.seal_key()).into())
    }

    #[cfg(test)]
    pub(crate) const fn for_tests(byte: u8) -> Self {
        Self([byte; 32])
    }

    fn check_value(&self) -> [u8; 32] {
        self.derive(b"portal check value")
    }
}

/// What a derived key is for: keys of one purpose are of no use for another.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    LoginCode,
    /// The links by which a person disowns a code.
    Disown,
    RecoveryCode,
    Totp,
    /// What a browser keeps for one page, and can't read.
    Note,
    Mail,
    /// By whom, or to whom, something was done that is counted.
    Budget,
    /// Whose password was guessed.
    PasswordGuess,
    /// A browser that is known again.
    Browser,
    /// Codes sent by mail.
    EmailCode,
    /// A name that a code was asked for by.
    AskedName,
}

impl Purpose {
    const fn hash_key(self) -> &'static [u8] {
        match self {
            Self::LoginCode => b"login code hash",
            Self::Disown => b"disown hash",
            Self::RecoveryCode => b"recovery code hash",
            Self::Totp => b"totp hash",
            Self::Note => b"note hash",
            Self::Mail => b"mail hash",
            Self::Budget => b"budget hash",
            Self::PasswordGuess => b"password guess hash",
            Self::Browser => b"browser hash",
            Self::EmailCode => b"email code hash",
            Self::AskedName => b"asked name hash",
        }
    }

    const fn seal_key(self) -> &'static [u8] {
        match self {
            Self::LoginCode => b"login code seal",
            Self::Disown => b"disown seal",
            Self::RecoveryCode => b"recovery code seal",
            Self::Totp => b"totp seal",
            Self::Note => b"note seal",
            Self::Mail => b"mail seal",
            Self::Budget => b"budget seal",
            Self::PasswordGuess => b"password guess seal",
            Self::Browser => b"browser seal",
            Self::EmailCode => b"email code seal",
            Self::AskedName => b"asked name seal",
        }
    }
}

/// HMAC's key as a whole block: a shorter one is padded with zeros (RFC 2104), so this is
/// the same thing, without a length that could be wrong.
fn block(key: &[u8; 32]) -> Array<u8, <Sha256 as BlockSizeUser>::BlockSize> {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    block.into()
}

impl Draft {
    /// Leaves the place as it was found: for a start that came to nothing.
    pub(crate) fn discard(self) {
        if let Self::Drawn { unfinished, .. } = self {
            drop(fs::remove_file(unfinished));
        }
    }

    /// Binds secret and database to each other: a drawn secret is kept only for an empty
    /// database, a found one must be the database's own.
    ///
    /// # Errors
    /// See [`SecretError`]; a secret that wasn't kept leaves nothing behind.
    pub(crate) async fn bind(
        self,
        database: &Database,
        path: &Path,
    ) -> Result<ServerSecret, SecretError> {
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
                return Err(SecretError::Missing {
                    file: path.to_owned(),
                });
            }
            Self::Drawn { secret, unfinished } => {
                fs::rename(&unfinished, path)
                    .and_then(|()| sync_folder_of(path))
                    .map_err(|cause| SecretError::Write {
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
            Err(SecretError::Foreign {
                file: path.to_owned(),
            })
        }
    }
}

async fn stored_check_value(database: &Database) -> Result<Option<Vec<u8>>, Failure> {
    let mut connection = database.read().await?;
    Ok(installation::secret_check(&mut connection).await?)
}

/// A rename is there after a power cut once its folder is written.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Some operators hand secrets over in files they can't set the mode of, so this is no
/// reason to stop.
fn warn_of_readers(path: &Path) {
    let mode = fs::metadata(path).map(|metadata| metadata.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o077 != 0) {
        tracing::warn!("PORTAL_SECRET_FILE can be read by other accounts of this machine");
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

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: ServerSecret = ServerSecret([7; 32]);

    #[test]
    fn what_was_sealed_opens_for_its_own_row_only() {
        let sealed = SECRET.seal(Purpose::LoginCode, 1, b"Vy8nFKq2").unwrap();
        assert_eq!(
            SECRET.open(Purpose::LoginCode, 1, &sealed).unwrap(),
            b"Vy8nFKq2"
        );
        assert!(SECRET.open(Purpose::LoginCode, 2, &sealed).is_err());
        assert!(
            ServerSecret([8; 32])
                .open(Purpose::LoginCode, 1, &sealed)
                .is_err()
        );
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(SECRET.open(Purpose::LoginCode, 1, &altered).is_err());
        }
        assert!(SECRET.open(Purpose::LoginCode, 1, &sealed[..10]).is_err());
    }

    #[test]
    fn sealing_twice_gives_two_texts_and_hashing_twice_one() {
        let seal = || SECRET.seal(Purpose::LoginCode, 1, b"Vy8nFKq2").unwrap();
        assert_ne!(seal(), seal());
        let hash = |text: &[u8]| SECRET.keyed_hash(Purpose::LoginCode, text);
        assert_eq!(hash(b"Vy8nFKq2"), hash(b"Vy8nFKq2"));
        assert_ne!(hash(b"Vy8nFKq2"), hash(b"Vy8nFKq3"));
        assert_ne!(hash(b"Vy8nFKq2"), SECRET.check_value());
    }
}
