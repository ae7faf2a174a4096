use std::fmt;
use std::str::FromStr;

use url::Url;

/// Scheme, host and port of a web site, as browsers write it in the `Origin` header:
/// `https://portal.example.org`, without a path and without a default port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// A text that is no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginError;

impl Origin {
    /// The origin of an address, none for such as `data:`.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        let origin = url.origin();
        origin
            .is_tuple()
            .then(|| Self(origin.ascii_serialization()))
            .filter(|_| matches!(url.scheme(), "http" | "https"))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Url = text.parse().map_err(|_| OriginError)?;
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            // The URL standard lets more into a name, such as the `;` that ends a directive of
            // the policy that origins stand in.
            && url.host_str().is_some_and(|host| {
                host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b))
            });
        Self::of(&url).filter(|_| bare).ok_or(OriginError)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where to go after a login: an own path, or an address on a configured origin, and
/// nothing else (docs/contract.md, Redirect after login).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    const MAX_LENGTH: usize = 2048;

    /// The place to go when nobody asked for another.
    #[must_use]
    pub fn account() -> Self {
        Self("/account".to_owned())
    }

    /// Resolves `wanted` the way a browser would, and keeps it only if it ends up with
    /// us or with a configured origin. None for anything else.
    #[must_use]
    pub fn parse(wanted: &str, base: &Url, allowed: &[Origin]) -> Option<Self> {
        if wanted.is_empty() || wanted.len() > Self::MAX_LENGTH {
            return None;
        }
        let url = base.join(wanted).ok()?;
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let origin = Origin::of(&url)?;
        if Some(&origin) == Origin::of(base).as_ref() {
            // The path alone, so that it holds whatever name the portal was reached by.
            let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
            let path = url.path();
            // A path of two slashes would be another host's address.
            return (!path.starts_with("//")).then(|| Self(format!("{path}{query}")));
        }
        allowed.contains(&origin).then(|| Self(url.into()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(wanted: &str) -> Option<String> {
        let base = "https://portal.example.org/".parse().unwrap();
        let allowed = ["https://wiki.example.org".parse().unwrap()];
        ReturnTo::parse(wanted, &base, &allowed).map(|to| to.0)
    }

    #[test]
    fn own_paths_and_configured_origins_are_kept() {
        let kept = |wanted: &str| parse(wanted).unwrap();
        assert_eq!(kept("/account?tab=1#x"), "/account?tab=1");
        assert_eq!(kept("https://portal.example.org/a"), "/a");
        assert_eq!(
            kept("https://wiki.example.org/p?q=1"),
            "https://wiki.example.org/p?q=1"
        );
        assert_eq!(
            kept("https://wiki.example.org:443/"),
            "https://wiki.example.org/"
        );
    }

    #[test]
    fn every_other_place_is_refused() {
        for evil in [
            "",
            "//evil.test",
            "///evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "/\t/evil.test",
            "\n//evil.test",
            "https:\\\\evil.test",
            "https:/evil.test/",
            "https://evil.test",
            "http://wiki.example.org/",
            "https://wiki.example.org.evil.test/",
            "https://wiki.example.org@evil.test/",
            "https://user@wiki.example.org/",
            "https://evilwiki.example.org/",
            "https://wiki.example.org:8443/",
            "javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://portal.example.org/x",
            "/..//evil.test",
            "/.//evil.test",
            "https://portal.example.org//evil.test",
        ] {
            let kept = parse(evil);
            let own = kept.as_deref().is_none_or(|to| {
                to.starts_with('/') && !to.starts_with("//") && !to.contains('\\')
            });
            assert!(own, "{evil:?} leads to {kept:?}");
            assert!(
                kept.is_none() || evil.starts_with("https:/evil"),
                "{evil:?} was kept as {kept:?}"
            );
        }
        assert_eq!(parse(&format!("/{}", "a".repeat(5000))), None);
    }

    #[test]
    fn an_origin_has_no_path() {
        assert!("https://wiki.example.org/x".parse::<Origin>().is_err());
        assert!("wiki.example.org".parse::<Origin>().is_err());
        assert!("null".parse::<Origin>().is_err());
        let written: Origin = "https://WIKI.example.org:443/".parse().unwrap();
        assert_eq!(written.as_str(), "https://wiki.example.org");
    }
}
