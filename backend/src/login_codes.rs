//! Logging in by a one-time code that a bot carries to a person (contract section 4).

use std::time::Duration;

use domain::{
    AvatarUrl, Bot, BotCodeError, Client, CodeKind, Identity, LoginCode, PlatformName,
    PlatformUserId, RequestCodeError, SignInMethod, Timestamp, UserId, VerifyCodeError,
};
use subtle::ConstantTimeEq as _;

use crate::audit::Event;
use crate::code_guessing::{Guess, NoGuessLeft};
use crate::secrets::{TokenHash, random_base58, random_id};
use crate::server_secret::Purpose;
use crate::sign_in::NewSession;
use crate::store::gate::{self, Gate};
use crate::store::identity::{self, Appearance, Holder, LinkedPlatform};
use crate::store::login_code::{self, AskedFrom, NewCode, Pending, Subject};
use crate::store::user::NewUser;
use crate::store::{Transaction, user};
use crate::{Failure, Portal, Problem, Token};

/// How many web codes may be pending for a network.
const MOST_PENDING: usize = 5;
/// After so many wrong tries from its own browser a web code dies.
const MOST_WRONG_TRIES: i64 = 5;

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

/// What a bot says of the person it writes to.
#[derive(Clone, Copy)]
pub struct BotsWord<'a> {
    pub platform: &'a str,
    pub id: &'a PlatformUserId,
    /// None where the bot uses the older form, which may leave it out: nothing is changed then.
    pub name: Option<&'a PlatformName>,
    pub avatar: Option<&'a AvatarUrl>,
}

/// A code in the hands of the bot that is to carry it.
#[derive(Clone, Debug)]
pub struct CarriedCode {
    pub code: LoginCode,
    pub expires_at: Timestamp,
    /// Where it was asked for on the web, for the bot to tell the person (RFC 10027).
    pub requested_from: RequestedFrom,
}

/// Who asked for a code, as far as it can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedFrom {
    pub network: String,
    pub user_agent: String,
    pub at: Timestamp,
}

