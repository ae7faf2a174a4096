use std::time::Duration;

use domain::Timestamp;

use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::rate_limit_event;

/// How often something may be done by one subject, or to one: by a network, by a person, to an
/// address. Counted in the database, so that neither a restart nor another server forgets.
#[derive(Clone, Copy)]
pub(crate) struct Budget {
    /// What is stored; each has its own.
    pub name: &'static str,
    /// So many times in this time, for each line; the longest is a day at most.
    pub limits: &'static [(Duration, i64)],
}

/// Nothing is left; the next time is after this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BudgetExhausted {
    pub retry_after: Duration,
}

impl Portal {
    /// Counts one use, as part of the caller's transaction: what is rolled back was not done.
    /// Where nothing is left, nothing is counted.
    ///
    /// # Errors
    /// The database can't be written, or the system's generator failed.
    pub(crate) async fn spend(
        &self,
        transaction: &mut Transaction,
        budget: Budget,
        subject: &[u8],
        now: Timestamp,
    ) -> Result<Result<(), BudgetExhausted>, Failure> {
        let subject = self.secret.keyed_hash(Purpose::Budget, subject);
        row_lock::acquire(transaction, RowLock::Budget(budget.name, &subject)).await?;
        let mut wait = Duration::ZERO;
        for (window, most) in budget.limits {
            let since = now - *window;
            let oldest =
                rate_limit_event::nth_newest(transaction, budget.name, &subject, since, *most)
                    .await?;
            if let Some(oldest) = oldest {
                let left = (oldest + *window).since(now).max(Duration::from_secs(1));
                wait = wait.max(left);
            }
        }
        if wait > Duration::ZERO {
            return Ok(Err(BudgetExhausted { retry_after: wait }));
        }
        rate_limit_event::insert(transaction, budget.name, &subject, now).await?;
        Ok(Ok(()))
    }
}
