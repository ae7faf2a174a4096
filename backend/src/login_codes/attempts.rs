use std::time::Duration;

use domain::{Client, Timestamp};

use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::code_attempt;

/// How many wrong codes a network may try: in ten minutes, an hour and a day (docs/contract.md,
/// Guessing limits; ASVS 6.6.3, security A01).
const BUDGETS: [(Duration, usize); 3] = [
    (Duration::from_mins(10), 10),
    (Duration::from_hours(1), 30),
    (Duration::from_hours(24), 100),
];
/// An IPv6 /48 gets this many times the budget of a /64.
const PREFIX48_MULTIPLIER: usize = 8;

/// Beyond so many wrong codes in all, an attempt must name its identity or come from the
/// browser that asked.
const SERVICE_LIMIT: (Duration, usize) = (Duration::from_mins(10), 600);

/// An attempt that was counted. Given back when it was right.
pub(crate) struct CodeAttempt {
    id: i64,
    /// Whether the service as a whole is under attack: only guesses that could hit one
    /// code at most are then compared.
    pub under_attack: bool,
}

/// No attempt is left; the next one is after this time.
pub(crate) struct RateLimited {
    pub retry_after: Duration,
}

impl Portal {
    /// Counts an attempt before anything is compared, durably, so that neither a restart nor a
    /// connection that breaks off makes it undone. The one way to a compare of codes.
    pub(crate) async fn count_code_attempt(
        &self,
        client: &Client,
    ) -> Result<Result<CodeAttempt, RateLimited>, Failure> {
        let now = self.now();
        let network = client.network();
        let prefix48 = client.prefix48();
        let mut transaction = self.begin().await?;
        // The wider one first, always: two transactions never wait for each other crosswise.
        if let Some(prefix48) = &prefix48 {
            row_lock::acquire(&mut transaction, RowLock::GuessesOfWide(prefix48)).await?;
        }
        row_lock::acquire(&mut transaction, RowLock::GuessesOf(&network)).await?;
        let mut wait = Duration::ZERO;
        for (window, most) in BUDGETS {
            let since = now - window;
            let own =
                code_attempt::of_network(&mut transaction, &network, since, limit(most)).await?;
            wait = wait.max(wait_for(&own, most, window, now));
            if let Some(prefix48) = &prefix48 {
                let most = most * PREFIX48_MULTIPLIER;
                let all = code_attempt::of_prefix48(&mut transaction, prefix48, since, limit(most))
                    .await?;
                wait = wait.max(wait_for(&all, most, window, now));
            }
        }
        if wait > Duration::ZERO {
            return Ok(Err(RateLimited { retry_after: wait }));
        }
        let (window, most) = SERVICE_LIMIT;
        let all = code_attempt::of_all(&mut transaction, now - window, limit(most)).await?;
        let under_attack = all.len() >= most;
        let id = code_attempt::insert(&mut transaction, client, now).await?;
        transaction.commit().await?;
        Ok(Ok(CodeAttempt { id, under_attack }))
    }
}

impl CodeAttempt {
    /// Gives the attempt back: the code was right.
    pub(crate) async fn refund(self, transaction: &mut Transaction) -> Result<(), Failure> {
        Ok(code_attempt::delete(transaction, self.id).await?)
    }
}

/// How long until the oldest of `most` guesses has left the window; zero while there are
/// fewer.
fn wait_for(newest_first: &[Timestamp], most: usize, window: Duration, now: Timestamp) -> Duration {
    match newest_first.get(most - 1) {
        Some(oldest) => (*oldest + window).since(now).max(Duration::from_secs(1)),
        None => Duration::ZERO,
    }
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
