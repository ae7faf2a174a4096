use backend::{CodeRequest, Delivery, LoginHint, PendingCodeView, Problem, PublicBot, Token};
use domain::{Platform, PlatformUserId, RequestCodeError, Timestamp};
use frontend::Delivery as DeliveryIsland;
use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::login_code;
use crate::components::{CodeField, EntryLayout, MessageNotice, Notice, TextField, TimeLeft, Tone};
use crate::cookies;
use crate::door::{Door, Trouble, address};
use crate::message::Message;
use crate::shell::WakeIslands;
use crate::words::{self, fill};

const NOTICE: &str = "request-notice";

/// `/login/request`: who one is on a platform; then what to write to which bot, and the
/// field for the code it answers.
#[component]
pub(crate) fn LoginRequestPage() -> impl IntoView {
    let door = Door::open();
    let query = use_query_map().read_untracked();
    let return_to = door.site.return_to(query.get("return_to").as_deref());
    if door.person().is_some() {
        door.go(return_to.as_str());
        return None;
    }
    let wanted = query.get("platform").unwrap_or_default();
    let platforms = door.portal.platforms();
    let Some(platform) = platforms
        .iter()
        .find(|known| known.as_str() == wanted)
        .cloned()
    else {
        door.go(&address("/login", &[("return_to", return_to.as_str())]));
        return None;
    };
    let message = Message::read(login_code::OWN);
    let title = Message::title(message, words::code_title());
    let again = query.get("again").is_some();
    let typed = query
        .get("platform_user_id")
        .filter(|id| id.parse::<PlatformUserId>().is_ok());
    let typed = typed.unwrap_or_else(|| door.typed());
    let return_to = return_to.as_str().to_owned();
    Some(view! {
        <EntryLayout title=title>
            <Suspense>
                {Suspend::new(async move {
                    let client = door.client();
                    let asked = async {
                        let awaited = match door.browser().filter(|_| !again) {
                            Some(browser) => door.portal.awaited_code(&browser, &client).await?,
                            None => None,
                        };
                        let delivery = door.portal.delivery_on(platform.as_str()).await?;
                        Ok((awaited, door.portal.public_bots().await?, delivery))
                    };
                    match asked.await {
                        Ok((awaited, bots, delivery)) => {
                            let now = door.portal.now();
                            let awaited = awaited
                                .filter(|awaited| awaited.platform == platform.as_str());
                            match awaited {
                                Some(awaited) if awaited.expires_at > now => {
                                    EitherOf3::A(
                                        view! {
                                            <WriteToTheBot platform bots awaited delivery now message return_to />
                                        },
                                    )
                                }
                                awaited => {
                                    let ran_out = awaited.map(|_| Message::RanOut);
                                    let message = message.or(ran_out);
                                    EitherOf3::B(
                                        view! { <AskForACode platform typed message return_to /> },
                                    )
                                }
                            }
                        }
                        Err(failure) => {
                            Trouble::of(&failure);
                            door.set_status(StatusCode::SERVICE_UNAVAILABLE);
                            EitherOf3::C(
                                view! {
                                    <div class="card-head">
                                        <h1>{words::error_away_heading()}</h1>
                                        <p>{Message::Unavailable.sentence()}</p>
                                    </div>
                                },
                            )
                        }
                    }
                })}
            </Suspense>
        </EntryLayout>
    })
}

#[component]
fn AskForACode(
    platform: Platform,
    typed: String,
    message: Option<Message>,
    return_to: String,
) -> impl IntoView {
    let name = platform.to_human();
    view! {
        <div class="card-head">
            <h1>{words::request_heading(name)}</h1>
            <p>{words::request_text()}</p>
        </div>
        <MessageNotice message id=NOTICE />
        <form class="form" method="post" action="/do/ask-for-code">
            <input type="hidden" name="platform" value=platform.to_string() />
            <input type="hidden" name="return_to" value=return_to.clone() />
            <TextField
                name="who"
                label=words::request_id()
                autocomplete="off"
                value=typed
                hint=words::request_id_hint()
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                {words::request_ask()}
            </button>
            <a class="button button-quiet" href=address("/login", &[("return_to", &return_to)])>
                {words::log_in_another_way()}
            </a>
        </form>
    }
}

