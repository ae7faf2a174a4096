use std::time::Duration;

use domain::{Client, Timestamp};

use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::portal::Portal;
use crate::rate_limit::window::Limit;
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
    pub limits: &'static [Limit],
}

/// A budget whose subject is a network. An IPv6 /48 has eight times the limits of a network.
#[derive(Clone, Copy)]
pub(crate) struct NetworkBudget {
    pub budget: Budget,
    /// The stored name of the counts by /48.
    pub prefix48_name: &'static str,
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
        let Budget { name, limits } = budget;
        self.count_use(transaction, name, limits.iter().copied(), subject, now)
            .await
    }

    /// As [`spend`](Self::spend), with a client's network as the subject, and with its IPv6 /48 if
    /// it has one.
    pub(crate) async fn spend_for_network(
        &self,
        transaction: &mut Transaction,
        budget: NetworkBudget,
        client: &Client,
        now: Timestamp,
    ) -> Result<Result<(), BudgetExhausted>, Failure> {
        let NetworkBudget {
            budget,
            prefix48_name,
        } = budget;
        // Lock order: /48 before network, to prevent deadlocks.
        if let Some(prefix48) = client.prefix48() {
            let limits = budget.limits.iter().map(|limit| limit.for_prefix48());
            let subject = prefix48.as_str().as_bytes();
            let counted = self.count_use(transaction, prefix48_name, limits, subject, now);
            if let Err(exhausted) = counted.await? {
                return Ok(Err(exhausted));
            }
        }
        let network = client.network();
        self.spend(transaction, budget, network.as_str().as_bytes(), now)
            .await
    }

    async fn count_use(
        &self,
        transaction: &mut Transaction,
        name: &'static str,
        limits: impl Iterator<Item = Limit> + Send,
        subject: &[u8],
        now: Timestamp,
    ) -> Result<Result<(), BudgetExhausted>, Failure> {
        let subject = self.secret.keyed_hash(Purpose::Budget, subject);
        row_lock::acquire(transaction, RowLock::Budget(name, &subject)).await?;
        let mut wait = None;
        for limit in limits {
            let (since, max) = (limit.since(now), limit.max);
            let nth = rate_limit_event::nth_newest(transaction, name, &subject, since, max).await?;
            wait = wait.max(limit.retry_after_nth(nth, now));
        }
        if let Some(retry_after) = wait {
            return Ok(Err(BudgetExhausted { retry_after }));
        }
        rate_limit_event::insert(transaction, name, &subject, now).await?;
        Ok(Ok(()))
    }
}
