//! The JSON API: one file a group of routes. Each handler extracts, calls one use case
//! and answers.

mod authentication;
mod body;
mod bot;
mod bot_caller;
mod health;
mod refusal;
mod users;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use refusal::{Refusal, dress};

use crate::router::Web;

/// The routes that need to know who calls.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/v1/users/me", get(users::me))
        .route("/v1/authentication/logout", post(authentication::logout))
}

/// The routes that are open to anyone and look at no session.
pub(crate) fn open_routes() -> Router<Web> {
    Router::new()
        .route("/health", get(health::health))
        .route("/v1/bots", get(bot::public))
        .route("/v1/authentication/request", post(authentication::request))
        .route("/v1/authentication/verify", post(authentication::verify))
}

/// The routes of bots: opened by a key alone, wherever the request comes from.
pub(crate) fn bot_routes() -> Router<Web> {
    Router::new()
        .route("/v1/bot/me", get(bot::me))
        .route("/v1/authentication/bot/login-code", post(bot::login_code))
        .route("/v1/authentication/bot/send-code", post(bot::send_code))
}
