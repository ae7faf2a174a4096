//! Connection pools.

use std::time::Duration;

use sqlx::AnyPool;

/// How long a request waits for a connection before it fails with a request to retry.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// The current number of connections in a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolStats {
    pub name: &'static str,
    pub open: u32,
    pub idle: usize,
    pub most: u32,
}

impl PoolStats {
    pub(crate) fn of(name: &'static str, pool: &AnyPool) -> Self {
        Self {
            name,
            open: pool.size(),
            idle: pool.num_idle(),
            most: pool.options().get_max_connections(),
        }
    }
}
