use std::fmt;

use serde::{Serialize, Serializer};
use url::{Host, Url};

/// An untrusted address that is safe to put in a page as a link or picture: `https`, with a domain
/// name as its host, and without anything that disguises its target (ASVS 1.2.2). Kept in the ASCII
/// form that browsers write, at most 512 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeUrl(Url);

impl SafeUrl {
    const MAX_LENGTH: usize = 512;

    /// `None` for every other text. Deviations that browsers tolerate (a missing slash, a tab, a
    /// backslash) are rejected, because a reader would take the address for another one. So is the
    /// backtick, the only quotation mark that browsers leave unescaped in a query.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const SCHEME: &str = "https://";
        let begin = text.get(..SCHEME.len())?;
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '`');
        if !begin.eq_ignore_ascii_case(SCHEME)
            || text.len() > Self::MAX_LENGTH
            || text.contains(odd)
        {
            return None;
        }
        // An `@` hides the real host behind a fake one, whether or not a name precedes it.
        let authority = text[SCHEME.len()..].split(['/', '?', '#']).next()?;
        let url: Url = text.parse().ok()?;
        let named = match url.host()? {
            // A host of a single label is a machine in a local network.
            Host::Domain(name) => name.trim_end_matches('.').contains('.'),
            Host::Ipv4(_) | Host::Ipv6(_) => false,
        };
        // Without a host right after the slashes, browsers take a later segment as the host.
        let plain = !authority.is_empty() && !authority.contains('@') && url.port().is_none();
        (named && plain && url.as_str().len() <= Self::MAX_LENGTH).then_some(Self(url))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(crate) const fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for SafeUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_as_browsers_write_them() {
        for (typed, kept) in [
            ("https://example.org", "https://example.org/"),
            ("HTTPS://Example.ORG/A?b=c#d", "https://example.org/A?b=c#d"),
            ("https://example.org:443/", "https://example.org/"),
            (
                "https://bücher.example/ü",
                "https://xn--bcher-kva.example/%C3%BC",
            ),
            ("https://аpple.example/", "https://xn--pple-43d.example/"),
            ("https://example.org/a/../b", "https://example.org/b"),
            (
                "https://example.org/\"><b>",
                "https://example.org/%22%3E%3Cb%3E",
            ),
            ("https://example.org./", "https://example.org./"),
        ] {
            assert_eq!(SafeUrl::parse(typed).unwrap().as_str(), kept, "{typed}");
        }
    }

    /// ASVS 1.2.2.
    #[test]
    fn whatever_else_an_address_could_be_is_refused() {
        let long = format!("https://example.org/{}", "a".repeat(512));
        let grows = format!("https://example.org/{}", "ü".repeat(200));
        for odd in [
            "",
            " ",
            "example.org",
            "www.example.org",
            "//example.org",
            "/account",
            "https",
            "https:",
            "https:/",
            "https://",
            "https:///",
            "https:///example.org/",
            "https:////example.org/",
            "https:example.org",
            "https:/example.org",
            "https:\\\\example.org",
            "https:\\/example.org",
            "https://example.org\\@evil.test",
            "https://\\example.org",
            "http://example.org/",
            "HTTP://example.org/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "mailto:a@example.org",
            "tel:+491234",
            "ws://example.org/",
            "blob:https://example.org/1",
            "view-source:https://example.org/",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "java\tscript:alert(1)",
            "\u{1}javascript:alert(1)",
            " javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "javascript:https://example.org/",
            "vbscript:msgbox(1)",
            "data:text/html,<script>alert(1)</script>",
            "data:image/svg+xml;base64,AAAA",
            " https://example.org/",
            "https://example.org/ ",
            "https://exam ple.org/",
            "https://exam\tple.org/",
            "https://exam\nple.org/",
            "ht\ntps://example.org/",
            "https://example.org/?a=`b",
            "https://example.org/\u{0}",
            "https://example.org/\u{7f}",
            "https://example.org/\u{2028}",
            "https://user@example.org/",
            "https://user:word@example.org/",
            "https://example.com@evil.test/",
            "https://:word@example.org/",
            "https://@example.org/",
            "https://example.org:8443/",
            "https://example.org:80/",
            "https://example.org:port/",
            "https://localhost/",
            "https://intranet/",
            "https://intranet./",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://１２７.０.０.１/",
            "https://exa<mple.org/",
            "https://%00.org/",
            "https://xn--a.xn--/",
            &long,
            &grows,
        ] {
            assert_eq!(SafeUrl::parse(odd), None, "{odd:?}");
        }
    }

    /// Every accepted text is `https` on a domain name, however it is composed, and parses to
    /// itself.
    #[test]
    fn what_is_taken_is_safe_however_it_is_put_together() {
        let schemes = [
            "https://",
            "HTTPS://",
            "https:/",
            "https:",
            "http://",
            "javascript:",
            "//",
            "\thttps://",
        ];
        let users = ["", "a@", "a:b@", "%40", "\\", "/", "?", "#"];
        let hosts = [
            "example.org",
            "EXAMPLE.org",
            "localhost",
            "127.0.0.1",
            "[::1]",
            "0x7f000001",
            "bücher.example",
            "",
        ];
        let ends = [
            "",
            "/",
            ":443/",
            ":8443",
            "/a b",
            "/%2e%2e/x",
            "?q=\"<>'",
            "#\u{202e}",
            "\r\n",
            "/\\..\\x",
            "@evil.test/",
        ];
        let mut taken = 0;
        for scheme in schemes {
            for user in users {
                for host in hosts {
                    for end in ends {
                        let text = format!("{scheme}{user}{host}{end}");
                        let Some(safe) = SafeUrl::parse(&text) else {
                            continue;
                        };
                        taken += 1;
                        assert!(safe.as_str().starts_with("https://"), "{text:?}");
                        assert!(safe.as_str().is_ascii(), "{text:?}");
                        assert!(
                            !safe.as_str().contains(['"', '<', '>', '\\', ' ']),
                            "{text:?}"
                        );
                        assert!(
                            !safe.as_str().contains("evil.test") || text.ends_with("?q@evil.test/"),
                            "{text:?}"
                        );
                        assert_eq!(
                            SafeUrl::parse(safe.as_str()),
                            Some(safe.clone()),
                            "{text:?}"
                        );
                    }
                }
            }
        }
        assert!(taken > 20, "{taken}");
    }
}
