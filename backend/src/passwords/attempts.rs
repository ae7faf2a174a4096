use std::time::Duration;

use domain::{Client, Timestamp, UserId};

use crate::audit::event::Event;
use crate::crypto::password_hash::StoredPassword;
use crate::crypto::server_secret::Purpose;
use crate::error::{Failure, Problem};
use crate::mail::template::EmailTemplate;
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::rate_limit::window::{Limit, network_wait};
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::{password_attempt, user};

/// How many wrong passwords one network may try, for any account, within ten minutes, an hour and
/// a day (ASVS 6.3.1). An IPv6 /48 gets eight times the limit of a /64.
const NETWORK_LIMITS: [Limit; 3] = [
    Limit::new(20, Duration::from_mins(10)),
    Limit::new(60, Duration::from_hours(1)),
    Limit::new(200, Duration::from_hours(24)),
];

/// How many wrong passwords all networks together may try for one account. With this limit a
/// botnet needs hours to reach [`MAX_CONSECUTIVE`], and the person is notified before.
const ACCOUNT_LIMIT: Limit = Limit::new(30, Duration::from_hours(1));

/// How many attempts for one account from one network within an hour are free. Each later one has
/// to wait longer.
const FREE_ATTEMPTS: (Duration, usize) = (Duration::from_hours(1), 5);
const BACKOFF: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(3),
];

/// How many wrong passwords in a row from unknown devices lock the password for unknown devices.
/// The lock lasts until the correct password is used on a known device or a new password is set.
const MAX_CONSECUTIVE: i64 = 90;
/// How many wrong passwords in a row known devices may try. This limit is separate, so attackers
/// can't lock a person out of their own devices (security A27). Both limits add up to a hundred
/// in a row (NIST SP 800-63B-4 3.2.2).
const MAX_CONSECUTIVE_KNOWN_DEVICE: i64 = 10;

/// An ID that no person has.
pub(crate) const NOBODY: UserId = UserId::from_i64(0);

/// The account that a password attempt targets.
#[derive(Clone, Copy)]
pub(crate) enum AttemptTarget<'a> {
    Person(UserId),
    /// No account has this name. Attempts are counted like those for an account.
    UnknownAccount(&'a str),
}

/// A counted password attempt. It is refunded if the password was correct.
pub(crate) struct PasswordAttempt {
    user_id: UserId,
    by: AttemptSource,
}

enum AttemptSource {
    /// A known device: the person has logged in with it before.
    Known,
    Stranger {
        row: i64,
        /// The length of the current row of wrong attempts, this one included. `None` if the
        /// limit was reached before.
        in_a_row: Option<i64>,
    },
}

/// No attempt is left. The next one is allowed after this time.
pub(crate) struct RateLimited {
    pub retry_after: Duration,
}

impl Portal {
    /// Counts an attempt durably before anything is compared, so neither a restart nor a broken
    /// connection undoes it. This is the only way to a password comparison. It does the same work
    /// for existing and unknown accounts.
    pub(crate) async fn count_password_attempt(
        &self,
        guessed: AttemptTarget<'_>,
        client: &Client,
    ) -> Result<Result<PasswordAttempt, RateLimited>, Failure> {
        let now = self.now();
        let account = self
            .secret
            .keyed_hash(Purpose::PasswordAttempt, &guessed.bytes());
        let user_id = match guessed {
            AttemptTarget::Person(id) => id,
            AttemptTarget::UnknownAccount(_) => NOBODY,
        };
        let mut transaction = self.begin().await?;
        if self
            .is_known_device(&mut transaction, user_id, client)
            .await?
        {
            let most = MAX_CONSECUTIVE_KNOWN_DEVICE;
            let counted = password_attempt::count_known_in_a_row(&mut transaction, user_id, most);
            if counted.await?.is_some() {
                transaction.commit().await?;
                let by = AttemptSource::Known;
                return Ok(Ok(PasswordAttempt { user_id, by }));
            }
        }
        let retry_after = unknown_device_wait(&mut transaction, &account, client, now).await?;
        if retry_after > Duration::ZERO {
            return Ok(Err(RateLimited { retry_after }));
        }
        let row = password_attempt::insert(&mut transaction, &account, client, now).await?;
        let in_a_row =
            password_attempt::count_in_a_row(&mut transaction, user_id, MAX_CONSECUTIVE).await?;
        transaction.commit().await?;
        let by = AttemptSource::Stranger { row, in_a_row };
        Ok(Ok(PasswordAttempt { user_id, by }))
    }

    /// Checks the password of a counted attempt. If the hasher is busy, the attempt is refunded.
    ///
    /// # Errors
    /// [`Busy`], or the stored hash can't be read.
    pub(crate) async fn check_attempt(
        &self,
        typed: &str,
        stored: Option<StoredPassword>,
        attempt: PasswordAttempt,
    ) -> Result<(bool, PasswordAttempt), Problem<Busy>> {
        match self.passwords.check_typed(typed, stored).await {
            Ok(right) => Ok((right, attempt)),
            Err(problem) => {
                self.refund_uncompared(attempt).await?;
                Err(problem)
            }
        }
    }

