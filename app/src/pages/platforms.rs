use backend::{LinkRequest, LinkedPlatform, PendingLinkView, Person};
use domain::{LinkError, Platform, Timestamp, UnlinkError};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use super::login_code::without_gaps;
use crate::components::{CodeField, PlatformMark, TextField, TimeLeft};
use crate::door::{Door, Trouble, address, refusal_or};
use crate::message::Message;
use crate::shell::WakeIslands;
use crate::wording::platform_name;
use crate::words::{self, fill};

const ACCOUNT: &str = "/account";

/// On `/account`: the platforms one comes from. One is unlinked at a click, and linked in two
/// steps: who one is there, then the code that the bot brings.
#[component]
pub(super) fn PlatformsCard(
    door: Door,
    person: Person,
    /// The platform that somebody is about to link.
    linking: Option<Platform>,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="platforms-title">
            <div class="card-head">
                <h2 id="platforms-title">{words::platforms_title()}</h2>
                <p>{words::platforms_text()}</p>
            </div>
            <Suspense>
                {Suspend::new(async move {
                    let asked = async {
                        let awaited = door.portal.awaited_link(&person).await?;
                        Ok((awaited, door.portal.public_bots().await?))
                    };
                    match asked.await {
                        Ok((awaited, bots)) => {
                            let linked = person.linked;
                            let now = door.portal.now();
                            // Only what some bot can bring a code to.
                            let free: Vec<Platform> = door
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
                                    let typed = door.typed();
                                    EitherOf3::A(view! { <WhoAreYou platform typed /> })
                                }
                                (_, Some(awaited)) => {
                                    EitherOf3::B(view! { <EnterCode awaited now /> })
                                }
                                _ => EitherOf3::C(view! { <LinkButtons free /> }),
                            };
                            Either::Left(
                                view! {
                                    <ul class="rows">
                                        {linked
                                            .into_iter()
                                            .map(|linked| view! { <LinkedRow linked /> })
                                            .collect_view()}
                                    </ul>
                                    {step}
                                },
                            )
                        }
                        Err(failure) => {
                            Trouble::of(&failure);
                            Either::Right(view! { <p>{Message::Unavailable.sentence()}</p> })
                        }
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
            let to = address(ACCOUNT, &[("link", platform.as_str())]);
            view! {
                <a class="button button-secondary" href=to>
                    <PlatformMark platform=&platform />
                    {words::platforms_link_name(platform.to_human())}
                </a>
            }
        })
        .collect_view();
    view! { <div class="card-foot">{links}</div> }
}

#[component]
fn LinkedRow(linked: LinkedPlatform) -> impl IntoView {
    let platform: Option<Platform> = linked.platform.parse().ok();
    let name = platform_name(&linked.platform);
    view! {
        <li>
            {platform.as_ref().map(|platform| view! { <PlatformMark platform=platform /> })}
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
                    aria-label=words::platforms_unlink_name(name)
                >
                    {words::platforms_unlink()}
                </button>
            </form>
        </li>
    }
}

#[component]
fn WhoAreYou(platform: Platform, typed: String) -> impl IntoView {
    view! {
        <form class="form" method="post" action="/do/link-platform">
            <input type="hidden" name="platform" value=platform.to_string() />
            <TextField
                name="platform_user_id"
                label=words::platforms_id()
                autocomplete="off"
                value=typed
                hint=words::platforms_id_hint()
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                {words::platforms_link_name(platform.to_human())}
            </button>
            <a class="button button-quiet" href=ACCOUNT>
                {words::platforms_not_now()}
            </a>
        </form>
    }
}

#[component]
fn EnterCode(awaited: PendingLinkView, now: Timestamp) -> impl IntoView {
    let again = address(ACCOUNT, &[("link", &awaited.platform)]);
    let name = platform_name(&awaited.platform);
    view! {
        <form class="form" method="post" action="/do/verify-link">
            <p>
                {fill(
                    |[id, command]| words::platforms_code_text(command, id, name),
                    [
                        view! { <code>{awaited.platform_user_id}</code> }.into_any(),
                        view! { <code>"/login"</code> }.into_any(),
                    ],
                )}
            </p>
            <CodeField autofocus=true />
            <TimeLeft until=awaited.expires_at now />
            <button class="button button-primary" type="submit">
                {words::platforms_link()}
            </button>
            <a class="button button-quiet" href=again>
                {words::platforms_wrong_id()}
            </a>
            <WakeIslands />
        </form>
    }
}

/// The first form of linking.
#[server(prefix = "/do", endpoint = "link-platform")]
pub async fn link_platform(
    #[server(default)] platform: String,
    #[server(default)] platform_user_id: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(ACCOUNT) else {
        return Ok(());
    };
    let again = [("link", platform.as_str())];
    door.remember_typed(&platform_user_id);
    let Ok(id) = platform_user_id.trim().parse() else {
        door.send_back(ACCOUNT, &again, Message::NotAnId);
        return Ok(());
    };
    let client = door.client();
    let request = LinkRequest {
        person: &person,
        platform: &platform,
        id: &id,
        client: &client,
    };
    match door.portal.request_link(request).await {
        Ok(_) => door.go(ACCOUNT),
        Err(backend::Problem::Refused(LinkError::NotFresh)) => {
            door.confirm_first(&address(ACCOUNT, &again));
        }
        Err(problem) => door.refuse(ACCOUNT, &again, problem),
    }
    Ok(())
}

/// The second form of linking.
#[server(prefix = "/do", endpoint = "verify-link")]
pub async fn verify_link(#[server(default)] code: String) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(ACCOUNT) else {
        return Ok(());
    };
    let (code, client) = (without_gaps(&code), door.client());
    match door.portal.verify_link(&person, &code, &client).await {
        Ok(()) => door.send_back(ACCOUNT, &[], Message::PlatformLinked),
        Err(backend::Problem::Refused(LinkError::NotFresh)) => door.confirm_first(ACCOUNT),
        Err(problem) => door.refuse(ACCOUNT, &[], problem),
    }
    Ok(())
}

/// The button beside a linked platform.
#[server(prefix = "/do", endpoint = "unlink-platform")]
pub async fn unlink_platform(#[server(default)] platform: String) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(ACCOUNT) else {
        return Ok(());
    };
    match door.portal.unlink(&person, &platform, &door.client()).await {
        Ok(()) => door.send_back(ACCOUNT, &[], Message::PlatformUnlinked),
        Err(backend::Problem::Refused(UnlinkError::NotFresh)) => door.confirm_first(ACCOUNT),
        Err(problem) => {
            let message = refusal_or(problem.map(Message::from), Message::from);
            door.send_back(ACCOUNT, &[], message);
        }
    }
    Ok(())
}
