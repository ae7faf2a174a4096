//! The second step of a login, and codes that are sent by mail for it.

use backend::{CodeFor, FactorMethod, PendingLogin, Problem, SentCode, Token};
use domain::{FactorKind, SecondFactorInput, SendCodeError};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use crate::components::{EntryLayout, FactorField, MessageNotice, SendCode, TimeLeft};
use crate::cookies;
use crate::door::{Door, Trouble, address, told};
use crate::message::Message;
use crate::shell::WakeIslands;
use crate::words::{self, fill};

const NOTICE: &str = "second-step-notice";

/// What this step has to say.
const OWN: &[Message] = &[
    Message::WrongFactor,
    Message::WrongMailedCode,
    Message::TooManyFactorAttempts,
    Message::CodeSent,
    Message::CodesUsedUp,
    Message::EmailFactorOff,
    Message::NoFactor,
    Message::StepDead,
];

/// How the second step is done; each has its own address, `/login?step=…`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Actor {
    App,
    Email,
    Recovery,
}

impl Actor {
    /// The way that was asked for, or the first one that is open.
    fn wanted(step: &str, methods: &[FactorMethod]) -> Self {
        let open = |by: &Self| by.is_open(methods);
        let wanted = match step {
            "email" => Some(Self::Email),
            "recovery" => Some(Self::Recovery),
            _ => None,
        };
        let wanted = wanted.filter(open);
        wanted.unwrap_or_else(|| {
            let first = [Self::App, Self::Email].into_iter().find(open);
            first.unwrap_or(Self::Recovery)
        })
    }

    fn is_open(self, methods: &[FactorMethod]) -> bool {
        let kind = match self {
            Self::App => FactorKind::Totp,
            Self::Email => FactorKind::Email,
            Self::Recovery => FactorKind::Recovery,
        };
        let mut methods = methods.iter();
        methods.any(|method| method.kind == kind && method.enabled)
    }

    const fn step(self) -> &'static str {
        match self {
            Self::App => "2",
            Self::Email => "email",
            Self::Recovery => "recovery",
        }
    }

    /// The link to it from the others.
    fn instead(self) -> String {
        match self {
            Self::App => words::step_app_switch(),
            Self::Email => words::step_email_switch(),
            Self::Recovery => words::step_recovery_switch(),
        }
    }
}

