//! Token of the link by which a person reports a code that they didn't request.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crypto::server_secret::{Purpose, ServerSecret};

/// A code's ID with a keyed hash of it, for the link in a bot's message.
///
/// The token isn't stored and reveals nothing about the code.
#[derive(Clone)]
pub struct ReportToken {
    pub(crate) code_id: i64,
    pub(crate) mac: [u8; 32],
}

/// The text isn't a report token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportTokenError;

impl ReportToken {
    /// Returns the token as text, for the recipient of the code.
    #[must_use]
    pub fn reveal(&self) -> String {
        let mut bytes = [0; 40];
        bytes[..8].copy_from_slice(&self.code_id.to_le_bytes());
        bytes[8..].copy_from_slice(&self.mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

impl FromStr for ReportToken {
    type Err = ReportTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 40];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(40) => {
                let (mut code_id, mut mac) = ([0; 8], [0; 32]);
                code_id.copy_from_slice(&bytes[..8]);
                mac.copy_from_slice(&bytes[8..]);
                Ok(Self {
                    code_id: i64::from_le_bytes(code_id),
                    mac,
                })
            }
            _ => Err(ReportTokenError),
        }
    }
}

impl fmt::Debug for ReportToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisownToken(…)")
    }
}

impl ServerSecret {
    pub(crate) fn disown_token(&self, code_id: i64) -> ReportToken {
        ReportToken {
            code_id,
            mac: self.keyed_hash(Purpose::Disown, &code_id.to_le_bytes()),
        }
    }
}
