use std::time::Duration;

use domain::{
    AccountState, BotId, Client, FactorKind, LoginMethod, PermissionLevel, Platform, Reason,
    Timestamp, UserId,
};
use serde_json::json;

use crate::error::Failure;
use crate::store::sql::database::Transaction;
use crate::store::tables::audit_log;

/// An audit log event (docs/contract.md, Audit log).
///
/// Recorded in the transaction of the action itself, so that both are committed or neither.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'a> {
    SignedIn {
        user: UserId,
        method: LoginMethod,
    },
    /// A refused login. `user` is `None` for an unknown account.
    SignInRefused {
        user: Option<UserId>,
        method: LoginMethod,
        reason: Refusal,
    },
    SignedOut {
        user: UserId,
    },
    /// Sessions ended by the person or an administrator. `by` is `None` for the command line.
    SessionsEnded {
        by: Option<UserId>,
        user: UserId,
        sessions: u64,
    },
    OwnerMade {
        user: UserId,
    },
    SetUpLinkMade,
    /// An account was created, by registration or by the code of an unknown identity.
    SignedUp {
        user: UserId,
    },
    /// A web code was requested. `user` is `None` if the identity has no account.
    CodeRequested {
        user: Option<UserId>,
    },
    /// A bot fetched a person's web codes.
    CodeCarried {
        bot: BotId,
        user: Option<UserId>,
    },
    /// A bot code was created for a person with an account.
    CodeMade {
        bot: BotId,
        user: UserId,
    },
    /// A code was rejected.
    CodeRefused {
        user: Option<UserId>,
    },
    /// For the bot events, `by` is `None` on the command line.
    BotRegistered {
        bot: BotId,
        owner: UserId,
        by: Option<UserId>,
    },
    BotUpdated {
        bot: BotId,
        owner: UserId,
        by: Option<UserId>,
        /// Names of the changed fields.
        changed: &'a [&'static str],
    },
    BotKeyRegenerated {
        bot: BotId,
        owner: UserId,
        by: Option<UserId>,
        /// How long the previous key keeps working.
        grace: Duration,
    },
    BotDeactivated {
        bot: BotId,
        owner: UserId,
        by: Option<UserId>,
    },
    BotActivated {
        bot: BotId,
        owner: UserId,
        by: Option<UserId>,
    },
    BotDeleted {
        bot: BotId,
        owner: UserId,
        by: Option<UserId>,
    },
    /// A bot changed its own public profile.
    BotDressed {
        bot: BotId,
        owner: UserId,
        changed: &'a [&'static str],
    },
    /// A person reported a code that they didn't request. `sessions` counts the sessions ended with
    /// it.
    CodeDisowned {
        user: Option<UserId>,
        sessions: u64,
    },
    /// A code to link a platform was requested.
    LinkRequested {
        user: UserId,
        platform: &'a Platform,
    },
    LinkRefused {
        user: UserId,
    },
    PlatformLinked {
        user: UserId,
        platform: &'a Platform,
    },
    PlatformUnlinked {
        user: UserId,
        platform: &'a Platform,
    },
    /// A logged-in person reauthenticated with password or second factor.
    Confirmed {
        user: UserId,
    },
    ConfirmRefused {
        user: UserId,
    },
    FactorAdded {
        user: UserId,
        kind: FactorKind,
    },
    FactorRemoved {
        user: UserId,
        kind: FactorKind,
    },
    RecoveryCodesRenewed {
        user: UserId,
    },
    RecoveryCodeUsed {
        user: UserId,
    },
    PasswordSet {
        user: UserId,
    },
    /// A person changed their names or profile.
    ProfileChanged {
        user: UserId,
        /// Names of the changed fields, as a JSON array.
        fields: &'a str,
    },
    /// A person exported their data.
    DataExported {
        user: UserId,
    },
    /// A person deleted their account. Only audit log rows remain.
    AccountDeleted {
        user: UserId,
    },
    /// A person was banned or timed out. `by` is `None` for the command line, here and below.
    Restricted {
        by: Option<UserId>,
        user: UserId,
        state: AccountState,
        reason: &'a Reason,
    },
    Restored {
        by: Option<UserId>,
        user: UserId,
    },
    LevelChanged {
        by: Option<UserId>,
        user: UserId,
        from: PermissionLevel,
        to: PermissionLevel,
    },
    FactorsReset {
        by: Option<UserId>,
        user: UserId,
    },
    /// A confirmation link was sent to a person's new address.
    EmailAsked {
        user: UserId,
    },
    EmailConfirmed {
        user: UserId,
    },
    /// A second-factor code was sent by email.
    FactorCodeSent {
        user: UserId,
    },
    /// The address already belongs to another account.
    EmailRefused {
        user: UserId,
    },
    /// A password reset was requested. `user` is `None` for an unknown account.
    RecoveryAsked {
        user: Option<UserId>,
    },
    /// A password reset was tried with a wrong second factor.
    RecoveryRefused {
        user: UserId,
    },
    /// A password was set by a reset link.
    PasswordRecovered {
        user: UserId,
    },
    /// Too many consecutive wrong passwords came from unknown devices.
    PasswordLocked {
        user: UserId,
    },
    FactorLocked {
        user: UserId,
        kind: FactorKind,
    },
}

