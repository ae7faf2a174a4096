//! Six-digit email codes as a second factor (docs/contract.md, Second factors).

use crate::config::EmailFactor;
use crate::second_factor::context::FactorContext;
use std::time::Duration;

use domain::{
    Client, FactorError, FactorKind, RecoveryCode, SecondFactorInput, SendCodeError, SixDigits,
    Timestamp, User, UserId,
};
use subtle::ConstantTimeEq as _;

use crate::audit::event::Event;
use crate::crypto::secrets::{Token, random_bytes, random_id};
use crate::crypto::server_secret::{Purpose, ServerSecret};
use crate::error::{Failure, Problem};
use crate::mail::notifications::factor_names;
use crate::mail::template::EmailTemplate;
use crate::portal::Portal;
use crate::rate_limit::budget::{Budget, BudgetExhausted};
use crate::rate_limit::window::Limit;
use crate::sessions::authenticate::Person;
use crate::sessions::start::NewSession;
use crate::store::sql::database::Transaction;
use crate::store::tables::email_code::{self, CodePlace, LiveEmailCode, NewEmailCode};
use crate::store::tables::{challenge, factor, user};

const LIFETIME: Duration = Duration::from_mins(10);
/// How many wrong attempts invalidate a code.
const MAX_WRONG_ATTEMPTS: i64 = 5;

/// How many emails with codes one person may get (security A26).
const CODES_TO_PERSON: Budget = Budget {
    name: "email_codes",
    limits: &[
        Limit::new(3, Duration::from_mins(10)),
        Limit::new(6, Duration::from_hours(1)),
        Limit::new(20, Duration::from_hours(24)),
    ],
};

/// What a code is requested for.
#[derive(Clone, Copy)]
pub enum CodeFor<'a> {
    /// A login that waits for its second factor, identified by its challenge.
    Login(&'a Token),
    /// A logged-in session.
    Session(&'a Person),
}

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// The masked address: knowing the password doesn't reveal it.
    pub to: String,
    pub expires_at: Timestamp,
}

/// The result of switching email codes on.
#[derive(Debug)]
pub struct EmailFactorOn {
    /// Present if this is the first factor. Shown only once.
    pub recovery_codes: Option<Vec<RecoveryCode>>,
    pub session: NewSession,
}

impl Portal {
    /// Whether email codes are allowed as a second factor on this server.
    #[must_use]
    pub const fn sends_codes(&self) -> bool {
        matches!(self.email_factor, EmailFactor::On)
    }

    /// Makes email codes a second factor of a person with a verified address. If a factor is
    /// already on, it must be presented; for the first factor the address suffices.
    ///
    /// # Errors
    /// See [`FactorError`].
    pub async fn enable_email_factor(
        &self,
        person: &Person,
        shown: Option<&SecondFactorInput>,
        client: &Client,
    ) -> Result<EmailFactorOn, Problem<FactorError>> {
        let refused = |error| Err(Problem::Refused(error));
        if !self.sends_codes() {
            return refused(FactorError::Disabled);
        }
        let now = self.now();
        let mut transaction = self.begin().await?;
        let Some(user) = user::lock(&mut transaction, person.user.id).await? else {
            return Err(Failure::Internal("the person is gone".into()).into());
        };
        if !person.session.is_fresh(now) {
            return refused(FactorError::NotFresh);
        }
        if user.verified_email().is_none() {
            return refused(FactorError::NoEmail);
        }
        let factors = factor::of_user(&mut transaction, user.id).await?;
        let on = |kind: Option<FactorKind>| {
            factors.iter().any(|factor| {
                factor.confirmed_at.is_some() && kind.is_none_or(|kind| kind == factor.kind)
            })
        };
        if on(Some(FactorKind::Email)) {
            return refused(FactorError::AlreadyOn);
        }
        let is_first = !on(None);
        if !is_first {
            let Some(shown) = shown else {
                return refused(FactorError::FactorMissing);
            };
            let shown = self.require_fresh_factor(&mut transaction, person, shown, client, now);
            if let Err(error) = shown.await? {
                transaction.commit().await?;
                return refused(error);
            }
        }
        factor::switch_on_email(&mut transaction, user.id, now).await?;
        let recovery_codes = if is_first {
            let codes = self.new_recovery_codes(&mut transaction, person, now);
            Some(codes.await?)
        } else {
            None
        };
        let event = Event::FactorAdded {
            user: user.id,
            kind: FactorKind::Email,
        };
        event.record(&mut transaction, Some(client), now).await?;
        let (which, _) = factor_names(FactorKind::Email);
        let letter = EmailTemplate::FactorAdded { which };
        let session = self
            .renew_session(&mut transaction, person, &letter, now)
            .await?;
        transaction.commit().await?;
        Ok(EmailFactorOn {
            recovery_codes,
            session,
        })
    }