/// A try to log in with a code.
#[derive(Clone, Copy)]
pub struct VerifyCode<'a> {
    pub code: &'a str,
    /// Whose code it must be, where the caller says.
    pub identity: Option<(&'a str, &'a PlatformUserId)>,
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
    /// The code that a browser waits for; the same where there is nobody to get it.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn awaited_code(
        &self,
        browser: &Token,
        client: &Client,
    ) -> Result<Option<AwaitedCode>, Failure> {
        let mut connection = self.database.read().await?;
        let found =
            login_code::newest_of_browser(&mut connection, &browser.hash(), self.now()).await?;
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
        let mut connection = self.database.read().await?;
        Ok(identity::of_user(&mut connection, user).await?)
    }

    /// Asks for a web code; answers when it runs out, the same whether or not there is
    /// such a person (contract section 4). Asking again from the same network and browser
    /// is the same request, with its remaining time.
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
                let found =
                    identity::find_by_name(&mut transaction, platform.as_str(), name).await?;
                match found.as_deref().map(str::parse) {
                    Some(Ok(id)) => {
                        let identity = Identity {
                            platform: platform.clone(),
                            user_id: id,
                        };
                        (identity.user_id.to_string(), Some(identity))
                    }
                    // Nobody's id begins with a space.
                    _ => (format!(" {}", short(&name.to_lowercase())), None),
                }
            }
        };
        let subject = Subject {
            platform: platform.as_str(),
            platform_user_id: &subject_id,
        };
        let from = AskedFrom {
            network: &network,
            browser: browser.as_ref(),
            user_agent: request.client.user_agent.as_str(),
        };
        if let Some(pending) = login_code::pending_web(&mut transaction, subject, from, now).await?
        {
            return Ok(pending.expires_at);
        }
        let ends = login_code::pending_ends_of(&mut transaction, &network, now).await?;
        if let (true, Some(first)) = (ends.len() >= MOST_PENDING, ends.first()) {
            let retry_after = first.since(now).max(Duration::from_secs(1));
            return Err(Problem::Refused(RequestCodeError::TooManyPending {
                retry_after,
            }));
        }

        let holder = match &identity {
            Some(identity) => identity::holder(&mut transaction, identity).await?,
            None => None,
        };
        let made = Code {
            kind: CodeKind::Web,
            subject,
            from: Some(from),
            decoy: !self
                .may_ask(&mut transaction, identity.as_ref(), holder.as_ref(), now)
                .await?,
        };
        let expires_at = self.make_code(&mut transaction, &made, now).await?.1;
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
                let user = user::by_id(transaction, holder.user_id).await?;
                Ok(user.is_some_and(|user| !user.state.is_restricted(now)))
            }
        }
    }

    /// The pending web codes of a person, newest first, for a bot of their platform;
    /// none where there are none, or where the person stands above the bot's owner.
    ///
    /// # Errors
    /// See [`BotCodeError`].
    pub async fn carry_web_codes(
        &self,
        bot: &Bot,
        word: BotsWord<'_>,
    ) -> Result<Vec<CarriedCode>, Problem<BotCodeError>> {
        let identity = self.identity_for(bot, word)?;
        let now = self.now();
        let mut transaction = self.begin().await?;
        let holder = self.take_over(&mut transaction, &identity, word).await?;
        if !owner_may_reach(&mut transaction, bot, holder.as_ref()).await? {
            transaction.commit().await?;
            return Ok(Vec::new());
        }
        let pending =
            login_code::pending_of(&mut transaction, &identity, CodeKind::Web, now).await?;
        let codes = pending
            .iter()
            .map(|pending| self.carried(pending))
            .collect::<Result<Vec<_>, Failure>>()?;
        if !codes.is_empty() {
            let event = Event::CodeCarried {
                bot: bot.id,
                user: holder.map(|holder| holder.user_id),
            };
            event.record(&mut transaction, None, now).await?;
        }
        transaction.commit().await?;
        Ok(codes)
    }

    /// Makes a code for a returning person, or answers the one that is pending
    /// (contract section 4, S1).
    ///
    /// # Errors
    /// See [`BotCodeError`].
    pub async fn send_code(
        &self,
        bot: &Bot,
        word: BotsWord<'_>,
    ) -> Result<CarriedCode, Problem<BotCodeError>> {
        let refused = |error| Err(Problem::Refused(error));
        let identity = self.identity_for(bot, word)?;
        let now = self.now();
        let mut transaction = self.begin().await?;
        gate::pass(&mut transaction, Gate::BotCodeOf(&identity)).await?;
        let Some(holder) = self.take_over(&mut transaction, &identity, word).await? else {
            return refused(BotCodeError::UserNotFound);
        };
        let reachable = owner_may_reach(&mut transaction, bot, Some(&holder)).await?;
        let refusal = match user::for_bot_login(&mut transaction, holder.user_id).await? {
            _ if !reachable => Some(BotCodeError::AccessDenied),
            None => Some(BotCodeError::UserNotFound),
            Some((user, _)) if user.state.is_restricted(now) => Some(BotCodeError::Restricted),
            Some((_, logins)) if self.needs_web_login(logins) => {
                Some(BotCodeError::WebLoginRequired)
            }
            Some(_) => None,
        };
        if let Some(refusal) = refusal {
            // What the bot said of the person was taken over all the same.
            transaction.commit().await?;
            return refused(refusal);
        }
        let pending =
            login_code::pending_of(&mut transaction, &identity, CodeKind::Bot, now).await?;
        let carried = if let Some(pending) = pending.first() {
            self.carried(pending)?
        } else {
            let made = Code {
                kind: CodeKind::Bot,
                subject: (&identity).into(),
                from: None,
                decoy: false,
            };
            let (code, expires_at) = self.make_code(&mut transaction, &made, now).await?;
            let event = Event::CodeMade {
                bot: bot.id,
                user: holder.user_id,
            };
            event.record(&mut transaction, None, now).await?;
            let requested_from = RequestedFrom {
                network: String::new(),
                user_agent: String::new(),
                at: now,
            };
            CarriedCode {
                code,
                expires_at,
                requested_from,
            }
        };
        transaction.commit().await?;
        Ok(carried)
    }

    /// Logs a person in by a code (contract section 4). Every code that does not work gets
    /// one and the same answer.
    ///
    /// # Errors
    /// See [`VerifyCodeError`].
    pub async fn verify_code(
        &self,
        request: VerifyCode<'_>,
    ) -> Result<CodeLogin, Problem<VerifyCodeError>> {
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
        if guess.under_attack && named.is_none() && browser.is_none() {
            let retry_after = Duration::from_mins(1);
            return Err(Problem::Refused(VerifyCodeError::TooManyGuesses {
                retry_after,
            }));
        }
        let now = self.now();
        let mut transaction = self.begin().await?;
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
                login_code::count_wrong_try(&mut transaction, browser, MOST_WRONG_TRIES, now)
                    .await?;
            }
            let event = Event::CodeRefused { user: None };
            event
                .record(&mut transaction, Some(request.client), now)
                .await?;
            transaction.commit().await?;
            return Err(Problem::Refused(VerifyCodeError::InvalidOrExpired));
        };
        self.log_in_by(transaction, &found, guess, request.client, now)
            .await
    }

    /// The code is right: uses it up and logs in whom it is for, in one transaction.
    async fn log_in_by(
        &self,
        mut transaction: Transaction,
        found: &Pending,
        guess: Guess,
        client: &Client,
        now: Timestamp,
    ) -> Result<CodeLogin, Problem<VerifyCodeError>> {
        let identity = found.identity()?;
        if !login_code::consume(&mut transaction, found.id, now).await? {
            return Err(Problem::Refused(VerifyCodeError::InvalidOrExpired));
        }
        let holder = identity::holder(&mut transaction, &identity).await?;
        let user_created = holder.is_none();
        let user_id = match holder {
            Some(holder) => holder.user_id,
            None => match self
                .sign_up_by(&mut transaction, &identity, found, now)
                .await?
            {
                Some(user_id) => user_id,
                None => return Err(Problem::Refused(VerifyCodeError::InvalidOrExpired)),
            },
        };
        let user = user::by_id(&mut transaction, user_id).await?;
        let Some(user) = user.filter(|user| !user.state.is_restricted(now)) else {
            // Spent, and told like any other code that does not work.
            let event = Event::CodeRefused {
                user: Some(user_id),
            };
            event.record(&mut transaction, Some(client), now).await?;
            transaction.commit().await?;
            return Err(Problem::Refused(VerifyCodeError::InvalidOrExpired));
        };
        let method = match found.kind {
            CodeKind::Web => {
                user::reset_bot_logins(&mut transaction, user_id).await?;
                SignInMethod::WebCode
            }
            CodeKind::Bot => {
                let most = self.bot_login_web_required_every;
                if !user::count_bot_login(&mut transaction, user_id, most).await? {
                    let event = Event::CodeRefused {
                        user: Some(user_id),
                    };
                    event.record(&mut transaction, Some(client), now).await?;
                    transaction.commit().await?;
                    return Err(Problem::Refused(VerifyCodeError::WebLoginRequired));
                }
                SignInMethod::BotCode
            }
        };
        identity::note_login(&mut transaction, &identity, now).await?;
        guess.give_back(&mut transaction).await?;
        let session = self
            .begin_session(&mut transaction, user, method, client, now)
            .await?;
        transaction.commit().await?;
        Ok(CodeLogin {
            session,
            user_created,
        })
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
                password: None,
                level: domain::PermissionLevel::User,
                created_at: now,
            };
            let Some(user_id) = user::insert(transaction, &new).await? else {
                continue;
            };
            if !identity::insert(transaction, identity, user_id, now).await? {
                // Two codes of one newcomer at the same moment: the other one won.
                return Ok(None);
            }
            if let Some(Ok(name)) = found.shown_name.as_deref().map(str::parse::<PlatformName>) {
                let avatar = found.shown_avatar_url.as_deref().and_then(AvatarUrl::parse);
                let appearance = Appearance {
                    name: &name,
                    avatar: avatar.as_ref(),
                };
                identity::refresh(transaction, identity, appearance).await?;
            }
            Event::SignedUp { user: user_id }
                .record(transaction, None, now)
                .await?;
            return Ok(Some(user_id));
        }
        Err(Failure::Internal("no free made name in three tries".into()))
    }

    /// Stores a code under its keyed hash, sealed; draws again where it is pending already.
    async fn make_code(
        &self,
        transaction: &mut Transaction,
        code: &Code<'_>,
        now: Timestamp,
    ) -> Result<(LoginCode, Timestamp), Failure> {
        let expires_at = now + LoginCode::LIFETIME;
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
                created_at: now,
                expires_at,
            };
            if login_code::insert(transaction, &row).await? {
                let plain = text
                    .parse()
                    .map_err(|_| Failure::Internal("a made code is no code".into()))?;
                return Ok((plain, expires_at));
            }
        }
        Err(Failure::Internal("no free code in three tries".into()))
    }

    fn carried(&self, pending: &Pending) -> Result<CarriedCode, Failure> {
        let sealed = pending.sealed.as_deref().unwrap_or_default();
        let plain = self.secret.open(Purpose::LoginCode, pending.id, sealed)?;
        let code = String::from_utf8(plain)
            .ok()
            .and_then(|text| text.parse().ok());
        Ok(CarriedCode {
            code: code.ok_or_else(|| Failure::Internal("a sealed code is no code".into()))?,
            expires_at: pending.expires_at,
            requested_from: RequestedFrom {
                network: pending.network.clone(),
                user_agent: pending.user_agent.clone(),
                at: pending.created_at,
            },
        })
    }

    /// Whom the bot speaks of, if that is its own platform.
    fn identity_for(
        &self,
        bot: &Bot,
        word: BotsWord<'_>,
    ) -> Result<Identity, Problem<BotCodeError>> {
        let platform = self
            .platform(word.platform)
            .ok_or(Problem::Refused(BotCodeError::UnknownPlatform))?;
        if platform != bot.platform {
            return Err(Problem::Refused(BotCodeError::AccessDenied));
        }
        Ok(Identity {
            platform,
            user_id: word.id.clone(),
        })
    }

    /// Takes over name and avatar from the bot's word, and answers whom it speaks of.
    async fn take_over(
        &self,
        transaction: &mut Transaction,
        identity: &Identity,
        word: BotsWord<'_>,
    ) -> Result<Option<Holder>, Failure> {
        let holder = identity::holder(transaction, identity).await?;
        let Some(name) = word.name else {
            return Ok(holder);
        };
        let appearance = Appearance {
            name,
            avatar: word.avatar,
        };
        match &holder {
            Some(_) => identity::refresh(transaction, identity, appearance).await?,
            None => login_code::note_appearance(transaction, identity, appearance).await?,
        }
        Ok(holder)
    }

    const fn needs_web_login(&self, bot_logins: i64) -> bool {
        let most = self.bot_login_web_required_every;
        most > 0 && bot_logins >= most
    }
}

