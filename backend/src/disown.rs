use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Client, DisownError, Identity};
use subtle::ConstantTimeEq as _;

use crate::audit::Event;
use crate::server_secret::{Purpose, ServerSecret};
use crate::store::{identity, login_code, session};
use crate::{Portal, Problem};

/// What stands in the link of a bot's message: a code's number, and a keyed hash of it.
/// Nothing of it is stored, and it says nothing of the code.
#[derive(Clone)]
pub struct DisownToken {
    code_id: i64,
    mac: [u8; 32],
}

/// A text that was never in such a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisownTokenError;

impl DisownToken {
    /// The token in text, for the one who gets the code.
    #[must_use]
    pub fn reveal(&self) -> String {
        let mut bytes = [0; 40];
        bytes[..8].copy_from_slice(&self.code_id.to_le_bytes());
        bytes[8..].copy_from_slice(&self.mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

impl FromStr for DisownToken {
    type Err = DisownTokenError;

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
            _ => Err(DisownTokenError),
        }
    }
}

impl fmt::Debug for DisownToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisownToken(…)")
    }
}

impl ServerSecret {
    pub(crate) fn disown_token(&self, code_id: i64) -> DisownToken {
        DisownToken {
            code_id,
            mac: self.keyed_hash(Purpose::Disown, &code_id.to_le_bytes()),
        }
    }
}

impl Portal {
    /// "That was not me": ends the code of the link, and the sessions made by it and by any
    /// bot code of that identity (contract section 4). Doing so again changes nothing.
    ///
    /// # Errors
    /// [`DisownError::Unknown`]: no such link was ever made, or its code is forgotten.
    pub async fn disown(&self, token: &str, client: &Client) -> Result<(), Problem<DisownError>> {
        let unknown = Problem::Refused(DisownError::Unknown);
        let Ok(token) = token.parse::<DisownToken>() else {
            return Err(unknown);
        };
        let ours = self.secret.disown_token(token.code_id);
        if !bool::from(ours.mac.ct_eq(&token.mac)) {
            return Err(unknown);
        }
        let now = self.now();
        let mut transaction = self.begin().await?;
        let subject = login_code::subject_of(&mut transaction, token.code_id).await?;
        let holder = match subject.map(|(platform, id)| (platform.parse(), id.parse())) {
            Some((Ok(platform), Ok(user_id))) => {
                let identity = Identity { platform, user_id };
                identity::holder(&mut transaction, &identity).await?
            }
            Some(_) => None,
            // The code is forgotten; what it began may live on.
            None => {
                let begun = session::identity_of_code(&mut transaction, token.code_id).await?;
                let Some(identity_id) = begun else {
                    return Err(unknown);
                };
                identity::holder_by_id(&mut transaction, identity_id).await?
            }
        };
        let code = login_code::end(&mut transaction, token.code_id, "disowned", now).await?;
        let identity_id = holder.as_ref().map(|holder| holder.identity_id);
        let sessions = session::disown(&mut transaction, token.code_id, identity_id, now).await?;
        if code || sessions > 0 {
            let event = Event::CodeDisowned {
                user: holder.map(|holder| holder.user_id),
                sessions,
            };
            event.record(&mut transaction, Some(client), now).await?;
        }
        Ok(transaction.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Token;

    #[test]
    fn a_token_survives_its_text_form_and_nothing_else_is_one() {
        let token = DisownToken {
            code_id: 8_344_085_259_125_161,
            mac: [7; 32],
        };
        let text = token.reveal();
        let again: DisownToken = text.parse().unwrap();
        assert_eq!((again.code_id, again.mac), (token.code_id, token.mac));
        assert_eq!(format!("{token:?}"), "DisownToken(…)");
        let other = Token::random().unwrap().reveal();
        for odd in ["", "abc", &other, &text[1..], &format!("{text}A")] {
            assert!(odd.parse::<DisownToken>().is_err(), "{odd}");
        }
    }
}
