//! Requests for web codes (docs/contract.md, Login by code).

use crate::login_codes::make::Code;
use crate::login_codes::make::pending_slot_wait;

use domain::{
    Client, CodeKind, Identity, LoginCode, PlatformName, PlatformUserId, RequestCodeError,
    Timestamp,
};

use crate::audit::event::Event;
use crate::crypto::secrets::Token;
use crate::crypto::server_secret::Purpose;
use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::identity::{self, Holder};
use crate::store::tables::login_code::{self, RequestOrigin, Subject};
use crate::store::tables::user::{self};

/// Identifies the person who requests a web code.
#[derive(Clone, Copy)]
pub enum LoginHint<'a> {
    /// By ID on the platform, with or without an account.
    Id {
        platform: &'a str,
        id: &'a PlatformUserId,
    },
    /// By name, for people with an account.
    Name { platform: &'a str, name: &'a str },
}

impl<'a> LoginHint<'a> {
    /// Interprets what a person typed: digits are an ID, anything else is a name.
    #[must_use]
    pub fn typed(platform: &'a str, typed: &'a str, id: Option<&'a PlatformUserId>) -> Self {
        match id.filter(|id| id.as_str().bytes().all(|b| b.is_ascii_digit())) {
            Some(id) => Self::Id { platform, id },
            None => Self::Name {
                platform,
                name: typed,
            },
        }
    }
}

/// What the requesting browser may know of its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingCodeView {
    pub platform: String,
    /// In the past if the code expired up to [`LoginCode::LIFETIME`] ago.
    pub expires_at: Timestamp,
    /// The browser is in another network now, where the code doesn't work.
    pub network_changed: bool,
}

/// A request for a web code.
#[derive(Clone, Copy)]
pub struct CodeRequest<'a> {
    pub who: LoginHint<'a>,
    pub client: &'a Client,
    /// The pre-login cookie, if a page requested the code.
    pub browser: Option<&'a Token>,
}

impl Portal {
    /// Returns the code that a browser waits for, or waited for recently. Decoys are included, so
    /// the result doesn't reveal whether an account exists.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn awaited_code(
        &self,
        browser: &Token,
        client: &Client,
    ) -> Result<Option<PendingCodeView>, Failure> {
        let mut connection = self.database.read().await?;
        let since = self.now() - LoginCode::LIFETIME;
        let found = login_code::newest_of_browser(&mut connection, &browser.hash(), since).await?;
        Ok(found.map(|found| PendingCodeView {
            network_changed: found.network != client.network().as_str(),
            platform: found.platform,
            expires_at: found.expires_at,
        }))
    }

    /// Creates a web code and returns when it expires.
    ///
    /// The response is the same whether or not the person exists (docs/contract.md, Web codes and
    /// bot codes). A repeated request with the same ID or name, network and browser returns the
    /// remaining time of the pending code.
    ///
    /// # Errors
    /// See [`RequestCodeError`].
    pub async fn request_code(
        &self,
        request: CodeRequest<'_>,
    ) -> Result<Timestamp, Problem<RequestCodeError>> {
        let (LoginHint::Id { platform, .. } | LoginHint::Name { platform, .. }) = request.who;
        let platform = self
            .platform(platform)
            .ok_or(Problem::Refused(RequestCodeError::UnknownPlatform))?;
        let now = self.now();
        let network = request.client.network();
        let browser = request.browser.map(Token::hash);
        let mut transaction = self.begin().await?;
        row_lock::acquire(&mut transaction, RowLock::CodesOf(&network)).await?;

        let (subject_id, identity) = match request.who {
            LoginHint::Id { id, .. } => (
                id.to_string(),
                Some(Identity {
                    platform: platform.clone(),
                    user_id: id.clone(),
                }),
            ),
            LoginHint::Name { name, .. } => {
                let found = if name.parse::<PlatformName>().is_ok() {
                    identity::find_by_name(&mut transaction, platform.as_str(), name).await?
                } else {
                    None
                };
                match found.as_deref().map(str::parse) {
                    Some(Ok(id)) => {
                        let identity = Identity {
                            platform: platform.clone(),
                            user_id: id,
                        };
                        (identity.user_id.to_string(), Some(identity))
                    }
                    // A space is no valid platform ID, so it matches nobody.
                    _ => (" ".to_owned(), None),
                }
            }
        };
        // Keyed by the typed name, so that slots don't reveal whether two spellings, or a name and
        // an ID, belong to the same account.
        let name = match request.who {
            LoginHint::Id { .. } => None,
            LoginHint::Name { name, .. } => {
                Some(self.secret.keyed_hash(Purpose::AskedName, name.as_bytes()))
            }
        };
        let subject = Subject {
            platform: platform.as_str(),
            platform_user_id: &subject_id,
        };
        let from = RequestOrigin {
            name: name.as_ref().map(|name| &name[..]),
            network: &network,
            browser: browser.as_ref(),
            user_agent: request.client.user_agent.as_str(),
        };
        if let Some(pending) = login_code::pending_web(&mut transaction, subject, from, now).await?
        {
            return Ok(pending.expires_at);
        }
        if let Some(retry_after) = pending_slot_wait(&mut transaction, from.network, now).await? {
            return Err(Problem::Refused(RequestCodeError::TooManyPending {
                retry_after,
            }));
        }

        let holder = match &identity {
            Some(identity) => identity::holder(&mut transaction, identity).await?,
            None => None,
        };
        let real = self
            .may_ask(&mut transaction, identity.as_ref(), holder.as_ref(), now)
            .await?;
        let made = Code {
            kind: CodeKind::Web,
            subject,
            from: Some(from),
            linker: None,
            announced_to: identity.as_ref().filter(|_| real),
            decoy: !real,
        };
        let expires_at = self
            .make_required_code(&mut transaction, &made, now)
            .await?
            .expires_at;
        let event = Event::CodeRequested {
            user: holder.map(|holder| holder.user_id),
        };
        event
            .record(&mut transaction, Some(request.client), now)
            .await?;
        transaction.commit().await?;
        Ok(expires_at)
    }

    /// Whether to create a real code instead of a decoy.
    ///
    /// Unknown names, new people while sign-up is off, and restricted people get decoys. The
    /// requester can't tell the difference.
    async fn may_ask(
        &self,
        transaction: &mut Transaction,
        identity: Option<&Identity>,
        holder: Option<&Holder>,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        match (identity, holder) {
            (None, _) => Ok(false),
            (Some(_), None) => Ok(self.sign_up),
            (Some(_), Some(holder)) => {
                // Locked, so that no code is created during a concurrent ban.
                let user = user::lock(transaction, holder.user_id).await?;
                Ok(user.is_some_and(|user| !user.state.is_restricted(now)))
            }
        }
    }
}
