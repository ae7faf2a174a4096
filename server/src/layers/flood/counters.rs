use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::mem::take;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;

const WINDOW: Duration = Duration::from_mins(1);

/// How many counts are kept of late, and as many of before (security A19).
const GENERATION: usize = 50_000;

/// Counts by whatever somebody is known by, each over a minute from its first request. At
/// most twice [`GENERATION`] of 32 bytes: where more come, the oldest are forgotten, so that
/// who has a hundred thousand networks can begin anew with each, and shuts nobody else out.
/// Keys are kept as a hash that is drawn at every start: nobody can make two of them meet.
#[derive(Default)]
pub(super) struct Counters {
    hasher: RandomState,
    counts: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    late: HashMap<u64, Minute>,
    before: HashMap<u64, Minute>,
}

/// A minute that has begun.
#[derive(Clone, Copy)]
struct Minute {
    since: Timestamp,
    number: u32,
}

/// The number of this request in its minute.
pub(super) struct Count {
    pub number: u32,
    pub begins_anew_in: Duration,
}

impl Counters {
    /// Counts one more.
    pub(super) fn count(&self, whose: &impl Hash, now: Timestamp) -> Count {
        let key = self.hasher.hash_one(whose);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let known = counts.late.get(&key).or_else(|| counts.before.get(&key));
        let minute = match known {
            Some(minute) if now.since(minute.since) < WINDOW => Minute {
                // A clock that goes back makes the minute longer, and no count smaller.
                since: minute.since.min(now),
                number: minute.number.saturating_add(1),
            },
            _ => Minute {
                since: now,
                number: 1,
            },
        };
        if counts.late.len() >= GENERATION && !counts.late.contains_key(&key) {
            counts.before = take(&mut counts.late);
        }
        counts.late.insert(key, minute);
        Count {
            number: minute.number,
            begins_anew_in: WINDOW.saturating_sub(now.since(minute.since)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_774_972_396_763_528);

    #[test]
    fn a_minute_begins_with_its_first_request() {
        let counters = Counters::default();
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
            assert_eq!(count.begins_anew_in, Duration::from_secs(wait), "{second}");
        }
        assert_eq!(counters.count(&"another", at(61)).number, 1);
    }

    /// Security A22.
    #[test]
    fn a22_a_clock_that_goes_back_gives_nothing_back() {
        let counters = Counters::default();
        counters.count(&"one", START);
        let count = counters.count(&"one", START - Duration::from_hours(1));
        assert_eq!(count.number, 2);
        assert_eq!(count.begins_anew_in, WINDOW);
    }

    /// Security A19: two million networks take no more room than a hundred thousand.
    #[test]
    fn a19_any_number_of_networks_takes_bounded_memory() {
        let counters = Counters::default();
        for n in 0..2_000_000_u32 {
            counters.count(&n, START);
            if n % 10_000 == 0 {
                // Who keeps asking is not forgotten.
                let count = counters.count(&"busy", START);
                assert_eq!(count.number, n / 10_000 + 1);
            }
        }
        let counts = counters.counts.lock().unwrap();
        assert!(counts.late.len() <= GENERATION && counts.before.len() <= GENERATION);
        assert!(counts.late.capacity() + counts.before.capacity() <= 4 * GENERATION);
    }
}
