//! Switching second factors on and off (docs/contract.md, Second factors).

use std::time::Duration;

use domain::{
    Client, EndReason, FactorError, FactorKind, LoginMethod, RecoveryCode, SecondFactorInput,
    SixDigits, Timestamp,
};

use crate::audit::event::Event;
use crate::crypto::secrets::Token;
use crate::crypto::server_secret::Purpose;
use crate::error::{Failure, Problem};
use crate::mail::notifications::factor_names;
use crate::mail::template::EmailTemplate;
use crate::portal::Portal;
use crate::second_factor::challenge::FactorMethod;
use crate::second_factor::context::{FactorContext, FactorOutcome};
use crate::second_factor::totp::{self, TotpSecret};
use crate::second_factor::{qr, recovery_codes};
use crate::sessions::authenticate::{Person, record_failed_reauth};
use crate::sessions::start::NewSession;
use crate::store::sql::database::Transaction;
use crate::store::tables::factor::{self, Factor};
use crate::store::tables::{challenge, email_code, pending_email, session, user};

/// How long after a login by a platform's code a person may set their first factor or password.
const FIRST_FACTOR_WINDOW: Duration = Duration::from_mins(10);

/// The setup data of an authenticator app. It is shown until the setup is confirmed.
#[derive(Clone)]
pub struct TotpOffer {
    /// In base32, for manual entry.
    pub secret: String,
    pub otpauth_url: String,
    /// The URL as a QR code.
    pub qr_svg: String,
}

/// The result of switching a factor on. The recovery codes are shown only once; the current
/// session has new secrets.
#[derive(Debug)]
pub struct FactorOn {
    pub recovery_codes: Vec<RecoveryCode>,
    pub session: NewSession,
}

/// A person's second factors, as shown to that person.
#[derive(Clone, Debug)]
pub struct Factors {
    pub methods: Vec<FactorMethod>,
    pub totp_since: Option<Timestamp>,
    /// When email codes were switched on.
    pub email_since: Option<Timestamp>,
    pub recovery_codes_left: i64,
}

impl Factors {
    /// Whether the person can use this kind now.
    #[must_use]
    pub fn can_use(&self, kind: FactorKind) -> bool {
        let mut methods = self.methods.iter();
        methods.any(|method| method.kind == kind && method.enabled)
    }

    /// Whether any factor is on, usable or not.
    #[must_use]
    pub const fn any_is_on(&self) -> bool {
        self.totp_since.is_some() || self.email_since.is_some()
    }
}

impl Portal {
    /// The second factors of a person.
    ///
    /// # Errors
    /// The database can't be queried.
    pub async fn factors(&self, person: &Person) -> Result<Factors, Failure> {
        let mut connection = self.database.read().await?;
        let factors = factor::of_user(&mut connection, person.user.id).await?;
        let left = factor::recovery_codes_left(&mut connection, person.user.id).await?;
        let since = |kind| {
            let factor = factors.iter().find(|factor| factor.kind == kind);
            factor.and_then(|factor| factor.confirmed_at)
        };
        Ok(Factors {
            methods: self.methods(&factors, left),
            totp_since: since(FactorKind::Totp),
            email_since: since(FactorKind::Email),
            recovery_codes_left: left,
        })
    }

    /// Draws a secret for an authenticator app. The factor is off until it is confirmed, and
    /// another offer replaces this one.
    ///
    /// # Errors
    /// [`FactorError::NotFresh`], [`FactorError::AlreadyOn`].
    pub async fn offer_totp(&self, person: &Person) -> Result<TotpOffer, Problem<FactorError>> {
        let now = self.now();
        let secret = TotpSecret::random()?;
        let row = person.user.id.as_i64();
        let sealed = self.secret.seal(Purpose::Totp, row, secret.as_bytes())?;
        let mut transaction = self.begin().await?;
        if !self
            .may_change_factors(&mut transaction, person, now)
            .await?
        {
            return Err(Problem::Refused(FactorError::NotFresh));
        }
        let offered = factor::offer_totp(
            &mut transaction,
            person.user.id,
            person.session.id,
            &sealed,
            now,
        );
        if !offered.await? {
            return Err(Problem::Refused(FactorError::AlreadyOn));
        }
        transaction.commit().await?;
        Ok(self.totp_offer(&secret, person)?)
    }

