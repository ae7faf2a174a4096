use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::mem::take;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;

const WINDOW: Duration = Duration::from_mins(1);

/// How many counts each of the two generations holds (security A19).
const GENERATION_SIZE: usize = 50_000;

/// Counts requests by key, each over a window that begins with its first request.
///
/// Memory is bounded by two generations of [`GENERATION_SIZE`] counts of 32 bytes. When one is
/// full, the older one is dropped: a client with a hundred thousand networks can reset its own
/// counts, and affects nobody else's. Keys are hashed with a seed that is random at each start, so
/// clients can't provoke collisions.
#[derive(Default)]
pub(super) struct WindowCounters {
    hasher: RandomState,
    counts: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    current: HashMap<u64, Window>,
    previous: HashMap<u64, Window>,
}

/// A window in progress.
#[derive(Clone, Copy)]
struct Window {
    since: Timestamp,
    number: u32,
}

/// The position of a request in its window.
pub(super) struct Count {
    pub number: u32,
    pub resets_in: Duration,
}

impl WindowCounters {
    /// Counts one request.
    pub(super) fn count(&self, key: &impl Hash, now: Timestamp) -> Count {
        let key = self.hasher.hash_one(key);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let known = counts
            .current
            .get(&key)
            .or_else(|| counts.previous.get(&key));
        let window = match known {
            Some(window) if now.since(window.since) < WINDOW => Window {
                // A clock that goes back extends the window, and lowers no count.
                since: window.since.min(now),
                number: window.number.saturating_add(1),
            },
            _ => Window {
                since: now,
                number: 1,
            },
        };
        if counts.current.len() >= GENERATION_SIZE && !counts.current.contains_key(&key) {
            counts.previous = take(&mut counts.current);
        }
        counts.current.insert(key, window);
        Count {
            number: window.number,
            resets_in: WINDOW.saturating_sub(now.since(window.since)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_774_972_396_763_528);

    #[test]
    fn window_begins_with_its_first_request() {
        let counters = WindowCounters::default();
        let at = |seconds| START + Duration::from_secs(seconds);
        for (second, number, wait) in [
            (0, 1, 60),
            (30, 2, 30),
            (59, 3, 1),
            (60, 1, 60),
            (61, 2, 59),
        ] {
            let count = counters.count(&"one", at(second));
            assert_eq!(count.number, number, "{second}");
            assert_eq!(count.resets_in, Duration::from_secs(wait), "{second}");
        }
        assert_eq!(counters.count(&"another", at(61)).number, 1);
    }

    /// Security A22.
    #[test]
    fn a22_clock_set_back_lowers_no_count() {
        let counters = WindowCounters::default();
        counters.count(&"one", START);
        let count = counters.count(&"one", START - Duration::from_hours(1));
        assert_eq!(count.number, 2);
        assert_eq!(count.resets_in, WINDOW);
    }

    /// Security A19.
    #[test]
    fn a19_memory_is_bounded_for_any_number_of_networks() {
        let counters = WindowCounters::default();
        for n in 0..2_000_000_u32 {
            counters.count(&n, START);
            if n % 10_000 == 0 {
                // A client that keeps sending keeps its count.
                let count = counters.count(&"busy", START);
                assert_eq!(count.number, n / 10_000 + 1);
            }
        }
        let counts = counters.counts.lock().unwrap();
        assert!(
            counts.current.len() <= GENERATION_SIZE && counts.previous.len() <= GENERATION_SIZE
        );
        assert!(counts.current.capacity() + counts.previous.capacity() <= 4 * GENERATION_SIZE);
    }
}
