use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits::ConnectionLimits;

/// Counts open connections, in total and by address. Its memory is proportional to them.
pub(super) struct ConnectionLimiter {
    slots: Arc<Semaphore>,
    per_address: Option<u32>,
    open: Mutex<HashMap<IpAddr, u32>>,
}

/// The right to one connection, released when dropped.
pub(super) struct ConnectionPermit {
    /// `None` for exempt addresses.
    counted: Option<(Arc<ConnectionLimiter>, IpAddr)>,
    _slot: OwnedSemaphorePermit,
}

impl ConnectionLimiter {
    pub(super) fn new(limits: &ConnectionLimits) -> Self {
        let total = limits.total.unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            slots: Arc::new(Semaphore::new(total.min(Semaphore::MAX_PERMITS))),
            per_address: limits.per_address,
            open: Mutex::default(),
        }
    }

    /// Waits until the total limit allows one more connection.
    pub(super) async fn wait_for_slot(&self) -> OwnedSemaphorePermit {
        let slot = self.slots.clone().acquire_owned().await;
        slot.expect("the semaphore is never closed")
    }

    /// A permit for this peer, or none where its address has reached the limit.
    pub(super) fn acquire(
        self: &Arc<Self>,
        peer: IpAddr,
        slot: OwnedSemaphorePermit,
    ) -> Option<ConnectionPermit> {
        let Some(limit) = self.per_address else {
            return Some(ConnectionPermit::exempt(slot));
        };
        let address = counted_address(peer);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.get(&address).copied().unwrap_or(0);
        if count >= limit {
            return None;
        }
        open.insert(address, count + 1);
        Some(ConnectionPermit {
            counted: Some((self.clone(), address)),
            _slot: slot,
        })
    }
}

impl ConnectionPermit {
    /// A permit that counts against the total limit only.
    pub(super) const fn exempt(slot: OwnedSemaphorePermit) -> Self {
        Self {
            counted: None,
            _slot: slot,
        }
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let Some((limiter, address)) = &self.counted else {
            return;
        };
        let mut open = limiter.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = open.entry(*address) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// The address that connections are counted by: of IPv6, the /64.
fn counted_address(peer: IpAddr) -> IpAddr {
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
    use crate::connections::ConnectionTimeLimits;

    #[tokio::test]
    async fn ipv6_64_counts_as_one_address_and_closed_connections_are_forgotten() {
        let limiter = Arc::new(ConnectionLimiter::new(&ConnectionLimits {
            per_address: Some(2),
            total: None,
            times: ConnectionTimeLimits::DEFAULT,
        }));
        let mut permits = Vec::new();
        for (peer, is_allowed) in [
            ("2001:db8::1", true),
            ("2001:db8::2", true),
            ("2001:db8::3", false),
            ("2001:db8:0:1::1", true),
            ("1.2.3.4", true),
            ("::ffff:1.2.3.4", true),
            ("1.2.3.4", false),
        ] {
            let slot = limiter.wait_for_slot().await;
            let permit = limiter.acquire(peer.parse().unwrap(), slot);
            assert_eq!(permit.is_some(), is_allowed, "{peer}");
            permits.extend(permit);
        }
        permits.clear();
        assert!(limiter.open.lock().unwrap().is_empty());
    }
}