    /// The unconfirmed offer of this session, to show it again.
    ///
    /// # Errors
    /// The database can't be queried.
    pub async fn open_totp_offer(&self, person: &Person) -> Result<Option<TotpOffer>, Failure> {
        let found = {
            let mut connection = self.database.read().await?;
            pending_totp(
                &factor::of_user(&mut connection, person.user.id).await?,
                person,
                self.now(),
            )
        };
        match found {
            Some(factor) => {
                let secret = self.open_totp(person.user.id, &factor)?;
                Ok(Some(self.totp_offer(&secret, person)?))
            }
            None => Ok(None),
        }
    }

    fn totp_offer(&self, secret: &TotpSecret, person: &Person) -> Result<TotpOffer, Failure> {
        let url = secret.reveal_as_url(&self.site_name, &person.user.username);
        Ok(TotpOffer {
            secret: secret.reveal(),
            qr_svg: qr::svg(&url)?,
            otpauth_url: url,
        })
    }

    /// Switches the authenticator app on as the first factor.
    ///
    /// # Errors
    /// See [`FactorError`].
    pub async fn confirm_totp(
        &self,
        person: &Person,
        code: &SixDigits,
        client: &Client,
    ) -> Result<FactorOn, Problem<FactorError>> {
        self.confirm_totp_beside(person, code, None, client).await
    }

