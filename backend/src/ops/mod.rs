//! Operations: health, doctor, backup, database copy and retention.

pub(crate) mod backup;
pub(crate) mod copy;
pub(crate) mod doctor;
pub(crate) mod health;
pub(crate) mod retention;
pub(crate) mod secret_file;
