//! The caller's own sessions (docs/contract.md, Session routes).

use axum::Json;
use axum::extract::{Path, State};
use backend::{ListedSession, Sessions};
use domain::{EndSessionError, Timestamp};
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::ApiError;
use super::caller::Caller;
use crate::state::AppState;

/// `GET /v1/users/me/sessions`.
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<SessionListResponse>, ApiError> {
    let person = caller.signed_in()?;
    Ok(Json(state.portal.own_sessions(person).await?.into()))
}

/// `POST /v1/users/me/sessions/{token_suffix}/destroy`.
pub(super) async fn destroy(
    State(state): State<AppState>,
    caller: Caller,
    Path(suffix): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let person = caller.signed_in()?;
    state
        .portal
        .end_session(person, &suffix, &caller.client)
        .await?;
    Ok(Json(json!({ "destroyed": true })))
}

/// `POST /v1/users/me/sessions/destroy-others`.
pub(super) async fn destroy_others(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let person = caller.signed_in()?;
    let ended = state
        .portal
        .end_other_sessions(person, &caller.client)
        .await?;
    Ok(Json(json!({ "destroyed": ended })))
}

impl From<EndSessionError> for ApiError {
    fn from(error: EndSessionError) -> Self {
        match error {
            EndSessionError::SignedOut => Self::NOT_SIGNED_IN,
            EndSessionError::Current => {
                Self::field("token_suffix", "is the current session; log out instead")
            }
            EndSessionError::NotFound => Self::new(StatusCode::NOT_FOUND, "Session not found"),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SessionListResponse {
    sessions: Vec<SessionView>,
    history: Vec<SessionView>,
}

/// A session, as its person and administration see it.
#[derive(Serialize)]
pub(super) struct SessionView {
    token_suffix: String,
    created_at: Timestamp,
    expires_at: Timestamp,
    last_used_at: Timestamp,
    client_ip: String,
    user_agent: String,
    method: &'static str,
    is_current: bool,
    #[serde(flatten)]
    end: Option<SessionEnd>,
}

#[derive(Serialize)]
struct SessionEnd {
    ended_at: Timestamp,
    ended_by: &'static str,
}

impl From<Sessions> for SessionListResponse {
    fn from(sessions: Sessions) -> Self {
        let views =
            |sessions: Vec<ListedSession>| sessions.into_iter().map(SessionView::from).collect();
        Self {
            sessions: views(sessions.live),
            history: views(sessions.ended),
        }
    }
}

impl From<ListedSession> for SessionView {
    fn from(listed: ListedSession) -> Self {
        let session = listed.session;
        Self {
            token_suffix: listed.suffix,
            created_at: session.created_at,
            expires_at: listed.expires_at,
            last_used_at: session.last_used_at,
            client_ip: session.client_ip,
            user_agent: session.user_agent.as_str().to_owned(),
            method: session.method.as_str(),
            is_current: listed.is_current,
            end: listed.end.map(|(ended_at, reason)| SessionEnd {
                ended_at,
                ended_by: reason.as_str(),
            }),
        }
    }
}
