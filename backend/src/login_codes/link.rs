//! Linking and unlinking platforms (docs/contract.md, Linked platforms).

use domain::{
    Client, CodeKind, Identity, LinkError, Platform, PlatformUserId, Timestamp, UnlinkError, UserId,
};

use crate::audit::event::Event;
use crate::crypto::server_secret::Purpose;
use crate::error::{Failure, Problem};
use crate::login_codes::attempts::RateLimited;
use crate::login_codes::consume::MAX_WRONG_ATTEMPTS;
use crate::login_codes::make::{Code, pending_slot_wait};
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::login_code::{self, Linker, RequestOrigin, WrongAttemptOf};
use crate::store::tables::{identity, session, user};

/// A logged-in person's request to link an identity.
#[derive(Clone, Copy)]
pub struct LinkRequest<'a> {
    pub person: &'a Person,
    pub platform: &'a str,
    pub id: &'a PlatformUserId,
    pub client: &'a Client,
}

/// The pending link code of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingLinkView {
    pub platform: String,
    pub platform_user_id: String,
    pub expires_at: Timestamp,
}

impl Portal {
    /// Requests a link code and returns when it expires.
    ///
    /// Whether the identity is taken is revealed only to a person who has the code.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn request_link(
        &self,
        request: LinkRequest<'_>,
    ) -> Result<Timestamp, Problem<LinkError>> {
        let LinkRequest { person, client, .. } = request;
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        if !person.session.is_fresh(now) {
            return refused(LinkError::NotFresh);
        }
        let Some(platform) = self.platform(request.platform) else {
            return refused(LinkError::UnknownPlatform);
        };
        let identity = Identity {
            platform,
            user_id: request.id.clone(),
        };
        let network = client.network();
        let mut transaction = self.begin().await?;
        row_lock::acquire(&mut transaction, RowLock::CodesOf(&network)).await?;
        // The session may have ended since the request was authenticated.
        if self
            .session_if_live(&mut transaction, person, now)
            .await?
            .is_none()
        {
            return refused(LinkError::NotFresh);
        }
        let linked = identity::of_user(&mut transaction, person.user.id).await?;
        if linked
            .iter()
            .any(|linked| linked.platform == identity.platform.as_str())
        {
            return refused(LinkError::Taken);
        }
        let session_id = person.session.id;
        let pending =
            login_code::pending_link(&mut transaction, &identity, session_id, now).await?;
        if let Some(pending) = pending {
            return Ok(pending.expires_at);
        }
        if let Some(retry_after) = pending_slot_wait(&mut transaction, &network, now).await? {
            return refused(LinkError::TooManyPending { retry_after });
        }
        let code = Code {
            kind: CodeKind::Link,
            subject: (&identity).into(),
            from: Some(RequestOrigin {
                name: None,
                network: &network,
                browser: None,
                user_agent: client.user_agent.as_str(),
            }),
            linker: Some(Linker {
                user_id: person.user.id,
                session_id,
            }),
            announced_to: Some(&identity),
            decoy: false,
        };
        let made = self
            .make_required_code(&mut transaction, &code, now)
            .await?;
        let event = Event::LinkRequested {
            user: person.user.id,
            platform: &identity.platform,
        };
        event.record(&mut transaction, Some(client), now).await?;
        transaction.commit().await?;
        Ok(made.expires_at)
    }

    /// Returns the pending link code of this session.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn awaited_link(&self, person: &Person) -> Result<Option<PendingLinkView>, Failure> {
        let mut connection = self.database.read().await?;
        let session = person.session.id;
        let found = login_code::newest_link_of(&mut connection, session, self.now()).await?;
        Ok(found.map(|found| PendingLinkView {
            platform: found.platform,
            platform_user_id: found.platform_user_id,
            expires_at: found.expires_at,
        }))
    }

    /// Links an identity by a code that this session requested. Any other code gets the same
    /// response as a wrong one.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn verify_link(
        &self,
        person: &Person,
        code: &str,
        client: &Client,
    ) -> Result<(), Problem<LinkError>> {
        let refused = |error| Err(Problem::Refused(error));
        if !person.session.is_fresh(self.now()) {
            return refused(LinkError::NotFresh);
        }
        let attempt = match self.count_code_attempt(client).await? {
            Ok(attempt) => attempt,
            Err(RateLimited { retry_after }) => {
                return refused(LinkError::TooManyAttempts { retry_after });
            }
        };
        let now = self.now();
        let mut transaction = self.begin().await?;
        if self
            .session_if_live(&mut transaction, person, now)
            .await?
            .is_none()
        {
            return refused(LinkError::NotFresh);
        }
        let hash = self.secret.keyed_hash(Purpose::LoginCode, code.as_bytes());
        let linker = Linker {
            user_id: person.user.id,
            session_id: person.session.id,
        };
        let found = login_code::by_hash(&mut transaction, &hash, now).await?;
        let found =
            found.filter(|found| found.kind == CodeKind::Link && found.linker == Some(linker));
        let Some(found) = found else {
            let session = WrongAttemptOf::Session(person.session.id);
            login_code::count_wrong_attempt(&mut transaction, session, MAX_WRONG_ATTEMPTS, now)
                .await?;
            let event = Event::LinkRefused {
                user: person.user.id,
            };
            event.record(&mut transaction, Some(client), now).await?;
            transaction.commit().await?;
            return refused(LinkError::InvalidOrExpired);
        };
        if !login_code::consume(&mut transaction, found.id, now).await? {
            return refused(LinkError::InvalidOrExpired);
        }
        attempt.refund(&mut transaction).await?;
        let identity = found.identity()?;
        let made = identity::insert(&mut transaction, &identity, person.user.id, now).await?;
        let event = if made.is_some() {
            found.apply_appearance(&mut transaction, &identity).await?;
            Event::PlatformLinked {
                user: person.user.id,
                platform: &identity.platform,
            }
        } else {
            Event::LinkRefused {
                user: person.user.id,
            }
        };
        event.record(&mut transaction, Some(client), now).await?;
        // The code is spent even if the identity is taken.
        transaction.commit().await?;
        made.map(drop).ok_or(Problem::Refused(LinkError::Taken))
    }

    /// Unlinks a platform, and ends its pending codes and the other sessions that were started with
    /// it.
    ///
    /// # Errors
    /// See [`UnlinkError`].
    pub async fn unlink(
        &self,
        person: &Person,
        platform: &str,
        client: &Client,
    ) -> Result<(), Problem<UnlinkError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        if !person.session.is_fresh(now) {
            return refused(UnlinkError::NotFresh);
        }
        if platform.parse::<Platform>().is_err() {
            return refused(UnlinkError::NotLinked);
        }
        let mut transaction = self.begin().await?;
        if self
            .session_if_live(&mut transaction, person, now)
            .await?
            .is_none()
        {
            return refused(UnlinkError::NotFresh);
        }
        let removed = identity::remove(&mut transaction, person.user.id, platform).await?;
        let Some((identity_id, id)) = removed else {
            return refused(UnlinkError::NotLinked);
        };
        if !has_way_in(&mut transaction, person.user.id).await? {
            return refused(UnlinkError::LastWayIn);
        }
        let broken = || Failure::Internal("an identity that can't be was linked".into());
        let identity = Identity {
            platform: platform.parse().map_err(|_| broken())?,
            user_id: id.parse().map_err(|_| broken())?,
        };
        login_code::end_all_of(&mut transaction, &identity, "unlinked", now).await?;
        session::end_others_of_identity(&mut transaction, identity_id, person.session.id, now)
            .await?;
        let event = Event::PlatformUnlinked {
            user: person.user.id,
            platform: &identity.platform,
        };
        event.record(&mut transaction, Some(client), now).await?;
        Ok(transaction.commit().await?)
    }
}

/// Whether the person could still log in.
async fn has_way_in(transaction: &mut Transaction, user_id: UserId) -> Result<bool, Failure> {
    Ok(user::password_of(transaction, user_id).await?.is_some()
        || !identity::of_user(transaction, user_id).await?.is_empty())
}
