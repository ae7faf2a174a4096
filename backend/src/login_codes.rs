//! Logging in by a one-time code that a bot carries to a person (contract section 4).

use std::time::Duration;

use domain::{
    AvatarUrl, Client, CodeKind, Identity, LoginCode, Network, PlatformName, PlatformUserId,
    RequestCodeError, SignInMethod, Timestamp, TwofaToken, User, UserId, VerifyCodeError,
};
use subtle::ConstantTimeEq as _;

use crate::audit::Event;
use crate::code_guessing::{Guess, NoGuessLeft};
use crate::email_code::Place;
use crate::second_step::{Beside, Step};
use crate::secrets::{TokenHash, random_base58, random_id};
use crate::server_secret::Purpose;
use crate::sign_in::{Login, NewSession};
use crate::store::gate::{self, Gate};
use crate::store::identity::{self, Appearance, Holder, LinkedPlatform};
use crate::store::login_code::{self, Against, AskedFrom, Linker, NewCode, Pending, Subject};
use crate::store::session::UsedCode;
use crate::store::signal::Signal;
use crate::store::user::NewUser;
use crate::store::{Transaction, user};
use crate::{Failure, Portal, Problem, Token};

/// How many codes that a network asked for may be pending.
const MOST_PENDING: usize = 5;
/// After so many wrong tries from its own browser or session a code dies.
pub(crate) const MOST_WRONG_TRIES: i64 = 5;
/// Of so many codes for one identity bots are told, in ten minutes and in a day: nobody is
/// to be flooded with messages by a stranger (contract section 4).
const ANNOUNCEMENTS: [(Duration, i64); 2] =
    [(Duration::from_mins(10), 3), (Duration::from_hours(24), 20)];

/// Who asks for a code on the web.
#[derive(Clone, Copy)]
pub enum Who<'a> {
    /// By the platform's own id: anybody, also somebody new.
    Id {
        platform: &'a str,
        id: &'a PlatformUserId,
    },
    /// By name: somebody who was here before.
    Name { platform: &'a str, name: &'a str },
}

impl<'a> Who<'a> {
    /// What a person types: digits are an id, anything else a name.
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

/// What a browser that asked for a code may know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwaitedCode {
    pub platform: String,
    /// In the past where the code ran out, a few minutes ago.
    pub expires_at: Timestamp,
    /// The code works only in the network it was asked for in.
    pub network_changed: bool,
}

/// A code asked for on the web.
#[derive(Clone, Copy)]
pub struct CodeRequest<'a> {
    pub who: Who<'a>,
    pub client: &'a Client,
    /// The cookie of the browser, where a page asks.
    pub browser: Option<&'a Token>,
}

/// A try to log in with a code.
#[derive(Clone, Copy)]
pub struct VerifyCode<'a> {
    pub code: &'a str,
    /// Whose code it must be, where the caller says.
    pub identity: Option<(&'a str, &'a PlatformUserId)>,
    /// Where it is shown together with the code, as programs do it.
    pub factor: Option<&'a TwofaToken>,
    pub client: &'a Client,
    pub browser: Option<&'a Token>,
}

/// A login by code.
#[derive(Debug)]
pub struct CodeLogin {
    pub session: NewSession,
    pub user_created: bool,
}