    /// Sends a code to the person's verified address. It replaces earlier codes of the same
    /// context.
    ///
    /// # Errors
    /// See [`SendCodeError`].
    pub async fn send_email_code(
        &self,
        whom: CodeFor<'_>,
        client: &Client,
    ) -> Result<SentCode, Problem<SendCodeError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let mut transaction = self.begin().await?;
        let (user_id, place) = match whom {
            CodeFor::Session(person) => (person.user.id, CodePlace::Session(person.session.id)),
            CodeFor::Login(token) => {
                match challenge::find(&mut transaction, &token.hash(), now).await? {
                    Some(waiting) => (waiting.user_id, CodePlace::Challenge(waiting.id)),
                    None => return refused(SendCodeError::Dead),
                }
            }
        };
        if !self.sends_codes() {
            return refused(SendCodeError::Disabled);
        }
        let user = user::lock(&mut transaction, user_id).await?;
        let Some(user) = user.filter(|user| !user.state.is_restricted(now)) else {
            return refused(SendCodeError::Dead);
        };
        let factors = factor::of_user(&mut transaction, user_id).await?;
        let is_on = factors
            .iter()
            .any(|factor| factor.is_usable(FactorKind::Email));
        let Some(address) = user.verified_email().filter(|_| is_on) else {
            return refused(SendCodeError::NotOn);
        };
        let subject = user_id.as_i64().to_le_bytes();
        let budget = self.spend(&mut transaction, CODES_TO_PERSON, &subject, now);
        if let Err(BudgetExhausted { retry_after }) = budget.await? {
            return refused(SendCodeError::TooMany { retry_after });
        }
        let expires_at = now + LIFETIME;
        let (id, code) = (random_id()?, draw()?);
        let row = NewEmailCode {
            id,
            user_id,
            place,
            network: &client.network(),
            hash: &hash(&self.secret, id, &code),
            created_at: now,
            expires_at,
        };
        email_code::insert(&mut transaction, &row).await?;
        let letter = EmailTemplate::EmailCode {
            code: code.reveal(),
            expires_at,
        };
        self.queue_mail(&mut transaction, address, &letter, now)
            .await?;
        let event = Event::FactorCodeSent { user: user_id };
        event.record(&mut transaction, Some(client), now).await?;
        transaction.commit().await?;
        Ok(SentCode {
            to: address.masked(),
            expires_at,
        })
    }

    /// The code that was sent for the current session, if it is still valid.
    ///
    /// # Errors
    /// The database can't be queried.
    pub async fn sent_code(&self, person: &Person) -> Result<Option<SentCode>, Failure> {
        let mut connection = self.database.read().await?;
        let place = CodePlace::Session(person.session.id);
        let live = email_code::in_place(&mut connection, person.user.id, place, self.now()).await?;
        Ok(live.and_then(|live| masked_destination(&live, &person.user)))
    }

    /// The code that is valid in this context. `None` if email codes are disabled.
    pub(crate) async fn live_email_code(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        place: FactorContext<'_>,
        now: Timestamp,
    ) -> Result<Option<LiveEmailCode>, sqlx::Error> {
        if !self.sends_codes() {
            return Ok(None);
        }
        match place {
            FactorContext::Login(network) => {
                email_code::of_login_from(transaction, user_id, network, now).await
            }
            FactorContext::Challenge(id) => {
                email_code::in_place(transaction, user_id, CodePlace::Challenge(id), now).await
            }
            FactorContext::Recovery => Ok(None),
            FactorContext::Session(id) => {
                email_code::in_place(transaction, user_id, CodePlace::Session(id), now).await
            }
        }
    }

    /// Compares with the code that was sent. A correct code is consumed, a wrong one is counted.
    pub(crate) async fn use_email_code(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        live: &LiveEmailCode,
        shown: &SixDigits,
        now: Timestamp,
    ) -> Result<bool, sqlx::Error> {
        let same: bool = hash(&self.secret, live.id, shown).ct_eq(&live.hash).into();
        if !same {
            email_code::count_wrong_attempt(transaction, live.id, MAX_WRONG_ATTEMPTS, now).await?;
            return Ok(false);
        }
        Ok(email_code::consume(transaction, live.id, now).await?
            && factor::use_email(transaction, user_id).await?)
    }
}

