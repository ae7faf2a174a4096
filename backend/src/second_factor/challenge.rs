//! The challenge of a login that waits for its second factor (docs/contract.md, Login by
//! password).

use std::time::Duration;

use domain::{FactorKind, LoginMethod, Timestamp, UserId};

use crate::crypto::secrets::Token;
use crate::error::Failure;
use crate::portal::Portal;
use crate::second_factor::email_otp::{SentCode, masked_destination};
use crate::store::sql::connection::Connection;
use crate::store::sql::database::Transaction;
use crate::store::tables::challenge::{self, Challenge};
use crate::store::tables::email_code::{self, CodePlace};
use crate::store::tables::factor::{self, Factor};
use crate::store::tables::user;

/// How long a login waits for its second factor.
const CHALLENGE_TTL: Duration = Duration::from_mins(10);

/// The result of a login's first step.
#[derive(Debug)]
pub enum LoginOutcome<T> {
    Done(T),
    /// A second factor is on, and it was missing or wrong.
    SecondFactorRequired(SecondFactorChallenge),
}

/// What the client needs to continue the login.
#[derive(Debug)]
pub struct SecondFactorChallenge {
    /// Represents the completed first step. It never contains the password.
    pub challenge: Token,
    pub methods: Vec<FactorMethod>,
}

/// A kind of second factor, and whether this person can use it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactorMethod {
    pub kind: FactorKind,
    pub enabled: bool,
}

/// A login that waits for its second factor.
#[derive(Clone, Debug)]
pub struct PendingLogin {
    pub methods: Vec<FactorMethod>,
    /// The email code that was sent for this login, if it is still valid.
    pub sent_code: Option<SentCode>,
}

impl Portal {
    /// The login behind a challenge. `None` if the challenge was used or has expired.
    ///
    /// # Errors
    /// The database can't be queried.
    pub async fn pending_login(&self, challenge: &Token) -> Result<Option<PendingLogin>, Failure> {
        let now = self.now();
        let mut connection = self.database.read().await?;
        let found = challenge::find(&mut connection, &challenge.hash(), now).await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let Some(user) = user::by_id(&mut connection, found.user_id).await? else {
            return Ok(None);
        };
        let place = CodePlace::Challenge(found.id);
        let live = email_code::in_place(&mut connection, found.user_id, place, now).await?;
        Ok(Some(PendingLogin {
            methods: self
                .factor_methods_of(&mut connection, found.user_id)
                .await?,
            sent_code: live.and_then(|live| masked_destination(&live, &user)),
        }))
    }

    async fn factor_methods_of(
        &self,
        connection: &mut Connection,
        user_id: UserId,
    ) -> Result<Vec<FactorMethod>, Failure> {
        let factors = factor::of_user(connection, user_id).await?;
        let left = factor::recovery_codes_left(connection, user_id).await?;
        Ok(self.methods(&factors, left))
    }

    /// All kinds of factors, each with whether it can be used now.
    pub(crate) fn methods(&self, factors: &[Factor], recovery_codes: i64) -> Vec<FactorMethod> {
        let on = |kind| factors.iter().any(|factor| factor.is_usable(kind));
        FactorKind::ALL
            .into_iter()
            .map(|kind| FactorMethod {
                kind,
                enabled: match kind {
                    FactorKind::Totp => on(kind),
                    FactorKind::Email => self.sends_codes() && on(kind),
                    FactorKind::Recovery => recovery_codes > 0,
                },
            })
            .collect()
    }

    /// Creates the challenge after a successful first step, in the caller's transaction.
    pub(crate) async fn create_challenge(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        method: LoginMethod,
        login_code_id: Option<i64>,
        now: Timestamp,
    ) -> Result<SecondFactorChallenge, Failure> {
        let token = Token::random()?;
        let waiting = Challenge {
            user_id,
            method,
            login_code_id,
        };
        let expires_at = now + CHALLENGE_TTL;
        challenge::insert(transaction, &token.hash(), &waiting, now, expires_at).await?;
        Ok(SecondFactorChallenge {
            challenge: token,
            methods: self.factor_methods_of(transaction, user_id).await?,
        })
    }
}
