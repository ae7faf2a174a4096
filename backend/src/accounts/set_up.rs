use std::time::Duration;

use domain::{
    Client, LoginMethod, PermissionLevel, SetUpError, SetUpLinkError, Timestamp, User, Username,
};

use crate::audit::event::Event;
use crate::crypto::password_hash::StoredPassword;
use crate::crypto::secrets::Token;
use crate::error::{Failure, Problem};
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::sessions::start::{NewSession, VerifiedLogin};
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::set_up_link;
use crate::store::tables::user::{self, NewUser};

/// Lifetime of a set-up link.
const LINK_TTL: Duration = Duration::from_hours(24);

/// Kind of set-up link to create.
#[derive(Clone, Copy, Debug)]
pub enum SetUpLink<'a> {
    /// For the first Owner, who chooses a username. A new link replaces the previous one. The link
    /// is dead once an Owner exists.
    FirstOwner,
    /// For an Owner with this username, requested on the command line.
    Named(&'a Username),
}

/// What a live set-up link offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetUpOffer {
    /// The username, if the link fixes it.
    pub username: Option<String>,
}

/// An Owner account to create, as typed.
#[derive(Clone, Copy)]
pub struct OwnerAccount<'a> {
    pub username: &'a str,
    pub password: &'a str,
}

impl Portal {
    /// Creates a one-time set-up link and returns its token (docs/contract.md, Command line).
    ///
    /// # Errors
    /// See [`SetUpLinkError`].
    pub async fn create_set_up_link(
        &self,
        link: SetUpLink<'_>,
    ) -> Result<Token, Problem<SetUpLinkError>> {
        let now = self.now();
        let token = Token::random()?;
        let mut transaction = self.begin().await?;
        let username = match link {
            SetUpLink::Named(username) => {
                if user::by_name(&mut transaction, username).await?.is_some() {
                    return Err(Problem::Refused(SetUpLinkError::UsernameTaken));
                }
                Some(username.as_str())
            }
            SetUpLink::FirstOwner => {
                row_lock::acquire(&mut transaction, RowLock::Owners).await?;
                if user::any_owner(&mut transaction).await? {
                    return Err(Problem::Refused(SetUpLinkError::OwnerExists));
                }
                set_up_link::delete_unnamed(&mut transaction).await?;
                None
            }
        };
        let row = set_up_link::NewLink {
            token: &token.hash(),
            username,
            created_at: now,
            expires_at: now + LINK_TTL,
        };
        set_up_link::insert(&mut transaction, &row).await?;
        Event::SetUpLinkMade
            .record(&mut transaction, None, now)
            .await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// Returns what the link offers, or `None` if it is unknown, used or expired.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn set_up_offer(&self, token: &Token) -> Result<Option<SetUpOffer>, Failure> {
        let mut connection = self.database.read().await?;
        let link = set_up_link::find_live(&mut connection, &token.hash(), self.now()).await?;
        Ok(link.map(|link| SetUpOffer {
            username: link.username,
        }))
    }

    /// Creates an Owner account by a set-up link and logs the Owner in.
    ///
    /// The link is consumed only on success.
    ///
    /// # Errors
    /// See [`SetUpError`].
    pub async fn set_up(
        &self,
        token: &Token,
        account: OwnerAccount<'_>,
        client: &Client,
    ) -> Result<NewSession, Problem<SetUpError>> {
        // Checked first, so that requests without a live link never cause password hashing.
        let Some(offer) = self.set_up_offer(token).await? else {
            return Err(Problem::Refused(SetUpError::LinkDead));
        };
        let settled = offer.username.as_deref().unwrap_or(account.username);
        let (username, password) = self.check_account(settled, account.password).await?;
        let now = self.now();
        let mut transaction = self.begin().await?;
        row_lock::acquire(&mut transaction, RowLock::Owners).await?;
        let Some(link) = set_up_link::consume(&mut transaction, &token.hash(), now).await? else {
            return Err(Problem::Refused(SetUpError::LinkDead));
        };
        if link.username.is_none() && user::any_owner(&mut transaction).await? {
            return Err(Problem::Refused(SetUpError::LinkDead));
        }
        let owner = insert_owner(&mut transaction, &username, &password, Some(client), now).await?;
        let login = VerifiedLogin {
            user: owner,
            method: LoginMethod::SetUp,
            client,
            code: None,
            factor: None,
        };
        let session = self.begin_session(&mut transaction, login, now).await?;
        transaction.commit().await?;
        Ok(session)
    }

    /// Creates an Owner account from the command line (`portal owner create`).
    ///
    /// # Errors
    /// See [`SetUpError`].
    pub async fn create_owner(
        &self,
        account: OwnerAccount<'_>,
    ) -> Result<User, Problem<SetUpError>> {
        let (username, password) = self
            .check_account(account.username, account.password)
            .await?;
        let now = self.now();
        let mut transaction = self.begin().await?;
        row_lock::acquire(&mut transaction, RowLock::Owners).await?;
        let owner = insert_owner(&mut transaction, &username, &password, None, now).await?;
        transaction.commit().await?;
        Ok(owner)
    }

    async fn check_account(
        &self,
        username: &str,
        password: &str,
    ) -> Result<(Username, StoredPassword), Problem<SetUpError>> {
        let refused = Problem::Refused;
        let username: Username = username
            .parse()
            .map_err(|error| refused(SetUpError::Username(error)))?;
        let password = self
            .judge_password(password, self.password_policy, &[username.as_str()])
            .map_err(|error| refused(SetUpError::Password(error)))?;
        let stored = self
            .passwords
            .hash(password.password())
            .await
            .map_err(|problem| problem.map(|Busy| SetUpError::Busy))?;
        Ok((username, stored))
    }
}

/// Inserts an Owner account with its audit log row, and deletes the set-up link for the first
/// Owner.
pub(crate) async fn insert_owner(
    transaction: &mut Transaction,
    username: &Username,
    password: &StoredPassword,
    client: Option<&Client>,
    now: Timestamp,
) -> Result<User, Problem<SetUpError>> {
    let new = NewUser {
        username,
        display: None,
        password: Some(password),
        level: PermissionLevel::Owner,
        created_at: now,
    };
    let Some(id) = user::insert(transaction, &new).await? else {
        return Err(Problem::Refused(SetUpError::UsernameTaken));
    };
    set_up_link::delete_unnamed(transaction).await?;
    Event::OwnerMade { user: id }
        .record(transaction, client, now)
        .await?;
    let owner = user::by_id(transaction, id).await?;
    owner.ok_or_else(|| Failure::Internal("a new owner was not stored".into()).into())
}