/// All event types, sorted, for filtering by type.
pub(crate) const TYPES: &[&str] = &[
    "account.banned",
    "account.created",
    "account.deleted",
    "account.restored",
    "account.timed_out",
    "bot.activated",
    "bot.changed_itself",
    "bot.deactivated",
    "bot.deleted",
    "bot.key_regenerated",
    "bot.registered",
    "bot.updated",
    "code.created",
    "code.disowned",
    "code.fetched",
    "code.requested",
    "data.exported",
    "email.confirmed",
    "email.refused",
    "email.requested",
    "factor.added",
    "factor.code_sent",
    "factor.locked",
    "factor.removed",
    "factors.reset",
    "level.changed",
    "login.confirm_failed",
    "login.confirmed",
    "login.failed",
    "login.succeeded",
    "logout",
    "owner.created",
    "password.locked",
    "password.recovered",
    "password.recovery_failed",
    "password.recovery_requested",
    "password.set",
    "platform.link_failed",
    "platform.linked",
    "platform.unlinked",
    "profile.changed",
    "recovery_code.used",
    "recovery_codes.renewed",
    "sessions.ended",
    "set_up_link.created",
];

/// Why a login was refused, as logged. The response reveals less.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    UnknownAccount,
    WrongPassword,
    WrongFactor,
    Restricted,
}

