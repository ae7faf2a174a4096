//! The bots of tests, and the codes that they fetch and send.

use domain::{Bot, CallsPerHour, Client, Timestamp};

use crate::admin::authorization::Actor;
use crate::bots::admin::{BotOwner, BotRegistration};
use crate::bots::key::BotKey;
use crate::crypto::secrets::Token;
use crate::error::Problem;
use crate::login_codes::bot::{BotCode, ClaimedIdentity};
use crate::login_codes::deliverable::DeliverableCode;
use crate::login_codes::request::{CodeRequest, LoginHint};
use crate::testing::people::client;
use crate::testing::portal::TestPortal;

impl TestPortal {
    /// Registers a bot for the owner and returns its key.
    pub async fn register(&self, name: &str, platform: &str, owner: &str) -> BotKey {
        let registration = BotRegistration {
            name,
            platform,
            platform_user_id: None,
            owner: BotOwner::Named(owner),
            rate_limit_per_hour: CallsPerHour::DEFAULT.as_i64(),
        };
        let registered = self.register_bot(Actor::Operator, registration).await;
        registered.expect("a bot").key
    }

    /// A bot of this platform with its own new owner.
    pub async fn bot(&self, platform: &str) -> Bot {
        let owner = format!("keeper-of-{platform}");
        self.owner(&owner).await;
        let key = self
            .register(&format!("{platform} bot"), platform, &owner)
            .await;
        self.bot_call(Some(key.reveal()), &client())
            .await
            .expect("a call")
    }

    /// Requests a web code as a program does, without a browser cookie.
    pub async fn ask(
        &self,
        platform: &str,
        id: &str,
    ) -> Result<Timestamp, Problem<domain::RequestCodeError>> {
        self.ask_from(platform, id, &client(), None).await
    }

    pub async fn ask_from(
        &self,
        platform: &str,
        id: &str,
        client: &Client,
        browser: Option<&Token>,
    ) -> Result<Timestamp, Problem<domain::RequestCodeError>> {
        let id = id.parse().expect("an id");
        self.request_code(CodeRequest {
            who: LoginHint::Id { platform, id: &id },
            client,
            browser,
        })
        .await
    }

    /// The pending web codes of a person, as the bot fetches them.
    pub async fn carry(
        &self,
        bot: &Bot,
        id: &str,
    ) -> Result<Vec<DeliverableCode>, Problem<domain::BotCodeError>> {
        let (id, name) = (id.parse().expect("an id"), "niels".parse().expect("a name"));
        let platform = bot.platform.as_str();
        self.fetch_pending_codes(
            bot,
            ClaimedIdentity {
                platform,
                id: &id,
                name: Some(&name),
                avatar: None,
            },
        )
        .await
    }

    /// A bot code that the bot requests for a person.
    pub async fn send(
        &self,
        bot: &Bot,
        id: &str,
    ) -> Result<BotCode, Problem<domain::BotCodeError>> {
        let (id, name) = (id.parse().expect("an id"), "niels".parse().expect("a name"));
        let platform = bot.platform.as_str();
        self.send_code(
            bot,
            ClaimedIdentity {
                platform,
                id: &id,
                name: Some(&name),
                avatar: None,
            },
        )
        .await
    }
}

/// A key that differs from another one only in its last character.
#[must_use]
pub fn wrong_key(key: &str) -> String {
    let (start, last) = key.split_at(key.len() - 1);
    format!("{start}{}", if last == "1" { "2" } else { "1" })
}
