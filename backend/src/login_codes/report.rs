use crate::login_codes::report_token::ReportToken;

use domain::{Client, Identity, ReportCodeError};
use subtle::ConstantTimeEq as _;

use crate::audit::event::Event;
use crate::error::Problem;
use crate::portal::Portal;
use crate::store::tables::{identity, login_code, session};

impl Portal {
    /// Reports a code that the person didn't request (docs/contract.md, Not me).
    ///
    /// Ends the code, and the sessions started with it or with any bot code of its identity.
    /// Idempotent.
    ///
    /// # Errors
    /// [`ReportCodeError::Unknown`]: the token is invalid, or no trace of its code is left.
    pub async fn disown(
        &self,
        token: &str,
        client: &Client,
    ) -> Result<(), Problem<ReportCodeError>> {
        let unknown = Problem::Refused(ReportCodeError::Unknown);
        let Ok(token) = token.parse::<ReportToken>() else {
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
            // The code row is deleted by retention, but its sessions may still be live.
            None => {
                let begun = session::identity_of_code(&mut transaction, token.code_id).await?;
                let Some(identity_id) = begun else {
                    return Err(unknown);
                };
                identity::holder_by_id(&mut transaction, identity_id).await?
            }
        };
        let code =
            login_code::end(&mut transaction, token.code_id, "reported_by_user", now).await?;
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
    use crate::crypto::secrets::Token;

    #[test]
    fn a_token_survives_its_text_form_and_nothing_else_is_one() {
        let token = ReportToken {
            code_id: 8_344_085_259_125_161,
            mac: [7; 32],
        };
        let text = token.reveal();
        let again: ReportToken = text.parse().unwrap();
        assert_eq!((again.code_id, again.mac), (token.code_id, token.mac));
        assert_eq!(format!("{token:?}"), "DisownToken(…)");
        let other = Token::random().unwrap().reveal();
        for odd in ["", "abc", &other, &text[1..], &format!("{text}A")] {
            assert!(odd.parse::<ReportToken>().is_err(), "{odd}");
        }
    }
}
