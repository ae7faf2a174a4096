//! The whole router in-process, on both engines: pages, forms and the JSON API as a
//! browser or a program meets them.

#![cfg(test)]

mod account;
mod admin_pages;
mod administration;
mod api;
mod audit;
mod bots;
mod browser;
mod codes;
mod email;
mod events;
mod floods;
mod headers;
mod languages;
mod linking;
mod login;
mod openapi;
mod people;
mod recovery;
mod register;
mod routes_and_roles;
mod s3;
mod sessions;
mod set_up;
mod waits;
mod wishes;