/// What a response may contain about a sent code.
pub(crate) fn masked_destination(live: &LiveEmailCode, user: &User) -> Option<SentCode> {
    user.verified_email().map(|address| SentCode {
        to: address.masked(),
        expires_at: live.expires_at,
    })
}

/// The stored form of a code. An attacker with only the database could try a million codes
/// quickly, so the hash needs a key that isn't in the database.
fn hash(secret: &ServerSecret, id: i64, code: &SixDigits) -> [u8; 32] {
    // The ID has a fixed length, so no other pair of ID and code has the same bytes.
    let bound = [&id.to_le_bytes(), code.reveal().as_bytes()].concat();
    secret.keyed_hash(Purpose::EmailCode, &bound)
}

/// Draws six random digits, with each of the million codes equally likely (ASVS 6.5.3).
///
/// # Errors
/// The system's random generator failed.
fn draw() -> Result<SixDigits, Failure> {
    loop {
        if let Some(number) = fair(u32::from_le_bytes(random_bytes()?)) {
            return format!("{number:06}")
                .parse()
                .map_err(|error| Failure::Internal(format!("{error:?}").into()));
        }
    }
}

/// Maps a random number to one below a million. `None` for the range that would favour small
/// numbers: it is discarded instead of reduced.
fn fair(random: u32) -> Option<u32> {
    const CODES: u32 = 1_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    (random < FAIR).then_some(random % CODES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chi-square test for each of the six digits. The bound (9 degrees of freedom) is exceeded
    /// by chance once in 10^9 runs.
    #[test]
    fn no_place_favours_a_digit() {
        const CODES: u32 = 20_000;
        let mut counts = [[0_u32; 10]; 6];
        for _ in 0..CODES {
            for (place, digit) in draw().unwrap().reveal().bytes().enumerate() {
                counts[place][usize::from(digit - b'0')] += 1;
            }
        }
        let expected = f64::from(CODES) / 10.0;
        for (place, digits) in counts.iter().enumerate() {
            let chi_square: f64 = digits
                .iter()
                .map(|count| (f64::from(*count) - expected).powi(2) / expected)
                .sum();
            assert!(chi_square < 62.0, "place {place}: {chi_square}");
        }
    }

    #[test]
    fn numbers_that_would_favour_some_codes_are_thrown_away() {
        assert_eq!(fair(0), Some(0));
        assert_eq!(fair(4_293_999_999), Some(999_999));
        assert_eq!(fair(4_294_000_000), None);
        assert_eq!(fair(u32::MAX), None);
    }
}
