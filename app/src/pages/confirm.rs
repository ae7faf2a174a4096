use backend::Proof;
use domain::TwofaToken;
use leptos::either::EitherOf4;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{AccountName, EntryLayout, FactorField, MessageNotice, PasswordField};
use crate::door::{Door, Trouble, address, refusal_or};
use crate::message::Message;
use crate::shell::WakeIslands;
use crate::words;

const NOTICE: &str = "confirm-notice";

/// What this page has to say.
const OWN: &[Message] = &[
    Message::WrongPassword,
    Message::NoPassword,
    Message::TooManyPasswords,
    Message::WrongFactor,
    Message::TooManyTries,
];

/// `/confirm`: shows that it is still the person themselves, before something that matters
/// (contract section 3).
#[component]
pub(crate) fn ConfirmPage() -> impl IntoView {
    let door = Door::open();
    let wanted = use_query_map().read_untracked().get("return_to");
    let return_to = door.site.return_to(wanted.as_deref());
    let Some(person) = door.person() else {
        let here = address("/confirm", &[("return_to", return_to.as_str())]);
        door.go(&address("/login", &[("return_to", &here)]));
        return None;
    };
    let message = Message::read(OWN);
    let return_to = return_to.as_str().to_owned();
    let title = Message::title(message, words::confirm_title());
    Some(view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>{words::confirm_title()}</h1>
            </div>
            <MessageNotice message id=NOTICE />
            <Suspense>
                {Suspend::new(async move {
                    match door.portal.has_password(&person).await {
                        Ok(true) => {
                            let username = person.user.username;
                            EitherOf4::A(view! { <ConfirmForm username return_to message /> })
                        }
                        Ok(false) if person.user.second_factor_at.is_some() => {
                            EitherOf4::D(view! { <FactorForm return_to /> })
                        }
                        Ok(false) => {
                            EitherOf4::B(
                                view! {
                                    <p>{Message::NoPassword.sentence()}</p>
                                    <a class="button button-primary" href="/account/security">
                                        {words::confirm_set_password()}
                                    </a>
                                },
                            )
                        }
                        Err(failure) => {
                            Trouble::of(&failure);
                            EitherOf4::C(view! { <p>{Message::Unavailable.sentence()}</p> })
                        }
                    }
                })}
            </Suspense>
            <div class="card-foot">
                <a class="button button-quiet" href="/account">
                    {words::back_to_account()}
                </a>
            </div>
        </EntryLayout>
    })
}

#[component]
fn ConfirmForm(username: String, return_to: String, message: Option<Message>) -> impl IntoView {
    let wrong = message == Some(Message::WrongPassword);
    view! {
        <form class="form" method="post" action="/do/confirm">
            <p>{words::confirm_text()}</p>
            <input type="hidden" name="return_to" value=return_to />
            <AccountName username />
            <PasswordField
                autocomplete="current-password"
                notice=wrong.then_some(NOTICE)
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                {words::confirm_button()}
            </button>
            <WakeIslands />
        </form>
    }
}

/// For people who have no password, and a second factor.
#[component]
fn FactorForm(return_to: String) -> impl IntoView {
    view! {
        <form class="form" method="post" action="/do/confirm">
            <p>{words::confirm_factor_text()}</p>
            <input type="hidden" name="return_to" value=return_to />
            <FactorField label=words::confirm_factor() autofocus=true />
            <button class="button button-primary" type="submit">
                {words::confirm_button()}
            </button>
        </form>
    }
}

/// The form that asks for the password again.
#[server(prefix = "/do", endpoint = "confirm")]
pub async fn confirm(
    #[server(default)] password: String,
    #[server(default)] twofa_token: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let here = address("/confirm", &[("return_to", &return_to)]);
    let Some(person) = door.person_or_login(&here) else {
        return Ok(());
    };
    let proof = match TwofaToken::parse_typed(&twofa_token) {
        Ok(shown) => Proof::Factor(shown),
        Err(_) => Proof::Password(&password),
    };
    match door.portal.confirm(&person, &proof, &door.client()).await {
        Ok(_) => door.go(door.site.return_to(Some(&return_to)).as_str()),
        Err(problem) => {
            let message = refusal_or(problem.map(Message::from), Message::from);
            door.send_back("/confirm", &[("return_to", &return_to)], message);
        }
    }
    Ok(())
}
