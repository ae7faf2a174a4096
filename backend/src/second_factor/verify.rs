//! Verification of second factors. Every login requires one if a factor is on (docs/contract.md,
//! Login by password).

use crate::second_factor::context::FactorOutcome;
use crate::second_factor::context::SecondFactorCheck;
use std::time::Duration;

use domain::{FactorKind, RecoveryCode, SecondFactorInput, SixDigits, Timestamp, User, UserId};

use crate::audit::event::Event;
use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::mail::notifications::factor_names;
use crate::mail::template::EmailTemplate;
use crate::portal::Portal;
use crate::rate_limit::window::Limit;
use crate::second_factor::context::FactorContext;
use crate::second_factor::recovery_codes;
use crate::second_factor::totp::{self, TotpSecret};
use crate::store::sql::connection::Connection;
use crate::store::sql::database::Transaction;
use crate::store::tables::factor::{self, Factor};
use crate::store::tables::user;

/// How many wrong attempts of one kind within this window make the next one wait.
const LIMIT: Limit = Limit::new(5, Duration::from_mins(15));
/// How many wrong attempts in a row lock the factor.
const MAX_CONSECUTIVE: i64 = 20;

/// Six digits as presented.
#[derive(Clone, Copy)]
struct Digits<'a> {
    digits: &'a SixDigits,
    may_be_of_app: bool,
}

impl Portal {
    /// Checks the second factor sent together with a correct password or code.
    pub(crate) async fn check_second_factor(
        &self,
        transaction: &mut Transaction,
        user: &User,
        shown: Option<&SecondFactorInput>,
        place: FactorContext<'_>,
        now: Timestamp,
    ) -> Result<SecondFactorCheck, Failure> {
        if user.second_factor_at.is_none() {
            return Ok(SecondFactorCheck::NoneNeeded);
        }
        let Some(shown) = shown else {
            return Ok(SecondFactorCheck::Missing);
        };
        Ok(
            match self
                .verify_factor(transaction, user.id, shown, place, now)
                .await?
            {
                FactorOutcome::Right(kind) => SecondFactorCheck::Right(kind),
                FactorOutcome::Wrong => SecondFactorCheck::Wrong,
                FactorOutcome::Wait { retry_after } => SecondFactorCheck::Wait { retry_after },
            },
        )
    }

    /// Verifies a factor and counts the attempt. Factors are compared nowhere else. A correct
    /// factor is consumed. A correct password doesn't reset these counts.
    pub(crate) async fn verify_factor(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        shown: &SecondFactorInput,
        place: FactorContext<'_>,
        now: Timestamp,
    ) -> Result<FactorOutcome, Failure> {
        // The lock serializes the counts below.
        let user = user::lock(transaction, user_id).await?;
        let Some(user) = user else {
            return Ok(FactorOutcome::Wrong);
        };
        match shown {
            SecondFactorInput::Recovery(code) => {
                self.verify_recovery_code(transaction, &user, code, now)
                    .await
            }
            SecondFactorInput::SixDigits(digits) => {
                let shown = Digits {
                    digits,
                    may_be_of_app: true,
                };
                self.verify_digits(transaction, &user, shown, place, now)
                    .await
            }
            SecondFactorInput::Mailed(digits) => {
                let shown = Digits {
                    digits,
                    may_be_of_app: false,
                };
                self.verify_digits(transaction, &user, shown, place, now)
                    .await
            }
        }
    }

    /// Verifies a recovery code. It never has to wait: it is too long to be guessed, and it is
    /// the only way out of a lock that an attacker may have caused.
    async fn verify_recovery_code(
        &self,
        transaction: &mut Transaction,
        user: &User,
        code: &RecoveryCode,
        now: Timestamp,
    ) -> Result<FactorOutcome, Failure> {
        let kind = FactorKind::Recovery;
        let hash = recovery_codes::hash(&self.secret, user.id, code);
        if !factor::use_recovery_code(transaction, user.id, &hash, now).await? {
            self.record_wrong_factor(transaction, user, kind, now)
                .await?;
            return Ok(FactorOutcome::Wrong);
        }
        factor::unlock(transaction, user.id).await?;
        let event = Event::RecoveryCodeUsed { user: user.id };
        event.record(transaction, None, now).await?;
        let left = factor::recovery_codes_left(transaction, user.id).await?;
        let left = usize::try_from(left).unwrap_or(0);
        let letter = EmailTemplate::RecoveryCodeUsed { left };
        self.notify(transaction, user, &letter, now).await?;
        Ok(FactorOutcome::Right(kind))
    }

