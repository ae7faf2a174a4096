use std::net::{IpAddr, SocketAddr};

/// A longer list is an attack, not a chain of proxies.
const MAX_HOPS: usize = 32;

/// The address of a client.
///
/// This is the peer's own address or, if `trusts` accepts the peer as a proxy, the first address
/// from the right of `X-Forwarded-For` that isn't a trusted proxy. Several lines of the header
/// form one list, in order (RFC 9110, section 5.3). An entry that can't be parsed ends the walk at
/// the last known address.
pub fn forwarded_client<'a>(
    peer: IpAddr,
    lines: impl DoubleEndedIterator<Item = &'a str>,
    trusts: impl Fn(IpAddr) -> bool,
) -> IpAddr {
    let mut client = peer.to_canonical();
    let hops = lines.rev().flat_map(|line| line.rsplit(',')).take(MAX_HOPS);
    for hop in hops {
        if !trusts(client) {
            break;
        }
        let Some(address) = parse_hop(hop) else { break };
        client = address.to_canonical();
    }
    client
}

/// Parses an address, with the port or brackets that some proxies add.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    hop.parse().ok().or_else(with_port).or_else(in_brackets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trusts the proxies whose addresses begin with 10.
    fn client(peer: &str, lines: &[&str]) -> String {
        let trusts = |address| matches!(address, IpAddr::V4(four) if four.octets()[0] == 10);
        forwarded_client(peer.parse().unwrap(), lines.iter().copied(), trusts).to_string()
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
            assert_eq!(client("10.0.0.1", lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_strangers_header_is_not_believed() {
        assert_eq!(client("198.51.100.1", &["1.2.3.4"]), "198.51.100.1");
    }

    #[test]
    fn an_ipv4_peer_on_an_ipv6_socket_is_the_same_peer() {
        assert_eq!(client("::ffff:10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
    }

    #[test]
    fn a_very_long_list_ends_somewhere() {
        let long = "10.0.0.2,".repeat(10_000);
        let line = format!("1.2.3.4,{long}10.0.0.9");
        assert_eq!(client("10.0.0.1", &[&line]), "10.0.0.2");
    }
}
