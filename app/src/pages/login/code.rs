use backend::{LoginOutcome, VerifyCode};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{AuthLayout, CodeField, MessageNotice};
use crate::i18n;
use crate::message::Message;
use crate::pages::code_input::strip_separators;
use crate::query::with_query;
use crate::request_context::RequestContext;

const NOTICE_ID: &str = "code-notice";

/// Of all pages with this form.
pub(super) const ALLOWED_MESSAGES: &[Message] = &[
    Message::WrongCode,
    Message::WebLoginRequired,
    Message::TooManyCodeAttempts,
    Message::TooManyFactorAttempts,
    Message::TooManyPendingCodes,
    Message::InputMissing,
];

/// `/login/code`: the form for a code.
#[component]
pub(crate) fn LoginCodePage() -> impl IntoView {
    let context = RequestContext::current();
    let query = use_query_map().read_untracked();
    let wanted = query.get("return_to");
    let return_to = context.site.return_to(wanted.as_deref());
    if context.person().is_some() {
        context.redirect(return_to.as_str());
        return None;
    }
    let message = Message::read(ALLOWED_MESSAGES);
    let back = with_query(
        "/login",
        &[("return_to", wanted.as_deref().unwrap_or_default())],
    );
    Some(view! {
        <AuthLayout title=Message::title(message, i18n::code_title())>
            <div class="card-header">
                <h1>{i18n::code_title()}</h1>
                <p>{i18n::code_text()}</p>
            </div>
            <MessageNotice message id=NOTICE_ID />
            <form class="form" method="post" action="/do/use-code">
                <input type="hidden" name="return_to" value=return_to.as_str().to_owned() />
                <CodeField autofocus=true />
                <button class="button button-primary" type="submit">
                    {i18n::log_in()}
                </button>
                <a class="button button-quiet" href=back>
                    {i18n::log_in_another_way()}
                </a>
            </form>
        </AuthLayout>
    })
}

/// The forms with a login code. After an error it redirects to `/login/request` if `platform` is given,
/// else to `/login/code`.
#[server(prefix = "/do", endpoint = "use-code")]
pub async fn use_code(
    #[server(default)] code: String,
    #[server(default)] platform: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let (client, browser) = (context.client(), context.pre_login_browser());
    let code = strip_separators(&code);
    let request = VerifyCode {
        code: &code,
        identity: None,
        factor: None,
        client: &client,
        browser: browser.as_ref(),
    };
    match context.portal.verify_code(request).await {
        Ok(LoginOutcome::Done(login)) => context.complete_login(&login.session, Some(&return_to)),
        Ok(LoginOutcome::SecondFactorRequired(step)) => {
            context.redirect_to_second_factor(&step, &return_to);
        }
        Err(problem) => {
            let page = match platform.as_str() {
                "" => "/login/code",
                _ => "/login/request",
            };
            let query = [("platform", platform.as_str()), ("return_to", &return_to)];
            context.redirect_with_error(page, &query, problem);
        }
    }
    Ok(())
}
