use std::time::Duration;

use domain::{Client, Timestamp};

use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, Gate};
use crate::store::tables::code_guess;

/// How many wrong codes a network may try: in ten minutes, an hour and a day (docs/contract.md,
/// Guessing limits; ASVS 6.6.3, security A01).
const BUDGETS: [(Duration, usize); 3] = [
    (Duration::from_mins(10), 10),
    (Duration::from_hours(1), 30),
    (Duration::from_hours(24), 100),
];
/// An IPv6 /48 gets this many times the budget of a /64.
const WIDE_SHARE: usize = 8;

/// Beyond so many wrong codes in all, a guess must name its identity or come from the
/// browser that asked.
const SERVICE_BUDGET: (Duration, usize) = (Duration::from_mins(10), 600);

/// A guess that was counted. Given back when it was right.
pub(crate) struct Guess {
    id: i64,
    /// Whether the service as a whole is under attack: only guesses that could hit one
    /// code at most are then compared.
    pub under_attack: bool,
}

/// No guess is left; the next one is after this time.
pub(crate) struct NoGuessLeft {
    pub retry_after: Duration,
}

impl Portal {
    /// Counts a guess before anything is compared, durably, so that neither a restart nor a
    /// connection that breaks off makes it undone. The one way to a compare of codes.
    pub(crate) async fn count_guess(
        &self,
        client: &Client,
    ) -> Result<Result<Guess, NoGuessLeft>, Failure> {
        let now = self.now();
        let network = client.network();
        let wide = client.wide_network();
        let mut transaction = self.begin().await?;
        // The wider one first, always: two transactions never wait for each other crosswise.
        if let Some(wide) = &wide {
            row_lock::pass(&mut transaction, Gate::GuessesOfWide(wide)).await?;
        }
        row_lock::pass(&mut transaction, Gate::GuessesOf(&network)).await?;
        let mut wait = Duration::ZERO;
        for (window, most) in BUDGETS {
            let since = now - window;
            let own =
                code_guess::of_network(&mut transaction, &network, since, limit(most)).await?;
            wait = wait.max(wait_for(&own, most, window, now));
            if let Some(wide) = &wide {
                let most = most * WIDE_SHARE;
                let all =
                    code_guess::of_wide_network(&mut transaction, wide, since, limit(most)).await?;
                wait = wait.max(wait_for(&all, most, window, now));
            }
        }
        if wait > Duration::ZERO {
            return Ok(Err(NoGuessLeft { retry_after: wait }));
        }
        let (window, most) = SERVICE_BUDGET;
        let all = code_guess::of_all(&mut transaction, now - window, limit(most)).await?;
        let under_attack = all.len() >= most;
        let id = code_guess::insert(&mut transaction, client, now).await?;
        transaction.commit().await?;
        Ok(Ok(Guess { id, under_attack }))
    }
}

impl Guess {
    /// Gives the guess back: the code was right.
    pub(crate) async fn give_back(self, transaction: &mut Transaction) -> Result<(), Failure> {
        Ok(code_guess::delete(transaction, self.id).await?)
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
