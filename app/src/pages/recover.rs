use backend::{Problem, Recover, Recovery, RecoveryOffer, Token};
use domain::{NewPasswordError, RecoverError, SecondFactorInput};
use http::StatusCode;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::components::{
    AccountName, AuthLayout, Disclosure, FactorField, HydrateIslands, MessageNotice,
    NewPasswordField, TextField, unavailable,
};
use crate::cookies;
use crate::i18n::{self, interpolate};
use crate::localize::LocalizeWithPolicy as _;
use crate::message::Message;
use crate::request_context::RequestContext;

const ASK_PAGE: &str = "/recover";
/// Where the link in the email redirects to. Can't be a token.
const PAGE: &str = "/recover/new";
const NOTICE_ID: &str = "recover-notice";

const ALLOWED_MESSAGES_OF_REQUEST: &[Message] = &[
    Message::ResetLinkSent,
    Message::TooManyResetRequests,
    Message::InputMissing,
];

const ALLOWED_MESSAGES: &[Message] = &[
    Message::WrongFactor,
    Message::TooManyFactorAttempts,
    Message::FactorNeeded,
];

/// `/recover`: requests a link for a new password. The answer is the same whether the account exists or
/// not.
#[component]
pub(crate) fn RecoverPage() -> impl IntoView {
    let context = RequestContext::current();
    let message = Message::read(ALLOWED_MESSAGES_OF_REQUEST);
    let refused = message.is_some_and(Message::is_error);
    let sent = message == Some(Message::ResetLinkSent);
    let title = match (refused, sent) {
        (true, _) => i18n::title_with_error(i18n::recover_new_title()),
        (_, true) => i18n::recover_sent_title(),
        _ => i18n::recover_new_title(),
    };
    let heading = if sent {
        i18n::recover_sent_title()
    } else {
        i18n::login_forgot()
    };
    let input = if refused {
        context.previous_input()
    } else {
        String::new()
    };
    let form = view! {
        <form class="form" method="post" action="/do/recover">
            <p>
                {i18n::recover_text()}
            </p>
            <TextField
                name="identifier"
                label=i18n::recover_field()
                autocomplete="username"
                value=input
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                {i18n::recover_button()}
            </button>
        </form>
    };
    view! {
        <AuthLayout title=title>
            <div class="card-header">
                <h1>{heading}</h1>
            </div>
            <MessageNotice message id=NOTICE_ID />
            {(!sent).then_some(form)}
            <Alternatives sent />
            <div class="card-footer">
                {sent
                    .then(|| {
                        view! {
                            <a class="button button-secondary" href=ASK_PAGE>
                                {i18n::recover_again()}
                            </a>
                        }
                    })} <a class="button button-quiet" href="/login">
                    {i18n::recover_back()}
                </a>
            </div>
        </AuthLayout>
    }
}

/// What to do without an email.
#[component]
fn Alternatives(sent: bool) -> impl IntoView {
    view! {
        <Disclosure title=if sent { i18n::recover_no_mail() } else { i18n::recover_no_address() }>
            {sent
                .then(|| {
                    view! {
                        <p>
                            {i18n::recover_slow()}
                        </p>
                    }
                })}
            <ul>
                <li>
                    {interpolate(
                        |[link]| i18n::recover_linked(link),
                        [
                            view! { <a href="/login/request">{i18n::recover_by_code()}</a> }.into_any(),
                        ],
                    )}
                </li>
                <li>
                    {i18n::recover_phone()}
                </li>
                <li>{i18n::recover_team()}</li>
            </ul>
        </Disclosure>
    }
}

/// `/recover/{token}`: the link in the email. Moves the token out of the address bar (ASVS 14.2.1). Opening
/// the link doesn't use it up (security A26).
#[component]
pub(crate) fn RecoverLinkPage() -> impl IntoView {
    let context = RequestContext::current();
    let token = use_params_map().read_untracked().get("token");
    let token = token.and_then(|token| token.parse::<Token>().ok());
    context.set_cookie(cookies::RECOVERY.set_or_clear(token.as_ref()));
    context.redirect(PAGE);
}

