//! The ways to log in, and the logout.

mod code;
mod logout;
mod password;
mod request;
mod second_factor;
mod send_code;

pub(crate) use code::LoginCodePage;
pub(crate) use password::LoginPage;
pub(crate) use request::LoginRequestPage;
