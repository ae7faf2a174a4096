//! How tests wait, and how often they repeat a race.

use std::env;
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Waits until the condition becomes true.
pub async fn until(mut is_true: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_true().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(minutes(2), waiting).await.expect("an end in time");
}

/// How often a race is repeated: 50 times in CI, or as often as `PORTAL_TEST_ROUNDS` says (`make
/// soak`).
#[must_use]
pub fn rounds() -> usize {
    env::var("PORTAL_TEST_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(50)
}

#[must_use]
pub const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}
