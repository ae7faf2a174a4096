use std::time::Duration;

use domain::{LoginCode, Timestamp};

use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::connection::Connection;
use crate::store::tables::{
    audit_log, bot, challenge, code_attempt, email_code, factor, known_device, login_code,
    password_attempt, password_reset, pending_email, rate_limit_event, session, unknown_login,
};

/// The longest window in which wrong codes are counted.
const ATTEMPTS_TTL: Duration = Duration::from_hours(24);
/// Longer than browsers keep the device cookie.
const KNOWN_DEVICE_TTL: Duration = Duration::from_hours(400 * 24);

/// How many rows of large tables one transaction deletes. Other writers run in between, and the
/// data for a rollback stays small.
const BATCH_SIZE: i64 = 10_000;

impl Portal {
    /// Deletes rows whose retention has passed, in short transactions so other writers don't wait
    /// long.
    ///
    /// # Errors
    /// The database can't be written. Rows deleted until then stay deleted.
    pub async fn clean_up(&self) -> Result<(), Failure> {
        let now = self.now();
        let keep = self.retention;

        let mut transaction = self.begin().await?;
        challenge::forget(&mut transaction, now).await?;
        email_code::forget(&mut transaction, now).await?;
        pending_email::forget(&mut transaction, now).await?;
        password_reset::forget(&mut transaction, now).await?;
        known_device::forget(&mut transaction, now - KNOWN_DEVICE_TTL).await?;
        // Hours since 1970. The current and the previous hour stay.
        let hour = now.as_micros().div_euclid(3_600_000_000);
        bot::forget_calls(&mut transaction, hour - 1).await?;
        bot::forget_keys(&mut transaction, now).await?;
        transaction.commit().await?;

        // Tables that anonymous clients can fill.
        let before = now - ATTEMPTS_TTL;
        self.in_portions(rate_limit_event::forget, before).await?;
        self.in_portions(unknown_login::forget, before).await?;
        self.in_portions(factor::forget_guesses, before).await?;
        self.in_portions(code_attempt::forget, before).await?;
        self.in_portions(password_attempt::forget, before).await?;

        let before = now - keep.codes.max(ATTEMPTS_TTL) - LoginCode::LIFETIME;
        let codes = self.in_portions(login_code::forget, before).await?;
        let before = now - self.lifetimes.user.max(self.lifetimes.admin);
        let end_older = async |connection: &mut Connection, before, most| {
            session::end_older(connection, before, now, most).await
        };
        self.in_portions(end_older, before).await?;
        let before = now - keep.sessions;
        let sessions = self.in_portions(session::forget, before).await?;
        let before = now - keep.audit;
        let rows = self.in_portions(audit_log::forget, before).await?;
        tracing::debug!(codes, sessions, rows, "cleaned up");
        Ok(())
    }

    /// Runs a batch operation on the rows older than a moment, one transaction for each batch,
    /// until a batch isn't full. Returns how many rows were affected.
    async fn in_portions(
        &self,
        portion: impl AsyncFn(&mut Connection, Timestamp, i64) -> Result<u64, sqlx::Error>,
        before: Timestamp,
    ) -> Result<u64, Failure> {
        let mut all = 0;
        loop {
            let mut transaction = self.begin().await?;
            let done = portion(&mut transaction, before, BATCH_SIZE).await?;
            transaction.commit().await?;
            all += done;
            if done < BATCH_SIZE.unsigned_abs() {
                return Ok(all);
            }
        }
    }
}
