use backend::{Problem, Recover, Recovery, RecoveryOffer, Token};
use domain::{NewPasswordError, RecoverError, SecondFactorInput};
use http::StatusCode;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::components::{
    AccountName, EntryLayout, FactorField, Fold, MessageNotice, NewPasswordField, TextField,
};
use crate::cookies;
use crate::door::{Door, Trouble, address};
use crate::message::Message;
use crate::shell::WakeIslands;
use crate::wording::WordedByPolicy as _;
use crate::words::{self, fill};

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
    Message::TooManyFactorAttempts,
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
        (true, _) => words::title_with_error(words::recover_new_title()),
        (_, true) => words::recover_sent_title(),
        _ => words::recover_new_title(),
    };
    let heading = if sent {
        words::recover_sent_title()
    } else {
        words::login_forgot()
    };
    let typed = if refused { door.typed() } else { String::new() };
    let form = view! {
        <form class="form" method="post" action="/do/recover">
            <p>
                {words::recover_text()}
            </p>
            <TextField
                name="identifier"
                label=words::recover_field()
                autocomplete="username"
                value=typed
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                {words::recover_button()}
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
                                {words::recover_again()}
                            </a>
                        }
                    })} <a class="button button-quiet" href="/login">
                    {words::recover_back()}
                </a>
            </div>
        </EntryLayout>
    }
}

/// What to do when no mail comes, or none can.
#[component]
fn OtherWays(sent: bool) -> impl IntoView {
    view! {
        <Fold title=if sent { words::recover_no_mail() } else { words::recover_no_address() }>
            {sent
                .then(|| {
                    view! {
                        <p>
                            {words::recover_slow()}
                        </p>
                    }
                })}
            <ul>
                <li>
                    {fill(
                        |[link]| words::recover_linked(link),
                        [
                            view! { <a href="/login/request">{words::recover_by_code()}</a> }.into_any(),
                        ],
                    )}
                </li>
                <li>
                    {words::recover_phone()}
                </li>
                <li>{words::recover_team()}</li>
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
        words::title_with_error(words::recover_new_title())
    } else {
        words::recover_new_title()
    };
    view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>{words::recover_new_title()}</h1>
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
                    {words::go_to_login()}
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
                {fill(
                    |[username]| words::recover_account(username),
                    [view! { <b>{offer.username.clone()}</b> }.into_any()],
                )}
            </p>
            <AccountName username=offer.username />
            <NewPasswordField
                name="new_password"
                label=words::password_new()
                shortest=policy.shortest
                error=error.map(|error| error.words(policy))
                autofocus=!at_factor
            />
            {offer
                .takes_factor
                .then(|| {
                    view! {
                        <FactorField
                            label=words::factor_app_or_recovery()
                            notice=message.map(|_| NOTICE)
                            autofocus=at_factor
                        />
                    }
                })}
            <button class="button button-primary" type="submit">
                {words::recover_new_button()}
            </button>
            <WakeIslands />
        </form>
        {offer
            .takes_factor
            .then(|| {
                view! {
                    <p class="field-hint">
                        {words::recover_new_stuck()}
                    </p>
                }
            })}
    }
}

#[component]
fn DeadLink() -> impl IntoView {
    view! {
        <p>{words::recover_dead()}</p>
        <a class="button button-primary" href=ASK_PAGE>
            {words::recover_get_another()}
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
    match door
        .portal
        .request_recovery(&identifier, &door.client())
        .await
    {
        Ok(()) => door.send_back(ASK_PAGE, &[], Message::RecoverySent),
        Err(problem) => {
            door.remember_typed(&identifier);
            door.refuse(ASK_PAGE, &[], problem);
        }
    }
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
    let (client, factor) = (
        door.client(),
        SecondFactorInput::parse_typed(&twofa_token).ok(),
    );
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
        Err(problem) => door.refuse(PAGE, &[], problem),
    }
    Ok(())
}