#[component]
fn WriteToTheBot(
    platform: Platform,
    bots: Vec<PublicBot>,
    awaited: PendingCodeView,
    delivery: Delivery,
    now: Timestamp,
    message: Option<Message>,
    return_to: String,
) -> impl IntoView {
    let name = platform.to_human();
    let bot = bots
        .into_iter()
        .find(|bot| bot.platform == platform.as_str());
    let called = bot
        .as_ref()
        .map_or_else(words::request_some_bot, |bot| bot.name.clone());
    let linked = match bot.and_then(|bot| bot.invite_url) {
        Some(link) => Either::Left(view! {
            <a href=link rel="noreferrer" target="_blank">
                <bdi>{called.clone()}</bdi>
            </a>
        }),
        None => Either::Right(view! {
            <strong>
                <bdi>{called.clone()}</bdi>
            </strong>
        }),
    };
    let command = view! { <code>"/login"</code> };
    let query = [
        ("platform", platform.as_str()),
        ("again", "1"),
        ("return_to", &return_to),
    ];
    let again = address("/login/request", &query);
    let here = address("/login/request", &[query[0], query[2]]);
    view! {
        <div class="card-head">
            <h1>{words::request_sent_heading()}</h1>
            <p>
                {fill(
                    |[bot, command]| words::request_sent_text(bot, command, name),
                    [linked.into_any(), command.into_any()],
                )}
            </p>
        </div>
        {awaited
            .network_changed
            .then(|| {
                view! {
                    <Notice
                        tone=Tone::Error
                        id="network-notice"
                        sentence=words::request_network_changed()
                    />
                }
            })}
        <MessageNotice message id=NOTICE />
        <DeliveryStatus delivery called here />
        <form class="form" method="post" action="/do/use-code">
            <input type="hidden" name="platform" value=platform.to_string() />
            <input type="hidden" name="return_to" value=return_to />
            <CodeField autofocus=true />
            <TimeLeft until=awaited.expires_at now />
            <button class="button button-primary" type="submit">
                {words::log_in()}
            </button>
            <a class="button button-quiet" href=again>
                {words::request_again()}
            </a>
            <WakeIslands />
        </form>
        <p class="field-hint">
            {words::request_advice()}
        </p>
    }
}

/// Whether a bot is there to bring the code; live where scripts run, else by a link that loads the
/// page again (by itself it would take away what is being typed).
#[component]
fn DeliveryStatus(delivery: Delivery, called: String, here: String) -> impl IntoView {
    let told = words::delivery_told(called.clone());
    let waiting = words::delivery_waiting(called);
    let words = match delivery {
        Delivery::Told => told.clone(),
        Delivery::Waiting | Delivery::Over => waiting.clone(),
    };
    view! {
        <p class="delivery" data-state=delivery.code() data-told=told data-waiting=waiting>
            <span aria-live="polite" data-words="">
                {words}
            </span>
            <DeliveryIsland />
            <noscript>
                <a href=here>{words::delivery_look_again()}</a>
            </noscript>
        </p>
    }
}

/// The form that asks for a code.
#[server(prefix = "/do", endpoint = "ask-for-code")]
pub async fn ask_for_code(
    #[server(default)] platform: String,
    #[server(default)] who: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let back = [("platform", platform.as_str()), ("return_to", &return_to)];
    // The name is there again where the code runs out.
    door.remember_typed(&who);
    if who.trim().is_empty() {
        door.send_back("/login/request", &back, Message::NothingTyped);
        return Ok(());
    }
    match ask(&door, &platform, who.trim()).await {
        Ok(browser) => {
            door.set_cookie(cookies::remember_browser(&browser));
            door.go(&address("/login/request", &back));
        }
        Err(problem) => door.refuse("/login/request", &back, problem),
    }
    Ok(())
}

/// Asks for this browser, which gets its cookie here if it has none.
async fn ask(door: &Door, platform: &str, who: &str) -> Result<Token, Problem<RequestCodeError>> {
    let browser = match door.browser() {
        Some(browser) => browser,
        None => Token::random()?,
    };
    let (client, id) = (door.client(), who.parse().ok());
    let request = CodeRequest {
        who: LoginHint::typed(platform, who, id.as_ref()),
        client: &client,
        browser: Some(&browser),
    };
    door.portal.request_code(request).await?;
    Ok(browser)
}
