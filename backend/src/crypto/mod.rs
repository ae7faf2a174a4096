//! Random secrets, hashes and the server secret. Independent of storage.

pub(crate) mod password_hash;
pub(crate) mod secrets;
pub(crate) mod server_secret;
