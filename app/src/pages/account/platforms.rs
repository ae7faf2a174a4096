use backend::{LinkRequest, LinkedPlatform, PendingLinkView, Person};
use domain::{LinkError, Platform, Timestamp, UnlinkError};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use crate::components::{
    CodeField, HydrateIslands, PlatformIcon, TextField, TimeLeft, unavailable,
};
use crate::i18n::{self, interpolate};
use crate::localize::platform_name;
use crate::message::Message;
use crate::pages::code_input::strip_separators;
use crate::query::with_query;
use crate::request_context::RequestContext;

const ACCOUNT: &str = "/account";

/// On `/account`: the linked platforms. Unlinking takes a click; linking takes the identity there, then
/// the code that the bot delivers.
#[component]
pub(super) fn PlatformsCard(
    context: RequestContext,
    person: Person,
    /// The platform that is about to be linked.
    linking: Option<Platform>,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="platforms-title">
            <div class="card-header">
                <h2 id="platforms-title">{i18n::platforms_title()}</h2>
                <p>{i18n::platforms_text()}</p>
            </div>
            <Suspense>
                {Suspend::new(async move {
                    let loaded = async {
                        let awaited = context.portal.awaited_link(&person).await?;
                        Ok((awaited, context.portal.public_bots().await?))
                    };
                    match loaded.await {
                        Ok((awaited, bots)) => {
                            let linked = person.linked;
                            let now = context.portal.now();
                            // Only platforms with a bot that delivers codes.
                            let free: Vec<Platform> = context
                                .portal
                                .platforms()
                                .iter()
                                .filter(|platform| {
                                    let name = platform.as_str();
                                    linked.iter().all(|linked| linked.platform != name)
                                        && bots.iter().any(|bot| bot.platform == name)
                                })
                                .cloned()
                                .collect();
                            let step = match (linking, awaited) {
                                (Some(platform), _) if free.contains(&platform) => {
                                    let input = context.previous_input();
                                    EitherOf3::A(view! { <IdentityForm platform input /> })
                                }
                                (_, Some(awaited)) => {
                                    EitherOf3::B(view! { <EnterCode awaited now /> })
                                }
                                _ => EitherOf3::C(view! { <LinkButtons free /> }),
                            };
                            Either::Left(
                                view! {
                                    <ul class="list">
                                        {linked
                                            .into_iter()
                                            .map(|linked| view! { <LinkedRow linked /> })
                                            .collect_view()}
                                    </ul>
                                    {step}
                                },
                            )
                        }
                        Err(failure) => Either::Right(unavailable(&failure)),
                    }
                })}
            </Suspense>
        </section>
    }
}

#[component]
fn LinkButtons(free: Vec<Platform>) -> impl IntoView {
    let links = free
        .into_iter()
        .map(|platform| {
            let to = with_query(ACCOUNT, &[("link", platform.as_str())]);
            view! {
                <a class="button button-secondary" href=to>
                    <PlatformIcon platform=&platform />
                    {i18n::platforms_link_name(platform.to_human())}
                </a>
            }
        })
        .collect_view();
    view! { <div class="card-footer">{links}</div> }
}

#[component]
fn LinkedRow(linked: LinkedPlatform) -> impl IntoView {
    let platform: Option<Platform> = linked.platform.parse().ok();
    let name = platform_name(&linked.platform);
    view! {
        <li>
            {platform.as_ref().map(|platform| view! { <PlatformIcon platform=platform /> })}
            <div>
                <strong>{name.clone()}</strong>
                <p class="field-hint">
                    {linked.name.map(|name| view! { <bdi>{name}</bdi> " · " })}
                    <code>{linked.platform_user_id}</code>
                </p>
            </div>
            <form method="post" action="/do/unlink-platform">
                <input type="hidden" name="platform" value=linked.platform />
                <button
                    class="button button-quiet"
                    type="submit"
                    aria-label=i18n::platforms_unlink_name(name)
                >
                    {i18n::platforms_unlink()}
                </button>
            </form>
        </li>
    }
}

