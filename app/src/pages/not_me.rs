use http::StatusCode;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::{EntryLayout, MessageNotice};
use crate::door::{Door, refusal_or};
use crate::message::Message;
use crate::words;

/// What this page has to say.
const OWN: &[Message] = &[Message::Disowned, Message::DeadLink];

/// `/not-me/{token}`: the link in a bot's message. Opening it changes nothing, since chats
/// open links by themselves to show what is behind them; the button does.
#[component]
pub(crate) fn NotMePage() -> impl IntoView {
    let token = use_params_map()
        .read_untracked()
        .get("token")
        .unwrap_or_default();
    let message = Message::read(OWN);
    let failed = || words::title_with_error(words::not_me_title());
    let (title, heading) = match message {
        Some(Message::Disowned) => (words::not_me_done_heading(), words::not_me_done_heading()),
        Some(Message::DeadLink) => (failed(), words::not_me_dead_heading()),
        Some(_) => (failed(), words::not_me_heading()),
        None => (words::not_me_title(), words::not_me_heading()),
    };
    let body = match message {
        Some(Message::DeadLink) => EitherOf3::C(()),
        Some(Message::Disowned) => EitherOf3::A(view! {
            <p>{words::not_me_done_text()}</p>
        }),
        _ => EitherOf3::B(view! {
            <form class="form" method="post" action="/do/not-me">
                <p>{words::not_me_text()}</p>
                <input type="hidden" name="token" value=token />
                <button class="button button-danger" type="submit">
                    {words::not_me_button()}
                </button>
            </form>
        }),
    };
    view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>{heading}</h1>
            </div>
            <MessageNotice message id="not-me-notice" takes_focus=true />
            {body}
            <div class="card-foot">
                <a class="button button-quiet" href="/login">
                    {words::go_to_login()}
                </a>
            </div>
        </EntryLayout>
    }
}

/// The button of that page.
#[server(prefix = "/do", endpoint = "not-me")]
pub async fn not_me(#[server(default)] token: String) -> Result<(), ServerFnError> {
    let door = Door::open();
    // Without the token: it is of no more use in the address bar.
    match door.portal.disown(&token, &door.client()).await {
        Ok(()) => door.answer_form("/not-me/done?message=disowned", StatusCode::OK),
        Err(problem) => {
            let message = refusal_or(problem.map(|_| Message::DeadLink), Message::from);
            // What failed for now can be tried again; a dead link can't.
            let page = match message {
                Message::DeadLink => "/not-me/dead".to_owned(),
                _ => format!("/not-me/{token}"),
            };
            door.send_back(&page, &[], message);
        }
    }
    Ok(())
}
