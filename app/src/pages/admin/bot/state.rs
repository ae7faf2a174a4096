use backend::BotSwitch;
use domain::BotId;
use leptos::prelude::*;

use super::forms::{LIST, begin, finish, path_of, redirect_with_error};
use crate::components::{Disclosure, TextField};
use crate::i18n::{self, interpolate};
use crate::message::Message;

/// Activates, deactivates and deletes the bot.
#[component]
pub(super) fn StateCard(
    id: BotId,
    /// Whether the bot is deactivated.
    off: bool,
    name: String,
) -> impl IntoView {
    let (to, action, text) = if off {
        ("on", i18n::bot_switch_on(), i18n::bot_switch_on_text())
    } else {
        ("off", i18n::bot_switch_off(), i18n::bot_switch_off_text())
    };
    let name = view! {
        <strong>
            <bdi>{name}</bdi>
        </strong>
    }
    .into_any();
    view! {
        <section class="card" aria-labelledby="end-title">
            <div class="card-header">
                <h2 id="end-title">{action.clone()}</h2>
                <p>{text}</p>
            </div>
            <form class="form" method="post" action="/do/switch-bot">
                <input type="hidden" name="id" value=id.as_i64() />
                <button class="button button-secondary" type="submit" name="to" value=to>
                    {action}
                </button>
            </form>
            <Disclosure title=i18n::bot_delete_title()>
                <form class="form" method="post" action="/do/delete-bot">
                    <input type="hidden" name="id" value=id.as_i64() />
                    <p>
                        {interpolate(
                            |[name]| i18n::bot_delete_text(name),
                            [name],
                        )}
                    </p>
                    <TextField name="confirmation" label=i18n::bot_delete_name() autocomplete="off" value="" />
                    <button class="button button-danger" type="submit">
                        {i18n::bot_delete()}
                    </button>
                </form>
            </Disclosure>
        </section>
    }
    .into_any()
}

/// The buttons that deactivate and activate a bot.
#[server(prefix = "/do", endpoint = "switch-bot")]
pub async fn switch_bot(
    #[server(default)] id: String,
    #[server(default)] to: String,
) -> Result<(), ServerFnError> {
    let Some((actor, id)) = begin(&id) else {
        return Ok(());
    };
    let portal = &actor.context.portal;
    let (switch, done) = if to == "on" {
        (BotSwitch::Activate, Message::BotActivated)
    } else {
        (BotSwitch::Deactivate, Message::BotDeactivated)
    };
    let switched = portal.switch_bot(actor.by(), id, switch).await;
    finish(&actor.context, id, switched.map(|_| done));
    Ok(())
}

/// The form that deletes a bot; its name is the confirmation.
#[server(prefix = "/do", endpoint = "delete-bot")]
pub async fn delete_bot(
    #[server(default)] id: String,
    #[server(default)] confirmation: String,
) -> Result<(), ServerFnError> {
    let Some((actor, id)) = begin(&id) else {
        return Ok(());
    };
    let portal = &actor.context.portal;
    let deleted = portal.delete_bot_named(actor.by(), id, &confirmation);
    match deleted.await {
        Ok(()) => actor
            .context
            .redirect_with_message(LIST, &[], Message::BotDeleted),
        Err(problem) => redirect_with_error(&actor.context, &path_of(id), problem),
    }
    Ok(())
}
