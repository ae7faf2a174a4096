use backend::{LoginChannel, Register as Request};
use domain::{
    EmailAddressError, NewDisplayError, NewPasswordError, NewUsernameError, PasswordPolicy,
    RegisterError,
};
use frontend::UsernameCheck;
use http::StatusCode;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{EntryLayout, NewPasswordField, Notice, TextField, Tone};
use crate::door::{Door, Trouble, WAIT, address, in_address, refusal_or, wait_of};
use crate::message::with_wait;
use crate::shell::WakeIslands;
use crate::wording::{Worded, WordedByPolicy as _};
use crate::words;

const PAGE: &str = "/register";

/// Where a new person arrives, unless they wanted to get elsewhere.
const WELCOME: &str = "/account?message=registered";

/// Why the form came back. Each has its own key in the address: the name of the field, or
/// `message` for what concerns no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    Refused(RegisterError),
    Failed(Trouble),
}

impl Message {
    const fn query(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused(RegisterError::Username(error)) => ("username", error.code()),
            Self::Refused(RegisterError::Email(error)) => ("email", error.code()),
            Self::Refused(RegisterError::Display(error)) => ("display", error.code()),
            Self::Refused(RegisterError::Password(error)) => ("password", error.code()),
            Self::Refused(RegisterError::TooMany { .. }) => ("message", "many"),
            Self::Refused(RegisterError::Busy) => ("message", "busy"),
            // The page says by itself that nobody can register.
            Self::Refused(RegisterError::SignUpOff) => ("message", ""),
            Self::Failed(Trouble::Unavailable) => ("message", "unavailable"),
            Self::Failed(Trouble::Internal) => ("message", "internal"),
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Refused(RegisterError::Username(NewUsernameError::Taken)) => StatusCode::CONFLICT,
            Self::Refused(
                RegisterError::Username(_)
                | RegisterError::Email(_)
                | RegisterError::Display(_)
                | RegisterError::Password(_),
            ) => StatusCode::BAD_REQUEST,
            Self::Refused(RegisterError::SignUpOff) => StatusCode::FORBIDDEN,
            Self::Refused(RegisterError::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
            Self::Refused(RegisterError::Busy) | Self::Failed(Trouble::Unavailable) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Failed(Trouble::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// What the page says, read back from its address.
struct Messages {
    notice: Option<String>,
    username: Option<String>,
    email: Option<String>,
    display: Option<String>,
    password: Option<String>,
}

impl Messages {
    const fn any(&self) -> bool {
        self.notice.is_some()
            || self.username.is_some()
            || self.email.is_some()
            || self.display.is_some()
            || self.password.is_some()
    }

    fn read(policy: PasswordPolicy) -> Self {
        let query = use_query_map().read_untracked();
        let said = |field: &str| query.get(field);
        let notice = said("message").and_then(|code| match code.as_str() {
            "many" => Some(with_wait(words::register_many())),
            "busy" | "unavailable" => Some(words::register_unavailable()),
            "internal" => Some(words::setup_failed()),
            _ => None,
        });
        let username = said("username").and_then(|code| NewUsernameError::from_code(&code));
        let email = said("email").and_then(|code| EmailAddressError::from_code(&code));
        let display = said("display").and_then(|code| NewDisplayError::from_code(&code));
        let password = said("password").and_then(|code| NewPasswordError::from_code(&code));
        Self {
            notice,
            username: username.map(Worded::words),
            email: email.map(Worded::words),
            display: display.map(Worded::words),
            password: password.map(|error| error.words(policy)),
        }
    }
}

/// `/register`: a new person makes an account.
#[component]
pub(crate) fn RegisterPage() -> impl IntoView {
    let door = Door::open();
    let query = use_query_map().read_untracked();
    let wanted = query.get("return_to");
    let return_to = wanted.map(|wanted| door.site.return_to(Some(&wanted)).as_str().to_owned());
    if door.person().is_some() {
        door.go(return_to.as_deref().unwrap_or("/account"));
        return None;
    }
    let messages = Messages::read(door.portal.password_policy());
    let return_to = return_to.unwrap_or_default();
    let log_in = address("/login", &[("return_to", &return_to)]);
    let title = if messages.any() {
        words::title_with_error(words::register_title())
    } else {
        words::register_title()
    };
    let body = if door.portal.sign_up() {
        Either::Left(view! { <RegisterForm door messages return_to /> })
    } else {
        door.set_status(StatusCode::FORBIDDEN);
        Either::Right(view! {
            <p>
                {words::register_off()}
            </p>
        })
    };
    Some(view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>{words::register_title()}</h1>
            </div>
            {body}
            <div class="card-foot">
                <a class="button button-quiet" href=log_in>
                    {words::register_have_account()}
                </a>
            </div>
        </EntryLayout>
    })
}

#[component]
fn RegisterForm(door: Door, messages: Messages, return_to: String) -> impl IntoView {
    let shortest = door.portal.password_policy().shortest;
    let refused = messages.any();
    let typed = |field: &str| {
        if refused {
            door.typed_into(field).unwrap_or_default()
        } else {
            String::new()
        }
    };
    // Where the eye goes: the first field that is wrong.
    let at = [
        ("username", messages.username.is_some()),
        ("email", messages.email.is_some()),
        ("display", messages.display.is_some()),
        ("password", messages.password.is_some()),
    ];
    let at = at.iter().find(|(_, wrong)| *wrong);
    let at = at.map_or("username", |(field, _)| *field);
    view! {
        {messages
            .notice
            .map(|sentence| {
                view! { <Notice tone=Tone::Error id="register-notice" sentence=sentence /> }
            })}
        <form class="form" method="post" action="/do/register">
            <input type="hidden" name="return_to" value=return_to />
            <TextField
                name="username"
                label=words::login_username()
                autocomplete="username"
                value=typed("username")
                hint=words::username_hint()
                pattern="[A-Za-z0-9._\\-]{3,32}"
                error=messages.username
                autofocus=at == "username"
                reserved=words::username_reserved_note()
            >
                <UsernameCheck />
            </TextField>
            <TextField
                name="email"
                label=words::email_field()
                kind="email"
                autocomplete="email"
                value=typed("email")
                hint=words::register_email_hint()
                error=messages.email
                autofocus=at == "email"
            />
            <TextField
                name="display"
                label=words::display_field()
                autocomplete="nickname"
                value=typed("display")
                hint=words::register_display_hint()
                error=messages.display
                optional=true
                autofocus=at == "display"
            />
            <NewPasswordField
                shortest=shortest
                error=messages.password
                autofocus=at == "password"
            />
            <button class="button button-primary" type="submit">
                {words::register_button()}
            </button>
        </form>
        <WakeIslands />
    }
}

/// The form of a new person.
#[server(prefix = "/do", endpoint = "register")]
pub async fn register(
    #[server(default)] username: String,
    #[server(default)] email: String,
    #[server(default)] display: String,
    #[server(default)] password: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let client = door.client();
    // Spaces around it are the keyboard's doing.
    let (email, display) = (email.trim(), display.trim());
    let request = Request {
        username: username.trim(),
        password: &password,
        email,
        display: Some(display),
        client: &client,
        channel: LoginChannel::Page,
    };
    match door.portal.register(request).await {
        Ok(session) => {
            door.forget_fields(&["username", "email", "display"]);
            let to = Some(return_to.as_str()).filter(|to| !to.is_empty());
            door.let_in(&session, Some(to.unwrap_or(WELCOME)));
        }
        Err(problem) => {
            let wait = in_address(wait_of(&problem));
            let message = refusal_or(problem.map(Message::Refused), Message::Failed);
            door.remember_fields(&[
                ("username", &username),
                ("email", email),
                ("display", display),
            ]);
            let query = [message.query(), ("return_to", &return_to), (WAIT, &wait)];
            door.answer_form(&address(PAGE, &query), message.status());
        }
    }
    Ok(())
}
