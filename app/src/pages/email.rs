use backend::{EmailOffer, Token};
use domain::ConfirmEmailError;
use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::{EntryLayout, MessageNotice};
use crate::cookies;
use crate::door::{Door, Trouble, refusal_or};
use crate::message::Message;
use crate::words::{self, fill};

const PAGE: &str = "/email";

/// What this page has to say.
const OWN: &[Message] = &[
    Message::EmailConfirmed,
    Message::EmailTaken,
    Message::EmailLinkDead,
];

/// `/email/{token}`: the link in the letter. The token leaves the address bar at once (ASVS
/// 14.2.1), and opening the link spends nothing (security A26): the button of the next page
/// does.
#[component]
pub(crate) fn EmailLinkPage() -> impl IntoView {
    let door = Door::open();
    let token = use_params_map().read_untracked().get("token");
    let token = token.and_then(|token| token.parse::<Token>().ok());
    door.set_cookie(match token {
        Some(token) => cookies::remember_email(&token),
        None => cookies::forget_email(),
    });
    door.go(PAGE);
}

/// `/email`: the button that confirms an address.
#[component]
pub(crate) fn EmailPage() -> impl IntoView {
    let door = Door::open();
    let message = Message::read(OWN);
    let title = match message {
        Some(message) if message.is_error() => words::title_with_error(words::email_title()),
        Some(_) | None => words::email_title(),
    };
    // A link that was just used has nothing more to say.
    let asks = !matches!(
        message,
        Some(Message::EmailConfirmed | Message::EmailTaken | Message::EmailLinkDead)
    );
    let signed_in = door.person().is_some();
    view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>{words::email_title()}</h1>
            </div>
            <MessageNotice message id="email-notice" takes_focus=true />
            {asks.then(|| view! { <Offer door /> })}
            <div class="card-foot">
                {if signed_in {
                    Either::Left(
                        view! {
                            <a class="button button-quiet" href="/account/security">
                                {words::email_to_account()}
                            </a>
                        },
                    )
                } else {
                    Either::Right(
                        view! {
                            <a class="button button-quiet" href="/login">
                                {words::go_to_login()}
                            </a>
                        },
                    )
                }}
            </div>
        </EntryLayout>
    }
}

#[component]
fn Offer(door: Door) -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                let offer = match door.email_token() {
                    Some(token) => door.portal.email_offer(&token).await,
                    None => Ok(None),
                };
                match offer {
                    Ok(Some(offer)) => EitherOf3::A(view! { <ConfirmForm offer /> }),
                    Ok(None) => {
                        door.set_status(StatusCode::GONE);
                        EitherOf3::B(view! { <p>{Message::EmailLinkDead.sentence()}</p> })
                    }
                    Err(failure) => {
                        Trouble::of(&failure);
                        door.set_status(StatusCode::SERVICE_UNAVAILABLE);
                        EitherOf3::C(view! { <p>{Message::Unavailable.sentence()}</p> })
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn ConfirmForm(offer: EmailOffer) -> impl IntoView {
    view! {
        <form class="form" method="post" action="/do/confirm-email">
            <p>
                {fill(
                    |[username, address]| words::email_confirm_text(address, username),
                    [
                        view! { <b>{offer.username}</b> }.into_any(),
                        view! { <b>{offer.email.as_str().to_owned()}</b> }.into_any(),
                    ],
                )}
            </p>
            <button class="button button-primary" type="submit">
                {words::email_confirm()}
            </button>
            <p class="field-hint">{words::email_not_yours()}</p>
        </form>
    }
}

/// The button of that page.
#[server(prefix = "/do", endpoint = "confirm-email")]
pub async fn confirm_email() -> Result<(), ServerFnError> {
    let door = Door::open();
    let confirmed = match door.email_token() {
        Some(token) => door.portal.confirm_email(&token, &door.client()).await,
        None => Err(backend::Problem::Refused(ConfirmEmailError::Dead)),
    };
    let message = match confirmed {
        Ok(_) => Message::EmailConfirmed,
        Err(problem) => refusal_or(problem.map(Message::from), Message::from),
    };
    // What failed for now can be tried again.
    if !matches!(message, Message::Unavailable | Message::Internal) {
        door.set_cookie(cookies::forget_email());
    }
    door.send_back(PAGE, &[], message);
    Ok(())
}
