//! The people of tests: accounts, logins, browsers and authenticator apps.

use std::net::{IpAddr, Ipv4Addr};

use domain::{Bot, Client, Identity, PermissionLevel, SixDigits, Timestamp, UserAgent, UserId};
use tokio::sync::oneshot;

use crate::accounts::set_up::insert_owner;
use crate::crypto::password_hash::StoredPassword;
use crate::crypto::secrets::Token;
use crate::error::Problem;
use crate::login::password::PasswordLogin;
use crate::login_codes::verify::{CodeLogin, VerifyCode};
use crate::portal::Portal;
use crate::second_factor::challenge::LoginOutcome;
use crate::second_factor::totp;
use crate::sessions::authenticate::{Person, SessionCookies, Visitor};
use crate::sessions::start::{LoginChannel, NewSession};
use crate::store::sql::connection::query;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::identity;
use crate::testing::portal::TestPortal;

impl TestPortal {
    /// Creates an Owner with [`PASSWORD`].
    pub async fn owner(&self, username: &str) {
        owner(self, username).await;
    }

    /// Creates a person with this level.
    pub async fn person(&self, username: &str, level: PermissionLevel) {
        self.owner(username).await;
        self.set_level(username, level).await;
    }

    pub async fn set_level(&self, username: &str, level: PermissionLevel) {
        let mut transaction = self.begin().await.expect("a transaction");
        query("update users set permission_level = $2 where username_key = $1")
            .bind(username)
            .bind(level.as_i64())
            .execute(&mut transaction)
            .await
            .expect("a new level");
        transaction.commit().await.expect("a commit");
    }

    /// Starts to change a person's password (to none). The receiver reports when the change is
    /// written; the sender makes it commit.
    #[must_use]
    pub fn change_password_slowly(
        &self,
        username: &'static str,
    ) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
        let (portal, (written, is_written), (leave, may_leave)) =
            (self.share(), oneshot::channel(), oneshot::channel());
        tokio::spawn(async move {
            let mut transaction = portal.begin().await.expect("a transaction");
            query("update users set password_hash = null where username_key = $1")
                .bind(username)
                .execute(&mut transaction)
                .await
                .expect("a change");
            written.send(()).expect("a test that waits");
            may_leave.await.expect("a test that goes on");
            transaction.commit().await.expect("a commit");
        });
        (is_written, leave)
    }

    /// Bans a person without ending sessions or codes, to simulate a rule that forgot to.
    pub async fn ban(&self, username: &str) {
        let mut transaction = self.begin().await.expect("a transaction");
        query("update users set state = 2 where username_key = $1")
            .bind(username)
            .execute(&mut transaction)
            .await
            .expect("a ban");
        transaction.commit().await.expect("a commit");
    }

    /// Logs in with name and password.
    pub async fn login(
        &self,
        identifier: &str,
        password: &str,
    ) -> Result<NewSession, Problem<domain::PasswordLoginError>> {
        let client = client();
        let request = PasswordLogin {
            identifier,
            password,
            factor: None,
            client: &client,
            channel: LoginChannel::Page,
        };
        self.login_with_password(request).await.map(done)
    }

    /// The visitor with these cookies. Panics on a failure.
    pub async fn visitor(&self, cookies: &SessionCookies) -> Visitor {
        self.authenticate(cookies).await.expect("an answer")
    }

    /// The person of this session, who must be signed in.
    pub async fn person_of(&self, session: &NewSession) -> Person {
        match self.visitor(&cookies_of(session)).await {
            Visitor::SignedIn(person) => person,
            other => panic!("expected somebody signed in, found {other:?}"),
        }
    }

    /// The first login of a new person, with a web code of this platform.
    pub async fn newcomer(&self, bot: &Bot, id: &str) -> CodeLogin {
        self.ask(bot.platform.as_str(), id).await.expect("a code");
        let code = self.carry(bot, id).await.expect("codes").remove(0).code;
        self.verify(code.reveal()).await.expect("a login")
    }

    /// Logs in with a code.
    pub async fn verify(&self, code: &str) -> Result<CodeLogin, Problem<domain::VerifyCodeError>> {
        self.verify_from(code, &client(), None).await
    }

    pub async fn verify_from(
        &self,
        code: &str,
        client: &Client,
        browser: Option<&Token>,
    ) -> Result<CodeLogin, Problem<domain::VerifyCodeError>> {
        let request = VerifyCode {
            code,
            identity: None,
            factor: None,
            client,
            browser,
        };
        self.verify_code(request).await.map(done)
    }

    /// Links an identity to a person.
    pub async fn link(&self, user: UserId, platform: &str, id: &str) {
        let identity = Identity {
            platform: platform.parse().expect("a platform"),
            user_id: id.parse().expect("an id"),
        };
        let mut transaction = self.begin().await.expect("a transaction");
        let linked = identity::insert(&mut transaction, &identity, user, self.now()).await;
        assert!(linked.expect("a link").is_some(), "linked already");
        transaction.commit().await.expect("a commit");
    }
}

