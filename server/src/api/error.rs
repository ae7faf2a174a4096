//! What the JSON API answers instead of a result.

use std::borrow::Cow;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use backend::{FactorMethod, Failure, Problem, SecondFactorChallenge};
use domain::{AdminActionError, NewPasswordError, PasswordPolicy, whole_seconds};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use serde::Serialize;

/// Why a request fails: a status, a message, and how long to wait before the next attempt.
/// Handlers and layers only choose the error; [`render_error`](super::render_error) writes the
/// body in the form that the caller's route has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) message: Cow<'static, str>,
    /// Seconds.
    pub(super) retry_after: Option<u64>,
    /// What the caller has to present to continue.
    pub(super) second_factor: Option<Box<SecondFactorRequired>>,
    /// Code and message on the `/api/auth` routes, where they differ from the status's own.
    pub(super) envelope: Option<(u16, Cow<'static, str>)>,
}

impl ApiError {
    /// The caller is not logged in, or the login does not allow this.
    pub(crate) const NOT_SIGNED_IN: Self =
        Self::new(StatusCode::UNAUTHORIZED, "Authentication required");
    /// The request came from a foreign page, or the caller may not do this.
    pub(crate) const ACCESS_DENIED: Self = Self::new(StatusCode::FORBIDDEN, "Access denied");
    /// The caller's role is below the one that an administration route requires.
    pub(crate) const ADMIN_ONLY: Self = Self::new(StatusCode::FORBIDDEN, "Admin access required");
    /// The caller has to confirm the password or a second factor first (docs/contract.md, Fresh
    /// login).
    pub(crate) const NOT_FRESH: Self = Self::new(StatusCode::FORBIDDEN, "Fresh login required");
    /// The one answer to every code that does not work (docs/contract.md, Error messages).
    pub(crate) const INVALID_CODE: Self =
        Self::new(StatusCode::UNAUTHORIZED, "Invalid or expired code");
    /// A wrong password, from a caller who is logged in.
    pub(crate) const WRONG_PASSWORD: Self = Self::new(StatusCode::FORBIDDEN, "Wrong password");
    /// A wrong second factor, from a caller who is logged in.
    pub(crate) const WRONG_FACTOR: Self = Self::new(StatusCode::FORBIDDEN, "Wrong second factor");
    /// A limit was reached; see [`with_retry_after`](Self::with_retry_after).
    pub(crate) const TOO_MANY_REQUESTS: Self =
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests");
    /// A dependency is unavailable; nothing was done.
    pub(crate) const UNAVAILABLE: Self =
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Try again later");
    /// A defect of the portal.
    pub(crate) const INTERNAL: Self =
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error");

    pub(crate) const fn new(status: StatusCode, message: &'static str) -> Self {
        Self {
            status,
            message: Cow::Borrowed(message),
            retry_after: None,
            second_factor: None,
            envelope: None,
        }
    }

    /// An error of the `/api/auth` routes, with its code there.
    pub(crate) fn envelope(status: StatusCode, code: u16, message: &'static str) -> Self {
        Self {
            envelope: Some((code, Cow::Borrowed(message))),
            ..Self::new(status, message)
        }
    }

    /// 400 for a field. The reason continues the field's name: `code` `is required`.
    pub(crate) fn field(name: &str, reason: &str) -> Self {
        let envelope = format!("Invalid field: {name}, {reason}.");
        Self {
            message: Cow::Owned(format!("{name} {reason}")),
            envelope: Some((5, Cow::Owned(envelope))),
            ..Self::new(StatusCode::BAD_REQUEST, "")
        }
    }

    /// 400 for a body that is no JSON object.
    pub(crate) fn invalid_body() -> Self {
        let reason = "Invalid field: body, must be a JSON object.";
        Self {
            envelope: Some((5, Cow::Borrowed(reason))),
            ..Self::new(StatusCode::BAD_REQUEST, "The body must be a JSON object")
        }
    }

    /// 428: a second factor is on and was missing or wrong. The challenge continues the login.
    pub(crate) fn second_factor(step: SecondFactorChallenge) -> Self {
        Self {
            second_factor: Some(Box::new(SecondFactorRequired::from(step))),
            envelope: Some((20, Cow::Borrowed("Additional verification required."))),
            ..Self::new(
                StatusCode::PRECONDITION_REQUIRED,
                "Additional verification required",
            )
        }
    }

    /// 428 where the caller repeats the whole request with a factor instead of continuing a login.
    pub(crate) fn second_factor_without_challenge(methods: Vec<FactorMethod>) -> Self {
        Self {
            second_factor: Some(Box::new(SecondFactorRequired {
                methods: methods.into_iter().map(FactorMethodView::from).collect(),
                challenge: None,
            })),
            ..Self::new(
                StatusCode::PRECONDITION_REQUIRED,
                "Additional verification required",
            )
        }
    }

    /// 400 for a password that the policy rejects, with the reason in words.
    pub(crate) fn new_password(error: NewPasswordError, policy: PasswordPolicy) -> Self {
        let reason = format!("is refused: {}", error.sentence(policy));
        Self::field("new_password", &reason)
    }

    /// Tells the caller to wait, at least one second, if a wait is given.
    pub(crate) fn with_retry_after(self, wait: Option<Duration>) -> Self {
        Self {
            retry_after: wait.map(|wait| whole_seconds(wait).max(1)),
            ..self
        }
    }

    /// A use case's problem, where its error needs more than [`From`] to become an answer.
    pub(crate) fn from_problem<E>(problem: Problem<E>, convert: impl FnOnce(E) -> Self) -> Self {
        match problem {
            Problem::Refused(error) => convert(error),
            Problem::Failed(failure) => failure.into(),
        }
    }
}

impl<E: Into<Self>> From<Problem<E>> for ApiError {
    fn from(problem: Problem<E>) -> Self {
        Self::from_problem(problem, E::into)
    }
}

/// Why the caller may not act on others (docs/contract.md, Roles).
impl From<AdminActionError> for ApiError {
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

/// Logs the cause, which the caller is never told. This is the only place that logs it.
impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        tracing::error!(error = %failure, "request failed");
        match failure {
            Failure::Unavailable(_) => Self::UNAVAILABLE,
            Failure::Internal(_) => Self::INTERNAL,
        }
    }
}

impl IntoResponse for ApiError {
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

/// Which factors can continue a login (docs/contract.md, Second factor required).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SecondFactorRequired {
    methods: Vec<FactorMethodView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FactorMethodView {
    r#type: &'static str,
    name: &'static str,
    description: &'static str,
    enabled: bool,
    can_send: bool,
}

impl From<SecondFactorChallenge> for SecondFactorRequired {
    fn from(step: SecondFactorChallenge) -> Self {
        Self {
            methods: step
                .methods
                .into_iter()
                .map(FactorMethodView::from)
                .collect(),
            challenge: Some(step.challenge.reveal()),
        }
    }
}

impl From<FactorMethod> for FactorMethodView {
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
