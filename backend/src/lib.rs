//! The rules of Portal: use cases over storage. Knows neither Leptos nor axum.
//!
//! Every act is one method of [`Portal`]; the pages and the JSON API are doors to it.
//! What a person may not do is refused here, never in a door.

mod audit;
mod authenticate;
mod bot_key;
mod bots;
mod clock;
mod code_guessing;
mod failure;
mod health;
mod login_codes;
mod mail;
mod password_hashing;
mod portal;
mod secrets;
mod server_secret;
mod set_up;
mod sign_in;
mod sign_out;
mod store;
#[cfg(feature = "testing")]
pub mod testing;

pub use authenticate::{Person, SessionCookies, Visitor};
pub use bot_key::{BotKey, BotKeyError};
pub use bots::{BotRegistration, DEFAULT_CALLS_PER_HOUR, RegisteredBot};
pub use clock::Clock;
pub use failure::{Failure, Problem};
pub use health::Health;
pub use login_codes::{
    AwaitedCode, BotsWord, CarriedCode, CodeLogin, CodeRequest, RequestedFrom, VerifyCode, Who,
};
pub use mail::{
    Letter, MailConfig, MailFrom, MailFromError, MailRound, MailSetUpError, MailTransport, SmtpUrl,
    SmtpUrlError,
};
pub use portal::{Config, Portal, StartError};
pub use secrets::{Token, TokenError};
pub use set_up::{OwnerAccount, SetUpLink, SetUpOffer};
pub use sign_in::{NewSession, SignIn};
pub use store::{DatabaseUrl, DatabaseUrlError, LinkedPlatform, PublicBot};
