use std::time::Duration;

use domain::Timestamp;

use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::rate_limit_event;

/// A rate limit for one kind of action, counted by subject: a network, a person or an address.
/// The counts are in the database, so restarts don't reset them and all servers share them.
#[derive(Clone, Copy)]
pub(crate) struct Budget {
    /// The stored name, unique to each budget.
    pub name: &'static str,
    /// Windows, each with its maximum number of uses. No window is longer than a day.
    pub limits: &'static [(Duration, i64)],
}

/// The budget is used up. The next use is possible after this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BudgetExhausted {
    pub retry_after: Duration,
}

impl Portal {
    /// Counts one use in the caller's transaction; a rollback undoes it. If the budget is used
    /// up, nothing is counted.
    ///
    /// # Errors
    /// The database can't be written, or the system's random generator failed.
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
