use std::time::Duration;

use backend::{
    Actor, BotOwner, BotRecord, BotRegistration, BotSwitch, Clock, Portal, Problem, Slice,
};
use clap::Subcommand;
use domain::{BotId, CallsPerHour, ChangeBotError};
use serde_json::{Value, json};

use super::error::CommandError;
use super::output::print_result;
use crate::settings::Settings;

#[derive(Subcommand, Debug)]
pub(crate) enum BotCommand {
    /// List all bots and when each key was last used
    List,
    /// Register a bot and print its key, which is shown only once
    Register {
        /// The bot's name, 2 to 32 characters
        #[arg(long, value_name = "NAME")]
        name: String,
        /// The platform it delivers codes on
        #[arg(long, value_name = "PLATFORM")]
        platform: String,
        /// The owner's username; the bot can't reach anyone above the owner's role
        #[arg(long, value_name = "USERNAME")]
        owner: String,
        /// Requests allowed per clock hour
        #[arg(long, value_name = "N", default_value_t = CallsPerHour::DEFAULT.as_i64())]
        rate_limit_per_hour: i64,
    },
    /// Create a new key for a bot and print it once; the old one stops working immediately
    RegenerateKey {
        /// The bot's name or ID
        #[arg(value_name = "BOT")]
        bot: String,
        /// How many seconds the old key keeps working, up to a day
        #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=86400))]
        grace_seconds: u64,
    },
    /// Turn a bot off; its keys stop working immediately
    Deactivate {
        /// The bot's name or ID
        #[arg(value_name = "BOT")]
        bot: String,
    },
}

/// `portal bot …`.
pub(crate) async fn run(
    command: BotCommand,
    settings: &Settings,
    json: bool,
) -> Result<(), CommandError> {
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    let result = match command {
        BotCommand::List => list(&portal, json).await,
        BotCommand::Register {
            name,
            platform,
            owner,
            rate_limit_per_hour,
        } => {
            let registration = BotRegistration {
                name: &name,
                platform: &platform,
                platform_user_id: None,
                owner: BotOwner::Named(&owner),
                rate_limit_per_hour,
            };
            register(&portal, registration, json).await
        }
        BotCommand::RegenerateKey { bot, grace_seconds } => {
            let grace = Duration::from_secs(grace_seconds);
            regenerate_key(&portal, &bot, grace, json).await
        }
        BotCommand::Deactivate { bot } => deactivate(&portal, &bot, json).await,
    };
    portal.close().await;
    result
}

async fn list(portal: &Portal, json: bool) -> Result<(), CommandError> {
    let (mut lines, mut bots) = (Vec::new(), Vec::new());
    let mut next = Slice::new(0, 100);
    while let Some(slice) = next {
        let page = portal
            .bots(Actor::Operator, slice)
            .await
            .map_err(command_error)?;
        lines.extend(page.records.iter().map(text_line));
        bots.extend(page.records.iter().map(as_json));
        next = page.next.and_then(|offset| Slice::new(offset, 100));
    }
    if lines.is_empty() {
        lines.push("No bots yet. Register one with `portal bot register`.".to_owned());
    }
    print_result(json, &lines.join("\n"), &Value::from(bots));
    Ok(())
}

async fn register(
    portal: &Portal,
    registration: BotRegistration<'_>,
    json: bool,
) -> Result<(), CommandError> {
    let registered = portal.register_bot(Actor::Operator, registration).await;
    let registered = registered.map_err(command_error)?;
    let (bot, key) = (&registered.record.bot, registered.key.reveal());
    let text = format!(
        "{} now delivers codes on {}. Its key, shown only once:\n\n  {key}\n",
        bot.name, bot.platform
    );
    let value = json!({ "id": bot.id, "name": bot.name, "platform": bot.platform, "api_key": key });
    print_result(json, &text, &value);
    Ok(())
}

