use std::time::Duration;

use backend::{
    Actor, BotOwner, BotRecord, BotSwitch, BotUpdate, BotWithKey, LiveKey, Person, Problem,
};
use domain::{AdminActionError, BotId, BotType, ChangeBotError};
use frontend::CopyText;
use http::StatusCode;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::admin_bots::{PAGE as LIST, TypeBadge, type_name};
use crate::components::{AdminLayout, AdminTab, Fold, MessageNotice, Moment, TextField, admit};
use crate::cookies;
use crate::door::{AdminRequest, Door, Trouble, refusal_or};
use crate::message::Message;
use crate::shell::WakeIslands;
use crate::words::{self, fill};

/// What this page has to say.
const OWN: &[Message] = &[
    Message::BotRegistered,
    Message::BotUpdated,
    Message::BotKeyMade,
    Message::BotOff,
    Message::BotOn,
    Message::BotDenied,
    Message::BotName,
    Message::BotNameTaken,
    Message::BotOwner,
    Message::BotRate,
    Message::BotInvite,
    Message::BotNotConfirmed,
];

pub(super) fn path_of(id: BotId) -> String {
    format!("{LIST}/{}", id.as_i64())
}

/// `/admin/bots/{id}`: one bot, its keys, and what can be done with it.
#[component]
pub(crate) fn AdminBotPage() -> impl IntoView {
    let door = Door::open();
    let id = use_params_map().read_untracked().get("id");
    let id = id.and_then(|id| id.parse().ok()).map(BotId::from_i64);
    let here = id.map_or_else(|| LIST.to_owned(), path_of);
    let person = match admit(&door, AdminTab::Bots, &here) {
        Ok(person) => person,
        Err(other) => return other,
    };
    let message = Message::read(OWN);
    let new_key = id.and_then(|id| new_key(&door, &person, id));
    let title = Message::title(message, words::bot_title());
    view! {
        <AdminLayout title person=person.clone() tab=AdminTab::Bots>
            <Suspense>
                {Suspend::new(async move {
                    let client = door.client();
                    let by = Actor::Person { person: &person, client: &client };
                    let found = match id {
                        Some(id) => door.portal.bot_record(by, id).await,
                        None => Err(Problem::Refused(ChangeBotError::BotNotFound)),
                    };
                    match found {
                        Ok(record) => {
                            let base_url = door.site.base_url.to_string();
                            view! { <OneBot record new_key message base_url /> }.into_any()
                        }
                        Err(Problem::Refused(_)) => {
                            door.set_status(StatusCode::NOT_FOUND);
                            view! { <NoSuchBot /> }.into_any()
                        }
                        Err(Problem::Failed(failure)) => {
                            Trouble::of(&failure);
                            view! { <p>{Message::Unavailable.sentence()}</p> }.into_any()
                        }
                    }
                })}
            </Suspense>
            <p>
                <a href=LIST>{words::bots_all()}</a>
            </p>
        </AdminLayout>
    }
    .into_any()
}

#[component]
fn NoSuchBot() -> impl IntoView {
    view! {
        <h1>{words::bot_gone()}</h1>
        <p>{words::bot_gone_text()}</p>
    }
}

#[component]
fn OneBot(
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
            <TypeBadge bot_type />
            {off.then(|| view! { " " <span class="badge badge-danger">{words::bots_off()}</span> })}
        </h1>
        <MessageNotice message id="bot-notice" takes_focus=true />
        {new_key.map(|key| view! { <NewKeyCard key base_url /> }.into_any())}
        <FactsCard record=record.clone() />
        <KeysCard id keys=record.keys.clone() />
        <ChangeCard record />
        <EndCard id off name />
    }
    .into_any()
}

