//! The start of a session: its secrets, its row and its audit event.

use std::time::Duration;

use domain::{Client, FactorKind, LoginMethod, Timestamp, User};

use crate::audit::event::Event;
use crate::crypto::secrets::{Token, TokenHash};
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::session::{self, UsedCode};
use crate::store::tables::user::{self};

/// A login whose credentials are verified, before its session is stored.
pub(crate) struct VerifiedLogin<'a> {
    pub user: User,
    pub method: LoginMethod,
    pub client: &'a Client,
    /// The login code, if one was used.
    pub code: Option<UsedCode>,
    /// The second factor that was verified.
    pub factor: Option<FactorKind>,
}

/// A session that was just started. Its secrets exist in plain form only here.
#[derive(Debug)]
pub struct NewSession {
    pub user: User,
    /// For the shared cookie.
    pub cookie: Token,
    /// For the host-only companion cookie.
    pub companion: Token,
    /// For programs, in `Authorization: Bearer`.
    pub bearer: Option<Token>,
    /// How long the browser may keep the cookies. The server enforces the lifetime itself on each
    /// request.
    pub lifetime: Duration,
}

/// The channel of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginChannel {
    /// The login page. It doesn't distinguish an unknown name from a wrong password.
    Page,
    /// `/api/auth/login`, for programs. It reports unknown names, within a budget, and returns a
    /// bearer token in addition to the cookies.
    Program,
}

impl Portal {
    /// Starts a session with new secrets and its audit event, in the caller's transaction.
    pub(crate) async fn begin_session(
        &self,
        transaction: &mut Transaction,
        login: VerifiedLogin<'_>,
        now: Timestamp,
    ) -> Result<NewSession, Failure> {
        self.begin_session_with(transaction, login, None, now).await
    }

    /// Starts a session. Programs also get a bearer token.
    pub(crate) async fn begin_session_for(
        &self,
        transaction: &mut Transaction,
        login: VerifiedLogin<'_>,
        channel: LoginChannel,
        now: Timestamp,
    ) -> Result<NewSession, Failure> {
        match channel {
            LoginChannel::Page => self.begin_session(transaction, login, now).await,
            LoginChannel::Program => {
                let bearer = Token::random()?;
                let hash = bearer.hash();
                let session = self
                    .begin_session_with(transaction, login, Some(&hash), now)
                    .await?;
                Ok(NewSession {
                    bearer: Some(bearer),
                    ..session
                })
            }
        }
    }

    async fn begin_session_with(
        &self,
        transaction: &mut Transaction,
        login: VerifiedLogin<'_>,
        bearer: Option<&TokenHash>,
        now: Timestamp,
    ) -> Result<NewSession, Failure> {
        let VerifiedLogin {
            user,
            method,
            client,
            code,
            factor,
        } = login;
        let (cookie, companion) = (Token::random()?, Token::random()?);
        let row = session::NewSessionRow {
            user_id: user.id,
            cookie: &cookie.hash(),
            companion: &companion.hash(),
            bearer,
            method,
            client,
            code,
            factor,
            created_at: now,
        };
        session::insert(transaction, &row).await?;
        user::touch(transaction, user.id, now).await?;
        Event::SignedIn {
            user: user.id,
            method,
        }
        .record(transaction, Some(client), now)
        .await?;
        self.notify_of_new_device(transaction, &user, client, now)
            .await?;
        let user = User {
            last_activity_at: Some(now),
            ..user
        };
        let lifetime = self.lifetimes.of(user.level);
        Ok(NewSession {
            user,
            cookie,
            companion,
            bearer: None,
            lifetime,
        })
    }
}
