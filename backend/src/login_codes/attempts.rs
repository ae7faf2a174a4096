use std::time::Duration;

use domain::Client;

use crate::error::Failure;
use crate::portal::Portal;
use crate::rate_limit::window::{Limit, network_wait};
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::code_attempt;

/// Wrong codes per network: in ten minutes, an hour and a day (docs/contract.md, Guessing limits;
/// ASVS 6.6.3, security A01).
const NETWORK_LIMITS: [Limit; 3] = [
    Limit::new(10, Duration::from_mins(10)),
    Limit::new(30, Duration::from_hours(1)),
    Limit::new(100, Duration::from_hours(24)),
];

/// Wrong codes in total. Beyond this limit, an attempt must name its identity or come from the
/// browser that requested the code.
const SERVICE_LIMIT: Limit = Limit::new(600, Duration::from_mins(10));

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
        let table = &code_attempt::TABLE;
        let wait = network_wait(&mut transaction, table, client, &NETWORK_LIMITS, now);
        if let Some(retry_after) = wait.await? {
            return Ok(Err(RateLimited { retry_after }));
        }
        let (since, max) = (SERVICE_LIMIT.since(now), SERVICE_LIMIT.max);
        let all = code_attempt::of_all(&mut transaction, since, max).await?;
        let under_attack = SERVICE_LIMIT.retry_after(&all, now).is_some();
        let id = code_attempt::insert(&mut transaction, client, now).await?;
        transaction.commit().await?;
        Ok(Ok(CodeAttempt { id, under_attack }))
    }
}

impl CodeAttempt {
    /// Removes the attempt from the count, because the code was right.
    pub(crate) async fn refund(self, transaction: &mut Transaction) -> Result<(), Failure> {
        Ok(code_attempt::TABLE.delete(transaction, self.id).await?)
    }
}