    /// Records a wrong attempt. If it was the last one that unknown devices had, the person is
    /// notified.
    pub(crate) async fn record_wrong_password(
        &self,
        transaction: &mut Transaction,
        attempt: &PasswordAttempt,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let AttemptSource::Stranger {
            in_a_row: Some(MAX_CONSECUTIVE),
            ..
        } = attempt.by
        else {
            return Ok(());
        };
        let event = Event::PasswordLocked {
            user: attempt.user_id,
        };
        event.record(transaction, Some(client), now).await?;
        if let Some(user) = user::by_id(transaction, attempt.user_id).await? {
            self.notify(transaction, &user, &EmailTemplate::PasswordLocked, now)
                .await?;
        }
        Ok(())
    }

    /// Refunds an attempt whose password was never compared.
    async fn refund_uncompared(&self, attempt: PasswordAttempt) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        match attempt.by {
            AttemptSource::Known => {
                password_attempt::uncount_known_in_a_row(&mut transaction, attempt.user_id).await?;
            }
            AttemptSource::Stranger { row, in_a_row } => {
                password_attempt::TABLE
                    .delete(&mut transaction, row)
                    .await?;
                if in_a_row.is_some() {
                    password_attempt::uncount_in_a_row(&mut transaction, attempt.user_id).await?;
                }
            }
        }
        Ok(transaction.commit().await?)
    }
}

impl AttemptTarget<'_> {
    /// The prefixes keep names and IDs apart.
    pub(crate) fn bytes(self) -> Vec<u8> {
        match self {
            Self::Person(id) => [b"id ", &id.as_i64().to_le_bytes()[..]].concat(),
            Self::UnknownAccount(typed) => {
                let typed = typed.trim().to_lowercase();
                [b"name ", typed.as_bytes()].concat()
            }
        }
    }
}

impl PasswordAttempt {
    /// Whether the password may be compared. If not, even the correct password counts as wrong.
    pub(crate) const fn counts(&self) -> bool {
        match self.by {
            AttemptSource::Known => true,
            AttemptSource::Stranger { in_a_row, .. } => in_a_row.is_some(),
        }
    }

    /// Refunds the attempt after a correct password and resets this account's row of wrong
    /// passwords. It doesn't reset the counts of other accounts, of networks, or of second
    /// factors.
    pub(crate) async fn refund(self, transaction: &mut Transaction) -> Result<(), Failure> {
        if let AttemptSource::Stranger { row, .. } = self.by {
            password_attempt::TABLE.delete(transaction, row).await?;
        }
        Ok(password_attempt::end_row(transaction, self.user_id).await?)
    }
}

/// How long an unknown device has to wait before the next attempt. Zero if it needn't wait.
async fn unknown_device_wait(
    transaction: &mut Transaction,
    account: &[u8; 32],
    client: &Client,
    now: Timestamp,
) -> Result<Duration, Failure> {
    let network = client.network();
    let prefix48 = client.prefix48();
    // Always in this order, to avoid deadlocks.
    if let Some(prefix48) = &prefix48 {
        row_lock::acquire(transaction, RowLock::PasswordsOfWide(prefix48)).await?;
    }
    row_lock::acquire(transaction, RowLock::PasswordsOf(&network)).await?;
    row_lock::acquire(transaction, RowLock::PasswordOf(account)).await?;
    let table = &password_attempt::TABLE;
    let wait = network_wait(transaction, table, client, &NETWORK_LIMITS, now).await?;
    let (since, max) = (ACCOUNT_LIMIT.since(now), ACCOUNT_LIMIT.max);
    let latest = password_attempt::of_account(transaction, account, since, max).await?;
    let wait = wait.max(ACCOUNT_LIMIT.retry_after(&latest, now));
    let (window, patience) = FREE_ATTEMPTS;
    let most = i64::try_from(patience + BACKOFF.len()).unwrap_or(i64::MAX);
    let latest =
        password_attempt::of_account_from(transaction, account, &network, now - window, most);
    let wait = wait.unwrap_or_default();
    Ok(wait.max(delay_after(&latest.await?, patience, now)))
}

/// What is left of the delay after the latest attempt.
fn delay_after(newest_first: &[Timestamp], patience: usize, now: Timestamp) -> Duration {
    let beyond = newest_first.len().checked_sub(patience);
    match (beyond, newest_first.first()) {
        (Some(beyond), Some(latest)) => {
            let delay = BACKOFF[beyond.min(BACKOFF.len() - 1)];
            (*latest + delay).since(now)
        }
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_begin_with_the_sixth_and_grow() {
        let now = Timestamp::from_micros(1_774_972_396_000_000);
        let delay = |n| delay_after(&vec![now; n], FREE_ATTEMPTS.1, now).as_secs();
        let delays: Vec<u64> = (3..=11).map(delay).collect();
        assert_eq!(delays, [0, 0, 5, 15, 30, 60, 180, 180, 180]);
        let later = now + Duration::from_secs(4);
        assert_eq!(delay_after(&[now; 5], 5, later).as_secs(), 1);
        assert_eq!(
            delay_after(&[now; 5], 5, later + Duration::from_secs(9)),
            Duration::ZERO
        );
    }

    /// NIST SP 800-63B-4 3.2.2.
    #[test]
    fn strangers_and_known_browsers_have_a_hundred_in_a_row_together() {
        assert_eq!(MAX_CONSECUTIVE + MAX_CONSECUTIVE_KNOWN_DEVICE, 100);
    }
}
