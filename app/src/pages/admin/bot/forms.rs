//! What the forms of bots share: their paths, their errors, and a new key for the page of its bot.

use backend::{BotWithKey, Person, Problem};
use domain::{AdminActionError, BotId, ChangeBotError};

use super::super::admin_request::AdminRequest;
use crate::components::AdminTab;
use crate::message::Message;
use crate::request_context::RequestContext;

pub(crate) const LIST: &str = AdminTab::Bots.path();

/// Marks a flash as the key of a bot.
const KEY_FLASH: &str = "bot-key";

pub(crate) fn path_of(id: BotId) -> String {
    format!("{LIST}/{}", id.as_i64())
}

/// Redirects back with the message for an error, or to `/confirm` if the login isn't fresh.
pub(crate) fn redirect_with_error(
    context: &RequestContext,
    page: &str,
    problem: Problem<ChangeBotError>,
) {
    match problem {
        Problem::Refused(ChangeBotError::AdminAction(AdminActionError::NotFresh)) => {
            context.redirect_to_confirm(page);
        }
        Problem::Refused(ChangeBotError::BotNotFound) => {
            context.redirect_with_message(LIST, &[], Message::BotNotFound);
        }
        problem => context.redirect_with_message(page, &[], Message::from_problem(problem)),
    }
}

/// Redirects to the page of a bot, which shows its new key once.
pub(crate) fn redirect_with_key(actor: &AdminRequest, made: &BotWithKey, message: Message) {
    let id = made.record.bot.id;
    let flash = format!("{KEY_FLASH} {} {}", id.as_i64(), made.key.reveal());
    actor.context.set_flash(&actor.person, &flash);
    actor
        .context
        .redirect_with_message(&path_of(id), &[], message);
}

/// The new key of this bot, if the previous form made one.
pub(super) fn take_new_key(context: &RequestContext, person: &Person, id: BotId) -> Option<String> {
    let flash = context.take_flash(person)?;
    let mut parts = flash.split(' ');
    let is_for_this = parts.next() == Some(KEY_FLASH) && parts.next()?.parse() == Ok(id.as_i64());
    is_for_this
        .then(|| parts.next().map(str::to_owned))
        .flatten()
}

/// The actor and the bot of a form.
pub(super) fn begin(id: &str) -> Option<(AdminRequest, BotId)> {
    let context = RequestContext::current();
    let Ok(id) = id.parse().map(BotId::from_i64) else {
        context.redirect_with_message(LIST, &[], Message::BotNotFound);
        return None;
    };
    let actor = AdminRequest::require_login(context, &path_of(id))?;
    Some((actor, id))
}

/// Redirects to the page of the bot with a message.
pub(super) fn finish(
    context: &RequestContext,
    id: BotId,
    done: Result<Message, Problem<ChangeBotError>>,
) {
    match done {
        Ok(message) => context.redirect_with_message(&path_of(id), &[], message),
        Err(problem) => redirect_with_error(context, &path_of(id), problem),
    }
}
