use backend::{OwnerAccount, SetUpOffer, Token};
use domain::{NewPasswordError, PasswordPolicy, SetUpError, UsernameError};
use frontend::UsernameCheck;
use http::StatusCode;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{EntryLayout, NewPasswordField, Notice, TextField, Tone};
use crate::cookies;
use crate::door::{Door, Trouble, address, refusal_or};
use crate::shell::WakeIslands;
use crate::wording::{Worded, WordedByPolicy as _};
use crate::words;

const TAKEN: &str = "taken";

/// Why the form came back. Each has its own key in the address: the name of the field,
/// or `message` for what concerns no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    Refused(SetUpError),
    Failed(Trouble),
}

impl Message {
    const fn query(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused(SetUpError::Username(error)) => ("username", error.code()),
            Self::Refused(SetUpError::UsernameTaken) => ("username", TAKEN),
            Self::Refused(SetUpError::Password(error)) => ("password", error.code()),
            Self::Refused(SetUpError::Busy) => ("message", "busy"),
            // The page finds out by itself that the link is dead.
            Self::Refused(SetUpError::LinkDead) => ("message", ""),
            Self::Failed(Trouble::Unavailable) => ("message", "unavailable"),
            Self::Failed(Trouble::Internal) => ("message", "internal"),
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Refused(SetUpError::Username(_) | SetUpError::Password(_)) => {
                StatusCode::BAD_REQUEST
            }
            Self::Refused(SetUpError::UsernameTaken) => StatusCode::CONFLICT,
            Self::Refused(SetUpError::LinkDead) => StatusCode::GONE,
            Self::Refused(SetUpError::Busy) | Self::Failed(Trouble::Unavailable) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Failed(Trouble::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// What the page says, read back from its address.
#[derive(Default)]
struct Messages {
    notice: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

impl Messages {
    const fn any(&self) -> bool {
        self.notice.is_some() || self.username.is_some() || self.password.is_some()
    }

    fn read(policy: PasswordPolicy) -> Self {
        let query = use_query_map().read_untracked();
        let notice = match query.get("message").as_deref() {
            Some("busy" | "unavailable") => Some(words::register_unavailable()),
            Some("internal") => Some(words::setup_failed()),
            _ => None,
        };
        let username = query.get("username").and_then(|code| match code.as_str() {
            TAKEN => Some(words::setup_name_taken()),
            code => UsernameError::from_code(code).map(Worded::words),
        });
        let password = query
            .get("password")
            .and_then(|code| NewPasswordError::from_code(&code))
            .map(|error| error.words(policy));
        Self {
            notice,
            username,
            password,
        }
    }
}

/// `/setup`: the first owner makes an account, by the link that the server printed.
#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let door = Door::open();
    let query = use_query_map().read_untracked();
    if let Some(token) = query.get("token") {
        // Out of the address bar and the history at once (ASVS 14.2.1).
        door.set_cookie(match token.parse::<Token>() {
            Ok(token) => cookies::remember_set_up(&token),
            Err(_) => cookies::forget_set_up(),
        });
        door.go("/setup");
        return None;
    }
    let messages = Messages::read(door.portal.password_policy());
    let title = if messages.any() {
        words::title_with_error(words::setup_title())
    } else {
        words::setup_title()
    };
    Some(view! {
        <EntryLayout title=title>
            <Suspense>
                {Suspend::new(async move {
                    let offer = match door.set_up_token() {
                        Some(token) => door.portal.set_up_offer(&token).await,
                        None => Ok(None),
                    };
                    match offer {
                        Ok(Some(offer)) => {
                            Either::Left(view! { <SetUpForm door offer messages /> })
                        }
                        Ok(None) => {
                            door.set_status(StatusCode::GONE);
                            Either::Right(Either::Left(view! { <DeadLink /> }))
                        }
                        Err(failure) => {
                            Trouble::of(&failure);
                            door.set_status(StatusCode::SERVICE_UNAVAILABLE);
                            Either::Right(Either::Right(view! { <Unavailable /> }))
                        }
                    }
                })}
            </Suspense>
        </EntryLayout>
    })
}

#[component]
fn SetUpForm(door: Door, offer: SetUpOffer, messages: Messages) -> impl IntoView {
    let shortest = door.portal.password_policy().shortest;
    let settled = offer.username.is_some();
    let refused = messages.any();
    let typed = if refused { door.typed() } else { String::new() };
    let at_password = settled || (messages.username.is_none() && messages.password.is_some());
    view! {
        <div class="card-head">
            <h1>{words::setup_heading()}</h1>
            <p>
                {if settled {
                    words::setup_choose()
                } else {
                    words::setup_make()
                }}
            </p>
        </div>
        {messages
            .notice
            .map(|sentence| {
                view! { <Notice tone=Tone::Error id="set-up-notice" sentence=sentence /> }
            })}
        <form class="form" method="post" action="/do/set-up">
            <TextField
                name="username"
                label=words::login_username()
                autocomplete="username"
                value=offer.username.unwrap_or(typed)
                hint=words::username_hint()
                pattern="[A-Za-z0-9._\\-]{3,32}"
                error=messages.username
                readonly=settled
                autofocus=!at_password
            >
                <UsernameCheck />
            </TextField>
            <NewPasswordField
                shortest=shortest
                error=messages.password
                autofocus=at_password
            />
            <button class="button button-primary" type="submit">
                {words::setup_button()}
            </button>
        </form>
        <WakeIslands />
    }
}

#[component]
fn DeadLink() -> impl IntoView {
    view! {
        <div class="card-head">
            <h1>{words::setup_dead_heading()}</h1>
            <p>
                {words::setup_dead()}
            </p>
        </div>
        <p>{words::setup_dead_new()}</p>
        <pre>
            <code>"portal owner create --username NAME --link"</code>
        </pre>
        <div class="card-foot">
            <a class="button button-secondary" href="/login">
                {words::register_have_account()}
            </a>
        </div>
    }
}

#[component]
fn Unavailable() -> impl IntoView {
    view! {
        <div class="card-head">
            <h1>{words::error_away_heading()}</h1>
            <p>{words::setup_away()}</p>
        </div>
        <div class="card-foot">
            <a class="button button-primary" href="/setup">
                {words::setup_again()}
            </a>
        </div>
    }
}

/// The form of the first owner.
#[server(prefix = "/do", endpoint = "set-up")]
pub async fn set_up(
    #[server(default)] username: String,
    #[server(default)] password: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let account = OwnerAccount {
        username: &username,
        password: &password,
    };
    let made = match door.set_up_token() {
        Some(token) => door.portal.set_up(&token, account, &door.client()).await,
        None => Err(backend::Problem::Refused(SetUpError::LinkDead)),
    };
    match made {
        Ok(session) => {
            door.set_cookie(cookies::forget_set_up());
            door.let_in(&session, None);
        }
        Err(problem) => {
            let message = refusal_or(problem.map(Message::Refused), Message::Failed);
            door.remember_typed(&username);
            door.answer_form(&address("/setup", &[message.query()]), message.status());
        }
    }
    Ok(())
}
