use std::fmt;
use std::net::IpAddr;

/// Where a request comes from, as the server's trusted-proxy rule found it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Canonical: an IPv4 address inside IPv6 is written as IPv4.
    pub ip: IpAddr,
    pub user_agent: UserAgent,
}

/// The browser's name for itself: shown to people, trusted for nothing. At most 256
/// characters, none of them a control character, so that it is safe in logs and lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserAgent(String);

impl UserAgent {
    const LONGEST: usize = 256;

    #[must_use]
    pub fn new(raw: &str) -> Self {
        Self(
            raw.chars()
                .filter(|c| !c.is_control())
                .take(Self::LONGEST)
                .collect(),
        )
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name a person would know their browser by, such as "Firefox on Linux".
    #[must_use]
    pub fn for_people(&self) -> String {
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
        match (named(&BROWSERS), named(&SYSTEMS)) {
            (Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Some(browser), None) => browser.to_owned(),
            (None, _) => "An unknown browser".to_owned(),
        }
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

    #[test]
    fn browsers_have_names() {
        let names = |raw: &str| UserAgent::new(raw).for_people();
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
        assert_eq!(names(""), "An unknown browser");
    }
}
