//! Tests of the binary as a process: as operators use it, alone and beside another server.

#![cfg(test)]

mod command_line;
mod connections;
mod disk;
mod failures;
mod logs;
mod mail;
mod maintenance;
mod power_cut;
mod proxies;
mod two_servers;
mod user_commands;
mod workspace;
