use std::time::Duration;

use backend::{NewSession, SessionCookies, Token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{DeviceId, cookie_values};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use url::form_urlencoded::byte_serialize;

use crate::wishes::Theme;
use crate::words::Language;

/// What was typed into a form that may come back, for as long as a code works. Never a secret.
const TYPED: &str = "__Host-portal_typed";
const TYPED_LIFETIME: Duration = Duration::from_mins(15);

/// The token of a set-up link, out of the address bar.
const SET_UP: &str = "__Host-portal_set_up";
const SET_UP_LIFETIME: Duration = Duration::from_hours(1);

/// The token of a letter's link, out of the address bar.
const EMAIL: &str = "__Host-portal_email";
const EMAIL_LIFETIME: Duration = Duration::from_hours(1);

/// Which browser asked for a code: its code works in no other (docs/contract.md, Web codes and bot codes).
const BROWSER: &str = "__Host-portal_browser";
const BROWSER_LIFETIME: Duration = Duration::from_hours(1);

/// What the browser is known again by, for as long as browsers keep a cookie.
const MARK: &str = "__Host-portal_mark";
const MARK_LIFETIME: Duration = Duration::from_hours(400 * 24);

/// The challenge of a login that waits for its second step.
const CHALLENGE: &str = "__Host-portal_challenge";
const CHALLENGE_TTL: Duration = Duration::from_mins(10);

/// What one page hands to the next, sealed.
const NOTE: &str = "__Host-portal_note";
const NOTE_LIFETIME: Duration = Duration::from_mins(5);

/// Language and theme, chosen by the switches at the foot of every page.
const LANGUAGE: &str = "__Host-portal_language";
const THEME: &str = "__Host-portal_theme";
const WISH_LIFETIME: Duration = Duration::from_hours(400 * 24);
/// The token of a link for a new password, out of the address bar.
const RECOVERY: &str = "__Host-portal_recovery";
const RECOVERY_LIFETIME: Duration = Duration::from_mins(30);

/// Browsers keep no cookie longer than 400 days, and none above 4 kB.
const LONGEST_TYPED: usize = 64;

/// In bytes, which take a third more in the cookie.
const LONGEST_FIELD: usize = 2800;

/// Name, domain and `SameSite` of the shared session cookie (docs/contract.md, Cookies).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookiePolicy {
    pub name: String,
    /// The parent domain shared with sister services; host-only without one.
    pub domain: Option<String>,
    pub same_site: SameSite,
}

/// The `SameSite` of the shared cookie. The companion is always `Lax`.
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
    /// The host-only companion: what it takes to act, not only to be known.
    fn companion_name(&self) -> String {
        format!("__Host-{}_act", self.name)
    }

    /// Both `Set-Cookie` values of a login.
    #[must_use]
    pub fn of_session(&self, session: &NewSession) -> [HeaderValue; 2] {
        self.pair(
            &session.cookie.reveal(),
            &session.companion.reveal(),
            session.lifetime,
        )
    }

    /// The `Set-Cookie` values that make a browser forget both.
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

    /// The session cookies of a request. Values that never were ours are left out.
    #[must_use]
    pub fn read(&self, headers: &HeaderMap) -> SessionCookies {
        let tokens = |name: &str| -> Vec<Token> {
            values(headers, name)
                .filter_map(|value| value.parse().ok())
                .collect()
        };
        // A browser has one companion; more of them are somebody else's doing.
        let mut companions = tokens(&self.companion_name());
        let companion = companions.pop().filter(|_| companions.is_empty());
        SessionCookies {
            shared: tokens(&self.name),
            companion,
        }
    }
}

/// Remembers what was typed into a form.
#[must_use]
pub(crate) fn remember_typed(text: &str) -> HeaderValue {
    let short: String = text.chars().take(LONGEST_TYPED).collect();
    let value: String = byte_serialize(short.as_bytes()).collect();
    host_only(TYPED, &value, TYPED_LIFETIME)
}

#[must_use]
pub(crate) fn forget_typed() -> HeaderValue {
    host_only(TYPED, "", Duration::ZERO)
}

/// What was typed into the form that was refused a moment ago.
#[must_use]
pub(crate) fn typed(headers: &HeaderMap) -> Option<String> {
    let value = find(headers, TYPED)?;
    // A form's only value: what `byte_serialize` wrote has no `&` and no `=`.
    url::form_urlencoded::parse(value.as_bytes())
        .next()
        .map(|(text, _)| text.into_owned())
}

/// Remembers what was typed into one field of a form that has several.
#[must_use]
pub(crate) fn remember_field(field: &str, text: &str) -> HeaderValue {
    let end = text.floor_char_boundary(LONGEST_FIELD);
    let value = URL_SAFE_NO_PAD.encode(&text[..end]);
    host_only(&format!("{TYPED}_{field}"), &value, TYPED_LIFETIME)
}

#[must_use]
pub(crate) fn forget_field(field: &str) -> HeaderValue {
    host_only(&format!("{TYPED}_{field}"), "", Duration::ZERO)
}

/// What was typed into the field when it was refused a moment ago.
#[must_use]
pub(crate) fn field(headers: &HeaderMap, field: &str) -> Option<String> {
    let name = format!("{TYPED}_{field}");
    let text = URL_SAFE_NO_PAD.decode(find(headers, &name)?).ok()?;
    String::from_utf8(text).ok()
}

