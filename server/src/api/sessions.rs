//! One's own sessions (docs/contract.md, Session routes).

use axum::extract::{Path, State};
use axum::{Extension, Json};
use backend::{ListedSession, Sessions, Visitor};
use domain::{Client, EndSessionError, Timestamp};
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::Refusal;
use crate::router::Web;

/// `GET /v1/users/me/sessions`.
pub(super) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<List>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    Ok(Json(web.portal.own_sessions(person).await?.into()))
}

/// `POST /v1/users/me/sessions/{token_suffix}/destroy`.
pub(super) async fn destroy(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    Path(suffix): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let ended = web.portal.end_session(person, &suffix, &client).await;
    ended.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(Json(json!({ "destroyed": true })))
}

/// `POST /v1/users/me/sessions/destroy-others`.
pub(super) async fn destroy_others(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
) -> Result<Json<Value>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let ended = web.portal.end_other_sessions(person, &client).await;
    let ended = ended.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(Json(json!({ "destroyed": ended })))
}

fn refusal(error: EndSessionError) -> Refusal {
    match error {
        EndSessionError::SignedOut => Refusal::NOT_SIGNED_IN,
        EndSessionError::Current => {
            Refusal::field("token_suffix", "is the current session; log out instead")
        }
        EndSessionError::NotFound => Refusal::new(StatusCode::NOT_FOUND, "Session not found"),
    }
}

/// The sessions of a person in the words of the contract.
#[derive(Serialize)]
pub(super) struct List {
    sessions: Vec<FactorOutcome>,
    history: Vec<FactorOutcome>,
}

/// A session, also as those who administer see it.
#[derive(Serialize)]
pub(super) struct FactorOutcome {
    token_suffix: String,
    created_at: Timestamp,
    expires_at: Timestamp,
    last_used_at: Timestamp,
    client_ip: String,
    user_agent: String,
    method: &'static str,
    is_current: bool,
    #[serde(flatten)]
    end: Option<End>,
}

#[derive(Serialize)]
struct End {
    ended_at: Timestamp,
    ended_by: &'static str,
}

impl From<Sessions> for List {
    fn from(sessions: Sessions) -> Self {
        let shown =
            |sessions: Vec<ListedSession>| sessions.into_iter().map(FactorOutcome::from).collect();
        Self {
            sessions: shown(sessions.live),
            history: shown(sessions.ended),
        }
    }
}

impl From<ListedSession> for FactorOutcome {
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
            end: listed.end.map(|(ended_at, reason)| End {
                ended_at,
                ended_by: reason.as_str(),
            }),
        }
    }
}
