use backend::{Problem, Recover, Recovery, RecoveryOffer, Token};
use domain::{NewPasswordError, RecoverError, TwofaToken};
use http::StatusCode;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::components::{
    AccountName, EntryLayout, FactorField, Fold, MessageNotice, NewPasswordField, TextField,
};
use crate::cookies;
use crate::door::{Door, Trouble, address, refusal_or};
use crate::message::Message;
use crate::shell::WakeIslands;

const ASK_PAGE: &str = "/recover";
/// Where the link in the letter leads on: no token looks like that.
const PAGE: &str = "/recover/new";
const NOTICE: &str = "recover-notice";

/// What the first page has to say.
const ASKED: &[Message] = &[
    Message::RecoverySent,
    Message::TooManyRecoveries,
    Message::NothingTyped,
];

/// What the second one has to say.
const OWN: &[Message] = &[
    Message::WrongFactor,
    Message::TooManyTries,
    Message::FactorNeeded,
];

/// `/recover`: a forgotten password, or one that never was. The answer is the same for
/// everybody and for nobody.
#[component]
pub(crate) fn RecoverPage() -> impl IntoView {
    let door = Door::open();
    let message = Message::read(ASKED);
    let refused = message.is_some_and(Message::is_error);
    let sent = message == Some(Message::RecoverySent);
    let title = match (refused, sent) {
        (true, _) => "Error: New password",
        (_, true) => "Look into your mail",
        _ => "New password",
    };
    let heading = if sent {
        "Look into your mail"
    } else {
        "Forgot your password?"
    };
    let typed = if refused { door.typed() } else { String::new() };
    let form = view! {
        <form class="form" method="post" action="/do/recover">
            <p>
                "We send a link to the e-mail address of your account. With it you choose a new password."
            </p>
            <TextField
                name="identifier"
                label="Username or e-mail address"
                autocomplete="username"
                value=typed
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                "Send the link"
            </button>
        </form>
    };
    view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>{heading}</h1>
            </div>
            <MessageNotice message id=NOTICE />
            {(!sent).then_some(form)}
            <OtherWays sent />
            <div class="card-foot">
                {sent
                    .then(|| {
                        view! {
                            <a class="button button-secondary" href=ASK_PAGE>
                                "Send another one"
                            </a>
                        }
                    })} <a class="button button-quiet" href="/login">
                    "Back to the login"
                </a>
            </div>
        </EntryLayout>
    }
}

/// What to do when no mail comes, or none can.
#[component]
fn OtherWays(sent: bool) -> impl IntoView {
    view! {
        <Fold title=if sent { "No mail?" } else { "No e-mail address here?" }>
            {sent
                .then(|| {
                    view! {
                        <p>
                            "It can take a few minutes; look among the junk, too. "
                            "A letter comes only to an address that was confirmed, and a few times a day at most."
                        </p>
                    }
                })}
            <ul>
                <li>
                    "Is your account linked to a platform? "
                    <a href="/login/request">"Log in by the bot's code"</a> "."
                </li>
                <li>
                    "Only your phone is gone? Log in with your password and one of your recovery codes."
                </li>
                <li>"If nothing of that helps, ask the team of this site."</li>
            </ul>
        </Fold>
    }
}

/// `/recover/{token}`: the link in the letter. The token leaves the address bar at once (ASVS
/// 14.2.1), and opening the link spends nothing (security A26).
#[component]
pub(crate) fn RecoverLinkPage() -> impl IntoView {
    let door = Door::open();
    let token = use_params_map().read_untracked().get("token");
    let token = token.and_then(|token| token.parse::<Token>().ok());
    door.set_cookie(match token {
        Some(token) => cookies::remember_recovery(&token),
        None => cookies::forget_recovery(),
    });
    door.go(PAGE);
}

