use backend::{Actor, BotOwner, BotPage, BotRecord, BotRegistration, Person, Problem, Slice};
use domain::Platform;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::admin_request::AdminRequest;
use super::badges::BotTypeBadge;
use super::bot::forms::{LIST as PAGE, path_of, redirect_with_error, redirect_with_key};
use crate::components::{
    AdminLayout, AdminTab, MessageNotice, PlatformIcon, TextField, Time, require_role, unavailable,
};
use crate::i18n::{self, interpolate};
use crate::message::Message;
use crate::query::with_query;
use crate::request_context::RequestContext;

const PAGE_SIZE: i64 = 50;

const ALLOWED_MESSAGES: &[Message] = &[
    Message::BotDeleted,
    Message::BotNotFound,
    Message::BotDenied,
    Message::BotNameInvalid,
    Message::BotNameTaken,
    Message::BotOwnerNotFound,
    Message::BotRateInvalid,
    Message::BotPlatformInvalid,
];

/// `/admin/bots`: the list of bots, and the form that registers one.
#[component]
pub(crate) fn AdminBotsPage() -> impl IntoView {
    let context = RequestContext::current();
    let person = match require_role(&context, AdminTab::Bots, PAGE) {
        Ok(person) => person,
        Err(other) => return other,
    };
    let message = Message::read(ALLOWED_MESSAGES);
    let offset = use_query_map().read_untracked().get("offset");
    let offset = offset.and_then(|offset| offset.parse().ok()).unwrap_or(0);
    let register =
        view! { <RegisterCard context=context.clone() username=person.user.username.clone() /> };
    let title = Message::title(message, i18n::admin_bots());
    view! {
        <AdminLayout title person=person.clone() tab=AdminTab::Bots>
            <h1>{i18n::admin_bots()}</h1>
            <MessageNotice message id="bots-notice" takes_focus=true />
            <Suspense>
                {Suspend::new(async move { list(&context, &person, offset).await })}
            </Suspense>
            {register}
        </AdminLayout>
    }
    .into_any()
}

async fn list(context: &RequestContext, person: &Person, offset: i64) -> AnyView {
    let client = context.client();
    let by = Actor::Person {
        person,
        client: &client,
    };
    // An invalid offset shows the first page.
    let slice = Slice::new(offset, PAGE_SIZE).or_else(|| Slice::new(0, PAGE_SIZE));
    let Some(slice) = slice else {
        return ().into_any();
    };
    match context.portal.bots(by, slice).await {
        Ok(page) if page.total == 0 => view! { <NoBots /> }.into_any(),
        Ok(page) => view! { <BotList page offset /> }.into_any(),
        Err(Problem::Failed(failure)) => unavailable(&failure).into_any(),
        Err(Problem::Refused(_)) => view! { <p>{Message::BotDenied.sentence()}</p> }.into_any(),
    }
}

#[component]
fn NoBots() -> impl IntoView {
    view! {
        <section class="card">
            <div class="empty-state">
                <h2>{i18n::bots_none()}</h2>
                <p>
                    {i18n::bots_none_text()}
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
    let more = |to: i64| with_query(PAGE, &[("offset", &to.to_string())]);
    let before = (offset > 0).then(|| more((offset - PAGE_SIZE).max(0)));
    let after = next.map(more);
    let count = i18n::bots_count(total);
    view! {
        <section class="card" aria-labelledby="all-bots-title">
            <div class="card-header">
                <h2 id="all-bots-title">{i18n::bots_all()}</h2>
                <p>{count}</p>
            </div>
            <ul class="list">
                {records.into_iter().map(|record| view! { <BotRow record /> }).collect_view()}
            </ul>
            <nav class="pagination" aria-label=i18n::pages()>
                {before
                    .map(|to| view! { <a class="button button-secondary" href=to>{i18n::bots_earlier()}</a> })}
                {after.map(|to| view! { <a class="button button-secondary" href=to>{i18n::bots_later()}</a> })}
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
            <PlatformIcon platform=&bot.platform />
            <div>
                <a href=path_of(bot.id)>
                    <strong>
                        <bdi>{bot.name}</bdi>
                    </strong>
                </a>
                " "
                <BotTypeBadge bot_type=bot.bot_type />
                {bot
                    .deactivated_at
                    .map(|_| view! { " " <span class="badge badge-danger">{i18n::bots_off()}</span> })}
                <p class="field-hint">
                    {i18n::bots_of(format!("@{}", record.owner), bot.platform.to_human())} " · "
                    {match used {
                        Some(at) => {
                            let at = view! { <Time at /> }.into_any();
                            Either::Left(interpolate(|[time]| i18n::bots_last_call(time), [at]))
                        }
                        None => Either::Right(i18n::bots_never_called()),
                    }}
                </p>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn RegisterCard(context: RequestContext, username: String) -> impl IntoView {
    let platforms: Vec<Platform> = context.portal.platforms().to_vec();
    view! {
        <section class="card" aria-labelledby="register-title">
            <div class="card-header">
                <h2 id="register-title">{i18n::bots_register_title()}</h2>
                <p>
                    {i18n::bots_register_text()}
                </p>
            </div>
            <form class="form" method="post" action="/do/register-bot">
                <TextField name="name" label=i18n::bot_name_field() autocomplete="off" value=context.previous_input() />
                <div class="field">
                    <label class="field-label" for="platform">
                        {i18n::bot_platform_field()}
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
                    label=i18n::bot_owner_field()
                    autocomplete="off"
                    value=username
                    hint=i18n::bot_owner_hint()
                />
                <TextField
                    name="rate_limit_per_hour"
                    label=i18n::bot_rate_field()
                    autocomplete="off"
                    value="1000"
                    hint=i18n::bot_rate_hint()
                    pattern="[0-9]{1,6}"
                />
                <button class="button button-primary" type="submit">
                    {i18n::bots_register()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

/// The form that registers a bot.
#[server(prefix = "/do", endpoint = "register-bot")]
pub async fn register_bot(
    #[server(default)] name: String,
    #[server(default)] platform: String,
    #[server(default)] owner: String,
    #[server(default)] rate_limit_per_hour: String,
) -> Result<(), ServerFnError> {
    let Some(actor) = AdminRequest::require_login(RequestContext::current(), PAGE) else {
        return Ok(());
    };
    let registration = BotRegistration {
        name: &name,
        platform: &platform,
        platform_user_id: None,
        owner: BotOwner::Named(&owner),
        // 0 is out of range.
        rate_limit_per_hour: rate_limit_per_hour.trim().parse().unwrap_or(0),
    };
    let portal = &actor.context.portal;
    match portal.register_bot(actor.by(), registration).await {
        Ok(made) => redirect_with_key(&actor, &made, Message::BotRegistered),
        Err(problem) => {
            actor.context.remember_input(&name);
            redirect_with_error(&actor.context, PAGE, problem);
        }
    }
    Ok(())
}
