use std::sync::Arc;

use app::{Site, error_page};
use axum::Json;
use axum::body::Body;
use axum::response::{Html, IntoResponse, Response};
use backend::Failure;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;

/// Why a request gets no answer of its own. Handlers and layers only say which it is;
/// [`dress`] writes the body that the caller can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 401: nobody is logged in, or not for this.
    NotSignedIn,
    /// 403: sent from a page that isn't ours.
    ForeignOrigin,
    /// 503: something beneath us is away; nothing was done.
    Unavailable,
    /// 500: a defect.
    Internal,
}

impl Refusal {
    const fn status(self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

/// The rest of the failure goes to the log, here and nowhere else.
impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        tracing::error!(error = %failure, "a request could not be answered");
        match failure {
            Failure::Unavailable(_) => Self::Unavailable,
            Failure::Internal(_) => Self::Internal,
        }
    }
}

/// Gives every bare error its body: the API's JSON with the correlation id (contract
/// section 1), or a page. Also for the errors of axum and tower, so that no text of
/// theirs, and no panic's, ever reaches anybody.
pub(crate) fn dress(
    response: Response,
    path: &str,
    site: &Arc<Site>,
    request_id: &str,
) -> Response {
    let mut response = response;
    let status = response.status();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let seconds = HeaderValue::from_static("5");
        response.headers_mut().entry(RETRY_AFTER).or_insert(seconds);
    }
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || has_own_body(response.headers()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let is_within = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let body = if is_within("/v1") || is_within("/health") {
        Json(ErrorBody {
            error: sentence(status),
            correlation_id: request_id,
        })
        .into_response()
    } else if is_within("/api") {
        Json(Envelope::of(status, path)).into_response()
    } else {
        Html(error_page(site, status, request_id)).into_response()
    };
    parts.headers.remove(CONTENT_LENGTH);
    let (kind, body) = body.into_parts();
    if let Some(content_type) = kind.headers.get(CONTENT_TYPE) {
        parts.headers.insert(CONTENT_TYPE, content_type.clone());
    }
    Response::from_parts(parts, Body::new(body))
}

/// The error of every `/v1` route (contract section 1).
#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'static str,
    correlation_id: &'a str,
}

/// The error of every `/api` route (contract section 1, S3).
#[derive(Serialize)]
struct Envelope<'a> {
    error: EnvelopeError,
    data: Option<()>,
    request: &'a str,
}

#[derive(Serialize)]
struct EnvelopeError {
    message: &'static str,
    code: u16,
    status: u16,
}

impl<'a> Envelope<'a> {
    fn of(status: StatusCode, request: &'a str) -> Self {
        let (code, message) = match status {
            StatusCode::NOT_FOUND => (35, "Route not found."),
            StatusCode::PAYLOAD_TOO_LARGE => (32, "Request too large."),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (33, "Unsupported media type."),
            StatusCode::TOO_MANY_REQUESTS => (30, "Too many requests."),
            StatusCode::SERVICE_UNAVAILABLE => (34, "Try again later."),
            status if status.is_server_error() => {
                (9, "An internal error occurred while trying to answer.")
            }
            _ => (8, "You are not authorized to do that."),
        };
        Self {
            error: EnvelopeError {
                message,
                code,
                status: status.as_u16(),
            },
            data: None,
            request,
        }
    }
}

/// Pages and the answers of server functions come with their own; what axum and tower
/// say is plain text or nothing.
fn has_own_body(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    content_type.starts_with(b"text/html") || content_type.starts_with(b"application/json")
}

/// The API's sentence for a status (contract section 1).
fn sentence(status: StatusCode) -> &'static str {
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
