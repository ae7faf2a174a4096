use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::address::{Address, Envelope};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::mail::smtp_url::SmtpUrl;

/// The limit for connecting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The limit for one whole message, from the DNS lookup to the server's last response.
pub(super) const SEND_TIMEOUT: Duration = Duration::from_secs(45);

/// Where mail is sent.
#[derive(Clone)]
pub enum MailTransport {
    /// Files in a folder, if no mail server is configured. The operator reads them there.
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// Why mail can't be sent at all. The message is one sentence that names the setting.
#[derive(Debug, thiserror::Error)]
pub enum MailSetUpError {
    #[error("PORTAL_MAIL_DIR: the folder {} can't be used ({cause})", folder.display())]
    Folder { folder: PathBuf, cause: io::Error },
    #[error(
        "PORTAL_MAIL_FROM: the host of PORTAL_BASE_URL can't be used in a sender address; set one"
    )]
    Sender,
}

/// A message to be sent.
pub(super) struct Outgoing {
    pub from: Address,
    pub to: Address,
    /// The message's file name, the same on every attempt.
    pub file_name: String,
    /// Headers and body, ready to send (RFC 5322).
    pub message: Vec<u8>,
}

/// Why a message wasn't sent. The text never quotes the server's response, because servers repeat
/// addresses.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    /// The transport accepts no mail at the moment. Says nothing about this message.
    #[error("{0}")]
    Away(String),
    /// The server rejected the message temporarily (replies 400 to 499).
    #[error("the server answered {0}")]
    Deferred(u16),
    /// The server rejected the message permanently (replies from 500).
    #[error("the server answered {0}")]
    Refused(u16),
    /// The message can't be decrypted. It may become readable if the operator restores the secret
    /// file.
    #[error("it can't be unsealed")]
    Unreadable,
}

impl MailTransport {
    /// An SMTP server. `own_name` is the portal's name in EHLO.
    #[must_use]
    pub fn smtp(server: &SmtpUrl, own_name: &str) -> Self {
        let builder = server.0.clone();
        let transport = builder
            .hello_name(ClientId::Domain(own_name.to_owned()))
            .timeout(Some(CONNECT_TIMEOUT))
            .build();
        Self::Smtp(transport)
    }

    /// Creates a missing folder with mode 0700 and tries to write to it. An SMTP server isn't
    /// contacted; the first message finds out whether it responds, and is retried.
    ///
    /// # Errors
    /// [`MailSetUpError::Folder`].
    pub(super) fn prepare(&self) -> Result<(), MailSetUpError> {
        let Self::Folder(folder) = self else {
            return Ok(());
        };
        let trial = folder.join(".trial");
        make_folder(folder)
            .and_then(|()| write_private(&trial, b""))
            .and_then(|()| fs::remove_file(&trial))
            .map_err(|cause| MailSetUpError::Folder {
                folder: folder.clone(),
                cause,
            })
    }

    /// Checks whether mail can be sent now, without sending any. Both results are one sentence. A
    /// missing folder isn't created.
    pub(super) async fn test_connection(&self) -> Result<String, String> {
        match self {
            Self::Folder(folder) if !folder.exists() => {
                let folder = folder.display();
                Ok(format!(
                    "no mail server is set up; emails will be saved in {folder} as .eml files"
                ))
            }
            Self::Folder(folder) => match self.prepare() {
                Ok(()) => Ok(format!(
                    "no mail server is set up; emails are saved in {} as .eml files",
                    folder.display()
                )),
                Err(error) => Err(error.to_string()),
            },
            Self::Smtp(transport) => {
                let broken =
                    |why: String| format!("PORTAL_SMTP_URL: the mail server can't be used ({why})");
                let tried = timeout(CONNECT_TIMEOUT, transport.test_connection()).await;
                match tried {
                    Ok(Ok(true)) => Ok("the mail server accepts connections".to_owned()),
                    Ok(Ok(false)) => Err(broken("it hung up".to_owned())),
                    Ok(Err(error)) => Err(broken(send_error(&error).to_string())),
                    Err(_) => Err(broken("no answer in time".to_owned())),
                }
            }
        }
    }