/// The one time that a key is shown.
#[component]
fn NewKeyCard(key: String, base_url: String) -> impl IntoView {
    let curl = format!("curl {base_url}v1/bot/me -H \"X-API-Key: {key}\"");
    view! {
        <section class="card" aria-labelledby="new-key-title">
            <div class="card-head">
                <h2 id="new-key-title">{words::bot_new_key()}</h2>
                <p>
                    {words::bot_new_key_text()}
                </p>
            </div>
            <div class="copy" data-copy=words::copy() data-copied=words::copied()>
                <code id="bot-key">{key}</code>
                <CopyText />
            </div>
            <p class="field-hint">{words::bot_new_key_try()}</p>
            <div class="copy" data-copy=words::copy() data-copied=words::copied()>
                <code>{curl}</code>
                <CopyText />
            </div>
            <WakeIslands />
        </section>
    }
    .into_any()
}

#[component]
fn FactsCard(record: BotRecord) -> impl IntoView {
    let bot = record.bot;
    let says = [
        Some(bot.group_ids.len())
            .filter(|groups| *groups > 0)
            .map(words::bot_groups),
        bot.users.map(words::bot_people),
        bot.latency_ms.map(words::bot_latency),
    ];
    let says = says.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let says = Some(says).filter(|says| !says.is_empty());
    view! {
        <section class="card" aria-label=words::bot_facts()>
            <dl class="details">
                <div>
                    <dt>{words::bot_platform_field()}</dt>
                    <dd>{bot.platform.to_human()}</dd>
                </div>
                <div>
                    <dt>{words::bot_owner_field()}</dt>
                    <dd>"@" {record.owner}</dd>
                </div>
                <div>
                    <dt>{words::bot_id()}</dt>
                    <dd>
                        <code>{bot.id.as_i64()}</code>
                    </dd>
                </div>
                <div>
                    <dt>{words::bot_rate_field()}</dt>
                    <dd>{bot.rate_limit_per_hour}</dd>
                </div>
                <div>
                    <dt>{words::bot_since()}</dt>
                    <dd>
                        <Moment at=bot.created_at />
                    </dd>
                </div>
                <div>
                    <dt>{words::bot_says()}</dt>
                    <dd>{says.unwrap_or_else(words::bot_says_nothing)}</dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}

#[component]
fn KeysCard(id: BotId, keys: Vec<LiveKey>) -> impl IntoView {
    let overlaps = [
        ("0", words::bot_key_now()),
        ("600", words::bot_key_10_minutes()),
        ("3600", words::bot_key_hour()),
        ("86400", words::bot_key_day()),
    ];
    view! {
        <section class="card" aria-labelledby="keys-title">
            <div class="card-head">
                <h2 id="keys-title">{words::bot_keys()}</h2>
                <p>{words::bot_keys_text()}</p>
            </div>
            <ul class="rows">
                {keys.into_iter().map(|key| view! { <KeyRow key /> }).collect_view()}
            </ul>
            <form class="form" method="post" action="/do/regenerate-bot-key">
                <input type="hidden" name="id" value=id.as_i64() />
                <div class="field">
                    <label class="field-label" for="grace">
                        {words::bot_key_in_use()}
                    </label>
                    <select class="field-input" id="grace" name="grace_seconds">
                        {overlaps
                            .map(|(seconds, text)| view! { <option value=seconds>{text}</option> })
                            .collect_view()}
                    </select>
                </div>
                <button class="button button-secondary" type="submit">
                    {words::bot_key_make()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn KeyRow(key: LiveKey) -> impl IntoView {
    let used = match (key.last_used_at, key.last_used_ip.clone()) {
        (Some(at), Some(ip)) => Either::Left(fill(
            |[time, address]| words::bot_key_used(address, time),
            [
                view! { <Moment at /> }.into_any(),
                view! { <code>{ip}</code> }.into_any(),
            ],
        )),
        _ => Either::Right(words::bot_key_never_used()),
    };
    let made = view! { <Moment at=key.created_at /> }.into_any();
    let ends = key.expires_at.map(|at| view! { <Moment at /> }.into_any());
    view! {
        <li>
            <div>
                <code>{key.prefix()} "…"</code>
                <p class="field-hint">
                    {fill(
                        |[time]| words::bot_key_made(time),
                        [made],
                    )} " · " {used}
                    {ends.map(|ends| view! { " · " {fill(|[time]| words::bot_key_ends(time), [ends])} })}
                </p>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn ChangeCard(record: BotRecord) -> impl IntoView {
    let bot = record.bot;
    let types = [BotType::Official, BotType::Verified, BotType::Community];
    view! {
        <section class="card" aria-labelledby="change-title">
            <div class="card-head">
                <h2 id="change-title">{words::bot_change()}</h2>
            </div>
            <form class="form" method="post" action="/do/update-bot">
                <input type="hidden" name="id" value=bot.id.as_i64() />
                <TextField name="name" label=words::bot_name_field() autocomplete="off" value=bot.name />
                <TextField
                    name="owner"
                    label=words::bot_owner_field()
                    autocomplete="off"
                    value=record.owner
                    hint=words::bot_owner_hint()
                />
                <TextField
                    name="rate_limit_per_hour"
                    label=words::bot_rate_field()
                    autocomplete="off"
                    value=bot.rate_limit_per_hour.to_string()
                    hint=words::bot_rate_hint()
                    pattern="[0-9]{1,6}"
                />
                <div class="field">
                    <label class="field-label" for="bot_type">
                        {words::bot_kind()}
                    </label>
                    <select class="field-input" id="bot_type" name="bot_type">
                        {types
                            .map(|one| {
                                view! {
                                    <option value=one.as_str() selected=one == bot.bot_type>
                                        {type_name(one)}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label class="field-label" for="invite_url">
                        {words::bot_invite_field()}
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
                        {words::bot_invite_hint()}
                    </p>
                </div>
                <button class="button button-primary" type="submit">
                    {words::profile_save()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn EndCard(id: BotId, off: bool, name: String) -> impl IntoView {
    let (to, act, what) = if off {
        ("on", words::bot_switch_on(), words::bot_switch_on_text())
    } else {
        ("off", words::bot_switch_off(), words::bot_switch_off_text())
    };
    let name = view! {
        <strong>
            <bdi>{name}</bdi>
        </strong>
    }
    .into_any();
    view! {
        <section class="card" aria-labelledby="end-title">
            <div class="card-head">
                <h2 id="end-title">{act.clone()}</h2>
                <p>{what}</p>
            </div>
            <form class="form" method="post" action="/do/switch-bot">
                <input type="hidden" name="id" value=id.as_i64() />
                <button class="button button-secondary" type="submit" name="to" value=to>
                    {act}
                </button>
            </form>
            <Fold title=words::bot_delete_title()>
                <form class="form" method="post" action="/do/delete-bot">
                    <input type="hidden" name="id" value=id.as_i64() />
                    <p>
                        {fill(
                            |[name]| words::bot_delete_text(name),
                            [name],
                        )}
                    </p>
                    <TextField name="confirmation" label=words::bot_delete_name() autocomplete="off" value="" />
                    <button class="button button-danger" type="submit">
                        {words::bot_delete()}
                    </button>
                </form>
            </Fold>
        </section>
    }
    .into_any()
}

/// The form that changes.
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
    let portal = &actor.door.portal;
    let update = BotUpdate {
        name: Some(&name),
        owner: Some(BotOwner::Named(&owner)),
        rate_limit_per_hour: Some(rate_limit_per_hour.trim().parse().unwrap_or(0)),
        bot_type: Some(&bot_type),
        invite_url: Some(invite_url.trim()),
        ..BotUpdate::default()
    };
    let updated = portal.update_bot(actor.by(), id, update).await;
    answer(&actor.door, id, updated.map(|_| Message::BotUpdated));
    Ok(())
}

/// The form that makes a new key.
#[server(prefix = "/do", endpoint = "regenerate-bot-key")]
pub async fn regenerate_bot_key(
    #[server(default)] id: String,
    #[server(default)] grace_seconds: String,
) -> Result<(), ServerFnError> {
    let Some((actor, id)) = begin(&id) else {
        return Ok(());
    };
    let portal = &actor.door.portal;
    // What is no number ends the old key: the safe side.
    let grace = Duration::from_secs(grace_seconds.parse().unwrap_or(0));
    let made = portal.regenerate_bot_key(actor.by(), id, Some(grace));
    match made.await {
        Ok(made) => hand_over(&actor, &made, Message::BotKeyMade),
        Err(problem) => refuse(&actor.door, &path_of(id), problem),
    }
    Ok(())
}

/// The buttons that switch a bot off and on.
#[server(prefix = "/do", endpoint = "switch-bot")]
pub async fn switch_bot(
    #[server(default)] id: String,
    #[server(default)] to: String,
) -> Result<(), ServerFnError> {
    let Some((actor, id)) = begin(&id) else {
        return Ok(());
    };
    let portal = &actor.door.portal;
    let (switch, done) = if to == "on" {
        (BotSwitch::Activate, Message::BotOn)
    } else {
        (BotSwitch::Deactivate, Message::BotOff)
    };
    let switched = portal.switch_bot(actor.by(), id, switch).await;
    answer(&actor.door, id, switched.map(|_| done));
    Ok(())
}

/// The form that deletes, with the bot's name typed by hand.
#[server(prefix = "/do", endpoint = "delete-bot")]
pub async fn delete_bot(
    #[server(default)] id: String,
    #[server(default)] confirmation: String,
) -> Result<(), ServerFnError> {
    let Some((actor, id)) = begin(&id) else {
        return Ok(());
    };
    let portal = &actor.door.portal;
    let deleted = portal.delete_bot_named(actor.by(), id, &confirmation);
    match deleted.await {
        Ok(()) => actor.door.send_back(LIST, &[], Message::BotDeleted),
        Err(problem) => refuse(&actor.door, &path_of(id), problem),
    }
    Ok(())
}

/// What each of these forms begins with: who acts, on which bot.
fn begin(id: &str) -> Option<(AdminRequest, BotId)> {
    let door = Door::open();
    let Ok(id) = id.parse().map(BotId::from_i64) else {
        door.send_back(LIST, &[], Message::BotGone);
        return None;
    };
    let actor = AdminRequest::or_login(door, &path_of(id))?;
    Some((actor, id))
}

fn answer(door: &Door, id: BotId, done: Result<Message, Problem<ChangeBotError>>) {
    match done {
        Ok(message) => door.send_back(&path_of(id), &[], message),
        Err(problem) => refuse(door, &path_of(id), problem),
    }
}

/// Says on its page why a form was refused, or has the person show their password first.
pub(super) fn refuse(door: &Door, page: &str, problem: Problem<ChangeBotError>) {
    match problem {
        Problem::Refused(ChangeBotError::AdminAction(AdminActionError::NotFresh)) => {
            door.confirm_first(page)
        }
        Problem::Refused(ChangeBotError::BotNotFound) => {
            door.send_back(LIST, &[], Message::BotGone);
        }
        problem => {
            let message = refusal_or(problem.map(Message::from), Message::from);
            door.send_back(page, &[], message);
        }
    }
}

/// Hands a new key to the bot's page by a sealed cookie: it is shown once, and stored nowhere
/// in the clear.
pub(super) fn hand_over(actor: &AdminRequest, made: &BotWithKey, message: Message) {
    let door = &actor.door;
    let id = made.record.bot.id;
    let note = format!("{NOTE} {} {}", id.as_i64(), made.key.reveal());
    match door.portal.seal_flash(&actor.person, &note) {
        Ok(sealed) => door.set_cookie(cookies::remember_note(&sealed)),
        Err(failure) => drop(Trouble::of(&failure)),
    }
    door.send_back(&path_of(id), &[], message);
}

/// What tells such a note from others.
const NOTE: &str = "bot-key";

/// The key that the form before handed over, if it is this bot's; it is gone with this.
fn new_key(door: &Door, person: &Person, id: BotId) -> Option<String> {
    let note = door.note(person)?;
    let mut words = note.split(' ');
    let for_this = words.next() == Some(NOTE) && words.next()?.parse() == Ok(id.as_i64());
    for_this.then(|| words.next().map(str::to_owned)).flatten()
}
