use std::time::Duration;

use backend::LiveKey;
use domain::BotId;
use frontend::CopyText;
use leptos::either::Either;
use leptos::prelude::*;

use super::forms::{begin, path_of, redirect_with_error, redirect_with_key};
use crate::components::{HydrateIslands, Time};
use crate::i18n::{self, interpolate};
use crate::message::Message;

/// A new key, shown once, with an example of its use.
#[component]
pub(super) fn NewKeyCard<'a>(key: String, base_url: &'a str) -> impl IntoView + use<> {
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

/// The live keys, and the form that makes a new one.
#[component]
pub(super) fn KeysCard(id: BotId, keys: Vec<LiveKey>) -> impl IntoView {
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
