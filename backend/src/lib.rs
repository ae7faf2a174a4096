//! The rules of Portal: use cases over storage. Knows neither Leptos nor axum.
//!
//! Every act is one method of [`Portal`]; the pages and the JSON API are doors to it.
//! What a person may not do is refused here, never in a door.

mod administration;
mod audit;
mod authenticate;
mod back_up;
mod bot_admin;
mod bot_codes;
mod bot_dress;
mod bot_events;
mod bot_key;
mod bots;
mod budget;
mod clean_up;
mod clock;
mod code_guessing;
mod common_passwords;
mod confirm;
mod copy_database;
mod delivery;
mod disown;
mod email;
mod email_code;
mod factors;
#[cfg(feature = "testing")]
mod fail_point;
mod failure;
mod hash_workers;
mod health;
mod hierarchy;
mod inspect;
mod known_browsers;
mod levels;
mod linking;
mod login_codes;
mod look_alikes;
mod mail;
mod names;
mod note;
mod notices;
mod own_data;
mod password_guessing;
mod password_hashing;
mod people;
mod portal;
mod profile;
mod qr;
mod read_audit;
mod recovery;
mod recovery_code;
mod register;
mod restrict;
mod second_step;
mod secrets;
mod server_secret;
mod sessions;
mod set_password;
mod set_up;
mod sign_in;
mod sign_out;
mod slice;
mod store;
mod stored_password;
#[cfg(feature = "testing")]
pub mod testing;
mod totp;
mod wrong_keys;

pub use administration::{
    ListedPerson, OwnedBot, PeoplePage, PeopleQuery, PersonFile, RestrictionNote, veil_from,
};
pub use authenticate::{Person, SessionCookies, Visitor};
pub use back_up::{BackUpError, back_up};
pub use bot_admin::{BotOwner, BotPage, BotRegistration, BotSwitch, BotUpdate, KeyedBot};
pub use bot_codes::{BotCode, BotsWord, CarriedCode, RequestedFrom};
pub use bot_dress::BotDress;
pub use bot_events::BotEventStream;
pub use bot_key::{BotKey, BotKeyError};
pub use clean_up::Retention;
pub use clock::Clock;
pub use confirm::Proof;
pub use copy_database::{CopyDatabaseError, DatabaseCopy, TableCopy};
pub use delivery::{Delivery, DeliveryStream};
pub use disown::{DisownToken, DisownTokenError};
pub use email::{AwaitedEmail, EmailOffer, SetEmail};
pub use email_code::{CodeFor, EmailFactor, EmailFactorOn, SentCode};
pub use factors::{FactorOn, Factors, TotpOffer};
pub use failure::{Failure, Problem};
pub use health::{Health, HealthReport};
pub use hierarchy::By;
pub use inspect::{Finding, Verdict, inspect};
pub use known_browsers::new_browser_mark;
pub use linking::{AwaitedLink, LinkRequest};
pub use login_codes::{AwaitedCode, CodeLogin, CodeRequest, VerifyCode, Who};
pub use mail::{
    Letter, MailConfig, MailFrom, MailFromError, MailRound, MailSetUpError, MailTransport, SmtpUrl,
    SmtpUrlError,
};
pub use people::{FoundPeople, PersonDetails, ShownPerson};
pub use portal::{Config, Portal, StartError};
pub use profile::{ProfileErrors, ProfileUpdate};
pub use read_audit::{AuditExport, AuditPage, AuditPerson, AuditQuery};
pub use recovery::{Recover, Recovery, RecoveryOffer};
pub use register::Register;
pub use second_step::{FactorMethod, SecondStep, Step, WaitingLogin};
pub use secrets::{Token, TokenError};
pub use sessions::{ListedSession, Sessions};
pub use set_password::SetPassword;
pub use set_up::{OwnerAccount, SetUpLink, SetUpOffer};
pub use sign_in::{NewSession, SignIn, SignInDoor};
pub use slice::Slice;
pub use store::{
    AuditRecord, BotRecord, DatabaseUrl, DatabaseUrlError, Engine, LinkedPlatform, LiveKey,
    OpenError, PoolFigures, Profile, PublicBot,
};
