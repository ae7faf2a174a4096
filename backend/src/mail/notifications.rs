//! Security notifications. They are queued in the transaction of the change they report and go to
//! a verified address only (docs/contract.md, Email and mail; ASVS 6.3.5).

use std::time::Duration;

use domain::{Client, FactorKind, Timestamp, User};

use crate::error::Failure;
use crate::mail::template::EmailTemplate;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::user;

/// The minimum time between two notifications of correct passwords with a failed second factor.
const PASSWORD_ONLY_LOGIN_NOTICE_INTERVAL: Duration = Duration::from_hours(24);

impl Portal {
    /// Queues a notification if the person has a verified address.
    pub(crate) async fn notify(
        &self,
        transaction: &mut Transaction,
        user: &User,
        news: &EmailTemplate<'_>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        match user.verified_email() {
            Some(address) => self.queue_mail(transaction, address, news, now).await,
            None => Ok(()),
        }
    }

    /// Reports a correct password with a wrong second factor, at most once a day. On a known
    /// device the person mistyped and isn't notified; on any other one, somebody else may know
    /// the password.
    pub(crate) async fn notify_of_password_only_login(
        &self,
        transaction: &mut Transaction,
        user: &User,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if self.is_known_device(transaction, user.id, client).await? {
            return Ok(());
        }
        let before = now - PASSWORD_ONLY_LOGIN_NOTICE_INTERVAL;
        if !user::record_password_only_login_notice(transaction, user.id, before, now).await? {
            return Ok(());
        }
        let letter = EmailTemplate::HalfLogin {
            network: &client.network(),
            user_agent: &client.user_agent,
            at: now,
        };
        self.notify(transaction, user, &letter, now).await
    }

    /// Remembers the device of a login and reports a device that wasn't seen before.
    pub(crate) async fn notify_of_new_device(
        &self,
        transaction: &mut Transaction,
        user: &User,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if !self
            .remember_device(transaction, user.id, client, now)
            .await?
        {
            return Ok(());
        }
        let letter = EmailTemplate::NewBrowser {
            network: &client.network(),
            user_agent: &client.user_agent,
            at: now,
        };
        self.notify(transaction, user, &letter, now).await
    }
}

/// The names of a factor within a sentence: with an article, and with "your".
pub(crate) const fn factor_names(kind: FactorKind) -> (&'static str, &'static str) {
    match kind {
        FactorKind::Totp => ("an authenticator app", "your authenticator app"),
        FactorKind::Email => ("email codes", "email codes"),
        FactorKind::Recovery => ("recovery codes", "recovery codes"),
    }
}
