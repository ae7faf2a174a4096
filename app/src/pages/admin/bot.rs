use std::time::Duration;

use backend::{Actor, BotOwner, BotRecord, BotSwitch, BotUpdate, LiveKey, Problem};
use domain::{BotId, BotType, ChangeBotError};
use frontend::CopyText;
use http::StatusCode;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::actor::AdminRequest;
use super::badges::BotTypeBadge;
use super::bot_forms::{LIST, path_of, redirect_with_error, redirect_with_key, take_new_key};
use crate::components::{
    AdminLayout, AdminTab, Disclosure, HydrateIslands, MessageNotice, TextField, Time,
    require_role, unavailable,
};
use crate::i18n::{self, interpolate};
use crate::localize::Localize as _;
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
        {new_key.map(|key| view! { <NewKeyCard key base_url /> }.into_any())}
        <FactsCard record=record.clone() />
        <KeysCard id keys=record.keys.clone() />
        <EditCard record />
        <DeactivateCard id off name />
    }
    .into_any()
}

/// A new key, shown once.
#[component]
fn NewKeyCard(key: String, base_url: String) -> impl IntoView {
    let curl = format!("curl {base_url}v1/bot/me -H \"X-API-Key: {key}\"");
    view! {
        <section class="card" aria-labelledby="new-key-title">
            <div class="card-header">
                <h2 id="new-key-title">{i18n::bot_new_key()}</h2>
                <p>
                    {i18n::bot_new_key_text()}
                </p>
            </div>
            <div class="copy-box" data-copy=i18n::copy() data-copied=i18n::copied()>
                <code id="bot-key">{key}</code>
                <CopyText />
            </div>
            <p class="field-hint">{i18n::bot_new_key_try()}</p>
            <div class="copy-box" data-copy=i18n::copy() data-copied=i18n::copied()>
                <code>{curl}</code>
                <CopyText />
            </div>
            <HydrateIslands />
        </section>
    }
    .into_any()
}

