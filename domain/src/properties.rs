//! What holds for the parsers of what strangers send, whatever it is: nothing panics, and what is
//! accepted is what it says. Each input is made of a good one by a few strokes of a hostile pen, or
//! of anything at all. `PROPTEST_CASES` says how many (256; `scripts/test` runs more).

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use url::Url;

use crate::{
    AvatarUrl, DisplayName, EmailAddress, LoginCode, Origin, Platform, PlatformName,
    PlatformUserId, ReturnTo, TwofaToken, UserAgent, Username,
};

/// What changes the meaning of a text for somebody who reads it after us.
const STROKES: &[&str] = &[
    "/",
    "//",
    "\\",
    "@",
    ":",
    "?",
    "#",
    "%2f",
    "%00",
    "%0d%0a",
    "\r\n",
    "\t",
    "\0",
    " ",
    ".",
    "..",
    "'",
    "\"",
    "<",
    ">",
    ";",
    ",",
    "|",
    "javascript:",
    "data:",
    "https:",
    "evil.test",
    "[::1]",
    "127.0.0.1",
    ":443",
    ":8443",
    "bot",
    "\u{202e}",
    "\u{200b}",
    "\u{ff0f}",
    "\u{3002}",
    "é",
    "e\u{301}",
    "🙂",
    "A",
    "0",
    "-",
    "_",
    "xn--",
];

/// One of these, with up to six strokes anywhere in it; or anything.
fn near(seeds: &'static [&'static str]) -> impl Strategy<Value = String> {
    let struck = (
        select(seeds),
        vec(
            (any::<prop::sample::Index>(), select(STROKES), 0..4_usize),
            0..6,
        ),
    );
    let struck = struck.prop_map(|(seed, strokes)| {
        let mut letters: Vec<char> = seed.chars().collect();
        for (place, stroke, removed) in strokes {
            let at = place.index(letters.len() + 1);
            let end = (at + removed).min(letters.len());
            letters.splice(at..end, stroke.chars());
        }
        letters.into_iter().collect()
    });
    prop_oneof![4 => struck, 1 => any::<String>()]
}

fn base() -> Url {
    "https://portal.example.org/".parse().unwrap()
}

