use backend::{CodeRequest, Delivery, LoginHint, PendingCodeView, Problem, PublicBot, Token};
use domain::{Platform, PlatformUserId, RequestCodeError, Timestamp};
use frontend::DeliveryUpdates;
use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::code;
use crate::components::{
    AuthLayout, CodeField, HydrateIslands, MessageNotice, Notice, TextField, TimeLeft,
};
use crate::cookies;
use crate::i18n::{self, interpolate};
use crate::message::{Message, Tone};
use crate::page_error::PageError;
use crate::query::with_query;
use crate::request_context::RequestContext;

const NOTICE_ID: &str = "request-notice";

/// `/login/request`: asks for the identity on a platform; then says what to write to which bot, and asks
/// for the code that it answers.
#[component]
pub(crate) fn LoginRequestPage() -> impl IntoView {
    let context = RequestContext::current();
    let query = use_query_map().read_untracked();
    let return_to = context.site.return_to(query.get("return_to").as_deref());
    if context.person().is_some() {
        context.redirect(return_to.as_str());
        return None;
    }
    let requested = query.get("platform").unwrap_or_default();
    let platforms = context.portal.platforms();
    let Some(platform) = platforms
        .iter()
        .find(|known| known.as_str() == requested)
        .cloned()
    else {
        context.redirect(&with_query("/login", &[("return_to", return_to.as_str())]));
        return None;
    };
    let message = Message::read(code::ALLOWED_MESSAGES);
    let title = Message::title(message, i18n::code_title());
    let again = query.get("again").is_some();
    let input = query
        .get("platform_user_id")
        .filter(|id| id.parse::<PlatformUserId>().is_ok());
    let input = input.unwrap_or_else(|| context.previous_input());
    let return_to = return_to.as_str().to_owned();
    Some(view! {
        <AuthLayout title=title>
            <Suspense>
                {Suspend::new(async move {
                    let client = context.client();
                    let loaded = async {
                        let awaited = match context.pre_login_browser().filter(|_| !again) {
                            Some(browser) => context.portal.awaited_code(&browser, &client).await?,
                            None => None,
                        };
                        let delivery = context.portal.delivery_on(platform.as_str()).await?;
                        Ok((awaited, context.portal.public_bots().await?, delivery))
                    };
                    match loaded.await {
                        Ok((awaited, bots, delivery)) => {
                            let now = context.portal.now();
                            let awaited = awaited
                                .filter(|awaited| awaited.platform == platform.as_str());
                            match awaited {
                                Some(awaited) if awaited.expires_at > now => {
                                    EitherOf3::A(
                                        view! {
                                            <EnterCode platform bots awaited delivery now message return_to />
                                        },
                                    )
                                }
                                awaited => {
                                    let expired = awaited.map(|_| Message::CodeExpired);
                                    let message = message.or(expired);
                                    EitherOf3::B(
                                        view! { <IdentityForm platform input message return_to /> },
                                    )
                                }
                            }
                        }
                        Err(failure) => {
                            PageError::log(&failure);
                            context.set_status(StatusCode::SERVICE_UNAVAILABLE);
                            EitherOf3::C(
                                view! {
                                    <div class="card-header">
                                        <h1>{i18n::error_away_heading()}</h1>
                                        <p>{Message::Unavailable.sentence()}</p>
                                    </div>
                                },
                            )
                        }
                    }
                })}
            </Suspense>
        </AuthLayout>
    })
}

#[component]
fn IdentityForm(
    platform: Platform,
    input: String,
    message: Option<Message>,
    return_to: String,
) -> impl IntoView {
    let name = platform.to_human();
    view! {
        <div class="card-header">
            <h1>{i18n::request_heading(name)}</h1>
            <p>{i18n::request_text()}</p>
        </div>
        <MessageNotice message id=NOTICE_ID />
        <form class="form" method="post" action="/do/ask-for-code">
            <input type="hidden" name="platform" value=platform.to_string() />
            <input type="hidden" name="return_to" value=return_to.clone() />
            <TextField
                name="who"
                label=i18n::request_id()
                autocomplete="off"
                value=input
                hint=i18n::request_id_hint()
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                {i18n::request_ask()}
            </button>
            <a class="button button-quiet" href=with_query("/login", &[("return_to", &return_to)])>
                {i18n::log_in_another_way()}
            </a>
        </form>
    }
}

