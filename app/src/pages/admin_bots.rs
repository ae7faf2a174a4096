use backend::{Actor, BotOwner, BotPage, BotRecord, BotRegistration, Person, Problem, Slice};
use domain::{BotType, Platform};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::admin_bot::{hand_over, path_of, refuse};
use crate::components::{
    AdminLayout, AdminTab, MessageNotice, Moment, PlatformMark, TextField, admit,
};
use crate::door::{AdminRequest, Door, Trouble, address};
use crate::message::Message;
use crate::words::{self, fill};

pub(super) const PAGE: &str = "/admin/bots";

/// How many bots stand on a page.
const PAGE_LENGTH: i64 = 50;

/// What this page has to say.
const OWN: &[Message] = &[
    Message::BotDeleted,
    Message::BotGone,
    Message::BotDenied,
    Message::BotName,
    Message::BotNameTaken,
    Message::BotOwner,
    Message::BotRate,
    Message::BotPlatform,
];

/// `/admin/bots`: all bots, and the form that registers one.
#[component]
pub(crate) fn AdminBotsPage() -> impl IntoView {
    let door = Door::open();
    let person = match admit(&door, AdminTab::Bots, PAGE) {
        Ok(person) => person,
        Err(other) => return other,
    };
    let message = Message::read(OWN);
    let offset = use_query_map().read_untracked().get("offset");
    let offset = offset.and_then(|offset| offset.parse().ok()).unwrap_or(0);
    let register =
        view! { <RegisterCard door=door.clone() username=person.user.username.clone() /> };
    let title = Message::title(message, words::admin_bots());
    view! {
        <AdminLayout title person=person.clone() tab=AdminTab::Bots>
            <h1>{words::admin_bots()}</h1>
            <MessageNotice message id="bots-notice" takes_focus=true />
            <Suspense>
                {Suspend::new(async move { list(&door, &person, offset).await })}
            </Suspense>
            {register}
        </AdminLayout>
    }
    .into_any()
}

async fn list(door: &Door, person: &Person, offset: i64) -> AnyView {
    let client = door.client();
    let by = Actor::Person {
        person,
        client: &client,
    };
    // What is no place in the list leads to its beginning.
    let slice = Slice::new(offset, PAGE_LENGTH).or_else(|| Slice::new(0, PAGE_LENGTH));
    let Some(slice) = slice else {
        return ().into_any();
    };
    match door.portal.bots(by, slice).await {
        Ok(page) if page.total == 0 => view! { <NoBots /> }.into_any(),
        Ok(page) => view! { <BotList page offset /> }.into_any(),
        Err(Problem::Failed(failure)) => {
            Trouble::of(&failure);
            view! { <p>{Message::Unavailable.sentence()}</p> }.into_any()
        }
        Err(Problem::Refused(_)) => view! { <p>{Message::BotDenied.sentence()}</p> }.into_any(),
    }
}

#[component]
fn NoBots() -> impl IntoView {
    view! {
        <section class="card">
            <div class="empty">
                <h2>{words::bots_none()}</h2>
                <p>
                    {words::bots_none_text()}
                </p>
            </div>
        </section>
    }
}

#[component]
fn BotList(page: BotPage, offset: i64) -> impl IntoView {
    let BotPage {
        records,
        next,
        total,
    } = page;
    let more = |to: i64| address(PAGE, &[("offset", &to.to_string())]);
    let before = (offset > 0).then(|| more((offset - PAGE_LENGTH).max(0)));
    let after = next.map(more);
    let count = words::bots_count(total);
    view! {
        <section class="card" aria-labelledby="all-bots-title">
            <div class="card-head">
                <h2 id="all-bots-title">{words::bots_all()}</h2>
                <p>{count}</p>
            </div>
            <ul class="rows">
                {records.into_iter().map(|record| view! { <BotRow record /> }).collect_view()}
            </ul>
            <nav class="pages" aria-label=words::pages()>
                {before
                    .map(|to| view! { <a class="button button-secondary" href=to>{words::bots_earlier()}</a> })}
                {after.map(|to| view! { <a class="button button-secondary" href=to>{words::bots_later()}</a> })}
            </nav>
        </section>
    }
}

