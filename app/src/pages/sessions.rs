use backend::{ListedSession, Problem, Sessions};
use domain::{EndReason, EndSessionError, LoginMethod};
use leptos::prelude::*;

use crate::components::{Fold, Moment};
use crate::door::{Door, refusal_or};
use crate::message::Message;
use crate::wording::device;
use crate::words::{self, fill};

const PAGE: &str = "/account/security";

/// On `/account/security`: where one is logged in, each to be ended, and where one was.
#[component]
pub(super) fn SessionsCard(sessions: Sessions) -> impl IntoView {
    let has_others = sessions.live.len() > 1;
    let ended = sessions.ended;
    view! {
        <section class="card" aria-labelledby="sessions-title">
            <div class="card-head">
                <h2 id="sessions-title">{words::sessions_title()}</h2>
                <p>{words::sessions_text()}</p>
            </div>
            <ul class="rows">
                {sessions
                    .live
                    .into_iter()
                    .map(|session| view! { <LiveSession session /> })
                    .collect_view()}
            </ul>
            {has_others
                .then(|| {
                    view! {
                        <form class="card-foot" method="post" action="/do/end-other-sessions">
                            <button class="button button-secondary" type="submit">
                                {words::sessions_end_others()}
                            </button>
                        </form>
                    }
                })}
            {(!ended.is_empty())
                .then(|| {
                    view! {
                        <Fold title=words::sessions_ended()>
                            <ul class="rows">
                                {ended
                                    .into_iter()
                                    .map(|session| view! { <EndedSession session /> })
                                    .collect_view()}
                            </ul>
                        </Fold>
                    }
                })}
        </section>
    }
}

#[component]
fn LiveSession(session: ListedSession) -> impl IntoView {
    let device = device(&session.session.user_agent);
    let used = view! { <Moment at=session.session.last_used_at /> }.into_any();
    let end = if session.is_current {
        None
    } else {
        Some(view! {
            <form method="post" action="/do/end-session">
                <input type="hidden" name="session" value=session.suffix />
                <button class="button button-quiet" type="submit">
                    {words::sessions_end()}
                    <span class="visually-hidden">" " {words::sessions_end_which(device.clone())}</span>
                </button>
            </form>
        })
    };
    view! {
        <li>
            <div>
                <strong>{device}</strong>
                {session.is_current.then(|| view! { " " <span class="badge badge-accent">{words::sessions_this()}</span> })}
                <p class="field-hint">
                    {how(session.session.method)} " · " <code>{session.session.client_ip}</code>
                    " · " {fill(|[time]| words::sessions_last_used(time), [used])}
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
                    {how(session.session.method)} " · " <code>{session.session.client_ip}</code>
                    {session
                        .end
                        .map(|(at, reason)| {
                            view! { " · " {why(reason)} " " <Moment at /> }
                        })}
                </p>
            </div>
        </li>
    }
}

/// How a session was begun, for people.
pub(super) fn how(method: LoginMethod) -> String {
    match method {
        LoginMethod::Password => words::session_by_password(),
        LoginMethod::SetUp => words::session_by_setup(),
        LoginMethod::WebCode => words::session_by_web(),
        LoginMethod::BotCode => words::session_by_bot(),
    }
}

/// Why a session is over, for people; a moment follows.
fn why(reason: EndReason) -> String {
    match reason {
        EndReason::SignedOut => words::session_signed_out(),
        EndReason::UserRevoked => words::session_destroyed(),
        EndReason::Expired => words::session_expired(),
        EndReason::Restricted => words::session_restricted(),
        EndReason::ReportedByUser => words::session_disowned(),
        EndReason::Unlinked => words::session_unlinked(),
        EndReason::Changed => words::session_changed(),
        EndReason::TooManyAttempts => words::session_guessed(),
        EndReason::AdminRevoked => words::session_administered(),
        EndReason::RoleRaised => words::session_raised(),
    }
}

/// The button beside a session.
#[server(prefix = "/do", endpoint = "end-session")]
pub async fn end_session(#[server(default)] session: String) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(PAGE) else {
        return Ok(());
    };
    let client = door.client();
    let ended = door.portal.end_session(&person, &session, &client).await;
    let ended = ended.map(|()| Message::SessionEnded);
    answer(&door, ended);
    Ok(())
}

/// The button below the sessions.
#[server(prefix = "/do", endpoint = "end-other-sessions")]
pub async fn end_other_sessions() -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(PAGE) else {
        return Ok(());
    };
    let client = door.client();
    let ended = door.portal.end_other_sessions(&person, &client).await;
    let ended = ended.map(|_| Message::OthersEnded);
    answer(&door, ended);
    Ok(())
}

fn answer(door: &Door, ended: Result<Message, Problem<EndSessionError>>) {
    match ended {
        Ok(message) => door.send_back(PAGE, &[], message),
        // Ended from another session meanwhile: the page asks for a login.
        Err(Problem::Refused(EndSessionError::SignedOut)) => door.login_first(PAGE),
        Err(problem) => {
            let message = refusal_or(problem.map(Message::from), Message::from);
            door.send_back(PAGE, &[], message);
        }
    }
}
