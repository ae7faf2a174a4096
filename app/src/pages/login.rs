use backend::{LoginChannel, LoginOutcome, PasswordLogin as Request};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::second_step::SecondStepPage;
use crate::components::{EntryLayout, MessageNotice, PasswordField, PlatformMark, TextField, Tone};
use crate::cookies;
use crate::door::{Door, Trouble, address};
use crate::message::Message;
use crate::shell::WakeIslands;
use crate::words::{self, fill};

const NOTICE: &str = "login-notice";

/// What this page has to say.
const OWN: &[Message] = &[
    Message::InvalidCredentials,
    Message::PasswordRecovered,
    Message::Restricted,
    Message::TooManyPasswords,
    Message::SignedOut,
    Message::AccountDeleted,
    Message::TooManyFactorAttempts,
    Message::StepDead,
    Message::WebLoginRequired,
];

/// `/login`: name and password. Whoever is logged in already is sent on.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let door = Door::open();
    let query = use_query_map().read_untracked();
    let wanted = query.get("return_to");
    let return_to = door.site.return_to(wanted.as_deref());
    if door.person().is_some() {
        door.go(return_to.as_str());
        return None;
    }
    if let (Some(step), Some(challenge)) = (query.get("step"), door.challenge()) {
        let return_to = return_to.as_str().to_owned();
        return Some(Either::Left(
            view! { <SecondStepPage door challenge step return_to /> },
        ));
    }
    let message = match query.get("arrived") {
        // A login sent the browser here with new cookies, and they are not there.
        Some(_) => Some(Message::CookiesLost),
        None => Message::read(OWN).or_else(|| {
            let ended = wanted.is_some() && door.has_dead_session();
            ended.then_some(Message::SessionLost)
        }),
    };
    let refused = message.is_some_and(|message| message.tone() == Tone::Error);
    let typed = if refused { door.typed() } else { String::new() };
    let wrong = message == Some(Message::InvalidCredentials);
    // Carried through every step, where somebody wanted to get anywhere.
    let onward = wanted
        .map(|_| return_to.as_str().to_owned())
        .unwrap_or_default();
    let onward = ("return_to", onward.as_str());
    let code_page = address("/login/code", &[onward]);
    let register_page = address("/register", &[onward]);
    let sign_up = door.portal.sign_up();
    let platforms = door
        .portal
        .platforms()
        .iter()
        .map(|platform| {
            let to = address("/login/request", &[("platform", platform.as_str()), onward]);
            view! {
                <a class="button button-secondary" href=to>
                    <PlatformMark platform=platform />
                    {platform.to_human()}
                </a>
            }
        })
        .collect_view();
    // After a refusal the name is likely right: the hand goes on with the password.
    let at_password = !typed.is_empty();
    let title = if refused {
        words::title_with_error(words::log_in())
    } else {
        words::log_in()
    };
    Some(Either::Right(view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>{words::log_in()}</h1>
            </div>
            <MessageNotice message id=NOTICE />
            <form class="form" method="post" action="/do/sign-in">
                <input type="hidden" name="return_to" value=return_to.as_str().to_owned() />
                <TextField
                    name="identifier"
                    label=words::login_username()
                    autocomplete="username"
                    value=typed
                    autofocus=!at_password
                />
                <PasswordField
                    autocomplete="current-password"
                    notice=wrong.then_some(NOTICE)
                    autofocus=at_password
                />
                <button class="button button-primary" type="submit">
                    {words::log_in()}
                </button>
                <a class="button button-quiet" href="/recover">
                    {words::login_forgot()}
                </a>
            </form>
            <p class="divider">{words::login_or()}</p>
            <div class="choices">
                {platforms}
                <a class="button button-quiet" href=code_page>
                    {words::login_have_code()}
                </a>
            </div>
            {sign_up.then(|| view! { <NewHere register_page /> })}
            <WakeIslands />
        </EntryLayout>
    }))
}

/// The way to an account, for those who have none.
#[component]
fn NewHere(register_page: String) -> impl IntoView {
    let link = view! { <a href=register_page>{words::register_title()}</a> }.into_any();
    view! {
        <div class="card-foot">
            <p>{fill(|[link]| words::login_new_here(link), [link])}</p>
        </div>
    }
}

/// The login form.
#[server(prefix = "/do", endpoint = "sign-in")]
pub async fn sign_in(
    #[server(default)] identifier: String,
    #[server(default)] password: String,
    #[server(default)] return_to: Option<String>,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let client = door.client();
    let request = Request {
        identifier: &identifier,
        password: &password,
        factor: None,
        client: &client,
        channel: LoginChannel::Page,
    };
    match door.portal.login_with_password(request).await {
        Ok(LoginOutcome::Done(session)) => door.let_in(&session, return_to.as_deref()),
        Ok(LoginOutcome::SecondFactorRequired(step)) => {
            door.ask_second_step(&step, return_to.as_deref().unwrap_or_default());
        }
        Err(problem) => {
            let return_to = return_to.unwrap_or_default();
            door.remember_typed(&identifier);
            door.refuse("/login", &[("return_to", &return_to)], problem);
        }
    }
    Ok(())
}

/// The "Log out" button of every page. A person who isn't logged in any more gets there too.
#[server(prefix = "/do", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), ServerFnError> {
    let door = Door::open();
    if let Some(person) = door.person()
        && let Err(failure) = door.portal.sign_out(&person, &door.client()).await
    {
        Trouble::of(&failure);
        door.send_back("/account", &[], Message::StillSignedIn);
        return Ok(());
    }
    for cookie in door.site.cookies.cleared() {
        door.set_cookie(cookie);
    }
    door.set_cookie(cookies::forget_typed());
    door.go("/login?message=signed-out");
    Ok(())
}
