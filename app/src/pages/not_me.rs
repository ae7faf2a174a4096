use http::StatusCode;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::{AuthLayout, MessageNotice};
use crate::i18n;
use crate::message::Message;
use crate::page_error::error_or_failure;
use crate::request_context::RequestContext;

const ALLOWED_MESSAGES: &[Message] = &[Message::LoginReported, Message::LinkExpired];

/// `/not-me/{token}`: the link in a bot's message, which reports a login. Opening it changes nothing,
/// because chat apps open links for previews; the button does.
#[component]
pub(crate) fn NotMePage() -> impl IntoView {
    let token = use_params_map()
        .read_untracked()
        .get("token")
        .unwrap_or_default();
    let message = Message::read(ALLOWED_MESSAGES);
    let failed = || i18n::title_with_error(i18n::not_me_title());
    let (title, heading) = match message {
        Some(Message::LoginReported) => (i18n::not_me_done_heading(), i18n::not_me_done_heading()),
        Some(Message::LinkExpired) => (failed(), i18n::not_me_dead_heading()),
        Some(_) => (failed(), i18n::not_me_heading()),
        None => (i18n::not_me_title(), i18n::not_me_heading()),
    };
    let body = match message {
        Some(Message::LinkExpired) => EitherOf3::C(()),
        Some(Message::LoginReported) => EitherOf3::A(view! {
            <p>{i18n::not_me_done_text()}</p>
        }),
        _ => EitherOf3::B(view! {
            <form class="form" method="post" action="/do/not-me">
                <p>{i18n::not_me_text()}</p>
                <input type="hidden" name="token" value=token />
                <button class="button button-danger" type="submit">
                    {i18n::not_me_button()}
                </button>
            </form>
        }),
    };
    view! {
        <AuthLayout title=title>
            <div class="card-header">
                <h1>{heading}</h1>
            </div>
            <MessageNotice message id="not-me-notice" takes_focus=true />
            {body}
            <div class="card-footer">
                <a class="button button-quiet" href="/login">
                    {i18n::go_to_login()}
                </a>
            </div>
        </AuthLayout>
    }
}

/// The button that reports the login.
#[server(prefix = "/do", endpoint = "not-me")]
pub async fn not_me(#[server(default)] token: String) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    // Without the token, which is used up.
    match context.portal.disown(&token, &context.client()).await {
        Ok(()) => context.redirect_or_status("/not-me/done?message=disowned", StatusCode::OK),
        Err(problem) => {
            let message = error_or_failure(problem.map(|_| Message::LinkExpired), Message::from);
            // After a failure the link can be tried again.
            let page = match message {
                Message::LinkExpired => "/not-me/dead".to_owned(),
                _ => format!("/not-me/{token}"),
            };
            context.redirect_with_message(&page, &[], message);
        }
    }
    Ok(())
}
