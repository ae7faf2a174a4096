use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::header::COOKIE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// All names and values of a request's head together; browsers send two or three kB.
const LARGEST: usize = 32 * 1024;
/// Of these, cookies; ours are below one kB.
const LARGEST_COOKIES: usize = 16 * 1024;

/// Refuses a head that is too large (431, RFC 6585). A hostile subdomain can plant cookies
/// in somebody's browser until no server takes its requests any more: then the browser is
/// told to forget them all, so that the next request is a small one (security A07, A18).
pub(super) fn refuse_large_head(request: &Request) -> Option<Response> {
    let headers = request.headers();
    if size(headers, |_| true) + request.uri().path().len() <= LARGEST {
        return None;
    }
    let mut response = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
    if size(headers, |name| name == COOKIE) > LARGEST_COOKIES {
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
