use backend::{BotOwner, BotPage, BotRecord, BotRegistration, By, Person, Problem, Slice};
use domain::{BotType, Platform};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::admin_bot::{hand_over, path_of, refuse};
use crate::components::{
    AdminLayout, AdminTab, MessageNotice, Moment, PlatformMark, TextField, admit,
};
use crate::door::{Actor, Door, Trouble, address};
use crate::message::Message;

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
    let title = Message::title(message, "Bots".to_owned());
    view! {
        <AdminLayout title person=person.clone() tab=AdminTab::Bots>
            <h1>"Bots"</h1>
            <MessageNotice message id="bots-notice" />
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
    let by = By::Person {
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
                <h2>"There is no bot yet"</h2>
                <p>
                    "A bot carries login codes to people on their platform. "
                    "Register one below, and give it the key that is shown then."
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
    let count = if total == 1 {
        "One bot carries codes here.".to_owned()
    } else {
        format!("{total} bots carry codes here.")
    };
    view! {
        <section class="card" aria-labelledby="all-bots-title">
            <div class="card-head">
                <h2 id="all-bots-title">"All bots"</h2>
                <p>{count}</p>
            </div>
            <ul class="rows">
                {records.into_iter().map(|record| view! { <BotRow record /> }).collect_view()}
            </ul>
            <nav class="pages" aria-label="Pages">
                {before
                    .map(|to| view! { <a class="button button-secondary" href=to>"Earlier"</a> })}
                {after.map(|to| view! { <a class="button button-secondary" href=to>"Later"</a> })}
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
                    .map(|_| view! { " " <span class="badge badge-danger">"Off"</span> })}
                <p class="field-hint">
                    {bot.platform.for_people()} " · of @" {record.owner} " · "
                    {match used {
                        Some(at) => Either::Left(view! { "last call " <Moment at /> }),
                        None => Either::Right("never called"),
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

pub(super) const fn type_name(bot_type: BotType) -> &'static str {
    match bot_type {
        BotType::Official => "Official",
        BotType::Verified => "Verified",
        BotType::Community => "Community",
    }
}

#[component]
fn RegisterCard(door: Door, username: String) -> impl IntoView {
    let platforms: Vec<Platform> = door.portal.platforms().to_vec();
    view! {
        <section class="card" aria-labelledby="register-title">
            <div class="card-head">
                <h2 id="register-title">"Register a bot"</h2>
                <p>
                    "It gets a key, shown once on the next page. "
                    "It reaches nobody above its owner."
                </p>
            </div>
            <form class="form" method="post" action="/do/register-bot">
                <TextField name="name" label="Name" autocomplete="off" value=door.typed() />
                <div class="field">
                    <label class="field-label" for="platform">
                        "Platform"
                    </label>
                    <select class="field-input" id="platform" name="platform">
                        {platforms
                            .into_iter()
                            .map(|platform| {
                                view! {
                                    <option value=platform
                                        .to_string()>{platform.for_people()}</option>
                                }
                            })
                            .collect_view()}
                    </select>
                </div>
                <TextField
                    name="owner"
                    label="Owner"
                    autocomplete="off"
                    value=username
                    hint="A username, or the number of an account."
                />
                <TextField
                    name="rate_limit_per_hour"
                    label="Calls an hour"
                    autocomplete="off"
                    value="1000"
                    hint="A number from 1 to 100000."
                    pattern="[0-9]{1,6}"
                />
                <button class="button button-primary" type="submit">
                    "Register"
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
    let Some(actor) = Actor::or_login(Door::open(), PAGE) else {
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
