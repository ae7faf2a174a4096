use backend::{BotOwner, BotRecord, BotUpdate};
use domain::BotType;
use leptos::prelude::*;

use super::forms::{begin, finish};
use crate::components::{TextField, Time};
use crate::i18n;
use crate::localize::Localize as _;
use crate::message::Message;

/// What is known of the bot, and what it reported itself.
#[component]
pub(super) fn FactsCard(record: BotRecord) -> impl IntoView {
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
pub(super) fn EditCard(record: BotRecord) -> impl IntoView {
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
    finish(&actor.context, id, updated.map(|_| Message::BotUpdated));
    Ok(())
}
