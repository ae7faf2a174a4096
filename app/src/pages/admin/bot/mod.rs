//! `/admin/bots/{id}`: a bot, its keys and its forms.

pub(super) mod forms;
mod keys;
mod profile;
mod state;

use backend::{Actor, BotRecord, Problem};
use domain::{BotId, ChangeBotError};
use http::StatusCode;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use self::forms::{LIST, path_of, take_new_key};
use self::keys::{KeysCard, NewKeyCard};
use self::profile::{EditCard, FactsCard};
use self::state::StateCard;
use super::badges::BotTypeBadge;
use crate::components::{AdminLayout, AdminTab, MessageNotice, require_role, unavailable};
use crate::i18n;
use crate::message::Message;
use crate::request_context::RequestContext;

const ALLOWED_MESSAGES: &[Message] = &[
    Message::BotRegistered,
    Message::BotUpdated,
    Message::BotKeyCreated,
    Message::BotDeactivated,
    Message::BotActivated,
    Message::BotDenied,
    Message::BotNameInvalid,
    Message::BotNameTaken,
    Message::BotOwnerNotFound,
    Message::BotRateInvalid,
    Message::BotInviteInvalid,
    Message::BotNotConfirmed,
];

/// `/admin/bots/{id}`: a bot, its keys and its forms.
#[component]
pub(crate) fn AdminBotPage() -> impl IntoView {
    let context = RequestContext::current();
    let id = use_params_map().read_untracked().get("id");
    let id = id.and_then(|id| id.parse().ok()).map(BotId::from_i64);
    let here = id.map_or_else(|| LIST.to_owned(), path_of);
    let person = match require_role(&context, AdminTab::Bots, &here) {
        Ok(person) => person,
        Err(other) => return other,
    };
    let message = Message::read(ALLOWED_MESSAGES);
    let new_key = id.and_then(|id| take_new_key(&context, &person, id));
    let title = Message::title(message, i18n::bot_title());
    view! {
        <AdminLayout title person=person.clone() tab=AdminTab::Bots>
            <Suspense>
                {Suspend::new(async move {
                    let client = context.client();
                    let by = Actor::Person { person: &person, client: &client };
                    let found = match id {
                        Some(id) => context.portal.bot_record(by, id).await,
                        None => Err(Problem::Refused(ChangeBotError::BotNotFound)),
                    };
                    match found {
                        Ok(record) => {
                            let base_url = context.site.base_url.to_string();
                            view! { <BotDetails record new_key message base_url /> }.into_any()
                        }
                        Err(Problem::Refused(_)) => {
                            context.set_status(StatusCode::NOT_FOUND);
                            view! { <BotNotFound /> }.into_any()
                        }
                        Err(Problem::Failed(failure)) => unavailable(&failure).into_any(),
                    }
                })}
            </Suspense>
            <p>
                <a href=LIST>{i18n::bots_all()}</a>
            </p>
        </AdminLayout>
    }
    .into_any()
}

#[component]
fn BotNotFound() -> impl IntoView {
    view! {
        <h1>{i18n::bot_gone()}</h1>
        <p>{i18n::bot_gone_text()}</p>
    }
}

#[component]
fn BotDetails(
    record: BotRecord,
    new_key: Option<String>,
    message: Option<Message>,
    base_url: String,
) -> impl IntoView {
    let name = record.bot.name.clone();
    let bot_type = record.bot.bot_type;
    let off = record.bot.deactivated_at.is_some();
    let id = record.bot.id;
    view! {
        <h1>
            <bdi>{name.clone()}</bdi>
            " "
            <BotTypeBadge bot_type />
            {off.then(|| view! { " " <span class="badge badge-danger">{i18n::bots_off()}</span> })}
        </h1>
        <MessageNotice message id="bot-notice" takes_focus=true />
        {new_key.map(|key| view! { <NewKeyCard key base_url=&base_url /> }.into_any())}
        <FactsCard record=record.clone() />
        <KeysCard id keys=record.keys.clone() />
        <EditCard record />
        <StateCard id off name />
    }
    .into_any()
}
