//! Invariants of the parsers of untrusted input: they never panic, and every accepted value has the
//! form it promises.
//!
//! Each function panics if its invariant is violated. [`properties`](crate::properties) tests them
//! with near misses, `fuzz/` with coverage-guided input.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a false claim is told by a panic"
)]

use std::cell::Cell;
use std::net::IpAddr;

use url::Url;

use crate::{
    AvatarUrl, DisplayName, EmailAddress, LoginCode, Origin, Platform, PlatformName,
    PlatformUserId, ReturnTo, SecondFactorInput, UserAgent, Username, cookie_values,
    forwarded_client,
};

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

/// ASVS 3.7.2: a login redirects only to Portal itself or to a configured origin.
pub fn redirect_target(wanted: &str) {
    let base = url("https://portal.example.org/");
    let sister: Origin = "https://wiki.example.org".parse().unwrap();
    let Some(to) = ReturnTo::parse(wanted, &base, std::slice::from_ref(&sister)) else {
        return;
    };
    // Resolve the target as a browser does, from any page.
    for page in [
        "https://portal.example.org/login?error=x",
        "https://portal.example.org/a/b",
    ] {
        let url = url(page).join(to.as_str()).unwrap();
        let origin = Origin::of(&url);
        assert!(
            origin == Origin::of(&base) || origin.as_ref() == Some(&sister),
            "{url}"
        );
        assert!(url.username().is_empty() && url.password().is_none());
    }
    assert!(
        to.as_str().chars().all(|c| c.is_ascii_graphic()),
        "{}",
        to.as_str()
    );
    assert_eq!(ReturnTo::parse(to.as_str(), &base, &[sister]), Some(to));
}

/// Security A15, ASVS 1.2.2: a picture is on a listed host and its address contains no bot token.
pub fn picture(text: &str) {
    let Some(avatar) = AvatarUrl::parse(text) else {
        return;
    };
    let url = url(avatar.as_str());
    assert_eq!(url.scheme(), "https");
    assert!(AvatarUrl::HOSTS.contains(&url.host_str().unwrap()));
    assert!(url.username().is_empty() && url.password().is_none() && url.port().is_none());
    assert!(!url.path().contains("/bot"));
    let fits = |c: char| c.is_ascii_graphic() && !"\"<>`".contains(c);
    assert!(avatar.as_str().chars().all(fits), "{}", avatar.as_str());
    assert_eq!(AvatarUrl::parse(avatar.as_str()), Some(avatar));
}

/// ASVS 3.4.2: an accepted origin is a bare origin and round-trips.
pub fn origin(text: &str) {
    let Ok(origin) = text.parse::<Origin>() else {
        return;
    };
    assert!(origin.as_str().starts_with("https://") || origin.as_str().starts_with("http://"));
    assert!(
        !origin
            .as_str()
            .contains(['@', '?', '#', ' ', ';', ',', '\'', '"'])
    );
    assert_eq!(origin.as_str().parse::<Origin>(), Ok(origin.clone()));
}

/// ASVS 2.2.1: codes and factors have exactly the form in the contract.
pub fn code_or_factor(text: &str) {
    let is_base58 = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() && !b"0OIl".contains(&b));
    assert_eq!(
        text.parse::<LoginCode>().is_ok(),
        text.len() == 8 && is_base58
    );
    let is_six_digits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
    let is_recovery = text.len() == 20 && is_base58;
    assert_eq!(
        text.parse::<SecondFactorInput>().is_ok(),
        is_six_digits || is_recovery
    );
}

/// ASVS 2.2.1: names and IDs round-trip and fit on one line.
pub fn name_or_id(text: &str) {
    if let Ok(name) = text.parse::<Username>() {
        let fits = (3..=32).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        assert!(fits, "{text}");
        assert_eq!(name.as_str(), text);
        assert_eq!(name.key(), text.to_ascii_lowercase());
    }
    if let Ok(platform) = text.parse::<Platform>() {
        assert_eq!(platform.as_str(), text);
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        assert!(text.bytes().all(fits));
    }
    let in_one_line = |kept: &str| assert!(!kept.chars().any(char::is_control), "{kept:?}");
    if let Ok(id) = text.parse::<PlatformUserId>() {
        in_one_line(id.as_str());
    }
    if let Ok(name) = text.parse::<PlatformName>() {
        in_one_line(name.as_str());
    }
    if let Ok(name) = text.parse::<DisplayName>() {
        in_one_line(name.as_str());
    }
    in_one_line(UserAgent::new(text).as_str());
}