async fn regenerate_key(
    portal: &Portal,
    bot: &str,
    grace: Duration,
    json: bool,
) -> Result<(), CommandError> {
    let id = find(portal, bot).await?;
    let regenerated = portal
        .regenerate_bot_key(Actor::Operator, id, Some(grace))
        .await;
    let regenerated = regenerated.map_err(command_error)?;
    let (bot, key) = (&regenerated.record.bot, regenerated.key.reveal());
    let old = match regenerated
        .record
        .keys
        .iter()
        .find_map(|key| key.expires_at)
    {
        Some(end) => format!("The old key works until {end}."),
        None => "The old key no longer works.".to_owned(),
    };
    let text = format!(
        "The new key of {}, shown only once:\n\n  {key}\n\n{old}",
        bot.name
    );
    let value =
        json!({ "id": bot.id, "name": bot.name, "api_key": key, "grace_seconds": grace.as_secs() });
    print_result(json, &text, &value);
    Ok(())
}

async fn deactivate(portal: &Portal, bot: &str, json: bool) -> Result<(), CommandError> {
    let id = find(portal, bot).await?;
    let switched = portal
        .switch_bot(Actor::Operator, id, BotSwitch::Deactivate)
        .await;
    let record = switched.map_err(command_error)?;
    let text = format!("{} is off. Its keys no longer work.", record.bot.name);
    print_result(json, &text, &as_json(&record));
    Ok(())
}

async fn find(portal: &Portal, bot: &str) -> Result<BotId, CommandError> {
    let found = portal.find_bot(bot).await?;
    found.ok_or_else(|| CommandError::Refused(message(ChangeBotError::BotNotFound).to_owned()))
}

fn text_line(record: &BotRecord) -> String {
    let bot = &record.bot;
    let state = if bot.deactivated_at.is_some() {
        ", off"
    } else {
        ""
    };
    let keys = record.keys.iter().map(|key| {
        let used = match (key.last_used_at, &key.last_used_ip) {
            (Some(at), Some(ip)) => format!("last used {at} from {ip}"),
            _ => "never used".to_owned(),
        };
        let end = key.expires_at.map(|end| format!(", expires {end}"));
        format!("\n    {}… {used}{}", key.prefix(), end.unwrap_or_default())
    });
    format!(
        "{}  {} ({}, {}{state}), owner {}{}",
        bot.id.as_i64(),
        bot.name,
        bot.platform,
        bot.bot_type.as_str(),
        record.owner,
        keys.collect::<String>()
    )
}

fn as_json(record: &BotRecord) -> Value {
    let bot = &record.bot;
    let keys = record.keys.iter().map(|key| {
        json!({
            "prefix": key.prefix(),
            "created_at": key.created_at,
            "expires_at": key.expires_at,
            "last_used_at": key.last_used_at,
            "last_used_ip": key.last_used_ip,
        })
    });
    json!({
        "id": bot.id,
        "name": bot.name,
        "platform": bot.platform,
        "owner": record.owner,
        "bot_type": bot.bot_type.as_str(),
        "is_active": bot.deactivated_at.is_none(),
        "rate_limit_per_hour": bot.rate_limit_per_hour,
        "last_activity_at": bot.last_activity_at,
        "keys": keys.collect::<Vec<Value>>(),
    })
}

fn command_error(problem: Problem<ChangeBotError>) -> CommandError {
    match problem {
        Problem::Refused(error) => CommandError::Refused(message(error).to_owned()),
        Problem::Failed(failure) => failure.into(),
    }
}

const fn message(error: ChangeBotError) -> &'static str {
    match error {
        ChangeBotError::Name => "The bot's name must be 2 to 32 visible characters.",
        ChangeBotError::UnknownPlatform => "That platform isn't set up (see PORTAL_PLATFORMS).",
        ChangeBotError::OwnerNotFound => "No account has that username.",
        ChangeBotError::RateLimit => "Requests per hour must be between 1 and 100000.",
        ChangeBotError::NameTaken => "A bot with that name already exists.",
        ChangeBotError::BotNotFound => "No bot has that name or ID.",
        ChangeBotError::Grace => "An old key can keep working for a day at most.",
        // The command line can't cause these.
        ChangeBotError::AdminAction(_)
        | ChangeBotError::OtherPlatform
        | ChangeBotError::PlatformUserId
        | ChangeBotError::BotType
        | ChangeBotError::InviteUrl
        | ChangeBotError::NotConfirmed => "The bot can't be changed like that.",
    }
}
