//! `Set-Cookie` and `Cookie` headers.

use std::time::Duration;

use domain::cookie_values;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

pub(super) fn host_only(name: &str, value: &str, lifetime: Duration) -> HeaderValue {
    let seconds = lifetime.as_secs();
    header_value(&format!(
        "{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax"
    ))
}

/// Names and domains are constants or configured, values are encoded: always a valid header.
pub(super) fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

pub(super) fn find<'a>(headers: &'a HeaderMap, name: &'a str) -> Option<&'a str> {
    values(headers, name)
        .next()
        .filter(|value| !value.is_empty())
}

/// The values of all cookies with exactly this name, over all `Cookie` lines.
pub(super) fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(COOKIE).iter();
    lines.flat_map(move |line| cookie_values(line.as_bytes(), name))
}
