use std::time::Duration;

use domain::{
    AccountState, BotId, Client, FactorKind, LoginMethod, PermissionLevel, Platform, Reason,
    Timestamp, UserId,
};
use serde_json::json;

use crate::error::Failure;
use crate::store::sql::database::Transaction;
use crate::store::tables::audit_log;

/// What happened, for the audit log (docs/contract.md, Audit log): written in the transaction
/// of the thing itself, so that neither stands without the other.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'a> {
    SignedIn {
        user: UserId,
        method: LoginMethod,
    },
    /// A login that was refused; `user` is none where no account was meant.
    SignInRefused {
        user: Option<UserId>,
        method: LoginMethod,
        reason: Refusal,
    },
    SignedOut {
        user: UserId,
    },
    /// So many sessions were ended by their person, or by somebody who administers; `by` is none
    /// for the command line.
    SessionsEnded {
        by: Option<UserId>,
        user: UserId,
        sessions: u64,
    },
    OwnerMade {
        user: UserId,
    },
    SetUpLinkMade,
    /// An account made by a code of somebody new.
    SignedUp {
        user: UserId,
    },
    /// A web code was asked for; `user` is none for somebody new or nobody.
    CodeRequested {
        user: Option<UserId>,
    },
    /// A bot fetched the web codes of a person.
    CodeCarried {
        bot: BotId,
        user: Option<UserId>,
    },
    /// A bot had a code made for a returning person.
    CodeMade {
        bot: BotId,
        user: UserId,
    },
    /// A code logged nobody in.
    CodeRefused {
        user: Option<UserId>,
    },
    /// What is done to bots: by a person, or (none) on the command line.
    BotRegistered {
        bot: BotId,
        owner: UserId,
        by: Option<UserId>,
    },
    BotUpdated {
        bot: BotId,
        owner: UserId,
        by: Option<UserId>,
        /// Names of fields.
        changed: &'a [&'static str],
    },
    BotKeyRegenerated {
        bot: BotId,
        owner: UserId,
        by: Option<UserId>,
        /// How long the key before works on.
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
    /// A bot changed what people see of it.
    BotDressed {
        bot: BotId,
        owner: UserId,
        changed: &'a [&'static str],
    },
    /// Somebody said that a code was not asked for by them; so many sessions ended with it.
    CodeDisowned {
        user: Option<UserId>,
        sessions: u64,
    },
    /// A code was asked for to link a platform.
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
    /// A person who is logged in showed their password again.
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
    /// Somebody changed what they are called, or what they say of themselves.
    ProfileChanged {
        user: UserId,
        /// The names of the fields, as a JSON list.
        fields: &'a str,
    },
    /// Somebody took a copy of all that is stored about them.
    DataExported {
        user: UserId,
    },
    /// Somebody deleted their account: nothing but these rows is left of it.
    AccountDeleted {
        user: UserId,
    },
    /// Somebody was shut out; `by` is none for the command line, here and below.
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
    /// A link was sent to an address that is to be a person's.
    EmailAsked {
        user: UserId,
    },
    EmailConfirmed {
        user: UserId,
    },
    /// A code was sent by mail.
    FactorCodeSent {
        user: UserId,
    },
    /// The address is somebody else's by now.
    EmailRefused {
        user: UserId,
    },
    /// A link for a new password was asked for; `user` is none for nobody.
    RecoveryAsked {
        user: Option<UserId>,
    },
    /// A link came with a wrong second factor.
    RecoveryRefused {
        user: UserId,
    },
    /// By a link.
    PasswordRecovered {
        user: UserId,
    },
    /// Too many wrong ones in a row came from strangers.
    PasswordLocked {
        user: UserId,
    },
    FactorLocked {
        user: UserId,
        kind: FactorKind,
    },
}

/// What events are called, for those who look for one kind.
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

/// Why a login was refused, for those who read the log. The person who tried is told less.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    UnknownAccount,
    WrongPassword,
    WrongFactor,
    Restricted,
}

impl Event<'_> {
    /// Writes the row. `client` is none for what happens on the command line.
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
            // Whoever failed to log in, or only asked for a code, has shown nobody's identity.
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
            // The one text in the log that somebody typed: those who administer, for those who
            // administer.
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
            // A platform's name is letters, digits and _ alone.
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

    /// The match in `event_type` is exhaustive, the list is not checked by the compiler: so
    /// the words of the one are read from this very file.
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
