use std::collections::BTreeSet;

use domain::{
    AvatarUrl, Bot, BotName, ChangeBotError, Client, InviteUrl, PlatformUserId,
    UpdateBotProfileError,
};

use crate::audit::event::Event;
use crate::bots::admin::claim_name;
use crate::error::Problem;
use crate::portal::Portal;
use crate::store::sql::signal::Signal;
use crate::store::tables::bot;

/// Maximum number of group IDs, which also bounds the size of a request.
const MAX_GROUPS: usize = 500;
const MAX_USERS: i64 = 1_000_000_000;
/// Ten minutes, in milliseconds.
const MAX_LATENCY: i64 = 600_000;

/// Update of a bot's profile by the bot itself. `None` leaves a field unchanged.
#[derive(Clone, Copy, Default)]
pub struct BotProfile<'a> {
    pub name: Option<&'a str>,
    /// Empty to clear. A URL that isn't an allowed avatar URL also clears it.
    pub avatar_url: Option<&'a str>,
    /// Empty to clear.
    pub invite_url: Option<&'a str>,
    pub group_ids: Option<&'a [String]>,
    pub users: Option<i64>,
    pub latency_ms: Option<i64>,
}

impl Portal {
    /// Updates a bot's profile. Applies all given fields or none.
    ///
    /// Changes of name, avatar and invite link are logged. Group, user and latency figures are not,
    /// because bots send them every minute.
    ///
    /// # Errors
    /// See [`UpdateBotProfileError`].
    pub async fn update_bot_profile(
        &self,
        bot: &Bot,
        dress: BotProfile<'_>,
        client: &Client,
    ) -> Result<Bot, Problem<UpdateBotProfileError>> {
        let refused = Problem::Refused;
        let now = self.now();
        let mut transaction = self.begin().await?;
        let name = dress.name.map(str::parse::<BotName>).transpose();
        let name = name.map_err(|_| refused(UpdateBotProfileError::Name))?;
        if let Some(name) = &name {
            let claimed = claim_name(&mut transaction, bot.id, name).await;
            claimed.map_err(|problem| {
                problem.map(|_: ChangeBotError| UpdateBotProfileError::NameTaken)
            })?;
        }
        let Some(old) = bot::lock(&mut transaction, bot.id).await? else {
            return Err(refused(UpdateBotProfileError::Gone));
        };
        let mut new = old.clone();
        if let Some(name) = name {
            name.as_str().clone_into(&mut new.name);
        }
        if let Some(avatar_url) = dress.avatar_url {
            let avatar = AvatarUrl::parse(avatar_url);
            new.avatar_url = avatar.map(|avatar| avatar.as_str().to_owned());
        }
        match dress.invite_url {
            Some("") => new.invite_url = None,
            Some(invite) => {
                let invite: Option<InviteUrl> = invite.parse().ok();
                let invite = invite.filter(InviteUrl::is_of_a_platform);
                let invite = invite.ok_or(refused(UpdateBotProfileError::InviteUrl))?;
                new.invite_url = Some(invite.as_str().to_owned());
            }
            None => {}
        }
        if let Some(group_ids) = dress.group_ids {
            new.group_ids =
                parse_groups(group_ids).ok_or(refused(UpdateBotProfileError::GroupIds))?;
        }
        if let Some(users) = dress.users {
            let fits = (0..=MAX_USERS).contains(&users);
            new.users = Some(
                fits.then_some(users)
                    .ok_or(refused(UpdateBotProfileError::Users))?,
            );
        }
        if let Some(latency) = dress.latency_ms {
            let fits = (0..=MAX_LATENCY).contains(&latency);
            let latency = fits.then_some(latency);
            new.latency_ms = Some(latency.ok_or(refused(UpdateBotProfileError::Latency))?);
        }
        if new == old {
            return Ok(new);
        }
        new.updated_at = now;
        bot::write(&mut transaction, &new).await?;
        let changed: Vec<&str> = [
            ("name", new.name != old.name),
            ("avatar_url", new.avatar_url != old.avatar_url),
            ("invite_url", new.invite_url != old.invite_url),
        ]
        .into_iter()
        .filter_map(|(name, changed)| changed.then_some(name))
        .collect();
        if !changed.is_empty() {
            let event = Event::BotDressed {
                bot: new.id,
                owner: new.owner_id,
                changed: &changed,
            };
            event.record(&mut transaction, Some(client), now).await?;
            transaction.signal(Signal::BotChanged(new.id)).await?;
        }
        transaction.commit().await?;
        Ok(new)
    }
}

/// Removes duplicates. `None` if an ID is invalid or there are more than [`MAX_GROUPS`].
fn parse_groups(ids: &[String]) -> Option<Vec<String>> {
    let ids: BTreeSet<&String> = ids.iter().collect();
    let fit = ids.iter().all(|id| id.parse::<PlatformUserId>().is_ok());
    (fit && ids.len() <= MAX_GROUPS).then(|| ids.into_iter().cloned().collect())
}