impl Portal {
    /// The code that a browser waits for, or waited for until a moment ago; the same where
    /// there is nobody to get it.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn awaited_code(
        &self,
        browser: &Token,
        client: &Client,
    ) -> Result<Option<AwaitedCode>, Failure> {
        let mut connection = self.database.read().await?;
        let since = self.now() - LoginCode::LIFETIME;
        let found = login_code::newest_of_browser(&mut connection, &browser.hash(), since).await?;
        Ok(found.map(|found| AwaitedCode {
            network_changed: found.network != client.network().as_str(),
            platform: found.platform,
            expires_at: found.expires_at,
        }))
    }

    /// The platforms a person has linked, oldest first.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn linked_platforms(&self, user: UserId) -> Result<Vec<LinkedPlatform>, Failure> {
        Ok(identity::ask_of_user(&self.database, user).await?)
    }

    /// Asks for a web code; answers when it runs out, the same whether or not there is
    /// such a person (contract section 4). Asking again from the same network and browser,
    /// by the same id or name, is the same request, with its remaining time.
    ///
    /// # Errors
    /// See [`RequestCodeError`].
    pub async fn request_code(
        &self,
        request: CodeRequest<'_>,
    ) -> Result<Timestamp, Problem<RequestCodeError>> {
        let (Who::Id { platform, .. } | Who::Name { platform, .. }) = request.who;
        let platform = self
            .platform(platform)
            .ok_or(Problem::Refused(RequestCodeError::UnknownPlatform))?;
        let now = self.now();
        let network = request.client.network();
        let browser = request.browser.map(Token::hash);
        let mut transaction = self.begin().await?;
        gate::pass(&mut transaction, Gate::CodesOf(&network)).await?;

        let (subject_id, identity) = match request.who {
            Who::Id { id, .. } => (
                id.to_string(),
                Some(Identity {
                    platform: platform.clone(),
                    user_id: id.clone(),
                }),
            ),
            Who::Name { name, .. } => {
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
                    // Nobody's id is a space.
                    _ => (" ".to_owned(), None),
                }
            }
        };
        // As it was typed: what another spelling, or an id, has in common with it is for
        // nobody to find out.
        let name = match request.who {
            Who::Id { .. } => None,
            Who::Name { name, .. } => {
                Some(self.secret.keyed_hash(Purpose::AskedName, name.as_bytes()))
            }
        };
        let subject = Subject {
            platform: platform.as_str(),
            platform_user_id: &subject_id,
        };
        let from = AskedFrom {
            name: name.as_ref().map(|name| &name[..]),
            network: &network,
            browser: browser.as_ref(),
            user_agent: request.client.user_agent.as_str(),
        };
        if let Some(pending) = login_code::pending_web(&mut transaction, subject, from, now).await?
        {
            return Ok(pending.expires_at);
        }
        if let Some(retry_after) = wait_for_a_slot(&mut transaction, from.network, now).await? {
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
            .make_carried_code(&mut transaction, &made, now)
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

    /// Whether a web code is really made: not for nobody, not for somebody new where
    /// sign-up is off, not for the restricted. Who asks can't tell.
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
                // Locked, so that no code is made behind the back of a ban.
                let user = user::lock(transaction, holder.user_id).await?;
                Ok(user.is_some_and(|user| !user.state.is_restricted(now)))
            }
        }
    }

    /// Logs a person in by a code (contract section 4). Every code that does not work gets
    /// one and the same answer.
    ///
    /// # Errors
    /// See [`VerifyCodeError`].
    pub async fn verify_code(
        &self,
        request: VerifyCode<'_>,
    ) -> Result<Step<CodeLogin>, Problem<VerifyCodeError>> {
        let named = match request.identity {
            None => None,
            Some((platform, id)) => {
                let platform = self
                    .platform(platform)
                    .ok_or(Problem::Refused(VerifyCodeError::UnknownPlatform))?;
                Some(Identity {
                    platform,
                    user_id: id.clone(),
                })
            }
        };
        let guess = match self.count_guess(request.client).await? {
            Ok(guess) => guess,
            Err(NoGuessLeft { retry_after }) => {
                return Err(Problem::Refused(VerifyCodeError::TooManyGuesses {
                    retry_after,
                }));
            }
        };
        let browser = request.browser.map(Token::hash);
        let now = self.now();
        let mut transaction = self.begin().await?;
        if guess.under_attack && named.is_none() {
            let waits = match &browser {
                Some(browser) => {
                    login_code::newest_of_browser(&mut transaction, browser, now).await?
                }
                None => None,
            };
            if waits.is_none() {
                // Nothing was compared.
                guess.give_back(&mut transaction).await?;
                transaction.commit().await?;
                let retry_after = Duration::from_mins(1);
                return Err(Problem::Refused(VerifyCodeError::TooManyGuesses {
                    retry_after,
                }));
            }
        }
        let hash = self
            .secret
            .keyed_hash(Purpose::LoginCode, request.code.as_bytes());
        let found = login_code::by_hash(&mut transaction, &hash, now).await?;
        let found = found.filter(|found| {
            fits(
                found,
                named.as_ref(),
                request.client,
                browser.as_ref(),
                guess.under_attack,
            )
        });
        let Some(found) = found else {
            if let Some(browser) = &browser {
                let own = Against::Browser(browser);
                login_code::count_wrong_try(&mut transaction, own, MOST_WRONG_TRIES, now).await?;
            }
            let event = Event::CodeRefused { user: None };
            event
                .record(&mut transaction, Some(request.client), now)
                .await?;
            transaction.commit().await?;
            return Err(Problem::Refused(VerifyCodeError::InvalidOrExpired));
        };
        self.log_in_by(transaction, &found, guess, request, now)
            .await
    }

    /// The code is right: logs in whom it is for and uses it up, in one transaction; or asks
    /// for the second factor, with the code still pending.
    async fn log_in_by(
        &self,
        mut transaction: Transaction,
        found: &Pending,
        guess: Guess,
        request: VerifyCode<'_>,
        now: Timestamp,
    ) -> Result<Step<CodeLogin>, Problem<VerifyCodeError>> {
        let refused = |error| Err(Problem::Refused(error));
        let client = request.client;
        let identity = found.identity()?;
        let holder = identity::holder(&mut transaction, &identity).await?;
        let user_created = holder.is_none();
        let user_id = match holder {
            Some(holder) => holder.user_id,
            None => match self
                .sign_up_by(&mut transaction, &identity, found, now)
                .await?
            {
                Some(user_id) => user_id,
                None => return self.lost(transaction, client, now).await,
            },
        };
        let user = user::lock(&mut transaction, user_id).await?;
        let Some(user) = user.filter(|user| !user.state.is_restricted(now)) else {
            // Spent, and told like any other code that does not work.
            login_code::consume(&mut transaction, found.id, now).await?;
            refuse_code(&mut transaction, user_id, client, now).await?;
            transaction.commit().await?;
            return refused(VerifyCodeError::InvalidOrExpired);
        };
        let network = client.network();
        let place = Place::Login(&network);
        let factor = match self
            .factor_of(&mut transaction, &user, request.factor, place, now)
            .await?
        {
            Beside::NoneNeeded => None,
            Beside::Right(kind) => Some(kind),
            Beside::Wait { retry_after } => {
                refuse_code(&mut transaction, user_id, client, now).await?;
                guess.give_back(&mut transaction).await?;
                transaction.commit().await?;
                return refused(VerifyCodeError::TooManyTries { retry_after });
            }
            missing @ (Beside::Missing | Beside::Wrong) => {
                if let Beside::Wrong = missing {
                    let (code, most) = (Against::Code(found.id), MOST_WRONG_TRIES);
                    login_code::count_wrong_try(&mut transaction, code, most, now).await?;
                    refuse_code(&mut transaction, user_id, client, now).await?;
                }
                guess.give_back(&mut transaction).await?;
                let method = found.kind.sign_in_method();
                let step = self
                    .challenge(&mut transaction, user_id, method, Some(found.id), now)
                    .await?;
                transaction.commit().await?;
                return Ok(Step::SecondFactor(step));
            }
        };
        let (method, code) = match self.use_code(&mut transaction, found, &user, now).await? {
            Used::Yes(method, code) => (method, code),
            Used::Gone => return self.lost(transaction, client, now).await,
            Used::WebLoginRequired => {
                refuse_code(&mut transaction, user_id, client, now).await?;
                guess.give_back(&mut transaction).await?;
                transaction.commit().await?;
                return refused(VerifyCodeError::WebLoginRequired);
            }
        };
        guess.give_back(&mut transaction).await?;
        let login = Login {
            user,
            method,
            client,
            code: Some(code),
            factor,
        };
        let session = self.begin_session(&mut transaction, login, now).await?;
        transaction.commit().await?;
        Ok(Step::Done(CodeLogin {
            session,
            user_created,
        }))
    }

    /// Somebody was faster: all that this login did so far is undone, and written down as what
    /// it is, a code that did not work.
    async fn lost<T>(
        &self,
        undone: Transaction,
        client: &Client,
        now: Timestamp,
    ) -> Result<T, Problem<VerifyCodeError>> {
        drop(undone);
        let mut transaction = self.begin().await?;
        let event = Event::CodeRefused { user: None };
        event.record(&mut transaction, Some(client), now).await?;
        transaction.commit().await?;
        Err(Problem::Refused(VerifyCodeError::InvalidOrExpired))
    }

    /// Uses a code up, with the mark and the counter that go with it (contract section 4).
    /// Where a login by the web has to come first, the code is spent all the same.
    pub(crate) async fn use_code(
        &self,
        transaction: &mut Transaction,
        found: &Pending,
        user: &User,
        now: Timestamp,
    ) -> Result<Used, Failure> {
        let identity = found.identity()?;
        let holder = identity::holder(transaction, &identity).await?;
        let holder = holder.filter(|holder| holder.user_id == user.id);
        let Some(holder) = holder else {
            return Ok(Used::Gone);
        };
        if !login_code::consume(transaction, found.id, now).await? {
            return Ok(Used::Gone);
        }
        match found.kind {
            CodeKind::Web => user::reset_bot_logins(transaction, user.id).await?,
            CodeKind::Bot => {
                let most = self.bot_login_web_required_every;
                if !user::count_bot_login(transaction, user.id, most).await? {
                    return Ok(Used::WebLoginRequired);
                }
            }
            // `fits` let none through.
            CodeKind::Link => return Ok(Used::Gone),
        }
        identity::note_login(transaction, &identity, now).await?;
        let code = UsedCode {
            code_id: found.id,
            identity_id: holder.identity_id,
        };
        Ok(Used::Yes(found.kind.sign_in_method(), code))
    }

    /// A new account with a name like `user_a1b2c3d4`, for an identity nobody had so far;
    /// none where sign-up is off.
    async fn sign_up_by(
        &self,
        transaction: &mut Transaction,
        identity: &Identity,
        found: &Pending,
        now: Timestamp,
    ) -> Result<Option<UserId>, Failure> {
        if !self.sign_up {
            return Ok(None);
        }
        for _ in 0..3 {
            let number = random_id()? & 0xffff_ffff;
            let name = format!("user_{number:08x}");
            let username = name
                .parse()
                .map_err(|_| Failure::Internal("a made name is no username".into()))?;
            let new = NewUser {
                username: &username,
                display: None,
                password: None,
                level: domain::PermissionLevel::User,
                created_at: now,
            };
            let Some(user_id) = user::insert(transaction, &new).await? else {
                continue;
            };
            let linked = identity::insert(transaction, identity, user_id, now).await?;
            if linked.is_none() {
                // Two codes of one newcomer at the same moment: the other one won.
                return Ok(None);
            }
            found.dress(transaction, identity).await?;
            Event::SignedUp { user: user_id }
                .record(transaction, None, now)
                .await?;
            return Ok(Some(user_id));
        }
        Err(Failure::Internal("no free made name in three tries".into()))
    }

    /// Stores a code under its keyed hash, sealed; draws again where it is pending already.
    /// None where three in a row are.
    pub(crate) async fn make_code(
        &self,
        transaction: &mut Transaction,
        code: &Code<'_>,
        now: Timestamp,
    ) -> Result<Option<MadeCode>, Failure> {
        let expires_at = now + LoginCode::LIFETIME;
        let announced = match code.announced_to {
            Some(identity) => may_be_announced(transaction, identity, now).await?,
            None => false,
        };
        for _ in 0..3 {
            let id = random_id()?;
            let text = random_base58(LoginCode::LENGTH)?;
            // A decoy costs the same work.
            let hash = self.secret.keyed_hash(Purpose::LoginCode, text.as_bytes());
            let sealed = self.secret.seal(Purpose::LoginCode, id, text.as_bytes())?;
            let row = NewCode {
                id,
                kind: code.kind,
                subject: code.subject,
                from: code.from,
                hash: (!code.decoy).then_some(&hash[..]),
                sealed: (!code.decoy).then_some(&sealed[..]),
                linker: code.linker,
                announced_at: announced.then_some(now),
                created_at: now,
                expires_at,
            };
            if login_code::insert(transaction, &row).await? {
                if announced {
                    transaction.signal(Signal::CodeRequested(id)).await?;
                }
                let code = text
                    .parse()
                    .map_err(|_| Failure::Internal("a made code is no code".into()))?;
                return Ok(Some(MadeCode {
                    id,
                    code,
                    expires_at,
                }));
            }
        }
        Ok(None)
    }

    /// A code that has to be there.
    pub(crate) async fn make_carried_code(
        &self,
        transaction: &mut Transaction,
        code: &Code<'_>,
        now: Timestamp,
    ) -> Result<MadeCode, Failure> {
        let made = self.make_code(transaction, code, now).await?;
        made.ok_or_else(|| Failure::Internal("no free code in three tries".into()))
    }

    pub(crate) const fn needs_web_login(&self, bot_logins: i64) -> bool {
        let most = self.bot_login_web_required_every;
        most > 0 && bot_logins >= most
    }
}

