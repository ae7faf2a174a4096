use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::header::COOKIE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Bytes of all header names and values together. Browsers send two or three kB.
const MAX_HEAD_SIZE: usize = 32 * 1024;
/// Bytes of cookies among them. The portal's own are below one kB.
const MAX_COOKIES_SIZE: usize = 16 * 1024;

/// Rejects a head that is too large (431, RFC 6585). A hostile subdomain can plant so many cookies
/// that no server accepts the browser's requests any more. The answer to such a request clears all
/// cookies, so the next one is small again (security A07, A18).
pub(super) fn reject_large_head(request: &Request) -> Option<Response> {
    let headers = request.headers();
    if size(headers, |_| true) + request.uri().path().len() <= MAX_HEAD_SIZE {
        return None;
    }
    let mut response = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
    if size(headers, |name| name == COOKIE) > MAX_COOKIES_SIZE {
        response.headers_mut().insert(
            HeaderName::from_static("clear-site-data"),
            HeaderValue::from_static("\"cookies\""),
        );
    }
    Some(response)
}

fn size(headers: &HeaderMap, counts: impl Fn(&HeaderName) -> bool) -> usize {
    let counted = headers.iter().filter(|(name, _)| counts(name));
    counted
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}
