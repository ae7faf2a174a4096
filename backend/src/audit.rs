use domain::{Client, SignInMethod, Timestamp, UserId};

use crate::Failure;
use crate::store::{Transaction, audit_log};

/// What happened, for the audit log (contract section 7): written in the transaction
/// of the thing itself, so that neither stands without the other.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    SignedIn {
        user: UserId,
        method: SignInMethod,
    },
    /// A login that was refused; `user` is none where no account was meant.
    SignInRefused {
        user: Option<UserId>,
        method: SignInMethod,
        reason: Refusal,
    },
    SignedOut {
        user: UserId,
    },
    OwnerMade {
        user: UserId,
    },
    SetUpLinkMade,
}

/// Why a login was refused, for those who read the log. The person who tried is told less.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    UnknownName,
    WrongPassword,
    Restricted,
}

impl Event {
    /// Writes the row. `client` is none for what happens on the command line.
    pub(crate) async fn record(
        self,
        transaction: &mut Transaction,
        client: Option<&Client>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let row = audit_log::Row {
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
            Self::SignInRefused { .. } => "login.failed",
            Self::SignedOut { .. } => "logout",
            Self::OwnerMade { .. } => "owner.created",
            Self::SetUpLinkMade => "set_up_link.created",
        }
    }

    const fn actor(self) -> Option<UserId> {
        match self {
            Self::SignedIn { user, .. } | Self::SignedOut { user } => Some(user),
            // Whoever failed to log in has shown nobody's identity.
            Self::SignInRefused { .. } | Self::OwnerMade { .. } | Self::SetUpLinkMade => None,
        }
    }

    const fn target(self) -> Option<UserId> {
        match self {
            Self::SignedIn { user, .. } | Self::SignedOut { user } | Self::OwnerMade { user } => {
                Some(user)
            }
            Self::SignInRefused { user, .. } => user,
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
            Self::SignedOut { .. } | Self::OwnerMade { .. } | Self::SetUpLinkMade => {
                "{}".to_owned()
            }
        }
    }
}

impl Refusal {
    const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownName => "unknown_name",
            Self::WrongPassword => "wrong_password",
            Self::Restricted => "restricted",
        }
    }
}