impl Event<'_> {
    /// Inserts the audit log row. `client` is `None` for the command line.
    pub(crate) async fn record(
        self,
        transaction: &mut Transaction,
        client: Option<&Client>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let row = audit_log::AuditRow {
            event_type: self.event_type(),
            actor: self.actor(),
            target: self.target(),
            client_ip: client.map(|client| client.ip.to_string()),
            metadata: &self.metadata(),
            created_at: now,
        };
        audit_log::insert(transaction, &row).await
    }

    const fn event_type(self) -> &'static str {
        match self {
            Self::SignedIn { .. } => "login.succeeded",
            Self::SignInRefused { .. } | Self::CodeRefused { .. } => "login.failed",
            Self::SignedOut { .. } => "logout",
            Self::SessionsEnded { .. } => "sessions.ended",
            Self::OwnerMade { .. } => "owner.created",
            Self::SetUpLinkMade => "set_up_link.created",
            Self::SignedUp { .. } => "account.created",
            Self::CodeRequested { .. } | Self::LinkRequested { .. } => "code.requested",
            Self::CodeCarried { .. } => "code.fetched",
            Self::CodeMade { .. } => "code.created",
            Self::BotRegistered { .. } => "bot.registered",
            Self::BotUpdated { .. } => "bot.updated",
            Self::BotKeyRegenerated { .. } => "bot.key_regenerated",
            Self::BotDeactivated { .. } => "bot.deactivated",
            Self::BotActivated { .. } => "bot.activated",
            Self::BotDeleted { .. } => "bot.deleted",
            Self::BotDressed { .. } => "bot.changed_itself",
            Self::CodeDisowned { .. } => "code.disowned",
            Self::LinkRefused { .. } => "platform.link_failed",
            Self::PlatformLinked { .. } => "platform.linked",
            Self::PlatformUnlinked { .. } => "platform.unlinked",
            Self::Confirmed { .. } => "login.confirmed",
            Self::ConfirmRefused { .. } => "login.confirm_failed",
            Self::FactorAdded { .. } => "factor.added",
            Self::FactorRemoved { .. } => "factor.removed",
            Self::RecoveryCodesRenewed { .. } => "recovery_codes.renewed",
            Self::RecoveryCodeUsed { .. } => "recovery_code.used",
            Self::PasswordSet { .. } => "password.set",
            Self::Restricted {
                state: AccountState::Banned { .. },
                ..
            } => "account.banned",
            Self::Restricted { .. } => "account.timed_out",
            Self::Restored { .. } => "account.restored",
            Self::LevelChanged { .. } => "level.changed",
            Self::FactorsReset { .. } => "factors.reset",
            Self::ProfileChanged { .. } => "profile.changed",
            Self::DataExported { .. } => "data.exported",
            Self::AccountDeleted { .. } => "account.deleted",
            Self::FactorCodeSent { .. } => "factor.code_sent",
            Self::EmailAsked { .. } => "email.requested",
            Self::EmailConfirmed { .. } => "email.confirmed",
            Self::EmailRefused { .. } => "email.refused",
            Self::RecoveryAsked { .. } => "password.recovery_requested",
            Self::RecoveryRefused { .. } => "password.recovery_failed",
            Self::PasswordRecovered { .. } => "password.recovered",
            Self::PasswordLocked { .. } => "password.locked",
            Self::FactorLocked { .. } => "factor.locked",
        }
    }

    const fn actor(self) -> Option<UserId> {
        match self {
            Self::SignedIn { user, .. }
            | Self::SignedOut { user }
            | Self::SignedUp { user }
            | Self::LinkRequested { user, .. }
            | Self::LinkRefused { user }
            | Self::PlatformLinked { user, .. }
            | Self::PlatformUnlinked { user, .. }
            | Self::Confirmed { user }
            | Self::ConfirmRefused { user }
            | Self::FactorAdded { user, .. }
            | Self::FactorRemoved { user, .. }
            | Self::RecoveryCodesRenewed { user }
            | Self::RecoveryCodeUsed { user }
            | Self::ProfileChanged { user, .. }
            | Self::DataExported { user }
            | Self::AccountDeleted { user }
            | Self::PasswordSet { user }
            | Self::EmailAsked { user }
            | Self::EmailConfirmed { user }
            | Self::EmailRefused { user }
            | Self::PasswordRecovered { user } => Some(user),
            Self::BotRegistered { by, .. }
            | Self::BotUpdated { by, .. }
            | Self::BotKeyRegenerated { by, .. }
            | Self::BotDeactivated { by, .. }
            | Self::BotActivated { by, .. }
            | Self::BotDeleted { by, .. }
            | Self::Restricted { by, .. }
            | Self::Restored { by, .. }
            | Self::LevelChanged { by, .. }
            | Self::SessionsEnded { by, .. }
            | Self::FactorsReset { by, .. } => by,
            // A failed login or a requested code proves nobody's identity.
            Self::SignInRefused { .. }
            | Self::RecoveryAsked { .. }
            | Self::RecoveryRefused { .. }
            | Self::PasswordLocked { .. }
            | Self::FactorLocked { .. }
            | Self::OwnerMade { .. }
            | Self::SetUpLinkMade
            | Self::CodeRequested { .. }
            | Self::CodeCarried { .. }
            | Self::CodeMade { .. }
            | Self::CodeRefused { .. }
            | Self::CodeDisowned { .. }
            | Self::FactorCodeSent { .. }
            | Self::BotDressed { .. } => None,
        }
    }

    const fn target(self) -> Option<UserId> {
        match self {
            Self::SignedIn { user, .. }
            | Self::SignedOut { user }
            | Self::SessionsEnded { user, .. }
            | Self::OwnerMade { user }
            | Self::SignedUp { user }
            | Self::CodeMade { user, .. }
            | Self::LinkRequested { user, .. }
            | Self::LinkRefused { user }
            | Self::PlatformLinked { user, .. }
            | Self::PlatformUnlinked { user, .. }
            | Self::Confirmed { user }
            | Self::ConfirmRefused { user }
            | Self::FactorAdded { user, .. }
            | Self::FactorRemoved { user, .. }
            | Self::RecoveryCodesRenewed { user }
            | Self::RecoveryCodeUsed { user }
            | Self::ProfileChanged { user, .. }
            | Self::DataExported { user }
            | Self::AccountDeleted { user }
            | Self::PasswordSet { user }
            | Self::EmailAsked { user }
            | Self::EmailConfirmed { user }
            | Self::EmailRefused { user }
            | Self::PasswordLocked { user }
            | Self::PasswordRecovered { user }
            | Self::RecoveryRefused { user }
            | Self::FactorLocked { user, .. }
            | Self::FactorCodeSent { user }
            | Self::BotRegistered { owner: user, .. }
            | Self::BotUpdated { owner: user, .. }
            | Self::BotKeyRegenerated { owner: user, .. }
            | Self::BotDeactivated { owner: user, .. }
            | Self::BotActivated { owner: user, .. }
            | Self::BotDeleted { owner: user, .. }
            | Self::BotDressed { owner: user, .. }
            | Self::Restricted { user, .. }
            | Self::Restored { user, .. }
            | Self::LevelChanged { user, .. }
            | Self::FactorsReset { user, .. } => Some(user),
            Self::SignInRefused { user, .. }
            | Self::CodeRequested { user }
            | Self::RecoveryAsked { user }
            | Self::CodeCarried { user, .. }
            | Self::CodeDisowned { user, .. }
            | Self::CodeRefused { user } => user,
            Self::SetUpLinkMade => None,
        }
    }

    fn metadata(self) -> String {
        match self {
            Self::SignedIn { method, .. } => format!(r#"{{"method":"{}"}}"#, method.as_str()),
            Self::SignInRefused { method, reason, .. } => format!(
                r#"{{"method":"{}","reason":"{}"}}"#,
                method.as_str(),
                reason.as_str()
            ),
            Self::CodeRefused { .. } => r#"{"method":"code"}"#.to_owned(),
            Self::CodeDisowned { sessions, .. } | Self::SessionsEnded { sessions, .. } => {
                format!(r#"{{"sessions":{sessions}}}"#)
            }
            // The only free text in the log. Administrators write it, for administrators.
            Self::Restricted { state, reason, .. } => {
                let until = match state {
                    AccountState::Active => None,
                    AccountState::Timeout { until } => Some(until),
                    AccountState::Banned { until } => until,
                };
                json!({ "reason": reason.as_str(), "expires_at": until }).to_string()
            }
            Self::LevelChanged { from, to, .. } => {
                format!(r#"{{"from":{},"to":{}}}"#, from.as_i64(), to.as_i64())
            }
            Self::LinkRequested { platform, .. } => {
                format!(r#"{{"purpose":"link","platform":"{platform}"}}"#)
            }
            Self::ProfileChanged { fields, .. } => format!(r#"{{"fields":{fields}}}"#),
            Self::FactorAdded { kind, .. }
            | Self::FactorRemoved { kind, .. }
            | Self::FactorLocked { kind, .. } => {
                format!(r#"{{"factor":"{}"}}"#, kind.as_str())
            }
            // Safe without escaping: a platform name contains only letters, digits and `_`.
            Self::PlatformLinked { platform, .. } | Self::PlatformUnlinked { platform, .. } => {
                format!(r#"{{"platform":"{platform}"}}"#)
            }
            Self::CodeCarried { bot, .. }
            | Self::CodeMade { bot, .. }
            | Self::BotRegistered { bot, .. }
            | Self::BotDeactivated { bot, .. }
            | Self::BotActivated { bot, .. }
            | Self::BotDeleted { bot, .. } => format!(r#"{{"bot":{}}}"#, bot.as_i64()),
            Self::BotUpdated { bot, changed, .. } | Self::BotDressed { bot, changed, .. } => {
                let changed = changed.join(r#"",""#);
                format!(r#"{{"bot":{},"changed":["{changed}"]}}"#, bot.as_i64())
            }
            Self::BotKeyRegenerated { bot, grace, .. } => format!(
                r#"{{"bot":{},"grace_seconds":{}}}"#,
                bot.as_i64(),
                grace.as_secs()
            ),
            Self::SignedOut { .. }
            | Self::OwnerMade { .. }
            | Self::SetUpLinkMade
            | Self::SignedUp { .. }
            | Self::LinkRefused { .. }
            | Self::RecoveryCodesRenewed { .. }
            | Self::RecoveryCodeUsed { .. }
            | Self::DataExported { .. }
            | Self::AccountDeleted { .. }
            | Self::PasswordSet { .. }
            | Self::EmailAsked { .. }
            | Self::EmailConfirmed { .. }
            | Self::EmailRefused { .. }
            | Self::PasswordLocked { .. }
            | Self::PasswordRecovered { .. }
            | Self::RecoveryAsked { .. }
            | Self::RecoveryRefused { .. }
            | Self::Restored { .. }
            | Self::FactorsReset { .. }
            | Self::FactorCodeSent { .. }
            | Self::Confirmed { .. }
            | Self::ConfirmRefused { .. }
            | Self::CodeRequested { .. } => "{}".to_owned(),
        }
    }
}

impl Refusal {
    const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownAccount => "unknown_name",
            Self::WrongPassword => "wrong_password",
            Self::WrongFactor => "wrong_factor",
            Self::Restricted => "restricted",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::TYPES;

    /// The match in `event_type` is exhaustive, but the compiler doesn't check `TYPES`. The test
    /// reads the type names from this source file.
    #[test]
    fn every_type_of_event_stands_in_the_list() {
        let source = include_str!("event.rs");
        let (_, rest) = source.split_once("fn event_type(self)").unwrap();
        let (body, _) = rest.split_once("\n    }\n").unwrap();
        let written: BTreeSet<&str> = body.split('"').skip(1).step_by(2).collect();
        assert!(written.len() > 20);
        assert_eq!(TYPES.iter().copied().collect::<BTreeSet<_>>(), written);
        assert!(TYPES.is_sorted());
    }
}