#[component]
fn EnterCode(
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
    let bot_name = bot
        .as_ref()
        .map_or_else(i18n::request_some_bot, |bot| bot.name.clone());
    let bot_link = match bot.and_then(|bot| bot.invite_url) {
        Some(link) => Either::Left(view! {
            <a href=link rel="noreferrer" target="_blank">
                <bdi>{bot_name.clone()}</bdi>
            </a>
        }),
        None => Either::Right(view! {
            <strong>
                <bdi>{bot_name.clone()}</bdi>
            </strong>
        }),
    };
    let command = view! { <code>"/login"</code> };
    let query = [
        ("platform", platform.as_str()),
        ("again", "1"),
        ("return_to", &return_to),
    ];
    let again = with_query("/login/request", &query);
    let here = with_query("/login/request", &[query[0], query[2]]);
    view! {
        <div class="card-header">
            <h1>{i18n::request_sent_heading()}</h1>
            <p>
                {interpolate(
                    |[bot, command]| i18n::request_sent_text(bot, command, name),
                    [bot_link.into_any(), command.into_any()],
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
                        sentence=i18n::request_network_changed()
                    />
                }
            })}
        <MessageNotice message id=NOTICE_ID />
        <DeliveryStatus delivery bot_name here />
        <form class="form" method="post" action="/do/use-code">
            <input type="hidden" name="platform" value=platform.to_string() />
            <input type="hidden" name="return_to" value=return_to />
            <CodeField autofocus=true />
            <TimeLeft until=awaited.expires_at now />
            <button class="button button-primary" type="submit">
                {i18n::log_in()}
            </button>
            <a class="button button-quiet" href=again>
                {i18n::request_again()}
            </a>
            <HydrateIslands />
        </form>
        <p class="field-hint">
            {i18n::request_advice()}
        </p>
    }
}

/// Whether a bot delivers the code. An island updates it; without JavaScript, a link reloads the page
/// (a reload by itself would discard the input).
#[component]
fn DeliveryStatus(delivery: Delivery, bot_name: String, here: String) -> impl IntoView {
    let told = i18n::delivery_told(bot_name.clone());
    let waiting = i18n::delivery_waiting(bot_name);
    let text = match delivery {
        Delivery::Told => told.clone(),
        Delivery::Waiting | Delivery::Over => waiting.clone(),
    };
    view! {
        <p class="delivery-status" data-state=delivery.code() data-told=told data-waiting=waiting>
            <span aria-live="polite" data-text="">
                {text}
            </span>
            <DeliveryUpdates />
            <noscript>
                <a href=here>{i18n::delivery_look_again()}</a>
            </noscript>
        </p>
    }
}

/// The form that requests a code.
#[server(prefix = "/do", endpoint = "ask-for-code")]
pub async fn ask_for_code(
    #[server(default)] platform: String,
    #[server(default)] who: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let back = [("platform", platform.as_str()), ("return_to", &return_to)];
    // The form comes back with it when the code expires.
    context.remember_input(&who);
    if who.trim().is_empty() {
        context.redirect_with_message("/login/request", &back, Message::InputMissing);
        return Ok(());
    }
    match request_code(&context, &platform, who.trim()).await {
        Ok(browser) => {
            context.set_cookie(cookies::PRE_LOGIN.set(&browser));
            context.redirect(&with_query("/login/request", &back));
        }
        Err(problem) => context.redirect_with_error("/login/request", &back, problem),
    }
    Ok(())
}

/// Requests a code for this browser; returns its pre-login token, a new one if it has none.
async fn request_code(
    context: &RequestContext,
    platform: &str,
    who: &str,
) -> Result<Token, Problem<RequestCodeError>> {
    let browser = match context.pre_login_browser() {
        Some(browser) => browser,
        None => Token::random()?,
    };
    let (client, id) = (context.client(), who.parse().ok());
    let request = CodeRequest {
        who: LoginHint::typed(platform, who, id.as_ref()),
        client: &client,
        browser: Some(&browser),
    };
    context.portal.request_code(request).await?;
    Ok(browser)
}
