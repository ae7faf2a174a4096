use backend::{Factors, Person, Proof, SentCode};
use domain::{FactorKind, SecondFactorInput, Timestamp};
use leptos::either::{Either, EitherOf4};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{
    AccountName, EntryLayout, FactorField, MessageNotice, PasswordField, SendCode, SentTo,
};
use crate::door::{Door, Trouble, address, told};
use crate::message::Message;
use crate::shell::WakeIslands;
use crate::words;

const NOTICE: &str = "confirm-notice";

/// What this page has to say.
const OWN: &[Message] = &[
    Message::WrongPassword,
    Message::NoPassword,
    Message::TooManyOwnPasswords,
    Message::WrongFactor,
    Message::WrongMailedCode,
    Message::TooManyFactorAttempts,
    Message::CodeSent,
    Message::CodesUsedUp,
    Message::NoFactor,
];

/// `/confirm`: shows that it is still the person themselves, before something that matters
/// (docs/contract.md, Fresh login).
#[component]
pub(crate) fn ConfirmPage() -> impl IntoView {
    let door = Door::open();
    let query = use_query_map().read_untracked();
    let wanted = query.get("return_to");
    let by_mail = query.get("by").is_some_and(|by| by == "email");
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
                            EitherOf4::D(view! { <Factor door person return_to by_mail /> })
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
fn Factor(door: Door, person: Person, return_to: String, by_mail: bool) -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                let asked = async {
                    let factors = door.portal.factors(&person).await?;
                    Ok((factors, door.portal.sent_code(&person).await?))
                };
                match asked.await {
                    Ok((factors, sent)) => {
                        let now = door.portal.now();
                        let way = Way::of(&factors, by_mail);
                        Either::Left(view! { <FactorForm way sent now return_to /> })
                    }
                    Err(failure) => {
                        Trouble::of(&failure);
                        Either::Right(view! { <p>{Message::Unavailable.sentence()}</p> })
                    }
                }
            })}
        </Suspense>
    }
}

/// By which factor somebody confirms; a recovery code is taken everywhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    App,
    /// There is no app.
    Email,
    /// Rather than by the app.
    EmailInstead,
    /// The app, where there are codes by mail too.
    AppInstead,
    RecoveryAlone,
}

impl Way {
    fn of(factors: &Factors, by_mail: bool) -> Self {
        match (
            factors.can_use(FactorKind::Totp),
            factors.can_use(FactorKind::Email),
        ) {
            (true, false) => Self::App,
            (true, true) if by_mail => Self::EmailInstead,
            (true, true) => Self::AppInstead,
            (false, true) => Self::Email,
            (false, false) => Self::RecoveryAlone,
        }
    }
}

#[component]
fn FactorForm(
    way: Way,
    sent: Option<SentCode>,
    now: Timestamp,
    return_to: String,
) -> impl IntoView {
    let by_mail = matches!(way, Way::Email | Way::EmailInstead);
    let label = match way {
        Way::App | Way::AppInstead => words::confirm_factor(),
        Way::Email | Way::EmailInstead => words::factor_email_or_recovery(),
        Way::RecoveryAlone => words::step_recovery_field(),
    };
    let other = match way {
        Way::EmailInstead => Some((words::step_app_switch(), "")),
        Way::AppInstead => Some((words::step_email_switch(), "email")),
        Way::App | Way::Email | Way::RecoveryAlone => None,
    };
    let other = other.map(|(words, by)| {
        let to = address("/confirm", &[("by", by), ("return_to", &return_to)]);
        view! {
            <a class="button button-quiet" href=to>
                {words}
            </a>
        }
    });
    let again = if sent.is_some() {
        words::step_email_send_again()
    } else {
        words::step_email_send()
    };
    let send = by_mail.then(|| {
        view! { <SendCode page="confirm" return_to=return_to.clone() label=again /> }
    });
    view! {
        <p>{words::confirm_factor_text()}</p>
        {by_mail.then_some(sent).flatten().map(|sent| view! { <SentTo sent now /> })}
        <form class="form" method="post" action="/do/confirm">
            <input type="hidden" name="return_to" value=return_to />
            <input type="hidden" name="by" value=by_mail.then_some("email") />
            <FactorField label=label autofocus=true />
            <button class="button button-primary" type="submit">
                {words::confirm_button()}
            </button>
        </form>
        {send}
        {other}
    }
}

/// The form that asks for the password again.
#[server(prefix = "/do", endpoint = "confirm")]
pub async fn confirm(
    #[server(default)] password: String,
    #[server(default)] twofa_token: String,
    #[server(default)] by: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let here = address("/confirm", &[("return_to", &return_to)]);
    let Some(person) = door.person_or_login(&here) else {
        return Ok(());
    };
    let proof = match SecondFactorInput::parse_typed(&twofa_token) {
        Ok(shown) if by == "email" => Proof::Factor(shown.mailed()),
        Ok(shown) => Proof::Factor(shown),
        Err(_) => Proof::Password(&password),
    };
    match door.portal.confirm(&person, &proof, &door.client()).await {
        Ok(_) => door.go(door.site.return_to(Some(&return_to)).as_str()),
        Err(problem) => {
            let (message, wait) = told(problem);
            let message = match by.as_str() {
                "email" => message.of_mail(),
                _ => message,
            };
            let query = [("by", by.as_str()), ("return_to", &return_to)];
            door.send_back_for("/confirm", &query, message, wait);
        }
    }
    Ok(())
}
