use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ConnectionLimits;

/// Who holds how many connections. Its size is that of the open connections.
pub(super) struct Seats {
    places: Arc<Semaphore>,
    per_address: Option<u32>,
    held: Mutex<HashMap<IpAddr, u32>>,
}

/// The right to one connection, given back when dropped.
pub(super) struct Seat {
    /// None for who is exempt.
    counted: Option<(Arc<Seats>, IpAddr)>,
    _place: OwnedSemaphorePermit,
}

impl Seats {
    pub(super) fn new(limits: &ConnectionLimits) -> Self {
        let in_all = limits.in_all.unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(in_all.min(Semaphore::MAX_PERMITS))),
            per_address: limits.per_address,
            held: Mutex::default(),
        }
    }

    /// Waits until there is a place for one more.
    pub(super) async fn wait_for_place(&self) -> OwnedSemaphorePermit {
        let place = self.places.clone().acquire_owned().await;
        place.expect("nobody closes the semaphore")
    }

    /// A seat for this peer, or none where its address has as many as it may.
    pub(super) fn take(
        self: &Arc<Self>,
        peer: IpAddr,
        exempt: bool,
        place: OwnedSemaphorePermit,
    ) -> Option<Seat> {
        let address = whose(peer);
        let Some(most) = self.per_address.filter(|_| !exempt) else {
            return Some(Seat {
                counted: None,
                _place: place,
            });
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(address).or_insert(0);
        if *count >= most {
            if most == 0 {
                held.remove(&address);
            }
            return None;
        }
        *count += 1;
        Some(Seat {
            counted: Some((self.clone(), address)),
            _place: place,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((seats, address)) = &self.counted else {
            return;
        };
        let mut held = seats.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = held.entry(*address) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// Of IPv6, one has a whole /64.
fn whose(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::ConnectionTimes;

    #[tokio::test]
    async fn an_ipv6_64_is_one_address_and_nothing_is_remembered_of_who_left() {
        let seats = Arc::new(Seats::new(&ConnectionLimits {
            per_address: Some(2),
            in_all: None,
            times: ConnectionTimes::DEFAULT,
        }));
        let mut taken = Vec::new();
        for (peer, is_free) in [
            ("2001:db8::1", true),
            ("2001:db8::2", true),
            ("2001:db8::3", false),
            ("2001:db8:0:1::1", true),
            ("1.2.3.4", true),
            ("::ffff:1.2.3.4", true),
            ("1.2.3.4", false),
        ] {
            let place = seats.wait_for_place().await;
            let seat = seats.take(peer.parse().unwrap(), false, place);
            assert_eq!(seat.is_some(), is_free, "{peer}");
            taken.extend(seat);
        }
        taken.clear();
        assert!(seats.held.lock().unwrap().is_empty());
    }
}
