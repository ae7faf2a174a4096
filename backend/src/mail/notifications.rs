//! News of an account to its person: by mail, in the transaction of what it tells of, to a
//! verified address only (docs/contract.md, Email and mail; ASVS 6.3.5).

use std::time::Duration;

use domain::{Client, FactorKind, Timestamp, User};

use crate::error::Failure;
use crate::mail::template::EmailTemplate;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::user;

/// How often a person is told of right passwords without the second factor.
const PASSWORD_ONLY_LOGIN_NOTICE_INTERVAL: Duration = Duration::from_hours(24);

impl Portal {
    /// Queues the news, where there is an address that is known to be the person's.
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

    /// A right password came with a wrong second factor. Whoever does so in a browser of their
    /// own mistyped; else somebody knows the password. Told once a day at most.
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

    /// Remembers the browser of a login, and tells of one that was not seen before.
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

/// What people call a factor, within a sentence: one that comes or goes, and theirs.
pub(crate) const fn factor_names(kind: FactorKind) -> (&'static str, &'static str) {
    match kind {
        FactorKind::Totp => ("an authenticator app", "your authenticator app"),
        FactorKind::Email => ("email codes", "email codes"),
        FactorKind::Recovery => ("recovery codes", "recovery codes"),
    }
}