/// A code about to be made.
struct Code<'a> {
    kind: CodeKind,
    subject: Subject<'a>,
    from: Option<AskedFrom<'a>>,
    decoy: bool,
}

impl Pending {
    fn identity(&self) -> Result<Identity, Failure> {
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
    let own_browser = browser.map_or(&[][..], TokenHash::as_bytes);
    let from_browser = bool::from(found.browser_hash.as_slice().ct_eq(own_browser));
    let asked_here = match found.kind {
        CodeKind::Web => found.network == client.network().as_str(),
        CodeKind::Bot => true,
    };
    // A code asked for without a browser, by a program, is bound to its network alone.
    let right_browser = match found.kind {
        CodeKind::Web => found.browser_hash.is_empty() || from_browser,
        CodeKind::Bot => true,
    };
    let known_browser = !found.browser_hash.is_empty() && from_browser;
    asked_here && right_browser && (!under_attack || is_named || known_browser)
}

/// A bot reaches only people not above its owner's level of today (contract section 2).
/// Somebody new stands at the bottom.
async fn owner_may_reach(
    transaction: &mut Transaction,
    bot: &Bot,
    holder: Option<&Holder>,
) -> Result<bool, Failure> {
    let Some(owner) = user::by_id(transaction, bot.owner_id).await? else {
        return Ok(false);
    };
    Ok(holder.is_none_or(|holder| holder.level <= owner.level))
}

fn short(name: &str) -> String {
    name.chars().take(PlatformName::LONGEST).collect()
}
