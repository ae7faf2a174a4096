use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use domain::{Client, UserAgent};
use http::HeaderMap;
use http::header::USER_AGENT;
use ipnet::IpNet;

/// A list longer than this is an attack, not a chain of proxies.
const MOST_HOPS: usize = 32;

/// The networks whose word about a client's address is believed
/// (`PORTAL_TRUSTED_PROXIES`); none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address of the client: the peer's own, or, where the peer is a trusted proxy,
    /// the first address from the right of `X-Forwarded-For` that is not one. Anything
    /// unreadable on the way ends the walk at the last address that was known.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        // Several lines of the header are one list, in order (RFC 9110, 5.3).
        let lines: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .map(|line| line.to_str().unwrap_or("unreadable"))
            .collect();
        let hops = lines
            .iter()
            .rev()
            .flat_map(|line| line.rsplit(','))
            .take(MOST_HOPS);
        for hop in hops {
            if !self.trusts(client) {
                break;
            }
            let Some(address) = parse_hop(hop) else { break };
            client = address.to_canonical();
        }
        client
    }
}

/// An address, with a port or brackets as some proxies write it.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    hop.parse().ok().or_else(with_port).or_else(in_brackets)
}

impl FromStr for TrustedProxies {
    type Err = ipnet::AddrParseError;

    /// Addresses and networks, divided by commas.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = |entry: &str| match entry.parse::<IpAddr>() {
            Ok(address) => Ok(IpNet::from(address)),
            Err(_) => entry.parse::<IpNet>(),
        };
        let entries = text
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        entries.map(parse).collect::<Result<_, _>>().map(Self)
    }
}

/// Where the request comes from, found out once: limits, binding and the log all use it.
pub(super) fn client(trusted: &TrustedProxies, peer: IpAddr, headers: &HeaderMap) -> Client {
    let user_agent = headers
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    Client {
        ip: trusted.client(peer, headers),
        user_agent: UserAgent::new(&user_agent.unwrap_or_default()),
        browser: app::browser_mark(headers),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use proptest::prelude::*;

    use super::*;

    const XFF: HeaderName = HeaderName::from_static("x-forwarded-for");

    fn client(trusted: &str, peer: &str, lines: &[&str]) -> String {
        let trusted: TrustedProxies = trusted.parse().unwrap();
        let headers = lines
            .iter()
            .map(|line| (XFF, HeaderValue::from_str(line).unwrap()));
        trusted
            .client(peer.parse().unwrap(), &headers.collect())
            .to_string()
    }

    #[test]
    fn a_strangers_header_is_not_believed() {
        assert_eq!(client("", "198.51.100.1", &["1.2.3.4"]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.0/8", "198.51.100.1", &["1.2.3.4"]),
            "198.51.100.1"
        );
    }

    #[test]
    fn behind_trusted_proxies_the_first_untrusted_hop_from_the_right_counts() {
        for (lines, expected) in [
            (&["1.2.3.4"][..], "1.2.3.4"),
            (&["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
            (&["6.6.6.6, 1.2.3.4, 10.0.0.2"], "1.2.3.4"),
            (&["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
            (&["1.2.3.4", "10.0.0.2"], "1.2.3.4"),
            (&["1.2.3.4:80"], "1.2.3.4"),
            (&["[2001:db8::1]:80"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["::ffff:1.2.3.4"], "1.2.3.4"),
            (&["1.2.3.4, unknown"], "10.0.0.1"),
            (&["unknown, 10.0.0.2"], "10.0.0.2"),
            (&["\"1.2.3.4\""], "10.0.0.1"),
            (&[""], "10.0.0.1"),
            (&[","], "10.0.0.1"),
            (&[], "10.0.0.1"),
            (&["10.0.0.3"], "10.0.0.3"),
        ] {
            assert_eq!(
                client("10.0.0.0/8", "10.0.0.1", lines),
                expected,
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_very_long_list_ends_somewhere() {
        let long = "10.0.0.2,".repeat(10_000);
        assert_eq!(
            client(
                "10.0.0.0/8",
                "10.0.0.1",
                &[&format!("1.2.3.4,{long}10.0.0.9")]
            ),
            "10.0.0.2"
        );
    }

    #[test]
    fn an_ipv4_peer_on_an_ipv6_socket_is_the_same_peer() {
        assert_eq!(
            client("10.0.0.1", "::ffff:10.0.0.1", &["1.2.3.4"]),
            "1.2.3.4"
        );
    }

    #[test]
    fn the_setting_takes_addresses_and_networks() {
        assert!(
            "10.0.0.1, 192.168.0.0/16, ::1"
                .parse::<TrustedProxies>()
                .is_ok()
        );
        assert!("proxy.example.org".parse::<TrustedProxies>().is_err());
    }

    proptest! {
        /// Security A04: to the left of what a trusted proxy wrote, anything may stand.
        #[test]
        fn a04_nothing_that_a_client_writes_moves_it(
            spoofed in prop::collection::vec("[ -~\\t]{0,60}|([0-9a-f:.]{1,20},){0,20}|(10\\.0\\.0\\.[0-9], ?){1,40}", 0..4),
            address in any::<[u8; 4]>(),
        ) {
            let address = IpAddr::from(address);
            let trusted: TrustedProxies = "10.0.0.0/8".parse().unwrap();
            prop_assume!(!trusted.trusts(address));
            let headers = |lines: &[String]| -> HeaderMap {
                let values = lines.iter().map(|line| (XFF, HeaderValue::from_str(line).unwrap()));
                values.collect()
            };
            // Straight to us: whatever it writes is not even read.
            prop_assert_eq!(trusted.client(address, &headers(&spoofed)), address);
            // By one proxy or two, which add to the list, or write a line of their own.
            let proxy: IpAddr = "10.0.0.1".parse().unwrap();
            for added in [format!("{address}"), format!("{address}, 10.9.9.9"), format!("{address}:4711")] {
                let mut lines = spoofed.clone();
                lines.push(added.clone());
                prop_assert_eq!(trusted.client(proxy, &headers(&lines)), address);
                if let Some(last) = spoofed.last() {
                    *lines.last_mut().unwrap() = format!("{last}, {added}");
                    prop_assert_eq!(trusted.client(proxy, &headers(&lines)), address);
                }
            }
        }
    }
}