/// ASVS 1.3.11: an email address can't add a header or a second recipient.
pub fn email_address(text: &str) {
    let Ok(address) = text.parse::<EmailAddress>() else {
        return;
    };
    let kept = address.as_str();
    assert_eq!(kept.matches('@').count(), 1);
    let hostile = |c: char| c.is_control() || c.is_whitespace() || ",;:<>()[]\"\\".contains(c);
    assert!(!kept.contains(hostile), "{kept:?}");
    assert!(kept.len() <= EmailAddress::MAX_LENGTH);
    assert_eq!(kept.parse::<EmailAddress>(), Ok(address.clone()));
}

/// Security A07: a cookie counts only under its exact name, and the cookies beside it neither add
/// nor hide a value.
pub fn cookies(header: &[u8]) {
    for name in ["hsession", "__Host-hsession_act"] {
        let found: Vec<&str> = cookie_values(header, name).collect();
        for value in &found {
            let start = value.as_ptr().addr() - header.as_ptr().addr();
            let (before, after) = (&header[..start], &header[start + value.len()..]);
            let before = before.strip_suffix(b"=").unwrap();
            let before = before.strip_suffix(name.as_bytes()).unwrap();
            // Only space may separate the cookie from its neighbours.
            let before = before.trim_ascii_end();
            assert!(before.is_empty() || before.ends_with(b";"), "{value}");
            let after = after.trim_ascii_start();
            assert!(after.is_empty() || after.starts_with(b";"), "{value}");
            assert!(!value.contains(';'), "{value}");
        }
        let beside = |ours: &str| -> [Vec<u8>; 2] {
            [
                [header, b"; ", ours.as_bytes()].concat(),
                [ours.as_bytes(), b"; ", header].concat(),
            ]
        };
        let [last, first] = beside(&format!("{name}=ours"));
        let with_last: Vec<&str> = cookie_values(&last, name).collect();
        assert_eq!(with_last, [found.as_slice(), &["ours"]].concat());
        let with_first: Vec<&str> = cookie_values(&first, name).collect();
        assert_eq!(with_first, [&["ours"], found.as_slice()].concat());
        let (begin, rest) = name.split_at(1);
        for forged in [
            format!("x{name}=forged"),
            format!("{name}x=forged"),
            format!("{name} =forged"),
            format!("{}=forged", name.to_uppercase()),
            format!("%{:02X}{rest}=forged", begin.as_bytes()[0]),
        ] {
            for header in beside(&forged) {
                assert!(cookie_values(&header, name).eq(found.iter().copied()));
            }
        }
    }
}

/// Security A04: entries to the left of those written by a trusted proxy may hold anything. Each
/// line of `text` is one line of the header.
pub fn forwarded(text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    let proxy = IpAddr::from([10, 0, 0, 1]);
    let stranger = IpAddr::from([198, 51, 100, 7]);
    let asked = Cell::new(0);
    let trusts = |address| {
        asked.set(asked.get() + 1);
        matches!(address, IpAddr::V4(four) if four.octets()[0] == 10)
    };
    let client = |peer, lines: &[&str]| forwarded_client(peer, lines.iter().copied(), trusts);

    // A direct client: its header is ignored.
    assert_eq!(client(stranger, &lines), stranger);

    // Through a proxy: the result is the proxy itself or an address in the list.
    let found = client(proxy, &lines);
    let names = |hop: &str| {
        let hop = hop.trim();
        let without_port = hop.rsplit_once(':').map_or(hop, |(address, _)| address);
        [hop, without_port]
            .iter()
            .filter_map(|hop| hop.trim_matches(['[', ']']).parse::<IpAddr>().ok())
            .any(|address| address.to_canonical() == found)
    };
    assert!(
        found == proxy || text.split([',', '\n']).any(names),
        "{found}"
    );
    assert_eq!(found, found.to_canonical());
    assert_eq!(client(proxy, &[&lines.join(",")]), found);

    // Proxies append to the list or add a line of their own.
    for (added, expected) in [
        ("198.51.100.7", stranger),
        ("198.51.100.7, 10.9.9.9", stranger),
        ("198.51.100.7:4711", stranger),
        ("::ffff:198.51.100.7", stranger),
        ("198.51.100.7, unknown", proxy),
    ] {
        let own_line = [lines.as_slice(), &[added]].concat();
        assert_eq!(client(proxy, &own_line), expected, "{added}");
        let same_line = format!("{text}, {added}");
        let same_line: Vec<&str> = same_line.split('\n').collect();
        assert_eq!(client(proxy, &same_line), expected, "{added}");
    }

    // The number of hops read is bounded.
    let endless = format!("{text}{}", ", 10.0.0.2".repeat(100));
    asked.set(0);
    assert_eq!(client(proxy, &[&endless]), IpAddr::from([10, 0, 0, 2]));
    assert!(asked.get() <= 32, "{}", asked.get());
}
