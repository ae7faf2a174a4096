//! Tests of the whole router in-process, on both engines: pages, forms and the JSON API, as
//! browsers and programs use them.

#![cfg(test)]

mod account;
mod admin_api;
mod admin_pages;
mod api;
mod attempt_limits;
mod audit;
mod bots;
mod browser;
mod email;
mod events;
mod headers;
mod languages;
mod linking;
mod login;
mod login_codes;
mod openapi;
mod password_login;
mod password_reset;
mod preferences;
mod profiles;
mod rate_limits;
mod register;
mod routes_and_roles;
mod sessions;
mod set_up;
