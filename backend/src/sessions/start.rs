//! The start of a session: new secrets, its row, its audit event.

use std::time::Duration;

use domain::{Client, FactorKind, LoginMethod, Timestamp, User};

use crate::audit::event::Event;
use crate::crypto::secrets::{Token, TokenHash};
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::session::{self, UsedCode};
use crate::store::tables::user::{self};

/// A login that is about to succeed.
pub(crate) struct VerifiedLogin<'a> {
    pub user: User,
    pub method: LoginMethod,
    pub client: &'a Client,
    /// Where it was by a code.
    pub code: Option<UsedCode>,
    /// The second factor that was shown.
    pub factor: Option<FactorKind>,
}

/// A login that was just made. The two secrets exist in plain form only here.
#[derive(Debug)]
pub struct NewSession {
    pub user: User,
    /// For the shared cookie.
    pub cookie: Token,
    /// For the host-only companion.
    pub companion: Token,
    /// For programs, in `Authorization: Bearer`.
    pub bearer: Option<Token>,
    /// How long the browser may keep both; the server judges for itself at each request.
    pub lifetime: Duration,
}

/// By which channel somebody comes to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginChannel {
    /// The login page: an unknown name and a wrong password are one.
    Page,
    /// `/api/auth/login`, for programs: it says that a name is unknown, within a budget,
    /// and hands out a token beside the cookies.
    Program,
}

impl Portal {
    /// Makes a session with new secrets and its audit row, in the caller's transaction.
    pub(crate) async fn begin_session(
        &self,
        transaction: &mut Transaction,
        login: VerifiedLogin<'_>,
        now: Timestamp,
    ) -> Result<NewSession, Failure> {
        self.begin_session_with(transaction, login, None, now).await
    }

    /// The same, with a token for programs.
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
