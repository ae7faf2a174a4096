//! The rules of Portal: use cases over storage. Knows neither Leptos nor axum.
//!
//! Every act is one method of [`Portal`]; the pages and the JSON API are doors to it.
//! What a person may not do is refused here, never in a door.

mod audit;
mod authenticate;
mod bot_codes;
mod bot_events;
mod bot_key;
mod bots;
mod budget;
mod clean_up;
mod clock;
mod code_guessing;
mod common_passwords;
mod confirm;
mod disown;
mod email;
#[cfg_attr(not(test), expect(dead_code, reason = "its use case comes next"))]
mod email_code;
mod factors;
mod failure;
mod health;
#[expect(dead_code, reason = "its use cases come next")]
mod hierarchy;
mod linking;
mod login_codes;
#[cfg_attr(not(test), expect(dead_code, reason = "its use case comes next"))]
mod look_alikes;
mod mail;
mod note;
mod password_hashing;
mod portal;
mod qr;
mod recovery_code;
mod second_step;
mod secrets;
mod server_secret;
mod set_password;
mod set_up;
mod sign_in;
mod sign_out;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod totp;

pub use authenticate::{Person, SessionCookies, Visitor};
pub use bot_codes::{BotCode, BotsWord, CarriedCode, RequestedFrom};
pub use bot_events::BotEventStream;
pub use bot_key::{BotKey, BotKeyError};
pub use bots::{BotRegistration, DEFAULT_CALLS_PER_HOUR, RegisteredBot};
pub use clean_up::Retention;
pub use clock::Clock;
pub use confirm::Proof;
pub use disown::{DisownToken, DisownTokenError};
pub use email::{AwaitedEmail, EmailOffer, SetEmail};
pub use factors::{FactorOn, Factors, TotpOffer};
pub use failure::{Failure, Problem};
pub use health::Health;
pub use linking::{AwaitedLink, LinkRequest};
pub use login_codes::{AwaitedCode, CodeLogin, CodeRequest, VerifyCode, Who};
pub use mail::{
    Letter, MailConfig, MailFrom, MailFromError, MailRound, MailSetUpError, MailTransport, SmtpUrl,
    SmtpUrlError,
};
pub use portal::{Config, Portal, StartError};
pub use second_step::{FactorMethod, SecondStep, Step};
pub use secrets::{Token, TokenError};
pub use set_password::SetPassword;
pub use set_up::{OwnerAccount, SetUpLink, SetUpOffer};
pub use sign_in::{NewSession, SignIn, SignInDoor};
pub use store::{DatabaseUrl, DatabaseUrlError, LinkedPlatform, PublicBot};
