use backend::{LoginChannel, LoginOutcome, PasswordLogin as Request};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::second_factor::SecondFactorPage;
use crate::components::{
    AuthLayout, HydrateIslands, MessageNotice, PasswordField, PlatformIcon, TextField,
};
use crate::i18n::{self, interpolate};
use crate::message::Message;
use crate::query::with_query;
use crate::request_context::RequestContext;

const NOTICE_ID: &str = "login-notice";

const ALLOWED_MESSAGES: &[Message] = &[
    Message::InvalidCredentials,
    Message::PasswordReset,
    Message::Restricted,
    Message::TooManyPasswordAttempts,
    Message::LoggedOut,
    Message::AccountDeleted,
    Message::TooManyFactorAttempts,
    Message::ChallengeExpired,
    Message::WebLoginRequired,
];

/// `/login`: username and password. Redirects a person who is already logged in.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let context = RequestContext::current();
    let query = use_query_map().read_untracked();
    let wanted = query.get("return_to");
    let return_to = context.site.return_to(wanted.as_deref());
    if context.person().is_some() {
        context.redirect(return_to.as_str());
        return None;
    }
    if let (Some(step), Some(challenge)) = (query.get("step"), context.challenge()) {
        let return_to = return_to.as_str().to_owned();
        return Some(Either::Left(
            view! { <SecondFactorPage context challenge step return_to /> },
        ));
    }
    let message = match query.get("arrived") {
        // A login redirected here with new cookies, and the browser didn't send them.
        Some(_) => Some(Message::CookiesMissing),
        None => Message::read(ALLOWED_MESSAGES).or_else(|| {
            let ended = wanted.is_some() && context.has_ended_session();
            ended.then_some(Message::SessionExpired)
        }),
    };
    let refused = message.is_some_and(Message::is_error);
    let input = if refused {
        context.previous_input()
    } else {
        String::new()
    };
    let wrong = message == Some(Message::InvalidCredentials);
    // Goes through every step, if the visitor came from another page.
    let onward = wanted
        .map(|_| return_to.as_str().to_owned())
        .unwrap_or_default();
    let onward = ("return_to", onward.as_str());
    let code_page = with_query("/login/code", &[onward]);
    let register_page = with_query("/register", &[onward]);
    let sign_up = context.portal.sign_up();
    let platforms = context
        .portal
        .platforms()
        .iter()
        .map(|platform| {
            let to = with_query("/login/request", &[("platform", platform.as_str()), onward]);
            view! {
                <a class="button button-secondary" href=to>
                    <PlatformIcon platform=platform />
                    {platform.to_human()}
                </a>
            }
        })
        .collect_view();
    // After an error the username is likely right, so the focus goes to the password.
    let at_password = !input.is_empty();
    let title = if refused {
        i18n::title_with_error(i18n::log_in())
    } else {
        i18n::log_in()
    };
    Some(Either::Right(view! {
        <AuthLayout title=title>
            <div class="card-header">
                <h1>{i18n::log_in()}</h1>
            </div>
            <MessageNotice message id=NOTICE_ID />
            <form class="form" method="post" action="/do/sign-in">
                <input type="hidden" name="return_to" value=return_to.as_str().to_owned() />
                <TextField
                    name="identifier"
                    label=i18n::login_username()
                    autocomplete="username"
                    value=input
                    autofocus=!at_password
                />
                <PasswordField
                    autocomplete="current-password"
                    notice=wrong.then_some(NOTICE_ID)
                    autofocus=at_password
                />
                <button class="button button-primary" type="submit">
                    {i18n::log_in()}
                </button>
                <a class="button button-quiet" href="/recover">
                    {i18n::login_forgot()}
                </a>
            </form>
            <p class="divider">{i18n::login_or()}</p>
            <div class="choices">
                {platforms}
                <a class="button button-quiet" href=code_page>
                    {i18n::login_have_code()}
                </a>
            </div>
            {sign_up.then(|| view! { <RegisterLink register_page /> })}
            <HydrateIslands />
        </AuthLayout>
    }))
}

/// The link to `/register`.
#[component]
fn RegisterLink(register_page: String) -> impl IntoView {
    let link = view! { <a href=register_page>{i18n::register_title()}</a> }.into_any();
    view! {
        <div class="card-footer">
            <p>{interpolate(|[link]| i18n::login_new_here(link), [link])}</p>
        </div>
    }
}

/// The login form.
#[server(prefix = "/do", endpoint = "sign-in")]
pub async fn login_with_password(
    #[server(default)] identifier: String,
    #[server(default)] password: String,
    #[server(default)] return_to: Option<String>,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let client = context.client();
    let request = Request {
        identifier: &identifier,
        password: &password,
        factor: None,
        client: &client,
        channel: LoginChannel::Page,
    };
    match context.portal.login_with_password(request).await {
        Ok(LoginOutcome::Done(session)) => context.complete_login(&session, return_to.as_deref()),
        Ok(LoginOutcome::SecondFactorRequired(step)) => {
            context.redirect_to_second_factor(&step, return_to.as_deref().unwrap_or_default());
        }
        Err(problem) => {
            let return_to = return_to.unwrap_or_default();
            context.remember_input(&identifier);
            context.redirect_with_error("/login", &[("return_to", &return_to)], problem);
        }
    }
    Ok(())
}
