//! Login by password, completion with a second factor, and reauthentication.

pub(crate) mod finish;
pub(crate) mod password;
pub(crate) mod reauthenticate;
