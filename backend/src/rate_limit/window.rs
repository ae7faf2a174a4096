//! Sliding windows: the one rule behind every limit that is counted in the database
//! (docs/contract.md, Guessing limits).

use std::time::Duration;

use domain::{Client, Timestamp};

use crate::store::sql::connection::Connection;
use crate::store::tables::attempts::AttemptTable;

/// An IPv6 /48 can belong to many people, so it gets this many times the limit of one network.
const PREFIX48_MULTIPLIER: i64 = 8;

/// At most `max` events within any `window`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub max: i64,
    pub window: Duration,
}

impl Limit {
    pub(crate) const fn new(max: i64, window: Duration) -> Self {
        Self { max, window }
    }

    /// The same limit for an IPv6 /48.
    pub(crate) const fn for_prefix48(self) -> Self {
        Self {
            max: self.max * PREFIX48_MULTIPLIER,
            window: self.window,
        }
    }

    /// Events after this time count.
    pub(crate) fn since(self, now: Timestamp) -> Timestamp {
        now - self.window
    }

    /// How long until the next event is allowed; `None` if it is allowed now. At least one second.
    ///
    /// `newest_first` holds the latest events of the window, `max` of them if there are as many.
    pub(crate) fn retry_after(
        self,
        newest_first: &[Timestamp],
        now: Timestamp,
    ) -> Option<Duration> {
        let last = usize::try_from(self.max - 1).ok()?;
        self.retry_after_nth(newest_first.get(last).copied(), now)
    }

    /// As [`retry_after`](Self::retry_after), given only the `max`-th newest event of the window.
    pub(crate) fn retry_after_nth(
        self,
        nth_newest: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Duration> {
        let allowed_at = nth_newest? + self.window;
        Some(allowed_at.since(now).max(Duration::from_secs(1)))
    }
}

/// How long a client has to wait by the limits of its network, and of its IPv6 /48 if it has one.
/// The caller holds the row locks of both.
pub(crate) async fn network_wait(
    connection: &mut Connection,
    table: &AttemptTable,
    client: &Client,
    limits: &[Limit],
    now: Timestamp,
) -> Result<Option<Duration>, sqlx::Error> {
    let (network, prefix48) = (client.network(), client.prefix48());
    let mut wait = None;
    for limit in limits {
        let (since, max) = (limit.since(now), limit.max);
        let events = table.of_network(connection, &network, since, max).await?;
        wait = wait.max(limit.retry_after(&events, now));
        if let Some(prefix48) = &prefix48 {
            let limit = limit.for_prefix48();
            let events = table.of_prefix48(connection, prefix48, since, limit.max);
            wait = wait.max(limit.retry_after(&events.await?, now));
        }
    }
    Ok(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit::new(3, Duration::from_mins(10));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn next_event_is_allowed_when_the_oldest_of_max_leaves_the_window() {
        assert_eq!(LIMIT.retry_after(&[], at(1000)), None);
        assert_eq!(LIMIT.retry_after(&[at(990), at(980)], at(1000)), None);
        let full = [at(990), at(980), at(700)];
        let wait = LIMIT.retry_after(&full, at(1000));
        assert_eq!(wait, Some(Duration::from_mins(5)));
    }

    #[test]
    fn wait_is_at_least_a_second() {
        let full = [at(990), at(980), at(400)];
        let wait = LIMIT.retry_after(&full, at(1000));
        assert_eq!(wait, Some(Duration::from_secs(1)));
    }

    #[test]
    fn prefix48_gets_eight_times_the_limit() {
        assert_eq!(LIMIT.for_prefix48().max, 24);
    }
}
