use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::{Network, Timestamp};

/// How many keys that don't exist a network may show.
const MAX_INVALID_KEYS: u32 = 30;
const WINDOW: Duration = Duration::from_mins(10);

/// Networks share this many places, whatever number of them comes: strangers can't make it
/// grow. Who shares a place with a guesser is told 429 for a wrong key instead of 401.
const COUNTERS: usize = 4096;

/// The wrong keys of bots, by network (security A13). A secret of 187 bits can't be guessed,
/// so this only keeps the noise down: it lives in memory, and a right key always passes, so
/// that nobody shuts out the bots next to them.
pub(crate) struct InvalidKeys {
    places: Mutex<Box<[Counter]>>,
    hasher: RandomState,
}

#[derive(Clone, Copy)]
struct Counter {
    since: Timestamp,
    n: u32,
}

impl InvalidKeys {
    pub(crate) fn new() -> Self {
        let empty = Counter {
            since: Timestamp::from_micros(0),
            n: 0,
        };
        Self {
            places: Mutex::new(vec![empty; COUNTERS].into()),
            hasher: RandomState::new(),
        }
    }

    /// Counts one; an error says how long to wait where there were too many.
    pub(crate) fn count(&self, network: &Network, now: Timestamp) -> Result<(), Duration> {
        let place = self.hasher.hash_one(network) % COUNTERS as u64;
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = usize::try_from(place)
            .ok()
            .and_then(|at| places.get_mut(at))
        else {
            return Ok(());
        };
        // A clock that went back begins anew as well.
        if now < place.since || now.since(place.since) >= WINDOW {
            *place = Counter { since: now, n: 0 };
        }
        if place.n >= MAX_INVALID_KEYS {
            return Err(WINDOW.saturating_sub(now.since(place.since)));
        }
        place.n += 1;
        Ok(())
    }
}