#[component]
fn BotRow(record: BotRecord) -> impl IntoView {
    let bot = record.bot;
    let used = bot.last_activity_at;
    view! {
        <li>
            <PlatformMark platform=&bot.platform />
            <div>
                <a href=path_of(bot.id)>
                    <strong>
                        <bdi>{bot.name}</bdi>
                    </strong>
                </a>
                " "
                <TypeBadge bot_type=bot.bot_type />
                {bot
                    .deactivated_at
                    .map(|_| view! { " " <span class="badge badge-danger">{words::bots_off()}</span> })}
                <p class="field-hint">
                    {words::bots_of(format!("@{}", record.owner), bot.platform.to_human())} " · "
                    {match used {
                        Some(at) => {
                            let at = view! { <Moment at /> }.into_any();
                            Either::Left(fill(|[time]| words::bots_last_call(time), [at]))
                        }
                        None => Either::Right(words::bots_never_called()),
                    }}
                </p>
            </div>
        </li>
    }
    .into_any()
}

/// How much a bot is trusted, where that is more than any other.
#[component]
pub(super) fn TypeBadge(bot_type: BotType) -> impl IntoView {
    bot_type
        .is_verified()
        .then(|| view! { <span class="badge badge-accent">{type_name(bot_type)}</span> })
}

pub(super) fn type_name(bot_type: BotType) -> String {
    match bot_type {
        BotType::Official => words::bot_type_official(),
        BotType::Verified => words::bot_type_verified(),
        BotType::Community => words::bot_type_community(),
    }
}

#[component]
fn RegisterCard(door: Door, username: String) -> impl IntoView {
    let platforms: Vec<Platform> = door.portal.platforms().to_vec();
    view! {
        <section class="card" aria-labelledby="register-title">
            <div class="card-head">
                <h2 id="register-title">{words::bots_register_title()}</h2>
                <p>
                    {words::bots_register_text()}
                </p>
            </div>
            <form class="form" method="post" action="/do/register-bot">
                <TextField name="name" label=words::bot_name_field() autocomplete="off" value=door.typed() />
                <div class="field">
                    <label class="field-label" for="platform">
                        {words::bot_platform_field()}
                    </label>
                    <select class="field-input" id="platform" name="platform">
                        {platforms
                            .into_iter()
                            .map(|platform| {
                                view! {
                                    <option value=platform
                                        .to_string()>{platform.to_human()}</option>
                                }
                            })
                            .collect_view()}
                    </select>
                </div>
                <TextField
                    name="owner"
                    label=words::bot_owner_field()
                    autocomplete="off"
                    value=username
                    hint=words::bot_owner_hint()
                />
                <TextField
                    name="rate_limit_per_hour"
                    label=words::bot_rate_field()
                    autocomplete="off"
                    value="1000"
                    hint=words::bot_rate_hint()
                    pattern="[0-9]{1,6}"
                />
                <button class="button button-primary" type="submit">
                    {words::bots_register()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

/// The form that registers.
#[server(prefix = "/do", endpoint = "register-bot")]
pub async fn register_bot(
    #[server(default)] name: String,
    #[server(default)] platform: String,
    #[server(default)] owner: String,
    #[server(default)] rate_limit_per_hour: String,
) -> Result<(), ServerFnError> {
    let Some(actor) = AdminRequest::or_login(Door::open(), PAGE) else {
        return Ok(());
    };
    let registration = BotRegistration {
        name: &name,
        platform: &platform,
        platform_user_id: None,
        owner: BotOwner::Named(&owner),
        // What is no number is beyond its limits.
        rate_limit_per_hour: rate_limit_per_hour.trim().parse().unwrap_or(0),
    };
    let portal = &actor.door.portal;
    match portal.register_bot(actor.by(), registration).await {
        Ok(made) => hand_over(&actor, &made, Message::BotRegistered),
        Err(problem) => {
            actor.door.remember_typed(&name);
            refuse(&actor.door, PAGE, problem);
        }
    }
    Ok(())
}
