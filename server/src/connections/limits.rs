use std::time::Duration;

/// How many connections there may be, and how long each may take (docs/contract.md, Request limits).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// From one IPv4 address or IPv6 /64, unless it is a trusted proxy. `None` for no limit.
    pub per_address: Option<u32>,
    /// In total; further ones wait in the system's queue. `None` for no limit.
    pub total: Option<usize>,
    pub times: ConnectionTimeLimits,
}

/// How long a connection may stay in each of its phases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionTimeLimits {
    /// From the first byte of a request's head, or from the connection itself, to the last byte of
    /// the head.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Without accepting a byte of what we write.
    pub stalled: Duration,
}

impl ConnectionTimeLimits {
    pub(crate) const DEFAULT: Self = Self {
        head: Duration::from_secs(10),
        idle: Duration::from_mins(1),
        stalled: Duration::from_secs(30),
    };
}
