use backend::SignIn as Request;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{EntryLayout, Notice, PasswordField, PlatformMark, TextField, Tone};
use crate::cookies;
use crate::door::{Door, Trouble, address, refusal_or};
use crate::message::Message;
use crate::shell::WakeIslands;

const NOTICE: &str = "login-notice";

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
        None => Message::read(),
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
