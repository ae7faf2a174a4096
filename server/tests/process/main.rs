//! The binary as a process of its own: as an operator meets it, and beside another one.

#![cfg(test)]

mod command_line;
mod connections;
mod mail;
mod place;
mod two_servers;
