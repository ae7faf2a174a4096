use std::net::IpAddr;
use std::str::FromStr;

use domain::{Client, UserAgent, forwarded_client};
use http::HeaderMap;
use http::header::USER_AGENT;
use ipnet::IpNet;

/// The networks whose `X-Forwarded-For` is trusted (`PORTAL_TRUSTED_PROXIES`); none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client's address, as the trusted proxies report it.
    fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all("x-forwarded-for").iter();
        let lines = lines.map(|line| line.to_str().unwrap_or("unreadable"));
        forwarded_client(peer, lines, |address| self.trusts(address))
    }
}

impl FromStr for TrustedProxies {
    type Err = ipnet::AddrParseError;

    /// Addresses and networks, separated by commas.
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

/// Where a request comes from. It is determined once; rate limits, session binding and the log
/// all use it.
pub(super) fn client(trusted: &TrustedProxies, peer: IpAddr, headers: &HeaderMap) -> Client {
    let user_agent = headers
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    Client {
        ip: trusted.client_address(peer, headers),
        user_agent: UserAgent::new(&user_agent.unwrap_or_default()),
        browser: app::browser_mark(headers),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    const XFF: HeaderName = HeaderName::from_static("x-forwarded-for");

    fn client_address(trusted: &str, peer: &str, lines: &[&[u8]]) -> String {
        let trusted: TrustedProxies = trusted.parse().unwrap();
        let headers = lines
            .iter()
            .map(|line| (XFF, HeaderValue::from_bytes(line).unwrap()));
        trusted
            .client_address(peer.parse().unwrap(), &headers.collect())
            .to_string()
    }

    #[test]
    fn only_listed_networks_are_trusted() {
        for (trusted, peer, expected) in [
            ("", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.0/8", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.0/8", "10.0.0.1", "1.2.3.4"),
            ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
            ("10.0.0.1", "::ffff:10.0.0.1", "1.2.3.4"),
            ("::1", "::1", "1.2.3.4"),
        ] {
            assert_eq!(
                client_address(trusted, peer, &[b"1.2.3.4"]),
                expected,
                "{trusted}"
            );
        }
    }

    #[test]
    fn repeated_headers_form_one_list() {
        for (lines, expected) in [
            (&[&b"6.6.6.6"[..], b"1.2.3.4"][..], "1.2.3.4"),
            (&[b"6.6.6.6, 1.2.3.4", b"10.0.0.2"], "1.2.3.4"),
            (&[b"1.2.3.4", b"\xff", b"10.0.0.2"], "10.0.0.2"),
            (&[b"1.2.3.4", b"5.6.7.8, \xff"], "10.0.0.1"),
            (&[], "10.0.0.1"),
        ] {
            let found = client_address("10.0.0.0/8", "10.0.0.1", lines);
            assert_eq!(found, expected, "{lines:?}");
        }
    }

    #[test]
    fn setting_accepts_addresses_and_networks() {
        assert!(
            "10.0.0.1, 192.168.0.0/16, ::1"
                .parse::<TrustedProxies>()
                .is_ok()
        );
        assert!("proxy.example.org".parse::<TrustedProxies>().is_err());
    }
}
