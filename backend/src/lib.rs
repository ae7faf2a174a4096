//! Portal's use cases over storage. This crate depends on neither Leptos nor axum.
//!
//! Every use case is a method of [`Portal`]. The pages and the JSON API call these methods.
//! Authorization happens here, never in a page or route.

mod accounts;
mod admin;
mod audit;
mod bots;
mod clock;
mod config;
mod crypto;
mod error;
mod login;
mod login_codes;
mod mail;
mod ops;
mod pagination;
mod passwords;
mod portal;
mod rate_limit;
mod second_factor;
mod sessions;
mod store;
#[cfg(feature = "testing")]
pub mod testing;

pub use accounts::email::{EmailOffer, PendingEmailView, SetEmail};
pub use accounts::people::{FoundPeople, PersonDetails, ShownPerson};
pub use accounts::profile::{ProfileErrors, ProfileUpdate};
pub use accounts::register::Register;
pub use accounts::set_up::{OwnerAccount, SetUpLink, SetUpOffer};
pub use admin::authorization::Actor;
pub use admin::people::{AdminPersonView, ListedPerson, PeoplePage, PeopleQuery, redact_for};
pub use audit::query::{AuditExport, AuditPage, AuditPerson, AuditQuery};
pub use bots::admin::{BotOwner, BotPage, BotRegistration, BotSwitch, BotUpdate, BotWithKey};
pub use bots::events::BotEventStream;
pub use bots::key::{BotKey, BotKeyError};
pub use bots::profile::BotProfile;
pub use clock::Clock;
pub use config::{Config, EmailFactor, MailConfig, Retention};
pub use crypto::secrets::{Token, TokenError};
pub use error::{Failure, Problem};
pub use login::password::PasswordLogin;
pub use login::reauthenticate::Proof;
pub use login_codes::bot::{BotCode, ClaimedIdentity};
pub use login_codes::deliverable::{DeliverableCode, RequestedFrom};
pub use login_codes::delivery::{Delivery, DeliveryStream};
pub use login_codes::link::{LinkRequest, PendingLinkView};
pub use login_codes::report_token::{ReportToken, ReportTokenError};
pub use login_codes::request::{CodeRequest, LoginHint, PendingCodeView};
pub use login_codes::verify::{CodeLogin, VerifyCode};
pub use mail::delivery::DeliveryReport;
pub use mail::sender::{MailFrom, MailFromError};
pub use mail::smtp_url::{SmtpUrl, SmtpUrlError};
pub use mail::template::EmailTemplate;
pub use mail::transport::{MailSetUpError, MailTransport};
pub use ops::backup::{BackUpError, backup};
pub use ops::copy::{CopyDatabaseError, DatabaseCopy, TableCopy};
pub use ops::doctor::{Finding, Verdict, diagnose};
pub use ops::health::{Health, HealthReport};
pub use pagination::Slice;
pub use passwords::change::SetPassword;
pub use passwords::reset::{Recover, Recovery, RecoveryOffer};
pub use portal::{Portal, StartError};
pub use second_factor::challenge::{
    FactorMethod, LoginOutcome, PendingLogin, SecondFactorChallenge,
};
pub use second_factor::email_otp::{CodeFor, EmailFactorOn, SentCode};
pub use second_factor::manage::{FactorOn, Factors, TotpOffer};
pub use sessions::authenticate::{Person, SessionCookies, Visitor};
pub use sessions::known_devices::new_device_id;
pub use sessions::list::{ListedSession, Sessions};
pub use sessions::start::{LoginChannel, NewSession};
pub use store::sql::database::{Engine, OpenError};
pub use store::sql::database_url::{DatabaseUrl, DatabaseUrlError};
pub use store::sql::pool::PoolStats;
pub use store::tables::audit_log::AuditRecord;
pub use store::tables::bot::{BotRecord, LiveKey, OwnedBot, PublicBot};
pub use store::tables::identity::LinkedPlatform;
pub use store::tables::profile::Profile;
pub use store::tables::user::RestrictionNote;
