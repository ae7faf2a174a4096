//! The JSON API: one file a group of routes. Each handler extracts, calls one use case
//! and answers.

mod acting;
mod admin_audit;
mod admin_bots;
mod admin_users;
mod auth;
mod authentication;
mod body;
mod bot;
mod bot_caller;
mod bot_events;
mod email;
mod health;
mod openapi;
mod own_data;
mod password;
mod people;
mod platforms;
mod query;
mod recovery;
mod refusal;
mod second_factors;
mod sessions;
mod table;
mod users;

use axum::response::AppendHeaders;
use http::header::SET_COOKIE;
use http::{HeaderName, HeaderValue, Method};

pub(crate) use refusal::{Refusal, dress};
pub(crate) use table::{Routes, get};

use table::post;

/// Both cookies of a session, given or taken away.
fn set_cookies(cookies: [HeaderValue; 2]) -> AppendHeaders<[(HeaderName, HeaderValue); 2]> {
    AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)))
}

/// All routes of the API, for whoever compares them with what is said of them.
pub(crate) fn list() -> Vec<(Method, &'static str)> {
    let groups = [
        shared_routes(),
        own_routes(),
        admin_routes(),
        open_routes(),
        bot_routes(),
    ];
    groups.into_iter().flat_map(Routes::list).collect()
}

/// The routes that need to know who calls, and that sister services may call too.
pub(crate) fn shared_routes() -> Routes {
    Routes::new()
        .route("/v1/users/me", get(users::me))
        .route("/v1/users/search", get(people::search))
        .route("/v1/users/profile/{username}", get(people::by_name))
        .route("/v1/users/{id}", get(people::by_id))
        .route("/v1/authentication/logout", post(authentication::logout))
}

/// One's own routes: only from the portal's own pages and programs.
pub(crate) fn own_routes() -> Routes {
    Routes::new()
        .route("/v1/authentication/confirm", post(authentication::confirm))
        .route("/v1/users/me/update", post(users::update))
        .route("/v1/users/me/export", get(own_data::export))
        .route("/v1/users/me/delete", post(own_data::delete))
        .route("/v1/users/me/sessions", get(sessions::list))
        .route(
            "/v1/users/me/sessions/destroy-others",
            post(sessions::destroy_others),
        )
        .route(
            "/v1/users/me/sessions/{token_suffix}/destroy",
            post(sessions::destroy),
        )
        .route("/v1/users/me/password", post(password::set))
        .route("/v1/users/me/email", post(email::set))
        .route(
            "/v1/users/me/second-factors/totp",
            post(second_factors::offer),
        )
        .route(
            "/v1/users/me/second-factors/totp/confirm",
            post(second_factors::confirm),
        )
        .route(
            "/v1/users/me/second-factors/{type}/remove",
            post(second_factors::remove),
        )
        .route(
            "/v1/users/me/second-factors/email/enable",
            post(second_factors::enable_email),
        )
        .route(
            "/v1/users/me/second-factors/recovery-codes",
            post(second_factors::renew),
        )
        .route("/v1/users/me/platforms/link", post(platforms::link))
        .route(
            "/v1/users/me/platforms/link/verify",
            post(platforms::verify),
        )
        .route(
            "/v1/users/me/platforms/{platform}/unlink",
            post(platforms::unlink),
        )
}

/// What is done to others: by those who may, from the portal's own pages and programs.
pub(crate) fn admin_routes() -> Routes {
    Routes::new()
        .route("/v1/admin/bots", get(admin_bots::list))
        .route("/v1/admin/bots", post(admin_bots::register))
        .route("/v1/admin/bots/{id}/update", post(admin_bots::update))
        .route(
            "/v1/admin/bots/{id}/regenerate-key",
            post(admin_bots::regenerate_key),
        )
        .route(
            "/v1/admin/bots/{id}/deactivate",
            post(admin_bots::deactivate),
        )
        .route("/v1/admin/bots/{id}/activate", post(admin_bots::activate))
        .route("/v1/admin/bots/{id}/delete", post(admin_bots::delete))
        .route("/v1/admin/audit/logs", get(admin_audit::logs))
        .route("/v1/admin/users", get(admin_users::list))
        .route("/v1/admin/users/{id}", get(admin_users::show))
        .route(
            "/v1/admin/users/{id}/permission",
            post(admin_users::permission),
        )
        .route("/v1/admin/users/{id}/ban", post(admin_users::ban))
        .route("/v1/admin/users/{id}/timeout", post(admin_users::time_out))
        .route("/v1/admin/users/{id}/restore", post(admin_users::restore))
        .route(
            "/v1/admin/users/{id}/sessions/destroy",
            post(admin_users::destroy_sessions),
        )
        .route(
            "/v1/admin/users/{id}/second-factors/reset",
            post(admin_users::reset_factors),
        )
        .route("/v1/admin/health", get(health::report))
}

/// The routes that are open to anyone and look at no session.
pub(crate) fn open_routes() -> Routes {
    Routes::new()
        .route("/health", get(health::health))
        .route("/openapi.json", get(openapi::document))
        .route("/v1/bots", get(bot::public))
        .route("/v1/authentication/request", post(authentication::request))
        .route("/v1/authentication/verify", post(authentication::verify))
        .route("/v1/authentication/not-me", post(authentication::not_me))
        .route("/v1/authentication/recover", post(recovery::ask))
        .route("/v1/authentication/recover/{token}", post(recovery::finish))
        .route("/api/auth/login", post(auth::login))
        .route("/api/auth/register", post(auth::register))
        .route("/api/auth/logout", get(auth::logout))
        .route("/api/auth/{type}/send", get(auth::send))
}

/// The routes of bots: opened by a key alone, wherever the request comes from.
pub(crate) fn bot_routes() -> Routes {
    Routes::new()
        .route("/v1/bot/me", get(bot::me))
        .route("/v1/bot/me/update", post(bot::update))
        .route("/v1/bot/events", get(bot_events::events))
        .route("/v1/authentication/bot/login-code", post(bot::login_code))
        .route("/v1/authentication/bot/send-code", post(bot::send_code))
}