    /// Sends one message, or fails within [`SEND_TIMEOUT`].
    pub(super) async fn send(&self, outgoing: Outgoing) -> Result<(), SendError> {
        let late = |_| SendError::Away("no answer in time".to_owned());
        match self {
            Self::Folder(folder) => {
                let folder = folder.clone();
                let written = spawn_blocking(move || write_message(&folder, &outgoing));
                let written = timeout(SEND_TIMEOUT, written).await.map_err(late)?;
                match written {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(SendError::Away(error.to_string())),
                    Err(error) => Err(SendError::Away(error.to_string())),
                }
            }
            Self::Smtp(transport) => {
                let envelope = Envelope::new(Some(outgoing.from), vec![outgoing.to])
                    .map_err(|error| SendError::Away(error.to_string()))?;
                let sent = transport.send_raw(&envelope, &outgoing.message);
                let sent = timeout(SEND_TIMEOUT, sent).await.map_err(late)?;
                sent.map(drop).map_err(|error| send_error(&error))
            }
        }
    }
}

/// Classifies an SMTP error. A server that is closing (421) or rejects the credentials
/// (530 to 538) says nothing about the message.
fn send_error(error: &lettre::transport::smtp::Error) -> SendError {
    let Some(code) = error.status().map(u16::from) else {
        let text = if error.is_response() {
            "an answer that is not SMTP".to_owned()
        } else {
            error.to_string()
        };
        return SendError::Away(text);
    };
    match code {
        421 | 530..=538 => SendError::Away(format!("the server answered {code}")),
        400..=499 => SendError::Deferred(code),
        _ => SendError::Refused(code),
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes to a temporary name first, so programs that watch the folder never see a partial
/// message.
fn write_message(folder: &Path, outgoing: &Outgoing) -> io::Result<()> {
    make_folder(folder)?;
    let unfinished = folder.join(format!(".{}.unfinished", outgoing.file_name));
    write_private(&unfinished, &outgoing.message)?;
    fs::rename(&unfinished, folder.join(&outgoing.file_name))?;
    File::open(folder)?.sync_all()
}

fn write_private(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(file)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Hides the credentials.
impl fmt::Debug for MailTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
            Self::Smtp(_) => f.write_str("Smtp(…)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use tempfile::TempDir;

    use super::*;

    fn outgoing(message: &[u8]) -> Outgoing {
        Outgoing {
            from: "portal@example.org".parse().unwrap(),
            to: "alice@example.org".parse().unwrap(),
            file_name: "1.eml".to_owned(),
            message: message.to_owned(),
        }
    }

    #[tokio::test]
    async fn files_are_private_and_a_repeat_replaces_the_first() {
        let place = TempDir::new().unwrap();
        let folder = place.path().join("data/mail");
        let transport = MailTransport::Folder(folder.clone());
        transport.prepare().unwrap();
        for message in [&b"a longer message"[..], b"a message"] {
            transport.send(outgoing(message)).await.unwrap();
        }
        let entries: Vec<_> = fs::read_dir(&folder).unwrap().flatten().collect();
        assert_eq!(entries.len(), 1);
        assert_eq!(fs::read(folder.join("1.eml")).unwrap(), b"a message");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.join("1.eml")), 0o600);
        assert_eq!(mode(&folder), 0o700);
    }

    #[tokio::test]
    async fn a_folder_that_can_not_be_is_no_end() {
        let place = TempDir::new().unwrap();
        fs::write(place.path().join("mail"), "a file").unwrap();
        let transport = MailTransport::Folder(place.path().join("mail"));
        assert!(matches!(
            transport.prepare(),
            Err(MailSetUpError::Folder { .. })
        ));
        let sent = transport.send(outgoing(b"")).await;
        assert!(matches!(sent, Err(SendError::Away(_))));
    }
}