/// `/recover/new`: a new password for whom the link was for.
#[component]
pub(crate) fn NewPasswordPage() -> impl IntoView {
    let door = Door::open();
    let message = Message::read(OWN);
    let error = use_query_map().read_untracked().get("password");
    let error = error.and_then(|code| NewPasswordError::from_code(&code));
    let title = if message.is_some() || error.is_some() {
        "Error: New password"
    } else {
        "New password"
    };
    view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>"New password"</h1>
            </div>
            <MessageNotice message id=NOTICE />
            <Suspense>
                {Suspend::new(async move {
                    let offer = match door.recovery_token() {
                        Some(token) => door.portal.recovery_offer(&token).await,
                        None => Ok(None),
                    };
                    match offer {
                        Ok(Some(offer)) => {
                            EitherOf3::A(view! { <NewPasswordForm offer error message /> })
                        }
                        Ok(None) => {
                            door.set_status(StatusCode::GONE);
                            EitherOf3::B(view! { <DeadLink /> })
                        }
                        Err(failure) => {
                            Trouble::of(&failure);
                            door.set_status(StatusCode::SERVICE_UNAVAILABLE);
                            EitherOf3::C(view! { <p>{Message::Unavailable.sentence()}</p> })
                        }
                    }
                })}
            </Suspense>
            <div class="card-foot">
                <a class="button button-quiet" href="/login">
                    "Go to the login"
                </a>
            </div>
        </EntryLayout>
    }
}

#[component]
fn NewPasswordForm(
    offer: RecoveryOffer,
    error: Option<NewPasswordError>,
    message: Option<Message>,
) -> impl IntoView {
    let policy = offer.policy;
    let at_factor = message.is_some();
    view! {
        <form class="form" method="post" action="/do/new-password">
            <p>
                "For the account " <b>{offer.username.clone()}</b>
                ". All its sessions end, and you log in with the new password."
            </p>
            <AccountName username=offer.username />
            <NewPasswordField
                name="new_password"
                label="New password"
                shortest=policy.shortest
                error=error.map(|error| error.sentence(policy))
                autofocus=!at_factor
            />
            {offer
                .takes_factor
                .then(|| {
                    view! {
                        <FactorField
                            label="Code from the app, or a recovery code"
                            notice=message.map(|_| NOTICE)
                            autofocus=at_factor
                        />
                    }
                })}
            <button class="button button-primary" type="submit">
                "Set the new password"
            </button>
            <WakeIslands />
        </form>
        {offer
            .takes_factor
            .then(|| {
                view! {
                    <p class="field-hint">
                        "No phone and no recovery code? Then ask the team of this site: a link alone does not replace your second step."
                    </p>
                }
            })}
    }
}

#[component]
fn DeadLink() -> impl IntoView {
    view! {
        <p>"This link doesn't work any more. Each works once, for 30 minutes."</p>
        <a class="button button-primary" href=ASK_PAGE>
            "Get another one"
        </a>
    }
}

/// The form that asks for a link.
#[server(prefix = "/do", endpoint = "recover")]
pub async fn ask_recovery(#[server(default)] identifier: String) -> Result<(), ServerFnError> {
    let door = Door::open();
    if identifier.trim().is_empty() {
        door.send_back(ASK_PAGE, &[], Message::NothingTyped);
        return Ok(());
    }
    let message = match door.portal.ask_recovery(&identifier, &door.client()).await {
        Ok(()) => Message::RecoverySent,
        Err(problem) => {
            door.remember_typed(&identifier);
            refusal_or(problem.map(Message::from), Message::from)
        }
    };
    door.send_back(ASK_PAGE, &[], message);
    Ok(())
}

/// The form with the new password.
#[server(prefix = "/do", endpoint = "new-password")]
pub async fn new_password(
    #[server(default)] new_password: String,
    #[server(default)] twofa_token: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(token) = door.recovery_token() else {
        door.answer_form(PAGE, StatusCode::GONE);
        return Ok(());
    };
    let (client, factor) = (door.client(), TwofaToken::parse_typed(&twofa_token).ok());
    let request = Recover {
        token: &token,
        new: &new_password,
        factor: factor.as_ref(),
        client: &client,
    };
    match door.portal.recover(request).await {
        Ok(Recovery::Done) => {
            door.set_cookie(cookies::forget_recovery());
            door.give_mark();
            door.send_back("/login", &[], Message::PasswordRecovered);
        }
        Ok(Recovery::FactorMissing(_)) => door.send_back(PAGE, &[], Message::FactorNeeded),
        Ok(Recovery::FactorWrong(_)) => door.send_back(PAGE, &[], Message::WrongFactor),
        Err(Problem::Refused(RecoverError::Dead)) => {
            door.set_cookie(cookies::forget_recovery());
            door.answer_form(PAGE, StatusCode::GONE);
        }
        Err(Problem::Refused(RecoverError::Password(error))) => {
            let to = address(PAGE, &[("password", error.code())]);
            door.answer_form(&to, StatusCode::BAD_REQUEST);
        }
        Err(problem) => {
            let message = refusal_or(problem.map(Message::from), Message::from);
            door.send_back(PAGE, &[], message);
        }
    }
    Ok(())
}
