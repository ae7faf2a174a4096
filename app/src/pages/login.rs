use backend::SignIn as Request;
use domain::SignInError;
use http::StatusCode;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{EntryLayout, Notice, PasswordField, PlatformMark, TextField, Tone};
use crate::cookies;
use crate::door::{Door, Refusal, Trouble, address, refusal_or};
use crate::shell::WakeIslands;

const NOTICE: &str = "login-notice";

/// What the page says above its form. Carried in the address as a code, so that nobody
/// can put words of his own into our mouth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Message {
    WrongCredentials,
    Restricted,
    Busy,
    Unavailable,
    Internal,
    CookiesLost,
    SignedOut,
}

impl Message {
    const ALL: [Self; 7] = [
        Self::WrongCredentials,
        Self::Restricted,
        Self::Busy,
        Self::Unavailable,
        Self::Internal,
        Self::CookiesLost,
        Self::SignedOut,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::WrongCredentials => "credentials",
            Self::Restricted => "restricted",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
            Self::CookiesLost => "cookies",
            Self::SignedOut => "signed-out",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|message| message.code() == code)
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::WrongCredentials => {
                "That name and password don't match. Check both and try again."
            }
            Self::Restricted => {
                "This account may not log in at the moment. Ask whoever runs this site."
            }
            Self::Busy => "Many people are logging in right now. Try again in a few seconds.",
            Self::Unavailable => "We can't log anybody in right now. Try again in a minute.",
            Self::Internal => "Something went wrong on our side. Try again in a moment.",
            Self::CookiesLost => {
                "Your browser did not keep the login cookie. Allow cookies for this site; \
                 Safari keeps none on plain http://localhost, so use another browser there."
            }
            Self::SignedOut => "You are logged out.",
        }
    }

    pub(super) const fn tone(self) -> Tone {
        match self {
            Self::SignedOut => Tone::Info,
            _ => Tone::Error,
        }
    }

    /// For programs that post the form without asking for a page.
    const fn status(self) -> StatusCode {
        match self {
            Self::WrongCredentials | Self::CookiesLost => StatusCode::UNAUTHORIZED,
            Self::Restricted => StatusCode::FORBIDDEN,
            Self::Busy | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SignedOut => StatusCode::OK,
        }
    }
}

impl From<SignInError> for Message {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::WrongCredentials => Self::WrongCredentials,
            SignInError::Restricted => Self::Restricted,
            SignInError::Busy => Self::Busy,
        }
    }
}

impl From<Trouble> for Message {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unavailable => Self::Unavailable,
            Trouble::Internal => Self::Internal,
        }
    }
}

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
    let message = match query.get("arrived") {
        // A login sent the browser here with new cookies, and they are not there.
        Some(_) => Some(Message::CookiesLost),
        None => query
            .get("message")
            .and_then(|code| Message::from_code(&code)),
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
    Some(view! {
        <EntryLayout title=if refused { "Error: Log in" } else { "Log in" }>
            <div class="card-head">
                <h1>"Log in"</h1>
            </div>
            {message
                .map(|message| {
                    view! {
                        <Notice tone=message.tone() id=NOTICE sentence=message.sentence() />
                    }
                })}
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
    })
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
        client: &client,
    };
    match door.portal.sign_in(request).await {
        Ok(session) => door.let_in(&session, return_to.as_deref()),
        Err(problem) => {
            let message: Message = refusal_or(problem.map(Message::from), Message::from);
            let return_to = return_to.unwrap_or_default();
            let query = [("message", message.code()), ("return_to", &return_to)];
            let refusal = Refusal {
                page: "/login",
                query: &query,
                status: message.status(),
            };
            door.refuse(&refusal, &identifier);
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
        let message = Message::from(Trouble::of(&failure));
        let query = [("message", message.code())];
        let refusal = Refusal {
            page: "/account",
            query: &query,
            status: message.status(),
        };
        door.refuse(&refusal, "");
        return Ok(());
    }
    for cookie in door.site.cookies.cleared() {
        door.set_cookie(cookie);
    }
    door.set_cookie(cookies::forget_typed());
    door.go("/login?message=signed-out");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_codes_round_trip_and_forged_ones_say_nothing() {
        for message in Message::ALL {
            assert_eq!(Message::from_code(message.code()), Some(message));
        }
        for forged in [
            "",
            "Your account is locked, write to evil@example.org",
            "<b>",
        ] {
            assert_eq!(Message::from_code(forged), None);
        }
    }
}
