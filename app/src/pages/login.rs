use backend::{FactorMethod, SignIn as Request, SignInDoor, Step, Token};
use domain::{FactorKind, TwofaToken};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{
    EntryLayout, FactorField, MessageNotice, PasswordField, PlatformMark, TextField, Tone,
};
use crate::cookies;
use crate::door::{Door, Trouble, address, refusal_or};
use crate::message::Message;
use crate::shell::WakeIslands;

const NOTICE: &str = "login-notice";

/// What this page has to say.
const OWN: &[Message] = &[
    Message::WrongCredentials,
    Message::PasswordRecovered,
    Message::Restricted,
    Message::TooManyPasswords,
    Message::SignedOut,
    Message::AccountDeleted,
    Message::WrongFactor,
    Message::TooManyTries,
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
        let by = if step == "recovery" {
            By::Recovery
        } else {
            By::App
        };
        let return_to = return_to.as_str().to_owned();
        return Some(Either::Left(
            view! { <SecondStepPage door challenge by return_to /> },
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
    let wrong = message == Some(Message::WrongCredentials);
    // Carried through every step, where somebody wanted to get anywhere.
    let onward = wanted
        .map(|_| return_to.as_str().to_owned())
        .unwrap_or_default();
    let onward = ("return_to", onward.as_str());
    let code_page = address("/login/code", &[onward]);
    let platforms = door
        .portal
        .platforms()
        .iter()
        .map(|platform| {
            let to = address("/login/request", &[("platform", platform.as_str()), onward]);
            view! {
                <a class="button button-secondary" href=to>
                    <PlatformMark platform=platform />
                    {platform.for_people()}
                </a>
            }
        })
        .collect_view();
    // After a refusal the name is likely right: the hand goes on with the password.
    let at_password = !typed.is_empty();
    Some(Either::Right(view! {
        <EntryLayout title=if refused { "Error: Log in" } else { "Log in" }>
            <div class="card-head">
                <h1>"Log in"</h1>
            </div>
            <MessageNotice message id=NOTICE />
            <form class="form" method="post" action="/do/sign-in">
                <input type="hidden" name="return_to" value=return_to.as_str().to_owned() />
                <TextField
                    name="identifier"
                    label="Username"
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
                    "Log in"
                </button>
                <a class="button button-quiet" href="/recover">
                    "Forgot your password?"
                </a>
            </form>
            <p class="divider">"or"</p>
            <div class="choices">
                {platforms}
                <a class="button button-quiet" href=code_page>
                    "I already have a code"
                </a>
            </div>
            <WakeIslands />
        </EntryLayout>
    }))
}

/// How the second step is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    App,
    Recovery,
}

/// The second step of a login, where a second factor is on.
#[component]
fn SecondStepPage(door: Door, challenge: Token, by: By, return_to: String) -> impl IntoView {
    let message = Message::read(OWN);
    let title = if message.is_some_and(Message::is_error) {
        "Error: Second step"
    } else {
        "Second step"
    };
    view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>"Second step"</h1>
            </div>
            <MessageNotice message id=NOTICE />
            <Suspense>
                {Suspend::new(async move {
                    match door.portal.waiting_login(&challenge).await {
                        Ok(Some(methods)) => {
                            EitherOf3::A(view! { <SecondStepForm methods by message return_to /> })
                        }
                        Ok(None) => EitherOf3::B(view! { <p>{Message::StepDead.sentence()}</p> }),
                        Err(failure) => {
                            Trouble::of(&failure);
                            EitherOf3::C(view! { <p>{Message::Unavailable.sentence()}</p> })
                        }
                    }
                })}
            </Suspense>
            <div class="card-foot">
                <a class="button button-quiet" href="/login">
                    "Start again"
                </a>
            </div>
        </EntryLayout>
    }
}

#[component]
fn SecondStepForm(
    methods: Vec<FactorMethod>,
    by: By,
    message: Option<Message>,
    return_to: String,
) -> impl IntoView {
    let has_codes = methods
        .iter()
        .any(|method| method.kind == FactorKind::Recovery && method.enabled);
    let (step, switch) = match by {
        By::App => ("recovery", "No phone? Use a recovery code"),
        By::Recovery => ("2", "Use the authenticator app"),
    };
    let other = address("/login", &[("step", step), ("return_to", &return_to)]);
    let notice = message.map(|_| NOTICE);
    view! {
        <form class="form" method="post" action="/do/second-step">
            <input type="hidden" name="return_to" value=return_to />
            {match by {
                By::App => {
                    view! {
                        <p>"Enter the code that your authenticator app shows now."</p>
                        <FactorField label="Code from the app" digits=true notice autofocus=true />
                    }
                        .into_any()
                }
                By::Recovery => {
                    view! {
                        <p>"Enter one of the codes you kept when you set up your second step."</p>
                        <FactorField label="Recovery code" notice autofocus=true />
                    }
                        .into_any()
                }
            }}
            <button class="button button-primary" type="submit">
                "Log in"
            </button>
            {has_codes
                .then(|| {
                    view! {
                        <a class="button button-quiet" href=other>
                            {switch}
                        </a>
                    }
                })}
        </form>
        {(!has_codes)
            .then(|| {
                view! {
                    <p class="field-hint">
                        "You have no recovery codes left. If your phone is gone, ask whoever runs this site."
                    </p>
                }
            })}
    }
}

/// The form of the second step. The password does not travel again: a cookie stands for it.
#[server(prefix = "/do", endpoint = "second-step")]
pub async fn second_step(
    #[server(default)] twofa_token: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(challenge) = door.challenge() else {
        door.send_back("/login", &[("return_to", &return_to)], Message::StepDead);
        return Ok(());
    };
    let (client, browser) = (door.client(), door.browser());
    let message = match TwofaToken::parse_typed(&twofa_token) {
        Err(_) => Message::WrongFactor,
        Ok(shown) => {
            let done = door
                .portal
                .second_step(&challenge, &shown, &client, browser.as_ref())
                .await;
            match done {
                Ok(session) => {
                    door.let_in(&session, Some(&return_to));
                    return Ok(());
                }
                Err(problem) => refusal_or(problem.map(Message::from), Message::from),
            }
        }
    };
    let goes_on = matches!(message, Message::WrongFactor | Message::TooManyTries);
    let step = if goes_on { "2" } else { "" };
    if !goes_on {
        door.set_cookie(cookies::forget_challenge());
    }
    door.send_back(
        "/login",
        &[("step", step), ("return_to", &return_to)],
        message,
    );
    Ok(())
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
        door: SignInDoor::Page,
    };
    match door.portal.sign_in(request).await {
        Ok(Step::Done(session)) => door.let_in(&session, return_to.as_deref()),
        Ok(Step::SecondFactor(step)) => {
            door.ask_second_step(&step, return_to.as_deref().unwrap_or_default());
        }
        Err(problem) => {
            let message = refusal_or(problem.map(Message::from), Message::from);
            let return_to = return_to.unwrap_or_default();
            door.remember_typed(&identifier);
            door.send_back("/login", &[("return_to", &return_to)], message);
        }
    }
    Ok(())
}

/// The "Log out" button of every page. Who isn't logged in any more gets there too.
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
