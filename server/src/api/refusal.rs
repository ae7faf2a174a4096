use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use app::{Asked, Mishap, Site, error_page};
use axum::Json;
use axum::body::Body;
use axum::response::{Html, IntoResponse, Response};
use backend::{FactorMethod, Failure, Problem, SecondFactorChallenge};
use domain::{AdminActionError, NewPasswordError, PasswordPolicy, whole_seconds};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;

/// Why a request gets no answer of its own: a status, a sentence of ours, and how long to
/// wait. Handlers and layers only say which it is; [`dress`] writes the body that the
/// caller can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    sentence: Cow<'static, str>,
    retry_after: Option<u64>,
    /// What it takes to go on with a login.
    second_factor: Option<Box<SecondFactor>>,
    /// Code and message on the `/api/auth` routes, where they differ from the status's own.
    s3: Option<(u16, Cow<'static, str>)>,
}

impl Refusal {
    /// Nobody is logged in, or not for this.
    pub(crate) const NOT_SIGNED_IN: Self =
        Self::new(StatusCode::UNAUTHORIZED, "Authentication required");
    /// Sent from a page that isn't ours; or something that isn't theirs to do.
    pub(crate) const ACCESS_DENIED: Self = Self::new(StatusCode::FORBIDDEN, "Access denied");
    /// Below the level that a route of administration takes.
    pub(crate) const ADMIN_ONLY: Self = Self::new(StatusCode::FORBIDDEN, "Admin access required");
    /// The password or a second factor has to be shown first (docs/contract.md, Fresh login).
    pub(crate) const NOT_FRESH: Self = Self::new(StatusCode::FORBIDDEN, "Fresh login required");
    /// The one answer to every code that does not work (docs/contract.md, Error messages).
    pub(crate) const INVALID_CODE: Self =
        Self::new(StatusCode::UNAUTHORIZED, "Invalid or expired code");
    /// A wrong password, of somebody who is logged in.
    pub(crate) const WRONG_PASSWORD: Self = Self::new(StatusCode::FORBIDDEN, "Wrong password");
    /// A wrong second factor, of somebody who is logged in.
    pub(crate) const WRONG_FACTOR: Self = Self::new(StatusCode::FORBIDDEN, "Wrong second factor");
    /// Something beneath us is away; nothing was done.
    pub(crate) const UNAVAILABLE: Self =
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Try again later");
    /// A defect.
    pub(crate) const INTERNAL: Self =
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error");

    pub(crate) const fn new(status: StatusCode, sentence: &'static str) -> Self {
        Self {
            status,
            sentence: Cow::Borrowed(sentence),
            retry_after: None,
            second_factor: None,
            s3: None,
        }
    }

    /// An error of the `/api/auth` routes, with its code (docs/contract.md, Error codes).
    pub(crate) fn s3(status: StatusCode, code: u16, message: &'static str) -> Self {
        Self {
            s3: Some((code, Cow::Borrowed(message))),
            ..Self::new(status, message)
        }
    }

    /// 400 for a field; the reason goes on from its name: `code` `is required`.
    pub(crate) fn field(name: &str, reason: &str) -> Self {
        Self {
            sentence: Cow::Owned(format!("{name} {reason}")),
            s3: Some((5, Cow::Owned(format!("Invalid field: {name}, {reason}.")))),
            ..Self::new(StatusCode::BAD_REQUEST, "")
        }
    }

    /// 400 for a body that can't be read.
    pub(crate) fn no_object() -> Self {
        let reason = "Invalid field: body, must be a JSON object.";
        Self {
            s3: Some((5, Cow::Borrowed(reason))),
            ..Self::new(StatusCode::BAD_REQUEST, "The body must be a JSON object")
        }
    }

    /// 428: a second factor is on, and was not shown, or a wrong one was.
    pub(crate) fn second_factor(step: SecondFactorChallenge) -> Self {
        Self {
            second_factor: Some(Box::new(SecondFactor::from(step))),
            s3: Some((20, Cow::Borrowed("Additional verification required."))),
            ..Self::new(
                StatusCode::PRECONDITION_REQUIRED,
                "Additional verification required",
            )
        }
    }

    /// The same where no login waits for it.
    pub(crate) fn factor_beside(methods: Vec<FactorMethod>) -> Self {
        Self {
            second_factor: Some(Box::new(SecondFactor {
                methods: methods.into_iter().map(Method::from).collect(),
                challenge: None,
            })),
            ..Self::new(
                StatusCode::PRECONDITION_REQUIRED,
                "Additional verification required",
            )
        }
    }

    /// 400 for a password that may not be set, with the reason in words.
    pub(crate) fn new_password(error: NewPasswordError, policy: PasswordPolicy) -> Self {
        let reason = format!("is refused: {}", error.sentence(policy));
        Self::field("new_password", &reason)
    }

