use backend::{ListedSession, Problem, Sessions};
use domain::EndSessionError;
use leptos::prelude::*;

use super::factor::PAGE;
use crate::components::{Disclosure, Time};
use crate::i18n::{self, interpolate};
use crate::localize::{Localize as _, device};
use crate::message::Message;
use crate::request_context::RequestContext;

/// The live sessions, each with a button that ends it, and the ended ones.
#[component]
pub(super) fn SessionsCard(sessions: Sessions) -> impl IntoView {
    let has_others = sessions.live.len() > 1;
    let ended = sessions.ended;
    view! {
        <section class="card" aria-labelledby="sessions-title">
            <div class="card-header">
                <h2 id="sessions-title">{i18n::sessions_title()}</h2>
                <p>{i18n::sessions_text()}</p>
            </div>
            <ul class="list">
                {sessions
                    .live
                    .into_iter()
                    .map(|session| view! { <LiveSession session /> })
                    .collect_view()}
            </ul>
            {has_others
                .then(|| {
                    view! {
                        <form class="card-footer" method="post" action="/do/end-other-sessions">
                            <button class="button button-secondary" type="submit">
                                {i18n::sessions_end_others()}
                            </button>
                        </form>
                    }
                })}
            {(!ended.is_empty())
                .then(|| {
                    view! {
                        <Disclosure title=i18n::sessions_ended()>
                            <ul class="list">
                                {ended
                                    .into_iter()
                                    .map(|session| view! { <EndedSession session /> })
                                    .collect_view()}
                            </ul>
                        </Disclosure>
                    }
                })}
        </section>
    }
}

#[component]
fn LiveSession(session: ListedSession) -> impl IntoView {
    let device = device(&session.session.user_agent);
    let used = view! { <Time at=session.session.last_used_at /> }.into_any();
    let end = if session.is_current {
        None
    } else {
        Some(view! {
            <form method="post" action="/do/end-session">
                <input type="hidden" name="session" value=session.suffix />
                <button class="button button-quiet" type="submit">
                    {i18n::sessions_end()}
                    <span class="visually-hidden">" " {i18n::sessions_end_which(device.clone())}</span>
                </button>
            </form>
        })
    };
    view! {
        <li>
            <div>
                <strong>{device}</strong>
                {session.is_current.then(|| view! { " " <span class="badge badge-accent">{i18n::sessions_this()}</span> })}
                <p class="field-hint">
                    {session.session.method.localize()} " · " <code>{session.session.client_ip}</code>
                    " · " {interpolate(|[time]| i18n::sessions_last_used(time), [used])}
                </p>
            </div>
            {end}
        </li>
    }
}

#[component]
fn EndedSession(session: ListedSession) -> impl IntoView {
    view! {
        <li>
            <div>
                <strong>{device(&session.session.user_agent)}</strong>
                <p class="field-hint">
                    {session.session.method.localize()} " · " <code>{session.session.client_ip}</code>
                    {session
                        .end
                        .map(|(at, reason)| {
                            view! { " · " {reason.localize()} " " <Time at /> }
                        })}
                </p>
            </div>
        </li>
    }
}

/// The button that ends a session.
#[server(prefix = "/do", endpoint = "end-session")]
pub async fn end_session(#[server(default)] session: String) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(PAGE) else {
        return Ok(());
    };
    let client = context.client();
    let ended = context.portal.end_session(&person, &session, &client).await;
    let ended = ended.map(|()| Message::SessionEnded);
    answer(&context, ended);
    Ok(())
}

/// The button that ends all other sessions.
#[server(prefix = "/do", endpoint = "end-other-sessions")]
pub async fn end_other_sessions() -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(PAGE) else {
        return Ok(());
    };
    let client = context.client();
    let ended = context.portal.end_other_sessions(&person, &client).await;
    let ended = ended.map(|_| Message::OtherSessionsEnded);
    answer(&context, ended);
    Ok(())
}

fn answer(context: &RequestContext, ended: Result<Message, Problem<EndSessionError>>) {
    match ended {
        Ok(message) => context.redirect_with_message(PAGE, &[], message),
        // Another session has ended this one.
        Err(Problem::Refused(EndSessionError::SignedOut)) => context.redirect_to_login(PAGE),
        Err(problem) => {
            let message = Message::from_problem(problem);
            context.redirect_with_message(PAGE, &[], message);
        }
    }
}
