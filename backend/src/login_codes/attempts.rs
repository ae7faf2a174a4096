use std::time::Duration;

use domain::{Client, Timestamp};

use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::code_attempt;

/// Wrong codes per network: in ten minutes, an hour and a day (docs/contract.md, Guessing limits;
/// ASVS 6.6.3, security A01).
const BUDGETS: [(Duration, usize); 3] = [
    (Duration::from_mins(10), 10),
    (Duration::from_hours(1), 30),
    (Duration::from_hours(24), 100),
];
/// An IPv6 /48 gets this many times the limit of a /64.
const PREFIX48_MULTIPLIER: usize = 8;

/// Wrong codes in total. Beyond this limit, an attempt must name its identity or come from the
/// browser that requested the code.
const SERVICE_LIMIT: (Duration, usize) = (Duration::from_mins(10), 600);

/// A counted attempt, refunded if the code was right.
pub(crate) struct CodeAttempt {
    id: i64,
    /// Whether [`SERVICE_LIMIT`] is exceeded. Then only attempts that can match at most one
    /// identity's or one browser's codes are compared.
    pub under_attack: bool,
}

/// The limit of attempts is reached.
pub(crate) struct RateLimited {
    pub retry_after: Duration,
}

impl Portal {
    /// Counts an attempt before the code is compared.
    ///
    /// The count is committed first, so neither a restart nor a dropped connection undoes it. Every
    /// comparison of codes goes through this method.
    pub(crate) async fn count_code_attempt(
        &self,
        client: &Client,
    ) -> Result<Result<CodeAttempt, RateLimited>, Failure> {
        let now = self.now();
        let network = client.network();
        let prefix48 = client.prefix48();
        let mut transaction = self.begin().await?;
        // Lock order: /48 before network, to prevent deadlocks.
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
    /// Removes the attempt from the count, because the code was right.
    pub(crate) async fn refund(self, transaction: &mut Transaction) -> Result<(), Failure> {
        Ok(code_attempt::delete(transaction, self.id).await?)
    }
}

/// Returns how long until the oldest of `most` attempts leaves the window; zero if there are fewer.
fn wait_for(newest_first: &[Timestamp], most: usize, window: Duration, now: Timestamp) -> Duration {
    match newest_first.get(most - 1) {
        Some(oldest) => (*oldest + window).since(now).max(Duration::from_secs(1)),
        None => Duration::ZERO,
    }
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