    /// 429, with the whole seconds until it may be tried again.
    pub(crate) fn too_many(sentence: &'static str, wait: Duration) -> Self {
        Self {
            retry_after: Some(whole_seconds(wait).max(1)),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, sentence)
        }
    }

    /// The refusal of a use case in the words of the API, or its failure.
    pub(crate) fn of<R>(problem: Problem<R>, words: impl FnOnce(R) -> Self) -> Self {
        match problem {
            Problem::Refused(refusal) => words(refusal),
            Problem::Failed(failure) => failure.into(),
        }
    }
}

/// Why somebody may not act on others (docs/contract.md, Roles).
impl From<AdminActionError> for Refusal {
    fn from(error: AdminActionError) -> Self {
        match error {
            AdminActionError::SignedOut => Self::NOT_SIGNED_IN,
            AdminActionError::LevelTooLow | AdminActionError::SecondFactorNeeded => {
                Self::ADMIN_ONLY
            }
            AdminActionError::NotFresh => Self::NOT_FRESH,
            AdminActionError::UserNotFound => Self::new(StatusCode::NOT_FOUND, "User not found"),
            AdminActionError::NotBelow => Self::ACCESS_DENIED,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The rest of the failure goes to the log, here and nowhere else.
impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        tracing::error!(error = %failure, "a request could not be answered");
        match failure {
            Failure::Unavailable(_) => Self::UNAVAILABLE,
            Failure::Internal(_) => Self::INTERNAL,
        }
    }
}

/// Gives every bare error its body: the API's JSON with the correlation id (docs/contract.md,
/// Error messages), or a page. Also for the errors of axum and tower, so that no text of
/// theirs, and no panic's, ever reaches anybody.
pub(crate) fn dress(
    mut response: Response,
    asked: &Asked,
    site: &Arc<Site>,
    request_id: &str,
) -> Response {
    let path = asked.path();
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
    let refusal = parts.extensions.remove::<Refusal>();
    let is_within = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let body = if ["/v1", "/health", "/openapi.json"]
        .into_iter()
        .any(is_within)
    {
        let sentence = refusal.as_ref().map(|refusal| refusal.sentence.as_ref());
        let body = ErrorBody {
            error: sentence.unwrap_or_else(|| default_sentence(status)),
            retry_after: refusal.as_ref().and_then(|refusal| refusal.retry_after),
            second_factor: refusal
                .as_ref()
                .and_then(|refusal| refusal.second_factor.clone()),
            correlation_id: request_id,
        };
        Json(body).into_response()
    } else if is_within("/api") {
        Json(Envelope::of(status, path, refusal.as_ref())).into_response()
    } else {
        let mishap = Mishap {
            status,
            reference: request_id,
            wait: wait(&parts.headers),
            asked,
        };
        Html(error_page(site, &mishap)).into_response()
    };
    parts.headers.remove(CONTENT_LENGTH);
    let (kind, body) = body.into_parts();
    if let Some(content_type) = kind.headers.get(CONTENT_TYPE) {
        parts.headers.insert(CONTENT_TYPE, content_type.clone());
    }
    Response::from_parts(parts, Body::new(body))
}

/// What a login waits for (docs/contract.md, Second factor required).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SecondFactor {
    methods: Vec<Method>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Method {
    r#type: &'static str,
    name: &'static str,
    description: &'static str,
    enabled: bool,
    can_send: bool,
}

impl From<SecondFactorChallenge> for SecondFactor {
    fn from(step: SecondFactorChallenge) -> Self {
        Self {
            methods: step.methods.into_iter().map(Method::from).collect(),
            challenge: Some(step.challenge.reveal()),
        }
    }
}

impl From<FactorMethod> for Method {
    fn from(method: FactorMethod) -> Self {
        Self {
            r#type: method.kind.as_str(),
            name: method.kind.name(),
            description: method.kind.description(),
            enabled: method.enabled,
            can_send: method.kind.can_send(),
        }
    }
}

/// The error of every `/v1` route (docs/contract.md, Common rules).
#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(flatten)]
    second_factor: Option<Box<SecondFactor>>,
    correlation_id: &'a str,
}

/// The error of every `/api` route (docs/contract.md, Error codes).
#[derive(Serialize)]
struct Envelope<'a> {
    error: EnvelopeError<'a>,
    data: Option<Box<SecondFactor>>,
    request: &'a str,
}

#[derive(Serialize)]
struct EnvelopeError<'a> {
    message: &'a str,
    code: u16,
    status: u16,
}

impl<'a> Envelope<'a> {
    fn of(status: StatusCode, request: &'a str, refusal: Option<&'a Refusal>) -> Self {
        let special = refusal.and_then(|refusal| refusal.s3.as_ref());
        let special = special.map(|(code, message)| (*code, message.as_ref()));
        let usual = match status {
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
        };
        let (code, message) = special.unwrap_or(usual);
        Self {
            error: EnvelopeError {
                message,
                code,
                status: status.as_u16(),
            },
            data: refusal.and_then(|refusal| refusal.second_factor.clone()),
            request,
        }
    }
}

/// How long the caller is told to wait.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
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

/// The API's sentence for a status that came without one (docs/contract.md, Error messages).
fn default_sentence(status: StatusCode) -> &'static str {
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
