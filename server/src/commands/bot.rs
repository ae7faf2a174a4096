use backend::{BotRegistration, Clock, Portal, Problem};
use clap::Subcommand;
use domain::RegisterBotError;
use serde_json::json;

use super::{CommandError, say};
use crate::settings::Settings;

#[derive(Subcommand, Debug)]
pub(crate) enum BotCommand {
    /// Register a bot and print its key, which is shown this once
    Register {
        /// The bot's name, 2 to 32 characters
        #[arg(long, value_name = "NAME")]
        name: String,
        /// The platform it carries codes on
        #[arg(long, value_name = "PLATFORM")]
        platform: String,
        /// The username of its owner: it reaches nobody above them
        #[arg(long, value_name = "USERNAME")]
        owner: String,
        /// How often it may call in a clock hour
        #[arg(long, value_name = "N", default_value_t = backend::DEFAULT_CALLS_PER_HOUR)]
        rate_limit_per_hour: i64,
    },
}

/// `portal bot …`.
pub(super) async fn run(
    command: BotCommand,
    settings: &Settings,
    json: bool,
) -> Result<(), CommandError> {
    match command {
        BotCommand::Register {
            name,
            platform,
            owner,
            rate_limit_per_hour,
        } => {
            let registration = BotRegistration {
                name: &name,
                platform: &platform,
                owner: &owner,
                rate_limit_per_hour,
            };
            register(settings, registration, json).await
        }
    }
}

async fn register(
    settings: &Settings,
    registration: BotRegistration<'_>,
    json: bool,
) -> Result<(), CommandError> {
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    let registered = portal.register_bot(registration).await;
    portal.close().await;
    let bot = registered.map_err(|problem| match problem {
        Problem::Refused(error) => CommandError::Refused(bot_sentence(error).to_owned()),
        Problem::Failed(failure) => failure.into(),
    })?;
    let key = bot.key.reveal();
    let text = format!(
        "{} carries codes on {} now. Its key, shown this once:\n\n  {key}\n",
        bot.name, bot.platform
    );
    let value = json!({ "id": bot.id, "name": bot.name, "platform": bot.platform, "api_key": key });
    say(json, &text, &value);
    Ok(())
}

const fn bot_sentence(error: RegisterBotError) -> &'static str {
    match error {
        RegisterBotError::Name => "The bot's name must have 2 to 32 characters.",
        RegisterBotError::UnknownPlatform => "No such platform is set up (see PORTAL_PLATFORMS).",
        RegisterBotError::OwnerNotFound => "There is nobody of that username to own the bot.",
        RegisterBotError::RateLimit => "The limit must be a number from 1 to 100000.",
        RegisterBotError::NameTaken => "There is a bot of that name already.",
    }
}