proptest! {
    /// ASVS 3.7.2: after a login nobody is sent anywhere else.
    #[test]
    fn asvs_3_7_2_a_redirect_target_is_ours_or_a_configured_origin(wanted in near(&[
        "/account", "/account?tab=1", "https://portal.example.org/a", "https://wiki.example.org/p?q=1",
        "//portal.example.org", "https://wiki.example.org.evil.test/", "/\\evil.test",
    ])) {
        let sister: Origin = "https://wiki.example.org".parse().unwrap();
        if let Some(to) = ReturnTo::parse(&wanted, &base(), std::slice::from_ref(&sister)) {
            // As a browser goes there from any page of ours.
            for page in ["https://portal.example.org/login?error=x", "https://portal.example.org/a/b"] {
                let url = page.parse::<Url>().unwrap().join(to.as_str()).unwrap();
                let origin = Origin::of(&url);
                prop_assert!(origin == Origin::of(&base()) || origin.as_ref() == Some(&sister), "{}", url);
                prop_assert!(url.username().is_empty() && url.password().is_none());
            }
            prop_assert!(to.as_str().chars().all(|c| c.is_ascii_graphic()), "{}", to.as_str());
            let again = ReturnTo::parse(to.as_str(), &base(), &[sister]);
            prop_assert_eq!(again, Some(to));
        }
    }

    /// Security A15, ASVS 1.2.2.
    #[test]
    fn a15_a_picture_is_on_a_listed_host_and_tells_no_token(text in near(&[
        "https://cdn.discordapp.com/avatars/1/a.png", "https://t.me/i/userpic/320/x.jpg",
        "https://api.telegram.org/file/bot123:abc/photo.jpg", "javascript:alert(1)",
        "https://media.discordapp.net@evil.test/a.png",
    ])) {
        if let Some(avatar) = AvatarUrl::parse(&text) {
            let url: Url = avatar.as_str().parse().unwrap();
            prop_assert_eq!(url.scheme(), "https");
            prop_assert!(AvatarUrl::HOSTS.contains(&url.host_str().unwrap()));
            prop_assert!(url.username().is_empty() && url.password().is_none() && url.port().is_none());
            prop_assert!(!url.path().contains("/bot"));
            let fits = avatar.as_str().chars().all(|c| c.is_ascii_graphic() && !"\"<>`".contains(c));
            prop_assert!(fits, "{}", avatar.as_str());
            prop_assert_eq!(AvatarUrl::parse(avatar.as_str()), Some(avatar));
        }
    }

    #[test]
    fn asvs_3_4_2_an_origin_reads_back_as_itself(text in near(&[
        "https://wiki.example.org", "http://localhost:3000", "https://[::1]:8443", "null",
    ])) {
        if let Ok(origin) = text.parse::<Origin>() {
            prop_assert!(origin.as_str().starts_with("https://") || origin.as_str().starts_with("http://"));
            prop_assert!(!origin.as_str().contains(['@', '?', '#', ' ', ';', ',', '\'', '"']));
            prop_assert_eq!(origin.as_str().parse::<Origin>(), Ok(origin.clone()));
        }
    }

    /// ASVS 2.2.1: the form that the contract gives, and no other.
    #[test]
    fn asvs_2_2_1_codes_and_factors_have_the_form_of_the_contract(text in near(&[
        "Vy8nFKq2", "h7RwZq3M", "123456", "00000000", "abcdefghijkmnopqrstu",
    ])) {
        let is_base58 = text.bytes().all(|b| b.is_ascii_alphanumeric() && !b"0OIl".contains(&b));
        prop_assert_eq!(text.parse::<LoginCode>().is_ok(), text.len() == 8 && is_base58);
        let is_six_digits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        let is_recovery = text.len() == 20 && is_base58;
        prop_assert_eq!(text.parse::<TwofaToken>().is_ok(), is_six_digits || is_recovery);
    }

    #[test]
    fn asvs_2_2_1_names_and_ids_are_what_they_say(text in near(&[
        "alice", "Alice.B-c_1", "admin", "discord", "123456789012345678", "Ни́колай", "a b",
    ])) {
        if let Ok(name) = text.parse::<Username>() {
            let fits = (3..=32).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
            prop_assert!(fits, "{}", text);
            prop_assert_eq!(name.as_str(), &text);
            prop_assert_eq!(name.key(), text.to_ascii_lowercase());
        }
        if let Ok(platform) = text.parse::<Platform>() {
            prop_assert_eq!(platform.as_str(), &text);
            prop_assert!(text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
        }
        // What is kept of these can be shown in one line.
        for kept in [
            text.parse::<PlatformUserId>().ok().map(|id| id.as_str().to_owned()),
            text.parse::<PlatformName>().ok().map(|name| name.as_str().to_owned()),
            text.parse::<DisplayName>().ok().map(|name| name.as_str().to_owned()),
            Some(UserAgent::new(&text).as_str().to_owned()),
        ].into_iter().flatten() {
            prop_assert!(!kept.chars().any(char::is_control), "{:?}", kept);
        }
    }

    /// ASVS 1.3.11: an address adds no header and no second recipient.
    #[test]
    fn asvs_1_3_11_an_address_of_mail_is_one_address(text in near(&[
        "alice@example.org", "a.b+c@mail.example.co.uk", "\"a b\"@example.org", "alice@[127.0.0.1]",
        "müller@münchen.example",
    ])) {
        if let Ok(address) = text.parse::<EmailAddress>() {
            let kept = address.as_str();
            prop_assert_eq!(kept.matches('@').count(), 1);
            let hostile = |c: char| c.is_control() || c.is_whitespace() || ",;:<>()[]\"\\".contains(c);
            prop_assert!(!kept.contains(hostile), "{:?}", kept);
            prop_assert!(kept.len() <= EmailAddress::LONGEST);
            prop_assert_eq!(kept.parse::<EmailAddress>(), Ok(address.clone()));
        }
    }
}
