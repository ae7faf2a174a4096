//! Tests the [`invariants`](crate::invariants) of the parsers with near misses: each input is a valid one
//! with a few hostile edits, or any text at all. `PROPTEST_CASES` sets the number of cases (256;
//! `scripts/test` runs more).

use crate::invariants;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Edits that change the meaning of a text for a later reader.
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
    "=",
    "\n",
    "10.0.0.2",
    "::ffff:",
    "hsession=",
    "__Host-",
];

/// One of the seeds with fewer than six edits at random positions, or any text.
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

proptest! {
    #[test]
    fn asvs_3_7_2_a_redirect_target_is_ours_or_a_configured_origin(wanted in near(&[
        "/account", "/account?tab=1", "https://portal.example.org/a", "https://wiki.example.org/p?q=1",
        "//portal.example.org", "https://wiki.example.org.evil.test/", "/\\evil.test",
    ])) {
        invariants::redirect_target(&wanted);
    }

    #[test]
    fn a15_a_picture_is_on_a_listed_host_and_tells_no_token(text in near(&[
        "https://cdn.discordapp.com/avatars/1/a.png", "https://t.me/i/userpic/320/x.jpg",
        "https://api.telegram.org/file/bot123:abc/photo.jpg", "javascript:alert(1)",
        "https://media.discordapp.net@evil.test/a.png",
    ])) {
        invariants::picture(&text);
    }

    #[test]
    fn asvs_3_4_2_an_origin_reads_back_as_itself(text in near(&[
        "https://wiki.example.org", "http://localhost:3000", "https://[::1]:8443", "null",
    ])) {
        invariants::origin(&text);
    }

    #[test]
    fn asvs_2_2_1_codes_and_factors_have_the_form_of_the_contract(text in near(&[
        "Vy8nFKq2", "h7RwZq3M", "123456", "00000000", "abcdefghijkmnopqrstu",
    ])) {
        invariants::code_or_factor(&text);
    }

    #[test]
    fn asvs_2_2_1_names_and_ids_are_what_they_say(text in near(&[
        "alice", "Alice.B-c_1", "admin", "discord", "123456789012345678", "Ни́колай", "a b",
    ])) {
        invariants::name_or_id(&text);
    }

    #[test]
    fn asvs_1_3_11_an_address_of_mail_is_one_address(text in near(&[
        "alice@example.org", "a.b+c@mail.example.co.uk", "\"a b\"@example.org", "alice@[127.0.0.1]",
        "müller@münchen.example",
    ])) {
        invariants::email_address(&text);
    }

    #[test]
    fn a07_a_cookie_counts_under_its_very_name(header in near(&[
        "hsession=abc; __Host-hsession_act=def", "a=b; hsession=\"abc\" ;hsession=", "%5F%5FHost-hsession_act=x",
        "__host-hsession_act=x; HSESSION=y", " hsession =abc;;=; hsession",
    ])) {
        invariants::cookies(header.as_bytes());
    }

    #[test]
    fn a04_nothing_that_a_client_writes_moves_it(text in near(&[
        "198.51.100.9", "6.6.6.6, 10.0.0.2", "10.0.0.3,10.0.0.2\n1.2.3.4, 10.9.9.9", "[2001:db8::1]:80, ::ffff:10.0.0.2",
        "unknown, \"1.2.3.4\", 10.0.0.2:80", "::1, 10.0.0.1,", "fe80::1%eth0, 010.0.0.1",
    ])) {
        invariants::forwarded(&text);
    }
}
