use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::{Network, Timestamp};

/// How many invalid keys a network may send within the window.
const MAX_INVALID_KEYS: u32 = 30;
const WINDOW: Duration = Duration::from_mins(10);

/// The number of counters, fixed so that clients can't make the memory grow. Networks share
/// counters by hash. A network that shares one with an attacker gets 429 instead of 401 for an
/// invalid key.
const COUNTERS: usize = 4096;

/// Counts invalid bot keys by network (security A13). A secret of 187 bits can't be guessed, so
/// this only limits noise. It is kept in memory only, and a valid key always passes, so an
/// attacker can't lock out bots in the same network.
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

    /// Counts one invalid key. The error says how long to wait after too many.
    pub(crate) fn count(&self, network: &Network, now: Timestamp) -> Result<(), Duration> {
        let place = self.hasher.hash_one(network) % COUNTERS as u64;
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = usize::try_from(place)
            .ok()
            .and_then(|at| places.get_mut(at))
        else {
            return Ok(());
        };
        // Also starts again if the clock went backwards.
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
