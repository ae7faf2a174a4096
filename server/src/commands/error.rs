use std::io;
use std::net::SocketAddr;

use backend::{BackUpError, CopyDatabaseError, Failure, MailSetUpError, StartError};
use domain::Timestamp;

use crate::assets::AssetsError;
use crate::settings::SettingsError;

/// Why a command failed: one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("{setting}: can't listen on {address} ({cause})")]
    Listen {
        setting: &'static str,
        address: SocketAddr,
        cause: io::Error,
    },
    #[error("The system clock says {}, so nothing would expire on time; set the clock first", .0.to_human())]
    Clock(Timestamp),
    #[error(transparent)]
    Assets(#[from] AssetsError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Mail(#[from] MailSetUpError),
    #[error(transparent)]
    BackUp(#[from] BackUpError),
    #[error(transparent)]
    Copy(#[from] CopyDatabaseError),
    #[error(transparent)]
    Failed(#[from] Failure),
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Io(#[from] io::Error),
}