#[component]
fn IdentityForm(platform: Platform, input: String) -> impl IntoView {
    view! {
        <form class="form" method="post" action="/do/link-platform">
            <input type="hidden" name="platform" value=platform.to_string() />
            <TextField
                name="platform_user_id"
                label=i18n::platforms_id()
                autocomplete="off"
                value=input
                hint=i18n::platforms_id_hint()
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                {i18n::platforms_link_name(platform.to_human())}
            </button>
            <a class="button button-quiet" href=ACCOUNT>
                {i18n::platforms_not_now()}
            </a>
        </form>
    }
}

#[component]
fn EnterCode(awaited: PendingLinkView, now: Timestamp) -> impl IntoView {
    let again = with_query(ACCOUNT, &[("link", &awaited.platform)]);
    let name = platform_name(&awaited.platform);
    view! {
        <form class="form" method="post" action="/do/verify-link">
            <p>
                {interpolate(
                    |[id, command]| i18n::platforms_code_text(command, id, name),
                    [
                        view! { <code>{awaited.platform_user_id}</code> }.into_any(),
                        view! { <code>"/login"</code> }.into_any(),
                    ],
                )}
            </p>
            <CodeField autofocus=true />
            <TimeLeft until=awaited.expires_at now />
            <button class="button button-primary" type="submit">
                {i18n::platforms_link()}
            </button>
            <a class="button button-quiet" href=again>
                {i18n::platforms_wrong_id()}
            </a>
            <HydrateIslands />
        </form>
    }
}

/// The form with the identity to link.
#[server(prefix = "/do", endpoint = "link-platform")]
pub async fn link_platform(
    #[server(default)] platform: String,
    #[server(default)] platform_user_id: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(ACCOUNT) else {
        return Ok(());
    };
    let again = [("link", platform.as_str())];
    context.remember_input(&platform_user_id);
    let Ok(id) = platform_user_id.trim().parse() else {
        context.redirect_with_message(ACCOUNT, &again, Message::InvalidPlatformUserId);
        return Ok(());
    };
    let client = context.client();
    let request = LinkRequest {
        person: &person,
        platform: &platform,
        id: &id,
        client: &client,
    };
    match context.portal.request_link(request).await {
        Ok(_) => context.redirect(ACCOUNT),
        Err(backend::Problem::Refused(LinkError::NotFresh)) => {
            context.redirect_to_confirm(&with_query(ACCOUNT, &again));
        }
        Err(problem) => context.redirect_with_error(ACCOUNT, &again, problem),
    }
    Ok(())
}

/// The form with the code of that identity.
#[server(prefix = "/do", endpoint = "verify-link")]
pub async fn verify_link(#[server(default)] code: String) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(ACCOUNT) else {
        return Ok(());
    };
    let (code, client) = (strip_separators(&code), context.client());
    match context.portal.verify_link(&person, &code, &client).await {
        Ok(()) => context.redirect_with_message(ACCOUNT, &[], Message::PlatformLinked),
        Err(backend::Problem::Refused(LinkError::NotFresh)) => context.redirect_to_confirm(ACCOUNT),
        Err(problem) => context.redirect_with_error(ACCOUNT, &[], problem),
    }
    Ok(())
}

/// The button that unlinks a platform.
#[server(prefix = "/do", endpoint = "unlink-platform")]
pub async fn unlink_platform(#[server(default)] platform: String) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(ACCOUNT) else {
        return Ok(());
    };
    match context
        .portal
        .unlink(&person, &platform, &context.client())
        .await
    {
        Ok(()) => context.redirect_with_message(ACCOUNT, &[], Message::PlatformUnlinked),
        Err(backend::Problem::Refused(UnlinkError::NotFresh)) => {
            context.redirect_to_confirm(ACCOUNT);
        }
        Err(problem) => {
            let message = Message::from_problem(problem);
            context.redirect_with_message(ACCOUNT, &[], message);
        }
    }
    Ok(())
}