    /// Counts a wrong attempt, and notifies the person if it locks the factor.
    async fn record_wrong_factor(
        &self,
        transaction: &mut Transaction,
        user: &User,
        kind: FactorKind,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if !factor::count_wrong(transaction, user.id, kind, MAX_CONSECUTIVE, now).await? {
            return Ok(());
        }
        let event = Event::FactorLocked {
            user: user.id,
            kind,
        };
        event.record(transaction, None, now).await?;
        let (_, which) = factor_names(kind);
        let letter = EmailTemplate::FactorLocked { which };
        self.notify(transaction, user, &letter, now).await
    }

    /// Verifies six digits, which may come from an app or an email; often only the person knows
    /// from which.
    ///
    /// They are compared with each possible source, and a wrong attempt counts once for each
    /// source compared. So the number of attempts at one factor doesn't depend on whether the
    /// other is on. If no code was emailed for this context, the email factor isn't compared or
    /// counted.
    async fn verify_digits(
        &self,
        transaction: &mut Transaction,
        user: &User,
        shown: Digits<'_>,
        place: FactorContext<'_>,
        now: Timestamp,
    ) -> Result<FactorOutcome, Failure> {
        let user_id = user.id;
        let factors = factor::of_user(transaction, user_id).await?;
        let is_on = |kind| {
            let mut factors = factors.iter();
            factors.any(|factor| factor.kind == kind && factor.confirmed_at.is_some())
        };
        let sent = self
            .live_email_code(transaction, user_id, place, now)
            .await?;
        let mut kinds = Vec::with_capacity(2);
        if shown.may_be_of_app && is_on(FactorKind::Totp) {
            kinds.push(FactorKind::Totp);
        }
        if sent.is_some() && is_on(FactorKind::Email) || kinds.is_empty() {
            kinds.push(FactorKind::Email);
        }
        let mut wrong = Vec::with_capacity(2);
        let mut soonest: Option<Duration> = None;
        for kind in kinds {
            if let Some(wait) = wait_for(transaction, user_id, kind, now).await? {
                soonest = Some(soonest.map_or(wait, |soonest| soonest.min(wait)));
                continue;
            }
            let right = match (kind, &sent) {
                (FactorKind::Email, Some(sent)) => {
                    self.use_email_code(transaction, user_id, sent, shown.digits, now)
                        .await?
                }
                (FactorKind::Totp, _) => {
                    self.use_totp(transaction, user_id, &factors, shown.digits, now)
                        .await?
                }
                (FactorKind::Email, None) | (FactorKind::Recovery, _) => false,
            };
            if right {
                return Ok(FactorOutcome::Right(kind));
            }
            wrong.push(kind);
        }
        if let (true, Some(retry_after)) = (wrong.is_empty(), soonest) {
            return Ok(FactorOutcome::Wait { retry_after });
        }
        for kind in wrong {
            self.record_wrong_factor(transaction, user, kind, now)
                .await?;
        }
        Ok(FactorOutcome::Wrong)
    }

    async fn use_totp(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        factors: &[Factor],
        shown: &SixDigits,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let usable = |factor: &&Factor| factor.is_usable(FactorKind::Totp);
        let Some(totp) = factors.iter().find(usable) else {
            return Ok(false);
        };
        let secret = self.open_totp(user_id, totp)?;
        match totp::matching_step(&secret, shown, now) {
            Some(step) => Ok(factor::use_step(transaction, user_id, step).await?),
            None => Ok(false),
        }
    }

    pub(crate) fn open_totp(
        &self,
        user_id: UserId,
        factor: &Factor,
    ) -> Result<TotpSecret, Failure> {
        let sealed = factor.sealed.as_deref().unwrap_or_default();
        TotpSecret::from_opened(&self.secret.open(Purpose::Totp, user_id.as_i64(), sealed)?)
    }
}

impl Factor {
    pub(crate) fn is_usable(&self, kind: FactorKind) -> bool {
        self.kind == kind && self.confirmed_at.is_some() && self.locked_at.is_none()
    }
}

/// How long until another attempt of this kind is allowed. `None` if it is allowed now.
async fn wait_for(
    connection: &mut Connection,
    user_id: UserId,
    kind: FactorKind,
    now: Timestamp,
) -> Result<Option<Duration>, sqlx::Error> {
    let (since, max) = (LIMIT.since(now), LIMIT.max);
    let wrong = factor::latest_wrong(connection, user_id, kind, since, max).await?;
    Ok(LIMIT.retry_after(&wrong, now))
}
