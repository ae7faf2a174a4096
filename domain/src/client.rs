use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// The origin of a request, as determined by the server's trusted-proxy rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Canonical: an IPv4-mapped IPv6 address is stored as IPv4.
    pub ip: IpAddr,
    pub user_agent: UserAgent,
    /// The device ID that the browser sent; most programs send none.
    pub browser: Option<DeviceId>,
}

/// A random identifier that a browser keeps after its first login attempt: 256 bits in
/// base64url. It grants no access. A browser that an account has logged in with before is a
/// known device of that account: it has a rate limit of its own, and logins with it cause no
/// notification.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceId(String);

/// The error for a text that isn't a [`DeviceId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceIdError;

/// The part of an address that identifies a client for rate limits: an IPv4 address, or the /64
/// of an IPv6 address, because a device can change the lower half at will (docs/contract.md,
/// Web codes and bot codes).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Network(String);

impl Client {
    #[must_use]
    pub fn network(&self) -> Network {
        match self.ip.to_canonical() {
            IpAddr::V4(address) => Network(address.to_string()),
            IpAddr::V6(address) => Network(format!("{}/64", first_bits(address, 64))),
        }
    }

    /// The /48 of an IPv6 address, which hosting providers often assign to one customer.
    #[must_use]
    pub fn prefix48(&self) -> Option<Network> {
        match self.ip.to_canonical() {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => Some(Network(format!("{}/48", first_bits(address, 48)))),
        }
    }
}

impl DeviceId {
    const LENGTH: usize = 43;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DeviceId {
    type Err = DeviceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let base64url = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if text.len() == Self::LENGTH && text.bytes().all(base64url) {
            Ok(Self(text.to_owned()))
        } else {
            Err(DeviceIdError)
        }
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserMark(…)")
    }
}

impl Network {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn first_bits(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits)))
}

/// The `User-Agent` header, for display only. At most 256 characters and no control characters,
/// so that it is safe in logs and lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserAgent(String);

impl UserAgent {
    const MAX_LENGTH: usize = 256;

    #[must_use]
    pub fn new(raw: &str) -> Self {
        Self(
            raw.chars()
                .filter(|c| !c.is_control())
                .take(Self::MAX_LENGTH)
                .collect(),
        )
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A readable name of the browser, such as "Firefox on Linux".
    #[must_use]
    pub fn to_human(&self) -> String {
        match self.names() {
            (Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Some(browser), None) => browser.to_owned(),
            (None, _) => "Unknown browser".to_owned(),
        }
    }

    /// The product names of the browser and the operating system; `None` where unknown.
    #[must_use]
    pub fn names(&self) -> (Option<&'static str>, Option<&'static str>) {
        // Order matters: Edge and Opera also say "Chrome", and Chrome says "Safari".
        const BROWSERS: [(&str, &str); 8] = [
            ("Firefox/", "Firefox"),
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser/", "Samsung Internet"),
            ("CriOS/", "Chrome"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
            ("curl/", "curl"),
        ];
        const SYSTEMS: [(&str, &str); 6] = [
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ];
        let named = |table: &[(&str, &'static str)]| {
            table
                .iter()
                .find(|(mark, _)| self.0.contains(mark))
                .map(|(_, name)| *name)
        };
        (named(&BROWSERS), named(&SYSTEMS))
    }
}

impl fmt::Display for UserAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_length_are_cut() {
        let agent = UserAgent::new(&format!("a\x1b[31m\r\n{}", "x".repeat(1000)));
        assert!(agent.as_str().starts_with("a[31mx"));
        assert_eq!(agent.as_str().chars().count(), 256);
    }

    /// Security A03.
    #[test]
    fn addresses_of_one_network_are_one() {
        let network = |ip: &str| {
            let client = Client {
                ip: ip.parse().unwrap(),
                user_agent: UserAgent::default(),
                browser: None,
            };
            client.network().as_str().to_owned()
        };
        for (one, other, same) in [
            ("1.2.3.4", "1.2.3.4", true),
            ("1.2.3.4", "1.2.3.5", false),
            ("1.2.3.4", "::ffff:1.2.3.4", true),
            ("2001:db8::1", "2001:db8::ffff:1", true),
            ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
            ("1.2.3.4", "2001:db8::1", false),
        ] {
            assert_eq!(network(one) == network(other), same, "{one} {other}");
        }
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    }

    #[test]
    fn browsers_have_names() {
        let names = |raw: &str| UserAgent::new(raw).to_human();
        assert_eq!(
            names("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox on Linux"
        );
        assert_eq!(
            names(
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
            ),
            "Safari on iPhone"
        );
        assert_eq!(names("curl/8.14.1"), "curl");
        assert_eq!(names(""), "Unknown browser");
    }

    #[test]
    fn a_mark_is_43_characters_of_base64url_and_never_shown() {
        let mark: DeviceId = "A-_z".repeat(11)[..43].parse().unwrap();
        assert_eq!(format!("{mark:?}"), "BrowserMark(…)");
        for odd in ["", "abc", &"a".repeat(42), &"a".repeat(44), &"é".repeat(43)] {
            assert_eq!(odd.parse::<DeviceId>(), Err(DeviceIdError), "{odd}");
        }
        assert_eq!(
            format!("{}=", "a".repeat(42)).parse::<DeviceId>(),
            Err(DeviceIdError)
        );
    }
}
