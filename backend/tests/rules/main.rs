//! The rules of Portal, each on both engines. They share one binary, because linking another one
//! takes longer than running many tests.

#![cfg(test)]

mod audit_log;
mod bot_admin;
mod bot_events;
mod code_races;
mod copy_database;
mod delivery;
mod email;
mod email_factor;
mod hierarchy;
mod levels;
mod linking;
mod login_codes;
mod login_model;
mod mail;
mod notices;
mod old_databases;
mod opening;
mod own_data;
mod password_guessing;
mod people;
mod people_list;
mod profile;
mod recovery;
mod register;
mod restrictions;
mod second_factors;
mod secrets;
mod sessions;
mod set_password;
mod set_up;
mod sign_in;
mod smtp;