#[component]
fn FactsCard(record: BotRecord) -> impl IntoView {
    let bot = record.bot;
    let reported = [
        Some(bot.group_ids.len())
            .filter(|groups| *groups > 0)
            .map(i18n::bot_groups),
        bot.users.map(i18n::bot_people),
        bot.latency_ms.map(i18n::bot_latency),
    ];
    let reported = reported
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let reported = Some(reported).filter(|reported| !reported.is_empty());
    view! {
        <section class="card" aria-label=i18n::bot_facts()>
            <dl class="description-list">
                <div>
                    <dt>{i18n::bot_platform_field()}</dt>
                    <dd>{bot.platform.to_human()}</dd>
                </div>
                <div>
                    <dt>{i18n::bot_owner_field()}</dt>
                    <dd>"@" {record.owner}</dd>
                </div>
                <div>
                    <dt>{i18n::bot_id()}</dt>
                    <dd>
                        <code>{bot.id.as_i64()}</code>
                    </dd>
                </div>
                <div>
                    <dt>{i18n::bot_rate_field()}</dt>
                    <dd>{bot.rate_limit_per_hour}</dd>
                </div>
                <div>
                    <dt>{i18n::bot_since()}</dt>
                    <dd>
                        <Time at=bot.created_at />
                    </dd>
                </div>
                <div>
                    <dt>{i18n::bot_says()}</dt>
                    <dd>{reported.unwrap_or_else(i18n::bot_says_nothing)}</dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}

#[component]
fn KeysCard(id: BotId, keys: Vec<LiveKey>) -> impl IntoView {
    let overlaps = [
        ("0", i18n::bot_key_now()),
        ("600", i18n::bot_key_10_minutes()),
        ("3600", i18n::bot_key_hour()),
        ("86400", i18n::bot_key_day()),
    ];
    view! {
        <section class="card" aria-labelledby="keys-title">
            <div class="card-header">
                <h2 id="keys-title">{i18n::bot_keys()}</h2>
                <p>{i18n::bot_keys_text()}</p>
            </div>
            <ul class="list">
                {keys.into_iter().map(|key| view! { <KeyRow key /> }).collect_view()}
            </ul>
            <form class="form" method="post" action="/do/regenerate-bot-key">
                <input type="hidden" name="id" value=id.as_i64() />
                <div class="field">
                    <label class="field-label" for="grace">
                        {i18n::bot_key_in_use()}
                    </label>
                    <select class="field-input" id="grace" name="grace_seconds">
                        {overlaps
                            .map(|(seconds, label)| view! { <option value=seconds>{label}</option> })
                            .collect_view()}
                    </select>
                </div>
                <button class="button button-secondary" type="submit">
                    {i18n::bot_key_make()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn KeyRow(key: LiveKey) -> impl IntoView {
    let used = match (key.last_used_at, key.last_used_ip.clone()) {
        (Some(at), Some(ip)) => Either::Left(interpolate(
            |[time, address]| i18n::bot_key_used(address, time),
            [
                view! { <Time at /> }.into_any(),
                view! { <code>{ip}</code> }.into_any(),
            ],
        )),
        _ => Either::Right(i18n::bot_key_never_used()),
    };
    let made = view! { <Time at=key.created_at /> }.into_any();
    let ends = key.expires_at.map(|at| view! { <Time at /> }.into_any());
    view! {
        <li>
            <div>
                <code>{key.prefix()} "…"</code>
                <p class="field-hint">
                    {interpolate(
                        |[time]| i18n::bot_key_made(time),
                        [made],
                    )} " · " {used}
                    {ends.map(|ends| view! { " · " {interpolate(|[time]| i18n::bot_key_ends(time), [ends])} })}
                </p>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn EditCard(record: BotRecord) -> impl IntoView {
    let bot = record.bot;
    let types = [BotType::Official, BotType::Verified, BotType::Community];
    view! {
        <section class="card" aria-labelledby="change-title">
            <div class="card-header">
                <h2 id="change-title">{i18n::bot_change()}</h2>
            </div>
            <form class="form" method="post" action="/do/update-bot">
                <input type="hidden" name="id" value=bot.id.as_i64() />
                <TextField name="name" label=i18n::bot_name_field() autocomplete="off" value=bot.name />
                <TextField
                    name="owner"
                    label=i18n::bot_owner_field()
                    autocomplete="off"
                    value=record.owner
                    hint=i18n::bot_owner_hint()
                />
                <TextField
                    name="rate_limit_per_hour"
                    label=i18n::bot_rate_field()
                    autocomplete="off"
                    value=bot.rate_limit_per_hour.to_string()
                    hint=i18n::bot_rate_hint()
                    pattern="[0-9]{1,6}"
                />
                <div class="field">
                    <label class="field-label" for="bot_type">
                        {i18n::bot_kind()}
                    </label>
                    <select class="field-input" id="bot_type" name="bot_type">
                        {types
                            .map(|one| {
                                view! {
                                    <option value=one.as_str() selected=one == bot.bot_type>
                                        {one.localize()}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label class="field-label" for="invite_url">
                        {i18n::bot_invite_field()}
                    </label>
                    <input
                        class="field-input"
                        id="invite_url"
                        name="invite_url"
                        type="url"
                        autocomplete="off"
                        maxlength="512"
                        value=bot.invite_url.unwrap_or_default()
                        aria-describedby="invite_url-hint"
                    />
                    <p class="field-hint" id="invite_url-hint">
                        {i18n::bot_invite_hint()}
                    </p>
                </div>
                <button class="button button-primary" type="submit">
                    {i18n::profile_save()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn DeactivateCard(id: BotId, off: bool, name: String) -> impl IntoView {
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

/// The form that updates a bot.
#[server(prefix = "/do", endpoint = "update-bot")]
pub async fn update_bot(
    #[server(default)] id: String,
    #[server(default)] name: String,
    #[server(default)] owner: String,
    #[server(default)] rate_limit_per_hour: String,
    #[server(default)] bot_type: String,
    #[server(default)] invite_url: String,
) -> Result<(), ServerFnError> {
    let Some((actor, id)) = begin(&id) else {
        return Ok(());
    };
    let portal = &actor.context.portal;
    let update = BotUpdate {
        name: Some(&name),
        owner: Some(BotOwner::Named(&owner)),
        rate_limit_per_hour: Some(rate_limit_per_hour.trim().parse().unwrap_or(0)),
        bot_type: Some(&bot_type),
        invite_url: Some(invite_url.trim()),
        ..BotUpdate::default()
    };
    let updated = portal.update_bot(actor.by(), id, update).await;
    answer(&actor.context, id, updated.map(|_| Message::BotUpdated));
    Ok(())
}

/// The form that regenerates the key.
#[server(prefix = "/do", endpoint = "regenerate-bot-key")]
pub async fn regenerate_bot_key(
    #[server(default)] id: String,
    #[server(default)] grace_seconds: String,
) -> Result<(), ServerFnError> {
    let Some((actor, id)) = begin(&id) else {
        return Ok(());
    };
    let portal = &actor.context.portal;
    // Anything but a number ends the old key at once, which is safe.
    let grace = Duration::from_secs(grace_seconds.parse().unwrap_or(0));
    let made = portal.regenerate_bot_key(actor.by(), id, Some(grace));
    match made.await {
        Ok(made) => redirect_with_key(&actor, &made, Message::BotKeyCreated),
        Err(problem) => redirect_with_error(&actor.context, &path_of(id), problem),
    }
    Ok(())
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
    answer(&actor.context, id, switched.map(|_| done));
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

/// The actor and the bot of a form.
fn begin(id: &str) -> Option<(AdminRequest, BotId)> {
    let context = RequestContext::current();
    let Ok(id) = id.parse().map(BotId::from_i64) else {
        context.redirect_with_message(LIST, &[], Message::BotNotFound);
        return None;
    };
    let actor = AdminRequest::require_login(context, &path_of(id))?;
    Some((actor, id))
}

fn answer(context: &RequestContext, id: BotId, done: Result<Message, Problem<ChangeBotError>>) {
    match done {
        Ok(message) => context.redirect_with_message(&path_of(id), &[], message),
        Err(problem) => redirect_with_error(context, &path_of(id), problem),
    }
}
