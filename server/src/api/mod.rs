//! The JSON API: one file for each group of routes. Each handler extracts, calls one use case, and
//! answers.

mod account_data;
mod admin_audit;
mod admin_bots;
mod admin_users;
mod auth;
mod authentication;
mod bot;
mod bot_caller;
mod bot_events;
mod caller;
mod email;
mod error;
mod health;
mod json_body;
mod me;
mod openapi;
mod password;
mod password_reset;
mod platforms;
mod profiles;
mod query;
mod render_error;
mod second_factors;
mod sessions;

use axum::response::AppendHeaders;
use http::header::SET_COOKIE;
use http::{HeaderName, HeaderValue};

pub(crate) use error::ApiError;
pub(crate) use render_error::render_error;

use crate::rate_limit::RateClass::{Admin, Bot, Login, Own, Public};
use crate::routes::{Route, Routes, get, post};

/// Sets or clears both cookies of a session.
fn set_cookies(cookies: [HeaderValue; 2]) -> AppendHeaders<[(HeaderName, HeaderValue); 2]> {
    AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)))
}

/// All routes of the API.
pub(crate) fn list() -> Vec<Route> {
    let groups = [
        shared_routes(),
        own_routes(),
        admin_routes(),
        open_routes(),
        bot_routes(),
    ];
    groups.into_iter().flat_map(Routes::into_list).collect()
}

/// Routes that know sessions, and that relying services may call too.
pub(crate) fn shared_routes() -> Routes {
    Routes::new()
        .route("/v1/users/me", get(me::me), Own)
        .route("/v1/users/search", get(profiles::search), Own)
        .route("/v1/users/profile/{username}", get(profiles::by_name), Own)
        .route("/v1/users/{id}", get(profiles::by_id), Own)
        .route(
            "/v1/authentication/logout",
            post(authentication::logout),
            Own,
        )
}

/// Routes of the caller's own account, for the portal's own pages and for programs.
pub(crate) fn own_routes() -> Routes {
    Routes::new()
        .route(
            "/v1/authentication/confirm",
            post(authentication::confirm),
            Own,
        )
        .route("/v1/users/me/update", post(me::update), Own)
        .route("/v1/users/me/export", get(account_data::export), Own)
        .route("/v1/users/me/delete", post(account_data::delete), Own)
        .route("/v1/users/me/sessions", get(sessions::list), Own)
        .route(
            "/v1/users/me/sessions/destroy-others",
            post(sessions::destroy_others),
            Own,
        )
        .route(
            "/v1/users/me/sessions/{token_suffix}/destroy",
            post(sessions::destroy),
            Own,
        )
        .route("/v1/users/me/password", post(password::set), Own)
        .route("/v1/users/me/email", post(email::set), Own)
        .route(
            "/v1/users/me/second-factors/totp",
            post(second_factors::offer),
            Own,
        )
        .route(
            "/v1/users/me/second-factors/totp/confirm",
            post(second_factors::confirm),
            Own,
        )
        .route(
            "/v1/users/me/second-factors/{type}/remove",
            post(second_factors::remove),
            Own,
        )
        .route(
            "/v1/users/me/second-factors/email/enable",
            post(second_factors::enable_email),
            Own,
        )
        .route(
            "/v1/users/me/second-factors/recovery-codes",
            post(second_factors::renew),
            Own,
        )
        .route("/v1/users/me/platforms/link", post(platforms::link), Own)
        .route(
            "/v1/users/me/platforms/link/verify",
            post(platforms::verify),
            Own,
        )
        .route(
            "/v1/users/me/platforms/{platform}/unlink",
            post(platforms::unlink),
            Own,
        )
}

/// Administration, for the portal's own pages and for programs.
pub(crate) fn admin_routes() -> Routes {
    Routes::new()
        .route("/v1/admin/bots", get(admin_bots::list), Admin)
        .route("/v1/admin/bots", post(admin_bots::register), Admin)
        .route(
            "/v1/admin/bots/{id}/update",
            post(admin_bots::update),
            Admin,
        )
        .route(
            "/v1/admin/bots/{id}/regenerate-key",
            post(admin_bots::regenerate_key),
            Admin,
        )
        .route(
            "/v1/admin/bots/{id}/deactivate",
            post(admin_bots::deactivate),
            Admin,
        )
        .route(
            "/v1/admin/bots/{id}/activate",
            post(admin_bots::activate),
            Admin,
        )
        .route(
            "/v1/admin/bots/{id}/delete",
            post(admin_bots::delete),
            Admin,
        )
        .route("/v1/admin/audit/logs", get(admin_audit::logs), Admin)
        .route("/v1/admin/users", get(admin_users::list), Admin)
        .route("/v1/admin/users/{id}", get(admin_users::show), Admin)
        .route(
            "/v1/admin/users/{id}/permission",
            post(admin_users::permission),
            Admin,
        )
        .route("/v1/admin/users/{id}/ban", post(admin_users::ban), Admin)
        .route(
            "/v1/admin/users/{id}/timeout",
            post(admin_users::time_out),
            Admin,
        )
        .route(
            "/v1/admin/users/{id}/restore",
            post(admin_users::restore),
            Admin,
        )
        .route(
            "/v1/admin/users/{id}/sessions/destroy",
            post(admin_users::destroy_sessions),
            Admin,
        )
        .route(
            "/v1/admin/users/{id}/second-factors/reset",
            post(admin_users::reset_factors),
            Admin,
        )
        .route("/v1/admin/health", get(health::report), Admin)
}

/// Routes that are open to everybody and look at no session.
pub(crate) fn open_routes() -> Routes {
    Routes::new()
        .route("/health", get(health::health), Public)
        .route("/openapi.json", get(openapi::document), Public)
        .route("/v1/bots", get(bot::public), Public)
        .route(
            "/v1/authentication/request",
            post(authentication::request),
            Login,
        )
        .route(
            "/v1/authentication/verify",
            post(authentication::verify),
            Login,
        )
        .route(
            "/v1/authentication/not-me",
            post(authentication::not_me),
            Login,
        )
        .route(
            "/v1/authentication/recover",
            post(password_reset::request),
            Login,
        )
        .route(
            "/v1/authentication/recover/{token}",
            post(password_reset::finish),
            Login,
        )
        .route("/api/auth/login", post(auth::login), Login)
        .route("/api/auth/register", post(auth::register), Login)
        .route("/api/auth/logout", get(auth::logout), Own)
        .route("/api/auth/{type}/send", get(auth::send), Login)
}

/// Routes of bots, which authenticate by a key alone and call from any origin.
pub(crate) fn bot_routes() -> Routes {
    Routes::new()
        .route("/v1/bot/me", get(bot::me), Bot)
        .route("/v1/bot/me/update", post(bot::update), Bot)
        .route("/v1/bot/events", get(bot_events::events), Bot)
        .route(
            "/v1/authentication/bot/login-code",
            post(bot::login_code),
            Bot,
        )
        .route(
            "/v1/authentication/bot/send-code",
            post(bot::send_code),
            Bot,
        )
}
