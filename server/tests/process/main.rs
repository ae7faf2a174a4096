//! The binary as a process of its own: as an operator meets it, and beside another one.

#![cfg(test)]

mod care;
mod command_line;
mod connections;
mod disk;
mod failures;
mod logs;
mod mail;
mod people;
mod place;
mod power_cut;
mod proxies;
mod two_servers;
