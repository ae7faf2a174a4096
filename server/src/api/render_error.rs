use std::sync::Arc;
use std::time::Duration;

use app::{ErrorPage, RequestInfo, Site, error_page};
use axum::Json;
use axum::body::Body;
use axum::response::{Html, IntoResponse as _, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;

use super::error::{ApiError, SecondFactorRequired};

/// Gives an error response its body: JSON with the correlation id on the API's routes
/// (docs/contract.md, Error messages), an error page elsewhere. Errors of axum and tower get one
/// too, so neither their text nor a panic's reaches a client.
pub(crate) fn render_error(
    mut response: Response,
    request: &RequestInfo,
    site: &Arc<Site>,
    request_id: &str,
) -> Response {
    let path = request.path();
    let status = response.status();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .entry(RETRY_AFTER)
            .or_insert(HeaderValue::from_static("5"));
    }
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || has_own_body(response.headers()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let error = parts.extensions.remove::<ApiError>();
    let is_within = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let roots = ["/v1", "/health", "/openapi.json"];
    let rendered = if roots.into_iter().any(is_within) {
        Json(ErrorBody::new(status, request_id, error.as_ref())).into_response()
    } else if is_within("/api") {
        Json(ErrorEnvelope::new(status, path, error.as_ref())).into_response()
    } else {
        let page = ErrorPage {
            status,
            reference: request_id,
            retry_after: retry_after(&parts.headers),
            request,
        };
        Html(error_page(site, &page)).into_response()
    };
    parts.headers.remove(CONTENT_LENGTH);
    let (rendered, body) = rendered.into_parts();
    if let Some(content_type) = rendered.headers.get(CONTENT_TYPE) {
        parts.headers.insert(CONTENT_TYPE, content_type.clone());
    }
    Response::from_parts(parts, Body::new(body))
}

/// The error of every `/v1` route.
#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(flatten)]
    second_factor: Option<&'a SecondFactorRequired>,
    correlation_id: &'a str,
}

impl<'a> ErrorBody<'a> {
    fn new(status: StatusCode, correlation_id: &'a str, error: Option<&'a ApiError>) -> Self {
        Self {
            error: error.map_or_else(|| default_message(status), |error| error.message.as_ref()),
            retry_after: error.and_then(|error| error.retry_after),
            second_factor: error.and_then(|error| error.second_factor.as_deref()),
            correlation_id,
        }
    }
}

/// The error of every `/api` route (docs/contract.md, Error codes).
#[derive(Serialize)]
struct ErrorEnvelope<'a> {
    error: EnvelopeError<'a>,
    data: Option<&'a SecondFactorRequired>,
    request: &'a str,
}

#[derive(Serialize)]
struct EnvelopeError<'a> {
    message: &'a str,
    code: u16,
    status: u16,
}

impl<'a> ErrorEnvelope<'a> {
    fn new(status: StatusCode, request: &'a str, error: Option<&'a ApiError>) -> Self {
        let own = error.and_then(|error| error.envelope.as_ref());
        let own = own.map(|(code, message)| (*code, message.as_ref()));
        let (code, message) = own.unwrap_or_else(|| default_code(status));
        Self {
            error: EnvelopeError {
                message,
                code,
                status: status.as_u16(),
            },
            data: error.and_then(|error| error.second_factor.as_deref()),
            request,
        }
    }
}

/// The code and message of an `/api` error that has none of its own.
fn default_code(status: StatusCode) -> (u16, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => (5, "Invalid field: request, is malformed."),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => (35, "Route not found."),
        StatusCode::PAYLOAD_TOO_LARGE => (32, "Request too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (33, "Unsupported media type."),
        StatusCode::TOO_MANY_REQUESTS => (30, "Too many requests."),
        StatusCode::SERVICE_UNAVAILABLE => (34, "Try again later."),
        status if status.is_server_error() => {
            (9, "An internal error occurred while trying to answer.")
        }
        _ => (8, "You are not authorized to do that."),
    }
}

/// The message of a `/v1` error that has none of its own.
fn default_message(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "Authentication required",
        StatusCode::FORBIDDEN => "Access denied",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::METHOD_NOT_ALLOWED => "Method not allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "Request too large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Unsupported media type",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        StatusCode::SERVICE_UNAVAILABLE => "Try again later",
        status if status.is_server_error() => "Internal server error",
        _ => "Bad request",
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Pages and server functions bring their own body. Errors of axum and tower are plain text or
/// empty.
fn has_own_body(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    content_type.starts_with(b"text/html") || content_type.starts_with(b"application/json")
}
