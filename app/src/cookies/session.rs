use std::time::Duration;

use backend::{NewSession, SessionCookies, Token};
use http::{HeaderMap, HeaderValue};

use super::header::{header_value, host_only, values};

/// Name, domain and `SameSite` of the session cookie (docs/contract.md, Cookies).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookiePolicy {
    pub name: String,
    /// The parent domain that other services share; host-only if `None`.
    pub domain: Option<String>,
    pub same_site: SameSite,
}

/// The `SameSite` of the session cookie. The companion is always `Lax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    None,
    Lax,
    Strict,
}

impl SameSite {
    const fn as_str(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Lax => "Lax",
            Self::Strict => "Strict",
        }
    }
}

impl CookiePolicy {
    /// The host-only companion cookie. A request needs it to act; the session cookie alone only identifies.
    fn companion_name(&self) -> String {
        format!("__Host-{}_act", self.name)
    }

    /// Both `Set-Cookie` values of a session.
    #[must_use]
    pub fn of_session(&self, session: &NewSession) -> [HeaderValue; 2] {
        self.pair(
            &session.cookie.reveal(),
            &session.companion.reveal(),
            session.lifetime,
        )
    }

    /// The `Set-Cookie` values that delete both cookies.
    #[must_use]
    pub fn cleared(&self) -> [HeaderValue; 2] {
        self.pair("", "", Duration::ZERO)
    }

    fn pair(&self, cookie: &str, companion: &str, lifetime: Duration) -> [HeaderValue; 2] {
        let seconds = lifetime.as_secs();
        let same_site = self.same_site.as_str();
        let domain = match &self.domain {
            Some(domain) => format!("; Domain={domain}"),
            None => String::new(),
        };
        let shared = format!(
            "{}={cookie}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite={same_site}{domain}",
            self.name
        );
        let companion = host_only(&self.companion_name(), companion, lifetime);
        [header_value(&shared), companion]
    }

    /// The session cookies of a request, without malformed values.
    #[must_use]
    pub fn read(&self, headers: &HeaderMap) -> SessionCookies {
        let tokens = |name: &str| -> Vec<Token> {
            values(headers, name)
                .filter_map(|value| value.parse().ok())
                .collect()
        };
        // A browser sends one companion; several mean that somebody injected cookies.
        let mut companions = tokens(&self.companion_name());
        let companion = companions.pop().filter(|_| companions.is_empty());
        SessionCookies {
            shared: tokens(&self.name),
            companion,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;

    use super::*;

    fn policy(domain: Option<&str>) -> CookiePolicy {
        CookiePolicy {
            name: "hsession".to_owned(),
            domain: domain.map(str::to_owned),
            same_site: SameSite::None,
        }
    }

    fn request(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_bytes(cookies.as_bytes()).unwrap())])
    }

    #[test]
    fn session_and_companion_have_the_attributes_of_the_contract() {
        let [shared, companion] =
            policy(Some("example.org")).pair("v1", "v2", Duration::from_hours(24));
        assert_eq!(
            shared,
            "hsession=v1; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=None; Domain=example.org"
        );
        assert_eq!(
            companion,
            "__Host-hsession_act=v2; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax"
        );
    }

    #[test]
    fn without_a_domain_both_are_host_only() {
        for cookie in policy(None).cleared() {
            let cookie = cookie.to_str().unwrap();
            assert!(!cookie.contains("Domain"), "{cookie}");
            assert!(
                cookie.contains("=; ") && cookie.contains("Max-Age=0"),
                "{cookie}"
            );
        }
    }

    #[test]
    fn malformed_cookie_values_are_ignored() {
        let ours = "A".repeat(43);
        let read = |cookies: &str| {
            let found = policy(None).read(&request(cookies));
            (found.shared.len(), found.companion.is_some())
        };
        assert_eq!(
            read(&format!("hsession={ours}; __Host-hsession_act={ours}")),
            (1, true)
        );
        assert_eq!(
            read(&format!("hsession={ours}; a=b; hsession={ours}")),
            (2, false)
        );
        assert_eq!(read("hsession=abc; __Host-hsession_act="), (0, false));
        assert_eq!(
            read(&format!("xhsession={ours}; HSESSION={ours}")),
            (0, false)
        );
        assert_eq!(read("=;;; =; hsession"), (0, false));
        assert_eq!(read(&format!("name=José; hsession={ours}")), (1, false));
    }

    /// Security A07: a subdomain can't set `__Host-` cookies.
    #[test]
    fn a07_cookie_names_are_compared_exactly() {
        let ours = "A".repeat(43);
        for forged in [
            format!("%5F%5FHost-hsession_act={ours}"),
            format!("__host-hsession_act={ours}"),
            format!("__Host-hsession_act ={ours}"),
            format!("__Host-hsession_act={ours}; __Host-hsession_act={ours}"),
            format!("__Host-hsession_act=\"{ours}\""),
        ] {
            assert!(
                policy(None).read(&request(&forged)).companion.is_none(),
                "{forged}"
            );
        }
    }
}
