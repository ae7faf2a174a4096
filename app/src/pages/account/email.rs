use backend::{EmailOffer, Token};
use domain::ConfirmEmailError;
use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::{AuthLayout, MessageNotice, unavailable};
use crate::cookies;
use crate::i18n::{self, interpolate};
use crate::message::Message;
use crate::request_context::RequestContext;

const PAGE: &str = "/email";

const ALLOWED_MESSAGES: &[Message] = &[
    Message::EmailConfirmed,
    Message::EmailTaken,
    Message::EmailLinkExpired,
];

/// `/email/{token}`: the link in the email. Moves the token out of the address bar (ASVS 14.2.1). Opening
/// the link doesn't use it up (security A26): only the button on the next page does.
#[component]
pub(crate) fn EmailLinkPage() -> impl IntoView {
    let context = RequestContext::current();
    let token = use_params_map().read_untracked().get("token");
    let token = token.and_then(|token| token.parse::<Token>().ok());
    context.set_cookie(cookies::EMAIL.set_or_clear(token.as_ref()));
    context.redirect(PAGE);
}

/// `/email`: the button that confirms an address.
#[component]
pub(crate) fn EmailPage() -> impl IntoView {
    let context = RequestContext::current();
    let message = Message::read(ALLOWED_MESSAGES);
    let title = match message {
        Some(message) if message.is_error() => i18n::title_with_error(i18n::email_title()),
        Some(_) | None => i18n::email_title(),
    };
    // After its link was used, the form is gone.
    let shows_form = !matches!(
        message,
        Some(Message::EmailConfirmed | Message::EmailTaken | Message::EmailLinkExpired)
    );
    let signed_in = context.person().is_some();
    view! {
        <AuthLayout title=title>
            <div class="card-header">
                <h1>{i18n::email_title()}</h1>
            </div>
            <MessageNotice message id="email-notice" takes_focus=true />
            {shows_form.then(|| view! { <Offer context /> })}
            <div class="card-footer">
                {if signed_in {
                    Either::Left(
                        view! {
                            <a class="button button-quiet" href="/account/security">
                                {i18n::email_to_account()}
                            </a>
                        },
                    )
                } else {
                    Either::Right(
                        view! {
                            <a class="button button-quiet" href="/login">
                                {i18n::go_to_login()}
                            </a>
                        },
                    )
                }}
            </div>
        </AuthLayout>
    }
}

#[component]
fn Offer(context: RequestContext) -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                let offer = match context.email_token() {
                    Some(token) => context.portal.email_offer(&token).await,
                    None => Ok(None),
                };
                match offer {
                    Ok(Some(offer)) => EitherOf3::A(view! { <ConfirmForm offer /> }),
                    Ok(None) => {
                        context.set_status(StatusCode::GONE);
                        EitherOf3::B(view! { <p>{Message::EmailLinkExpired.sentence()}</p> })
                    }
                    Err(failure) => {
                        context.set_status(StatusCode::SERVICE_UNAVAILABLE);
                        EitherOf3::C(unavailable(&failure))
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
                {interpolate(
                    |[username, address]| i18n::email_confirm_text(address, username),
                    [
                        view! { <b>{offer.username}</b> }.into_any(),
                        view! { <b>{offer.email.as_str().to_owned()}</b> }.into_any(),
                    ],
                )}
            </p>
            <button class="button button-primary" type="submit">
                {i18n::email_confirm()}
            </button>
            <p class="field-hint">{i18n::email_not_yours()}</p>
        </form>
    }
}

/// The button that confirms the address.
#[server(prefix = "/do", endpoint = "confirm-email")]
pub async fn confirm_email() -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let confirmed = match context.email_token() {
        Some(token) => {
            context
                .portal
                .confirm_email(&token, &context.client())
                .await
        }
        None => Err(backend::Problem::Refused(ConfirmEmailError::Dead)),
    };
    let message = match confirmed {
        Ok(_) => Message::EmailConfirmed,
        Err(problem) => Message::from_problem(problem),
    };
    // After a failure the link can be tried again.
    if !matches!(message, Message::Unavailable | Message::Internal) {
        context.set_cookie(cookies::EMAIL.clear());
    }
    context.redirect_with_message(PAGE, &[], message);
    Ok(())
}