#[must_use]
pub(crate) fn remember_set_up(token: &Token) -> HeaderValue {
    host_only(SET_UP, &token.reveal(), SET_UP_LIFETIME)
}

#[must_use]
pub(crate) fn forget_set_up() -> HeaderValue {
    host_only(SET_UP, "", Duration::ZERO)
}

#[must_use]
pub(crate) fn set_up(headers: &HeaderMap) -> Option<Token> {
    find(headers, SET_UP)?.parse().ok()
}

#[must_use]
pub(crate) fn remember_email(token: &Token) -> HeaderValue {
    host_only(EMAIL, &token.reveal(), EMAIL_LIFETIME)
}

#[must_use]
pub(crate) fn forget_email() -> HeaderValue {
    host_only(EMAIL, "", Duration::ZERO)
}

#[must_use]
pub(crate) fn email(headers: &HeaderMap) -> Option<Token> {
    find(headers, EMAIL)?.parse().ok()
}

#[must_use]
pub(crate) fn remember_recovery(token: &Token) -> HeaderValue {
    host_only(RECOVERY, &token.reveal(), RECOVERY_LIFETIME)
}

#[must_use]
pub(crate) fn forget_recovery() -> HeaderValue {
    host_only(RECOVERY, "", Duration::ZERO)
}

#[must_use]
pub(crate) fn recovery(headers: &HeaderMap) -> Option<Token> {
    find(headers, RECOVERY)?.parse().ok()
}

#[must_use]
pub(crate) fn remember_browser(token: &Token) -> HeaderValue {
    host_only(BROWSER, &token.reveal(), BROWSER_LIFETIME)
}

#[must_use]
pub(crate) fn forget_browser() -> HeaderValue {
    host_only(BROWSER, "", Duration::ZERO)
}

/// The browser that asked for a code.
#[must_use]
pub fn browser(headers: &HeaderMap) -> Option<Token> {
    find(headers, BROWSER)?.parse().ok()
}

#[must_use]
pub(crate) fn remember_mark(mark: &DeviceId) -> HeaderValue {
    host_only(MARK, mark.as_str(), MARK_LIFETIME)
}

/// What the browser carries to be known again by.
#[must_use]
pub fn browser_mark(headers: &HeaderMap) -> Option<DeviceId> {
    find(headers, MARK)?.parse().ok()
}

#[must_use]
pub(crate) fn remember_challenge(token: &Token) -> HeaderValue {
    host_only(CHALLENGE, &token.reveal(), CHALLENGE_TTL)
}

#[must_use]
pub(crate) fn forget_challenge() -> HeaderValue {
    host_only(CHALLENGE, "", Duration::ZERO)
}

#[must_use]
pub(crate) fn challenge(headers: &HeaderMap) -> Option<Token> {
    find(headers, CHALLENGE)?.parse().ok()
}

#[must_use]
pub(crate) fn remember_note(sealed: &str) -> HeaderValue {
    host_only(NOTE, sealed, NOTE_LIFETIME)
}

#[must_use]
pub(crate) fn forget_note() -> HeaderValue {
    host_only(NOTE, "", Duration::ZERO)
}

#[must_use]
pub(crate) fn note(headers: &HeaderMap) -> Option<&str> {
    find(headers, NOTE)
}

#[must_use]
pub(crate) fn remember_language(language: Language) -> HeaderValue {
    host_only(LANGUAGE, language.code(), WISH_LIFETIME)
}

/// The code of the language that was chosen.
#[must_use]
pub(crate) fn language(headers: &HeaderMap) -> Option<&str> {
    find(headers, LANGUAGE)
}

#[must_use]
pub(crate) fn remember_theme(theme: Theme) -> HeaderValue {
    host_only(THEME, theme.code(), WISH_LIFETIME)
}

/// The code of the theme that was chosen.
#[must_use]
pub(crate) fn theme(headers: &HeaderMap) -> Option<&str> {
    find(headers, THEME)
}

fn host_only(name: &str, value: &str, lifetime: Duration) -> HeaderValue {
    let seconds = lifetime.as_secs();
    header_value(&format!(
        "{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax"
    ))
}

/// Names, domains and values are of our own making or percent-encoded: always a header.
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn find<'a>(headers: &'a HeaderMap, name: &'a str) -> Option<&'a str> {
    values(headers, name)
        .next()
        .filter(|value| !value.is_empty())
}

/// The values of all cookies of exactly this name, in whatever lines.
fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(COOKIE).iter();
    lines.flat_map(move |line| cookie_values(line.as_bytes(), name))
}

#[cfg(test)]
mod tests {
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
    fn the_pair_is_set_as_the_contract_says() {
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
    fn only_values_of_our_form_are_read() {
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

    /// Security A07: no subdomain can make a browser send these.
    #[test]
    fn a07_names_are_taken_as_they_are() {
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

    #[test]
    fn what_was_typed_comes_back_and_breaks_out_of_nothing() {
        for text in [
            "alice",
            "a; Domain=evil.test",
            "\"><script>",
            "é\u{1F600}\r\nSet-Cookie: x=1",
            "%41+b",
        ] {
            let set = remember_typed(text);
            let set = set.to_str().unwrap();
            let (pair, attributes) = set.split_once(';').unwrap();
            assert_eq!(
                attributes,
                " Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Lax"
            );
            assert_eq!(typed(&request(pair)).as_deref(), Some(text));
        }
        assert_eq!(typed(&request("__Host-portal_typed=")), None);
    }
}