    /// Switches the authenticator app on with one correct code. If another factor is on, it must
    /// be presented too, so an attacker who only knows the password can't add a factor. All other
    /// sessions end, and the current one gets new secrets.
    ///
    /// # Errors
    /// See [`FactorError`].
    pub async fn confirm_totp_beside(
        &self,
        person: &Person,
        code: &SixDigits,
        shown: Option<&SecondFactorInput>,
        client: &Client,
    ) -> Result<FactorOn, Problem<FactorError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let mut transaction = self.begin().await?;
        user::lock(&mut transaction, person.user.id).await?;
        let factors = factor::of_user(&mut transaction, person.user.id).await?;
        let Some(pending) = pending_totp(&factors, person, now) else {
            return refused(FactorError::NotOn);
        };
        let secret = self.open_totp(person.user.id, &pending)?;
        let Some(step) = totp::matching_step(&secret, code, now) else {
            return refused(FactorError::WrongFactor);
        };
        if factors.iter().any(|factor| factor.confirmed_at.is_some()) {
            let Some(shown) = shown else {
                return refused(FactorError::FactorMissing);
            };
            let shown = self.require_fresh_factor(&mut transaction, person, shown, client, now);
            if let Err(error) = shown.await? {
                transaction.commit().await?;
                return refused(error);
            }
        }
        if !factor::confirm_totp(&mut transaction, person.user.id, &pending, step, now).await? {
            return refused(FactorError::NotOn);
        }
        let (own, shown) = (person.session.id, Some(FactorKind::Totp));
        session::record_factor(&mut transaction, own, shown).await?;
        let recovery_codes = self
            .new_recovery_codes(&mut transaction, person, now)
            .await?;
        let event = Event::FactorAdded {
            user: person.user.id,
            kind: FactorKind::Totp,
        };
        event.record(&mut transaction, Some(client), now).await?;
        let (which, _) = factor_names(FactorKind::Totp);
        let letter = EmailTemplate::FactorAdded { which };
        let session = self
            .renew_session(&mut transaction, person, &letter, now)
            .await?;
        transaction.commit().await?;
        Ok(FactorOn {
            recovery_codes,
            session,
        })
    }

    /// Switches a factor off, after verifying a factor that is on.
    ///
    /// # Errors
    /// See [`FactorError`].
    pub async fn remove_factor(
        &self,
        person: &Person,
        kind: FactorKind,
        shown: &SecondFactorInput,
        client: &Client,
    ) -> Result<NewSession, Problem<FactorError>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        user::lock(&mut transaction, person.user.id).await?;
        // Checked before the factor is verified, so it isn't consumed in vain.
        if person.session.is_fresh(now) && self.needs(&mut transaction, person, kind).await? {
            return Err(Problem::Refused(FactorError::PasswordTooShort));
        }
        let shown = self
            .require_fresh_factor(&mut transaction, person, shown, client, now)
            .await?;
        if let Err(error) = shown {
            transaction.commit().await?;
            return Err(Problem::Refused(error));
        }
        if !factor::remove(&mut transaction, person.user.id, kind).await? {
            return Err(Problem::Refused(FactorError::NotOn));
        }
        let better = |shown| kind == FactorKind::Email && shown != FactorKind::Email;
        if !person.session.second_factor.is_some_and(better) {
            session::record_factor(&mut transaction, person.session.id, None).await?;
        }
        let left = factor::of_user(&mut transaction, person.user.id).await?;
        if left.iter().all(|factor| factor.confirmed_at.is_none()) {
            // Without a factor there is nothing to recover.
            factor::replace_recovery_codes(&mut transaction, person.user.id, &[], now).await?;
        }
        let event = Event::FactorRemoved {
            user: person.user.id,
            kind,
        };
        event.record(&mut transaction, Some(client), now).await?;
        let (which, _) = factor_names(kind);
        let letter = EmailTemplate::FactorRemoved { which };
        let session = self
            .renew_session(&mut transaction, person, &letter, now)
            .await?;
        transaction.commit().await?;
        Ok(session)
    }

    /// Whether the person's password is too short to be used alone and this is the last second
    /// factor (NIST SP 800-63B-4 3.1.1.2).
    async fn needs(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        kind: FactorKind,
    ) -> Result<bool, Failure> {
        let factors = factor::of_user(transaction, person.user.id).await?;
        let mut on = factors
            .iter()
            .filter(|factor| factor.confirmed_at.is_some());
        let is_last =
            on.clone().any(|factor| factor.kind == kind) && on.all(|factor| factor.kind == kind);
        Ok(is_last && user::has_short_password(transaction, person.user.id).await?)
    }

    /// Draws new recovery codes and invalidates the old ones.
    ///
    /// # Errors
    /// See [`FactorError`].
    pub async fn renew_recovery_codes(
        &self,
        person: &Person,
        shown: &SecondFactorInput,
        client: &Client,
    ) -> Result<FactorOn, Problem<FactorError>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let shown = self
            .require_fresh_factor(&mut transaction, person, shown, client, now)
            .await?;
        if let Err(error) = shown {
            transaction.commit().await?;
            return Err(Problem::Refused(error));
        }
        let recovery_codes = self
            .new_recovery_codes(&mut transaction, person, now)
            .await?;
        let event = Event::RecoveryCodesRenewed {
            user: person.user.id,
        };
        event.record(&mut transaction, Some(client), now).await?;
        let letter = EmailTemplate::RecoveryCodesRenewed;
        let session = self
            .renew_session(&mut transaction, person, &letter, now)
            .await?;
        transaction.commit().await?;
        Ok(FactorOn {
            recovery_codes,
            session,
        })
    }

    /// Verifies a factor in a session whose login is fresh. A wrong factor is counted, so the
    /// caller must commit in any case.
    pub(crate) async fn require_fresh_factor(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        shown: &SecondFactorInput,
        client: &Client,
        now: Timestamp,
    ) -> Result<Result<(), FactorError>, Failure> {
        let here = self.session_if_live(transaction, person, now).await?;
        if !here.is_some_and(|person| person.session.is_fresh(now)) {
            return Ok(Err(FactorError::NotFresh));
        }
        let place = FactorContext::Session(person.session.id);
        match self
            .verify_factor(transaction, person.user.id, shown, place, now)
            .await?
        {
            FactorOutcome::Right(_) => Ok(Ok(())),
            FactorOutcome::Wait { retry_after } => {
                Ok(Err(FactorError::TooManyFactorAttempts { retry_after }))
            }
            FactorOutcome::Wrong => {
                record_failed_reauth(transaction, person.session.id, now).await?;
                let event = Event::ConfirmRefused {
                    user: person.user.id,
                };
                event.record(transaction, Some(client), now).await?;
                Ok(Err(FactorError::WrongFactor))
            }
        }
    }

    pub(crate) async fn new_recovery_codes(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        now: Timestamp,
    ) -> Result<Vec<RecoveryCode>, Failure> {
        let codes = recovery_codes::draw()?;
        let hash = |code| recovery_codes::hash(&self.secret, person.user.id, code);
        let hashes: Vec<[u8; 32]> = codes.iter().map(hash).collect();
        factor::replace_recovery_codes(transaction, person.user.id, &hashes, now).await?;
        Ok(codes.into())
    }

    /// Completes a change of factor or password: the current session gets new secrets, all other
    /// sessions and all logins that wait for a second factor end (docs/contract.md, Sessions),
    /// and the person is notified.
    pub(crate) async fn renew_session(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        news: &EmailTemplate<'_>,
        now: Timestamp,
    ) -> Result<NewSession, Failure> {
        factor::note_whether_on(transaction, person.user.id).await?;
        let reason = EndReason::Changed;
        session::end_others_of_user(transaction, &person.session, reason, now).await?;
        challenge::end_all_of(transaction, person.user.id, now).await?;
        email_code::end_all_of(transaction, person.user.id, now).await?;
        let own = Some(person.session.id);
        pending_email::end_asked_elsewhere(transaction, person.user.id, own).await?;
        let (cookie, companion) = (Token::random()?, Token::random()?);
        let hashes = (cookie.hash(), companion.hash());
        let renewed = session::renew(transaction, person.session.id, &hashes.0, &hashes.1, now);
        if !renewed.await? {
            // The session ended since the request began, by a logout or by a change elsewhere.
            return Err(Failure::Unavailable(sqlx::Error::RowNotFound));
        }
        let user = user::by_id(transaction, person.user.id).await?;
        let user = user.ok_or_else(|| Failure::Internal("the person is gone".into()))?;
        self.notify(transaction, &user, news, now).await?;
        let lifetime = self.lifetimes.of(user.level);
        Ok(NewSession {
            user,
            cookie,
            companion,
            bearer: None,
            lifetime,
        })
    }

    /// Whether this session may change factors. Locks the person's row.
    ///
    /// The login must be fresh. A recent login by a platform's code also suffices for the first
    /// factor of a person with neither factor nor password (docs/contract.md, Sessions).
    pub(crate) async fn may_change_factors(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        // Read again under the lock: the request's copy may be outdated.
        let Some(person) = self.session_if_live(transaction, person, now).await? else {
            return Ok(false);
        };
        if person.session.is_fresh(now) {
            return Ok(true);
        }
        let by_code = matches!(
            person.session.method,
            LoginMethod::WebCode | LoginMethod::BotCode
        );
        let recent = now.since(person.session.created_at) < FIRST_FACTOR_WINDOW;
        let has_none = person.user.second_factor_at.is_none()
            && user::password_of(transaction, person.user.id)
                .await?
                .is_none();
        Ok(by_code && recent && has_none)
    }
}

/// The offer that can still be confirmed: only in the session that made it, within
/// [`FIRST_FACTOR_WINDOW`]. Another session of the same person, perhaps one with a stolen code,
/// can neither see the offer nor replace its secret in this session.
fn pending_totp(factors: &[Factor], person: &Person, now: Timestamp) -> Option<Factor> {
    factors
        .iter()
        .find(|factor| {
            factor.kind == FactorKind::Totp
                && factor.confirmed_at.is_none()
                && factor.session_id == Some(person.session.id)
                && now.since(factor.created_at) < FIRST_FACTOR_WINDOW
        })
        .cloned()
}
