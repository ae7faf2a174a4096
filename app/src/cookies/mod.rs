//! The cookies of the portal: names, attributes, lifetimes.

mod header;
mod session;

use std::time::Duration;

use backend::Token;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::DeviceId;
use http::{HeaderMap, HeaderValue};
use url::form_urlencoded::byte_serialize;

use self::header::{find, host_only};
pub use session::{CookiePolicy, SameSite};

/// The token of a set-up link, moved out of the address bar.
pub(crate) const SET_UP: TokenCookie = TokenCookie {
    name: "__Host-portal_set_up",
    lifetime: Duration::from_hours(1),
};

/// The token of an email confirmation link, moved out of the address bar.
pub(crate) const EMAIL: TokenCookie = TokenCookie {
    name: "__Host-portal_email",
    lifetime: Duration::from_hours(1),
};

/// The token of a password reset link, moved out of the address bar.
pub(crate) const RECOVERY: TokenCookie = TokenCookie {
    name: "__Host-portal_recovery",
    lifetime: Duration::from_mins(30),
};

/// The browser that requested a login code: the code works in no other (docs/contract.md, Web codes and bot codes).
pub(crate) const PRE_LOGIN: TokenCookie = TokenCookie {
    name: "__Host-portal_browser",
    lifetime: Duration::from_hours(1),
};

/// The challenge of a login that waits for its second factor.
pub(crate) const CHALLENGE: TokenCookie = TokenCookie {
    name: "__Host-portal_challenge",
    lifetime: Duration::from_mins(10),
};

/// Recognises a device on its next login.
const DEVICE: &str = "__Host-portal_mark";

/// Input of a form that was sent back. Never a secret.
const INPUT: &str = "__Host-portal_typed";
const INPUT_LIFETIME: Duration = Duration::from_mins(15);

/// A sealed value that one page hands to the next.
const FLASH: &str = "__Host-portal_note";
const FLASH_LIFETIME: Duration = Duration::from_mins(5);

const LANGUAGE: &str = "__Host-portal_language";
const THEME: &str = "__Host-portal_theme";

/// Browsers keep no cookie longer than 400 days.
const MAX_LIFETIME: Duration = Duration::from_hours(400 * 24);

const MAX_INPUT_CHARS: usize = 64;

/// Browsers drop cookies above 4 kB; base64 adds a third.
const MAX_FIELD_BYTES: usize = 2800;

/// A host-only cookie that holds a token.
pub(crate) struct TokenCookie {
    name: &'static str,
    lifetime: Duration,
}

impl TokenCookie {
    pub(crate) fn set(&self, token: &Token) -> HeaderValue {
        host_only(self.name, &token.reveal(), self.lifetime)
    }

    pub(crate) fn clear(&self) -> HeaderValue {
        host_only(self.name, "", Duration::ZERO)
    }

    /// Sets the token of a link, or deletes the cookie if the link has no valid token.
    pub(crate) fn set_or_clear(&self, token: Option<&Token>) -> HeaderValue {
        token.map_or_else(|| self.clear(), |token| self.set(token))
    }

    pub(crate) fn read(&self, headers: &HeaderMap) -> Option<Token> {
        find(headers, self.name)?.parse().ok()
    }
}

/// The browser that requested a login code.
#[must_use]
pub fn pre_login_browser(headers: &HeaderMap) -> Option<Token> {
    PRE_LOGIN.read(headers)
}

/// The device of a request.
#[must_use]
pub fn browser_mark(headers: &HeaderMap) -> Option<DeviceId> {
    find(headers, DEVICE)?.parse().ok()
}

pub(crate) fn set_device(mark: &DeviceId) -> HeaderValue {
    host_only(DEVICE, mark.as_str(), MAX_LIFETIME)
}

/// Keeps the first field of a form.
pub(crate) fn set_input(text: &str) -> HeaderValue {
    let short: String = text.chars().take(MAX_INPUT_CHARS).collect();
    let value: String = byte_serialize(short.as_bytes()).collect();
    host_only(INPUT, &value, INPUT_LIFETIME)
}

pub(crate) fn clear_input() -> HeaderValue {
    host_only(INPUT, "", Duration::ZERO)
}

pub(crate) fn input(headers: &HeaderMap) -> Option<String> {
    let value = find(headers, INPUT)?;
    // `byte_serialize` escapes `&` and `=`, so the value parses as one key.
    url::form_urlencoded::parse(value.as_bytes())
        .next()
        .map(|(text, _)| text.into_owned())
}

/// Keeps one field of a form with several.
pub(crate) fn set_field(field: &str, text: &str) -> HeaderValue {
    let end = text.floor_char_boundary(MAX_FIELD_BYTES);
    let value = URL_SAFE_NO_PAD.encode(&text[..end]);
    host_only(&format!("{INPUT}_{field}"), &value, INPUT_LIFETIME)
}

pub(crate) fn clear_field(field: &str) -> HeaderValue {
    host_only(&format!("{INPUT}_{field}"), "", Duration::ZERO)
}

pub(crate) fn field(headers: &HeaderMap, field: &str) -> Option<String> {
    let name = format!("{INPUT}_{field}");
    let text = URL_SAFE_NO_PAD.decode(find(headers, &name)?).ok()?;
    String::from_utf8(text).ok()
}

pub(crate) fn set_flash(sealed: &str) -> HeaderValue {
    host_only(FLASH, sealed, FLASH_LIFETIME)
}

pub(crate) fn clear_flash() -> HeaderValue {
    host_only(FLASH, "", Duration::ZERO)
}

pub(crate) fn flash(headers: &HeaderMap) -> Option<&str> {
    find(headers, FLASH)
}

pub(crate) fn set_language(code: &str) -> HeaderValue {
    host_only(LANGUAGE, code, MAX_LIFETIME)
}

pub(crate) fn language(headers: &HeaderMap) -> Option<&str> {
    find(headers, LANGUAGE)
}

pub(crate) fn set_theme(code: &str) -> HeaderValue {
    host_only(THEME, code, MAX_LIFETIME)
}

pub(crate) fn theme(headers: &HeaderMap) -> Option<&str> {
    find(headers, THEME)
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;

    use super::*;

    fn request(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_bytes(cookies.as_bytes()).unwrap())])
    }

    #[test]
    fn input_round_trips_and_injects_no_attribute() {
        for text in [
            "alice",
            "a; Domain=evil.test",
            "\"><script>",
            "é\u{1F600}\r\nSet-Cookie: x=1",
            "%41+b",
        ] {
            let set = set_input(text);
            let set = set.to_str().unwrap();
            let (pair, attributes) = set.split_once(';').unwrap();
            assert_eq!(
                attributes,
                " Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Lax"
            );
            assert_eq!(input(&request(pair)).as_deref(), Some(text));
        }
        assert_eq!(input(&request("__Host-portal_typed=")), None);
    }
}
