use std::net::SocketAddr;

use clap::Args;

use super::site::parse_address;
use crate::connections::{ConnectionLimits, ConnectionTimeLimits};
use crate::layers::TrustedProxies;
use crate::rate_limit::RateLimits;

/// Proxies, limits of requests and connections, and the metrics listener.
#[derive(Args, Clone, Debug)]
pub struct NetworkSettings {
    /// Comma-separated addresses or networks of reverse proxies whose X-Forwarded-For is trusted
    #[arg(
        long,
        env = "PORTAL_TRUSTED_PROXIES",
        global = true,
        value_name = "NETWORKS",
        default_value = ""
    )]
    pub trusted_proxies: TrustedProxies,

    /// Login requests allowed per minute and network; 0 means no limit, also for the limits below
    #[arg(
        long,
        env = "PORTAL_LOGIN_LIMIT",
        global = true,
        value_name = "N",
        default_value = "20"
    )]
    pub login_limit: u32,

    /// Requests to public routes allowed per minute and network
    #[arg(
        long,
        env = "PORTAL_PUBLIC_LIMIT",
        global = true,
        value_name = "N",
        default_value = "120"
    )]
    pub public_limit: u32,

    /// Requests allowed per minute and session
    #[arg(
        long,
        env = "PORTAL_OWN_LIMIT",
        global = true,
        value_name = "N",
        default_value = "120"
    )]
    pub own_limit: u32,

    /// Admin requests allowed per minute and session
    #[arg(
        long,
        env = "PORTAL_ADMIN_LIMIT",
        global = true,
        value_name = "N",
        default_value = "60"
    )]
    pub admin_limit: u32,

    /// Requests allowed per minute and bot key
    #[arg(
        long,
        env = "PORTAL_BOT_LIMIT",
        global = true,
        value_name = "N",
        default_value = "600"
    )]
    pub bot_limit: u32,

    /// Connections allowed per address, except for trusted proxies; 0 means no limit
    #[arg(
        long,
        env = "PORTAL_CONNECTIONS_PER_ADDRESS",
        global = true,
        value_name = "N",
        default_value = "50"
    )]
    pub connections_per_address: u32,

    /// Connections allowed in total; further ones wait. 0 means no limit
    #[arg(
        long,
        env = "PORTAL_CONNECTIONS",
        global = true,
        value_name = "N",
        default_value = "10000"
    )]
    pub connections: usize,

    /// The address to serve /metrics on for Prometheus, such as 127.0.0.1:9100; keep it private
    /// [default: none]
    #[arg(long, env = "PORTAL_METRICS_ADDR", global = true, value_name = "IP:PORT", value_parser = parse_address)]
    pub metrics_addr: Option<SocketAddr>,
}

impl NetworkSettings {
    pub(crate) fn rate_limits(&self) -> RateLimits {
        let limit = |n: u32| (n > 0).then_some(n);
        RateLimits {
            login: limit(self.login_limit),
            public: limit(self.public_limit),
            own: limit(self.own_limit),
            admin: limit(self.admin_limit),
            bot: limit(self.bot_limit),
        }
    }

    pub(crate) fn connection_limits(&self) -> ConnectionLimits {
        ConnectionLimits {
            per_address: Some(self.connections_per_address).filter(|n| *n > 0),
            total: Some(self.connections).filter(|n| *n > 0),
            times: ConnectionTimeLimits::DEFAULT,
        }
    }
}
