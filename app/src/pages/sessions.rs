use backend::{ListedSession, Problem, Sessions};
use domain::{EndReason, EndSessionError, SignInMethod};
use leptos::prelude::*;

use crate::components::{Fold, Moment};
use crate::door::{Door, refusal_or};
use crate::message::Message;

const PAGE: &str = "/account/security";

/// On `/account/security`: where one is logged in, each to be ended, and where one was.
#[component]
pub(super) fn SessionsCard(sessions: Sessions) -> impl IntoView {
    let has_others = sessions.live.len() > 1;
    let ended = sessions.ended;
    view! {
        <section class="card" aria-labelledby="sessions-title">
            <div class="card-head">
                <h2 id="sessions-title">"Sessions"</h2>
                <p>"Where you are logged in. End what you don't know, then change your password."</p>
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
                                "End all other sessions"
                            </button>
                        </form>
                    }
                })}
            {(!ended.is_empty())
                .then(|| {
                    view! {
                        <Fold title="Ended sessions">
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
    let device = session.session.user_agent.for_people();
    let end = if session.is_current {
        None
    } else {
        Some(view! {
            <form method="post" action="/do/end-session">
                <input type="hidden" name="session" value=session.suffix />
                <button class="button button-quiet" type="submit">
                    "End"
                    <span class="visually-hidden">{format!(" the session of {device}")}</span>
                </button>
            </form>
        })
    };
    view! {
        <li>
            <div>
                <strong>{device}</strong>
                {session.is_current.then(|| view! { " " <span class="badge badge-accent">"This one"</span> })}
                <p class="field-hint">
                    {how(session.session.method)} " · " <code>{session.session.client_ip}</code>
                    " · last used " <Moment at=session.session.last_used_at />
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
                <strong>{session.session.user_agent.for_people()}</strong>
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
const fn how(method: SignInMethod) -> &'static str {
    match method {
        SignInMethod::Password => "By password",
        SignInMethod::SetUp => "By the set-up link",
        SignInMethod::WebCode => "By a code asked for here",
        SignInMethod::BotCode => "By a code of a bot",
    }
}

/// Why a session is over, for people; a moment follows.
const fn why(reason: EndReason) -> &'static str {
    match reason {
        EndReason::SignedOut => "logged out",
        EndReason::Destroyed => "ended by you",
        EndReason::Expired => "ran out",
        EndReason::Restricted => "account restricted",
        EndReason::Disowned => "ended by “that was not me”",
        EndReason::Unlinked => "platform unlinked",
        EndReason::Changed => "ended by a change of password or second step",
        EndReason::Guessed => "ended after too many wrong tries",
        EndReason::Administered => "ended by those who run this site",
        EndReason::Raised => "ended when your level rose",
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