/// A code about to be made.
pub(crate) struct Code<'a> {
    pub kind: CodeKind,
    pub subject: Subject<'a>,
    pub from: Option<AskedFrom<'a>>,
    pub linker: Option<Linker>,
    /// Whose bots are told of it, if they may be.
    pub announced_to: Option<&'a Identity>,
    pub decoy: bool,
}

/// A code just made.
pub(crate) struct MadeCode {
    pub id: i64,
    pub code: LoginCode,
    pub expires_at: Timestamp,
}

/// How long until one of the pending codes of a network runs out, if there are as many as
/// there may be. The network's gate has been passed.
pub(crate) async fn wait_for_a_slot(
    transaction: &mut Transaction,
    network: &Network,
    now: Timestamp,
) -> Result<Option<Duration>, Failure> {
    let ends = login_code::pending_ends_of(transaction, network, now).await?;
    Ok(ends
        .first()
        .filter(|_| ends.len() >= MOST_PENDING)
        .map(|first| first.since(now).max(Duration::from_secs(1))))
}

async fn may_be_announced(
    transaction: &mut Transaction,
    identity: &Identity,
    now: Timestamp,
) -> Result<bool, Failure> {
    gate::pass(transaction, Gate::AnnouncementsOf(identity)).await?;
    for (window, most) in ANNOUNCEMENTS {
        let latest =
            login_code::announcements_of(transaction, identity, now - window, most).await?;
        if i64::try_from(latest.len()).is_ok_and(|n| n >= most) {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Pending {
    /// Whether a code may be used from here: one asked for on the web only in the network and
    /// the browser that asked (contract section 4; ASVS 6.6.2).
    pub(crate) fn is_bound_to(&self, client: &Client, browser: Option<&TokenHash>) -> bool {
        match self.kind {
            // A code asked for without a browser, by a program, is bound to its network alone.
            CodeKind::Web => {
                self.network == client.network().as_str()
                    && (self.browser_hash.is_empty() || self.is_of(browser))
            }
            CodeKind::Bot => true,
            CodeKind::Link => false,
        }
    }

    fn is_of(&self, browser: Option<&TokenHash>) -> bool {
        let own_browser = browser.map_or(&[][..], TokenHash::as_bytes);
        self.browser_hash.as_slice().ct_eq(own_browser).into()
    }

    /// Gives an identity just linked the name and avatar that a bot told of it.
    pub(crate) async fn dress(
        &self,
        transaction: &mut Transaction,
        identity: &Identity,
    ) -> Result<(), Failure> {
        let name = self.shown_name.as_deref().map(str::parse::<PlatformName>);
        let Some(Ok(name)) = name else {
            return Ok(());
        };
        let avatar = self.shown_avatar_url.as_deref().and_then(AvatarUrl::parse);
        let appearance = Appearance {
            name: &name,
            avatar: avatar.as_ref(),
        };
        Ok(identity::refresh(transaction, identity, appearance).await?)
    }

    pub(crate) fn identity(&self) -> Result<Identity, Failure> {
        let broken = || Failure::Internal("a code is for no possible identity".into());
        Ok(Identity {
            platform: self.platform.parse().map_err(|_| broken())?,
            user_id: self.platform_user_id.parse().map_err(|_| broken())?,
        })
    }
}

/// Whether the one who shows the code may use it: it is the named identity's, and a web
/// code comes from the network and the browser it was asked for in (ASVS 6.6.2).
fn fits(
    found: &Pending,
    named: Option<&Identity>,
    client: &Client,
    browser: Option<&TokenHash>,
    under_attack: bool,
) -> bool {
    let is_named = named.is_some_and(|named| {
        named.platform.as_str() == found.platform
            && named.user_id.as_str() == found.platform_user_id
    });
    if named.is_some() && !is_named {
        return false;
    }
    let known_browser = !found.browser_hash.is_empty() && found.is_of(browser);
    found.is_bound_to(client, browser) && (!under_attack || is_named || known_browser)
}

/// What became of a code that was to be used.
pub(crate) enum Used {
    Yes(SignInMethod, UsedCode),
    /// Somebody was faster, or the identity is no longer that person's.
    Gone,
    WebLoginRequired,
}

pub(crate) async fn refuse_code(
    transaction: &mut Transaction,
    user: UserId,
    client: &Client,
    now: Timestamp,
) -> Result<(), Failure> {
    let event = Event::CodeRefused { user: Some(user) };
    event.record(transaction, Some(client), now).await
}