/// `/recover/new`: sets a new password.
#[component]
pub(crate) fn NewPasswordPage() -> impl IntoView {
    let context = RequestContext::current();
    let message = Message::read(ALLOWED_MESSAGES);
    let error = use_query_map().read_untracked().get("password");
    let error = error.and_then(|code| NewPasswordError::from_code(&code));
    let title = if message.is_some() || error.is_some() {
        i18n::title_with_error(i18n::recover_new_title())
    } else {
        i18n::recover_new_title()
    };
    view! {
        <AuthLayout title=title>
            <div class="card-header">
                <h1>{i18n::recover_new_title()}</h1>
            </div>
            <MessageNotice message id=NOTICE_ID />
            <Suspense>
                {Suspend::new(async move {
                    let offer = match context.recovery_token() {
                        Some(token) => context.portal.recovery_offer(&token).await,
                        None => Ok(None),
                    };
                    match offer {
                        Ok(Some(offer)) => {
                            EitherOf3::A(view! { <NewPasswordForm offer error message /> })
                        }
                        Ok(None) => {
                            context.set_status(StatusCode::GONE);
                            EitherOf3::B(view! { <ExpiredLink /> })
                        }
                        Err(failure) => {
                            context.set_status(StatusCode::SERVICE_UNAVAILABLE);
                            EitherOf3::C(unavailable(&failure))
                        }
                    }
                })}
            </Suspense>
            <div class="card-footer">
                <a class="button button-quiet" href="/login">
                    {i18n::go_to_login()}
                </a>
            </div>
        </AuthLayout>
    }
}

#[component]
fn NewPasswordForm(
    offer: RecoveryOffer,
    error: Option<NewPasswordError>,
    message: Option<Message>,
) -> impl IntoView {
    let policy = offer.policy;
    let at_factor = message.is_some();
    view! {
        <form class="form" method="post" action="/do/new-password">
            <p>
                {interpolate(
                    |[username]| i18n::recover_account(username),
                    [view! { <b>{offer.username.clone()}</b> }.into_any()],
                )}
            </p>
            <AccountName username=offer.username />
            <NewPasswordField
                name="new_password"
                label=i18n::password_new()
                min_length=policy.shortest
                error=error.map(|error| error.localize(policy))
                autofocus=!at_factor
            />
            {offer
                .takes_factor
                .then(|| {
                    view! {
                        <FactorField
                            label=i18n::factor_app_or_recovery()
                            notice=message.map(|_| NOTICE_ID)
                            autofocus=at_factor
                        />
                    }
                })}
            <button class="button button-primary" type="submit">
                {i18n::recover_new_button()}
            </button>
            <HydrateIslands />
        </form>
        {offer
            .takes_factor
            .then(|| {
                view! {
                    <p class="field-hint">
                        {i18n::recover_new_stuck()}
                    </p>
                }
            })}
    }
}

#[component]
fn ExpiredLink() -> impl IntoView {
    view! {
        <p>{i18n::recover_dead()}</p>
        <a class="button button-primary" href=ASK_PAGE>
            {i18n::recover_get_another()}
        </a>
    }
}

/// The form that requests a link.
#[server(prefix = "/do", endpoint = "recover")]
pub async fn ask_recovery(#[server(default)] identifier: String) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    if identifier.trim().is_empty() {
        context.redirect_with_message(ASK_PAGE, &[], Message::InputMissing);
        return Ok(());
    }
    match context
        .portal
        .request_recovery(&identifier, &context.client())
        .await
    {
        Ok(()) => context.redirect_with_message(ASK_PAGE, &[], Message::ResetLinkSent),
        Err(problem) => {
            context.remember_input(&identifier);
            context.redirect_with_error(ASK_PAGE, &[], problem);
        }
    }
    Ok(())
}

/// The form that sets the new password.
#[server(prefix = "/do", endpoint = "new-password")]
pub async fn new_password(
    #[server(default)] new_password: String,
    #[server(default)] twofa_token: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(token) = context.recovery_token() else {
        context.redirect_or_status(PAGE, StatusCode::GONE);
        return Ok(());
    };
    let (client, factor) = (
        context.client(),
        SecondFactorInput::parse_typed(&twofa_token).ok(),
    );
    let request = Recover {
        token: &token,
        new: &new_password,
        factor: factor.as_ref(),
        client: &client,
    };
    match context.portal.recover(request).await {
        Ok(Recovery::Done) => {
            context.set_cookie(cookies::RECOVERY.clear());
            context.set_device_cookie();
            context.redirect_with_message("/login", &[], Message::PasswordReset);
        }
        Ok(Recovery::FactorMissing(_)) => {
            context.redirect_with_message(PAGE, &[], Message::FactorNeeded);
        }
        Ok(Recovery::FactorWrong(_)) => {
            context.redirect_with_message(PAGE, &[], Message::WrongFactor);
        }
        Err(problem) => redirect_back(&context, problem),
    }
    Ok(())
}

fn redirect_back(context: &RequestContext, problem: Problem<RecoverError>) {
    match problem {
        Problem::Refused(RecoverError::Dead) => {
            context.set_cookie(cookies::RECOVERY.clear());
            context.redirect_or_status(PAGE, StatusCode::GONE);
        }
        Problem::Refused(RecoverError::Password(error)) => {
            context.redirect_with_field_error(PAGE, "password", error.code());
        }
        problem => context.redirect_with_error(PAGE, &[], problem),
    }
}