/// The second step of a login, where a second factor is on.
#[component]
pub(crate) fn SecondStepPage(
    door: Door,
    challenge: Token,
    step: String,
    return_to: String,
) -> impl IntoView {
    let message = Message::read(OWN);
    let title = Message::title(message, words::step_title());
    let again = address("/login", &[("return_to", &return_to)]);
    view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>{words::step_title()}</h1>
            </div>
            <MessageNotice message id=NOTICE />
            <Suspense>
                {Suspend::new(async move {
                    match door.portal.pending_login(&challenge).await {
                        Ok(Some(waiting)) => {
                            let by = Actor::wanted(&step, &waiting.methods);
                            EitherOf3::A(view! { <Ways door waiting by message return_to /> })
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
                <a class="button button-quiet" href=again>
                    {words::login_start_again()}
                </a>
            </div>
        </EntryLayout>
    }
}

/// The way that was chosen, and links to the others.
#[component]
fn Ways(
    door: Door,
    waiting: PendingLogin,
    by: Actor,
    message: Option<Message>,
    return_to: String,
) -> impl IntoView {
    let PendingLogin { methods, sent_code } = waiting;
    let notice = message.filter(|message| message.is_error()).map(|_| NOTICE);
    let others = [Actor::App, Actor::Email, Actor::Recovery];
    let others = others
        .into_iter()
        .filter(|other| *other != by && other.is_open(&methods))
        .map(|other| {
            let to = address(
                "/login",
                &[("step", other.step()), ("return_to", &return_to)],
            );
            view! {
                <a class="button button-quiet" href=to>
                    {other.instead()}
                </a>
            }
        })
        .collect_view();
    let none_is_left = !Actor::Recovery.is_open(&methods);
    let form = match by {
        Actor::Email => Either::Left(view! { <EmailWay door sent_code notice return_to /> }),
        Actor::App | Actor::Recovery => Either::Right(view! { <FactorForm by notice return_to /> }),
    };
    view! {
        {form}
        <div class="choices">{others}</div>
        {none_is_left
            .then(|| {
                view! {
                    <p class="field-hint">
                        {words::step_no_codes()}
                    </p>
                }
            })}
    }
}

#[component]
fn EmailWay(
    door: Door,
    sent_code: Option<SentCode>,
    notice: Option<&'static str>,
    return_to: String,
) -> impl IntoView {
    let Some(sent) = sent_code else {
        return Either::Left(view! {
            <p>{words::step_email()}</p>
            <SendCode page="login" return_to=return_to label=words::step_email_send() primary=true />
        });
    };
    let now = door.portal.now();
    Either::Right(view! {
        <p>
            {fill(
                |[address]| words::step_email_sent(address),
                [view! { <b>{sent.to}</b> }.into_any()],
            )}
        </p>
        <FactorForm by=Actor::Email notice return_to=return_to.clone() />
        <TimeLeft until=sent.expires_at now />
        <SendCode page="login" return_to label=words::step_email_send_again() />
        <WakeIslands />
    })
}

#[component]
fn FactorForm(by: Actor, notice: Option<&'static str>, return_to: String) -> impl IntoView {
    let (explanation, label, digits) = match by {
        Actor::App => (Some(words::step_app()), words::step_app_field(), true),
        Actor::Email => (None, words::step_email_field(), true),
        Actor::Recovery => (
            Some(words::step_recovery()),
            words::step_recovery_field(),
            false,
        ),
    };
    view! {
        <form class="form" method="post" action="/do/second-step">
            <input type="hidden" name="return_to" value=return_to />
            <input type="hidden" name="by" value=by.step() />
            {explanation.map(|explanation| view! { <p>{explanation}</p> })}
            <FactorField label=label digits=digits notice autofocus=true />
            <button class="button button-primary" type="submit">
                {words::log_in()}
            </button>
        </form>
    }
}

/// The form of the second step. The password does not travel again: a cookie stands for it.
#[server(prefix = "/do", endpoint = "second-step")]
pub async fn second_step(
    #[server(default)] twofa_token: String,
    #[server(default)] by: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(challenge) = door.challenge() else {
        door.send_back("/login", &[("return_to", &return_to)], Message::StepDead);
        return Ok(());
    };
    let (client, browser) = (door.client(), door.browser());
    let by_mail = by == Actor::Email.step();
    let (message, wait) = match SecondFactorInput::parse_typed(&twofa_token) {
        Err(_) => (Message::WrongFactor, None),
        Ok(shown) => {
            let shown = if by_mail { shown.mailed() } else { shown };
            let done = door
                .portal
                .finish_login(&challenge, &shown, &client, browser.as_ref())
                .await;
            match done {
                Ok(session) => {
                    door.let_in(&session, Some(&return_to));
                    return Ok(());
                }
                Err(problem) => told(problem),
            }
        }
    };
    let goes_on = matches!(
        message,
        Message::WrongFactor | Message::TooManyFactorAttempts
    );
    let known = [Actor::Email, Actor::Recovery].into_iter();
    let step = known.map(Actor::step).find(|step| *step == by);
    let step = if goes_on { step.unwrap_or("2") } else { "" };
    if !goes_on {
        door.set_cookie(cookies::forget_challenge());
    }
    door.send_back_for(
        "/login",
        &[("step", step), ("return_to", &return_to)],
        if by_mail { message.of_mail() } else { message },
        wait,
    );
    Ok(())
}

/// The button that has a code sent: for a login that waits, or on one's own pages.
#[server(prefix = "/do", endpoint = "send-code")]
pub async fn send_code(
    #[server(default)] page: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let (challenge, person) = (door.challenge(), door.person());
    let for_login = page == "login";
    let whom = match (&challenge, &person) {
        (Some(challenge), _) if for_login => Some(CodeFor::Login(challenge)),
        (_, Some(person)) if !for_login => Some(CodeFor::Session(person)),
        _ => None,
    };
    let sent = match whom {
        Some(whom) => door.portal.send_email_code(whom, &door.client()).await,
        None => Err(Problem::Refused(SendCodeError::Dead)),
    };
    let (message, wait) = match sent {
        Ok(_) => (Message::CodeSent, None),
        Err(problem) => told(problem),
    };
    let step = match message {
        Message::StepDead => "",
        _ => Actor::Email.step(),
    };
    match page.as_str() {
        "confirm" => door.send_back_for(
            "/confirm",
            &[("by", "email"), ("return_to", &return_to)],
            message,
            wait,
        ),
        "security" => door.send_back_for("/account/security", &[], message, wait),
        _ => door.send_back_for(
            "/login",
            &[("step", step), ("return_to", &return_to)],
            message,
            wait,
        ),
    }
    Ok(())
}
