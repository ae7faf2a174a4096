use std::time::Duration;

use domain::{
    Client, DisplayName, EmailAddress, LoginMethod, NewDisplayError, NewUsernameError,
    PermissionLevel, RegisterError, Username, UsernameError,
};

use crate::accounts::email::LINK_TTL;
use crate::audit::event::Event;
use crate::error::{Failure, Problem};
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::rate_limit::budget::{Budget, BudgetExhausted, NetworkBudget};
use crate::rate_limit::window::Limit;
use crate::sessions::start::{LoginChannel, NewSession, VerifiedLogin};
use crate::store::tables::name;
use crate::store::tables::pending_email::PendingEmail;
use crate::store::tables::user::{self, NewUser};

/// Registrations per network, counted whether or not the name was free. Also limits how often the
/// response reveals that a name is taken.
const REGISTRATIONS: NetworkBudget = NetworkBudget {
    budget: Budget {
        name: "registrations",
        limits: &[
            Limit::new(5, Duration::from_mins(10)),
            Limit::new(10, Duration::from_hours(1)),
            Limit::new(30, Duration::from_hours(24)),
        ],
    },
    prefix48_name: "registrations_wide",
};

/// A registration, as typed.
#[derive(Clone, Copy)]
pub struct Register<'a> {
    pub username: &'a str,
    pub password: &'a str,
    pub email: &'a str,
    /// `None` or empty to show the username.
    pub display: Option<&'a str>,
    pub client: &'a Client,
    pub channel: LoginChannel,
}

/// A registration that passed all checks that don't need the database.
struct Checked {
    username: Username,
    email: EmailAddress,
    display: Option<DisplayName>,
    password: domain::NewPassword,
}

impl Portal {
    /// Whether people may register (`PORTAL_SIGN_UP`).
    #[must_use]
    pub const fn sign_up(&self) -> bool {
        self.sign_up
    }

    /// Creates an account with a password and logs the person in (docs/contract.md, Login by
    /// password).
    ///
    /// The email address stays unverified until its confirmation link is followed. The response
    /// doesn't reveal whether another account uses the address. A taken name costs the same work as
    /// a free one, because the insert detects it after hashing.
    ///
    /// # Errors
    /// See [`RegisterError`].
    pub async fn register(
        &self,
        request: Register<'_>,
    ) -> Result<NewSession, Problem<RegisterError>> {
        let refused = |error| Err(Problem::Refused(error));
        if !self.sign_up {
            return refused(RegisterError::SignUpOff);
        }
        let checked = self.check(request).map_err(Problem::Refused)?;
        if let Err(BudgetExhausted { retry_after }) =
            self.spend_registration_budget(request.client).await?
        {
            return refused(RegisterError::TooMany { retry_after });
        }
        let hashed = self.passwords.hash(checked.password.password()).await;
        let password = hashed.map_err(|problem| problem.map(|Busy| RegisterError::Busy))?;

        let now = self.now();
        let mut transaction = self.begin().await?;
        let new = NewUser {
            username: &checked.username,
            display: checked.display.as_ref(),
            password: Some(&password),
            level: PermissionLevel::User,
            created_at: now,
        };
        let Some(id) = user::insert(&mut transaction, &new).await? else {
            return refused(RegisterError::Username(NewUsernameError::Taken));
        };
        // The insert holds the names lock, so the first of two concurrent registrations with
        // confusable names wins.
        let username = checked.username.as_str();
        if name::is_confusable(&mut transaction, username, id).await? {
            return refused(RegisterError::Username(NewUsernameError::LooksLikeAnothers));
        }
        if let Some(display) = &checked.display
            && name::is_confusable(&mut transaction, display.as_str(), id).await?
        {
            return refused(RegisterError::Display(NewDisplayError::LooksLikeAnothers));
        }
        Event::SignedUp { user: id }
            .record(&mut transaction, Some(request.client), now)
            .await?;
        user::set_unverified_email(&mut transaction, id, &checked.email, now).await?;
        let pending = PendingEmail {
            user_id: id,
            email: checked.email,
            session_id: None,
            created_at: now,
            expires_at: now + LINK_TTL,
        };
        // If the address has reached its email limit, the person requests the link later on the
        // security page. A refusal here would reveal that others used the address.
        let _asked = self.ask_to_confirm(&mut transaction, &pending).await?;
        let user = user::by_id(&mut transaction, id).await?;
        let login = VerifiedLogin {
            user: user.ok_or_else(|| Failure::Internal("a new person was not stored".into()))?,
            method: LoginMethod::Password,
            client: request.client,
            code: None,
            factor: None,
        };
        let session = self
            .begin_session_for(&mut transaction, login, request.channel, now)
            .await?;
        transaction.commit().await?;
        Ok(session)
    }

    fn check(&self, request: Register<'_>) -> Result<Checked, RegisterError> {
        let malformed = |error| RegisterError::Username(NewUsernameError::Malformed(error));
        let username: Username = request.username.parse().map_err(malformed)?;
        if username.is_reserved() {
            return Err(malformed(UsernameError::Reserved));
        }
        // An empty display name, or one equal to the username, shows the username.
        let chosen = |display: &&str| !display.is_empty() && *display != request.username;
        let display: Option<DisplayName> = request
            .display
            .filter(chosen)
            .map(str::parse)
            .transpose()
            .map_err(|error| RegisterError::Display(NewDisplayError::Malformed(error)))?;
        let is_reserved = |display| self.is_reserved_display(display, username.as_str());
        if display.as_ref().is_some_and(is_reserved) {
            return Err(RegisterError::Display(NewDisplayError::Reserved));
        }
        let email: EmailAddress = request.email.parse().map_err(RegisterError::Email)?;
        let shown = display.as_ref().map_or("", DisplayName::as_str);
        let local = email.as_str().split('@').next().unwrap_or_default();
        let names: Vec<&str> = [username.as_str(), shown, local]
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect();
        let password = self
            .judge_password(request.password, self.password_policy, &names)
            .map_err(RegisterError::Password)?;
        Ok(Checked {
            username,
            email,
            display,
            password,
        })
    }

    /// Counts the registration and commits, before any hashing.
    async fn spend_registration_budget(
        &self,
        client: &Client,
    ) -> Result<Result<(), BudgetExhausted>, Failure> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let spent = self.spend_for_network(&mut transaction, REGISTRATIONS, client, now);
        if let Err(exhausted) = spent.await? {
            return Ok(Err(exhausted));
        }
        transaction.commit().await?;
        Ok(Ok(()))
    }
}
