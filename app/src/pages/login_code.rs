use backend::{LoginOutcome, VerifyCode};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{CodeField, EntryLayout, MessageNotice};
use crate::door::{Door, address};
use crate::message::Message;
use crate::words;

const NOTICE: &str = "code-notice";

/// What the pages with this form have to say.
pub(super) const OWN: &[Message] = &[
    Message::WrongCode,
    Message::WebLoginRequired,
    Message::TooManyAttempts,
    Message::TooManyFactorAttempts,
    Message::TooManyPending,
    Message::NothingTyped,
];

/// `/login/code`: "I already have a code".
#[component]
pub(crate) fn LoginCodePage() -> impl IntoView {
    let door = Door::open();
    let query = use_query_map().read_untracked();
    let wanted = query.get("return_to");
    let return_to = door.site.return_to(wanted.as_deref());
    if door.person().is_some() {
        door.go(return_to.as_str());
        return None;
    }
    let message = Message::read(OWN);
    let back = address(
        "/login",
        &[("return_to", wanted.as_deref().unwrap_or_default())],
    );
    Some(view! {
        <EntryLayout title=Message::title(message, words::code_title())>
            <div class="card-head">
                <h1>{words::code_title()}</h1>
                <p>{words::code_text()}</p>
            </div>
            <MessageNotice message id=NOTICE />
            <form class="form" method="post" action="/do/use-code">
                <input type="hidden" name="return_to" value=return_to.as_str().to_owned() />
                <CodeField autofocus=true />
                <button class="button button-primary" type="submit">
                    {words::log_in()}
                </button>
                <a class="button button-quiet" href=back>
                    {words::log_in_another_way()}
                </a>
            </form>
        </EntryLayout>
    })
}

/// Every form with a code. `platform` is given by the page of a code that was asked for,
/// to which a refusal then leads back.
#[server(prefix = "/do", endpoint = "use-code")]
pub async fn use_code(
    #[server(default)] code: String,
    #[server(default)] platform: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let (client, browser) = (door.client(), door.browser());
    let code = without_gaps(&code);
    let request = VerifyCode {
        code: &code,
        identity: None,
        factor: None,
        client: &client,
        browser: browser.as_ref(),
    };
    match door.portal.verify_code(request).await {
        Ok(LoginOutcome::Done(login)) => door.let_in(&login.session, Some(&return_to)),
        Ok(LoginOutcome::SecondFactorRequired(step)) => door.ask_second_step(&step, &return_to),
        Err(problem) => {
            let page = if platform.is_empty() {
                "/login/code"
            } else {
                "/login/request"
            };
            let query = [("platform", platform.as_str()), ("return_to", &return_to)];
            door.refuse(page, &query, problem);
        }
    }
    Ok(())
}

/// People copy more than the code, or write it in two halves.
pub(super) fn without_gaps(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect()
}
