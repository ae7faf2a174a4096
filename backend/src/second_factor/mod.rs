//! Second factors: authenticator apps, email codes and recovery codes.

pub(crate) mod challenge;
pub(crate) mod context;
pub(crate) mod email_otp;
pub(crate) mod manage;
pub(crate) mod qr;
pub(crate) mod recovery_codes;
pub(crate) mod totp;
pub(crate) mod verify;
