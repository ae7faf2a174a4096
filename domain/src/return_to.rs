use std::fmt;
use std::str::FromStr;

use url::Url;

/// The scheme, host and port of a web site, as browsers write it in the `Origin` header:
/// `https://portal.example.org`, without a path or a default port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// The error for a text that isn't an [`Origin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginError;

impl Origin {
    /// The origin of a URL; `None` unless it is `http` or `https`.
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
            // The URL standard allows more in a host, such as the `;` that ends a directive of the
            // content security policy, in which origins are listed.
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

/// The target of the redirect after a login: a local path or an address on a configured origin
/// (docs/contract.md, Redirect after login).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    const MAX_LENGTH: usize = 2048;

    /// The default target.
    #[must_use]
    pub fn account() -> Self {
        Self("/account".to_owned())
    }

    /// Resolves `wanted` as a browser does, and accepts it only on Portal's own origin or on one
    /// of `allowed`. `None` for anything else.
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
            // The path alone, so that it works under every host name that Portal is reached by.
            let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
            let path = url.path();
            // A browser would resolve a path that begins with two slashes to another host.
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