/// Gives the person a verified address.
pub async fn verified(portal: &TestPortal, username: &str, email: &str) {
    let statement = format!(
        "update users set email = '{email}', email_key = '{email}', email_verified_at = 1
         where username_key = '{username}'"
    );
    portal.execute(&statement).await;
}

/// Creates an Owner with [`PASSWORD`].
pub async fn owner(portal: &Portal, username: &str) {
    let username = username.parse().expect("a username");
    let password = StoredPassword::from_column(PASSWORD_HASH.to_owned());
    let mut transaction = portal.begin().await.expect("a transaction");
    let gate = row_lock::acquire(&mut transaction, RowLock::Owners).await;
    gate.expect("the gate");
    let owner = insert_owner(&mut transaction, &username, &password, None, portal.now()).await;
    owner.expect("an owner");
    transaction.commit().await.expect("a commit");
}

/// A browser.
#[must_use]
pub fn client() -> Client {
    Client {
        ip: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)),
        user_agent: UserAgent::new(
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ),
        browser: None,
    }
}

/// A browser with a device ID, like those that people log in with.
#[must_use]
pub fn browser_at(ip: &str) -> Client {
    Client {
        browser: Some(crate::sessions::known_devices::new_mark().expect("a mark")),
        ..client_at(ip)
    }
}

/// The code that an authenticator app with this key shows.
#[must_use]
pub fn authenticator(key: &str, now: Timestamp) -> SixDigits {
    totp::shown(key, now)
}

/// The result of a login that needs no second factor.
pub fn done<T>(step: LoginOutcome<T>) -> T {
    match step {
        LoginOutcome::Done(login) => login,
        LoginOutcome::SecondFactorRequired(_) => panic!("a second factor is asked for"),
    }
}

/// Both cookies of a login, as the browser sends them.
#[must_use]
pub fn cookies_of(session: &NewSession) -> SessionCookies {
    SessionCookies {
        shared: vec![session.cookie.clone()],
        companion: Some(session.companion.clone()),
    }
}

/// A browser at another IP address.
#[must_use]
pub fn client_at(ip: &str) -> Client {
    Client {
        ip: ip.parse().expect("an address"),
        ..client()
    }
}

/// The cookie of a browser that hasn't logged in.
#[must_use]
pub fn browser_cookie() -> Token {
    Token::random().expect("a token")
}

/// The password of every person in tests.
pub const PASSWORD: &str = "ninety otters ride a tandem";

/// The hash of [`PASSWORD`] at the current cost. It lets tests create people without hashing.
pub(crate) const PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdCBvZiBhbGwgdGVzdA$fdy6bgC5bkmms7O3evBBsr7cOY+oBy3qJtghUfEqfOc";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password_hash::{Memory, StoredPassword};

    #[test]
    fn the_password_of_all_is_hashed_at_todays_cost() {
        let stored = StoredPassword::from_column(PASSWORD_HASH.to_owned());
        assert!(!stored.is_cheap().unwrap());
        let is_its = stored.is_of(PASSWORD.as_bytes(), &mut Memory::default());
        assert!(is_its.unwrap());
    }
}
