//! What the security page has on e-mail: the address, and codes that are sent to it.

use backend::{EmailFactorOn, Factors, PendingEmailView, Person, Problem, SetEmail as Request};
use domain::{Email, EmailAddressError, SecondFactorInput, SetEmailError, Timestamp};
use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::security::{PAGE, factor_label, hand_over, refuse};
use crate::components::{FactorField, Moment, TextField};
use crate::door::{Door, address};
use crate::message::Message;
use crate::wording::Worded;
use crate::words::{self, fill};

/// Where mail reaches a person, shown whole to themselves, and how to change it.
#[component]
pub(super) fn EmailCard(
    email: Option<Email>,
    awaited: Option<PendingEmailView>,
    /// What was typed a moment ago, if it was no address.
    typed: String,
    /// What is shown beside it, where codes go to the address that is there.
    takes: Option<String>,
) -> impl IntoView {
    let error = use_query_map().read_untracked().get("email");
    let error = error.and_then(|code| EmailAddressError::from_code(&code));
    let typed = error.map(|_| typed).unwrap_or_default();
    let verified = email.as_ref().and_then(|email| email.verified_at);
    let (label, act) = match verified {
        Some(_) => (words::email_new(), words::email_change()),
        None => (words::email_field(), words::email_send_link()),
    };
    // Where it takes a code as well, the form below asks for both.
    let again = awaited.clone().filter(|_| takes.is_none());
    view! {
        <section class="card" aria-labelledby="email-title">
            <div class="card-head">
                <h2 id="email-title">{words::email_field()}</h2>
                <EmailState email awaited />
            </div>
            {again
                .map(|awaited| {
                    view! {
                        <form class="form" method="post" action="/do/set-email">
                            <input
                                type="hidden"
                                name="email"
                                value=awaited.email.as_str().to_owned()
                            />
                            <button class="button button-secondary" type="submit">
                                {words::email_send_again()}
                            </button>
                        </form>
                    }
                })}
            <form class="form" method="post" action="/do/set-email">
                <TextField
                    name="email"
                    label=label
                    kind="email"
                    autocomplete="email"
                    value=typed
                    error=error.map(Worded::words)
                />
                {takes.map(|label| view! { <FactorField label=label id="email-factor" /> })}
                <button class="button button-primary" type="submit">
                    {act}
                </button>
            </form>
        </section>
    }
}

#[component]
fn EmailState(email: Option<Email>, awaited: Option<PendingEmailView>) -> impl IntoView {
    let current = match email {
        Some(Email {
            address,
            verified_at: Some(_),
        }) => EitherOf3::A(view! {
            <p>
                {fill(
                    |[address]| words::email_goes_to(address),
                    [view! { <b>{address.as_str().to_owned()}</b> }.into_any()],
                )}
            </p>
        }),
        // What waits is said below.
        Some(_) if awaited.is_some() => EitherOf3::C(()),
        Some(Email { address, .. }) => EitherOf3::B(Either::Left(view! {
            <p>
                {fill(
                    |[address]| words::email_unconfirmed(address),
                    [view! { <b>{address.as_str().to_owned()}</b> }.into_any()],
                )}
            </p>
        })),
        None => EitherOf3::B(Either::Right(view! {
            <p>
                {words::email_why()}
            </p>
        })),
    };
    let waiting = awaited.map(|awaited| {
        view! {
            <p>
                {fill(
                    |[address, time]| words::email_waiting(address, time),
                    [
                        view! { <b>{awaited.email.as_str().to_owned()}</b> }.into_any(),
                        view! { <Moment at=awaited.expires_at /> }.into_any(),
                    ],
                )}
            </p>
        }
    });
    view! {
        {current}
        {waiting}
    }
}

/// Whether codes by mail are a person's second step.
#[derive(Clone)]
pub(super) enum EmailCodes {
    On {
        since: Timestamp,
        /// The recovery codes that are left; none where the app's card has them.
        left: Option<i64>,
        label: String,
    },
    Off {
        /// The factor that is on, by which it is switched on.
        by: Option<String>,
    },
    NoAddress,
}

impl EmailCodes {
    pub(super) fn of(person: &Person, factors: &Factors) -> Self {
        let label = factor_label(factors);
        match factors.email_since {
            Some(since) => Self::On {
                since,
                left: match factors.totp_since {
                    Some(_) => None,
                    None => Some(factors.recovery_codes_left),
                },
                label,
            },
            None if person.user.verified_email().is_some() => Self::Off {
                by: factors.any_is_on().then_some(label),
            },
            None => Self::NoAddress,
        }
    }
}

/// Codes by mail as a second step.
#[component]
pub(super) fn EmailCodesCard(codes: EmailCodes) -> impl IntoView {
    const ID: &str = "email-codes-factor";
    let body = match codes {
        EmailCodes::On { since, left, label } => EitherOf3::A(view! {
            <form class="form" method="post" action="/do/second-factor">
                <p>
                    {fill(
                        |[since]| words::factor_since(since),
                        [view! { <Moment at=since /> }.into_any()],
                    )} " " {left.map(words::recovery_left)}
                </p>
                <FactorField label=label id=ID />
                {left
                    .map(|_| {
                        view! {
                            <button
                                class="button button-secondary"
                                type="submit"
                                name="act"
                                value="renew"
                            >
                                {words::totp_renew()}
                            </button>
                        }
                    })}
                <button class="button button-danger" type="submit" name="act" value="remove-email">
                    {words::email_codes_off()}
                </button>
            </form>
        }),
        EmailCodes::Off { by } => EitherOf3::B(view! {
            <form class="form" method="post" action="/do/enable-email-codes">
                {by.map(|label| view! { <FactorField label=label id=ID /> })}
                <button class="button button-primary" type="submit">
                    {words::email_codes_on()}
                </button>
            </form>
        }),
        EmailCodes::NoAddress => EitherOf3::C(view! {
            <p class="field-hint">{Message::NoEmailYet.sentence()}</p>
        }),
    };
    view! {
        <section class="card" aria-labelledby="email-codes-title">
            <div class="card-head">
                <h2 id="email-codes-title">{words::email_codes_title()}</h2>
                <p>
                    {words::email_codes_text()}
                </p>
            </div>
            {body}
        </section>
    }
}

/// The form of the address, and the button that has the letter sent again.
#[server(prefix = "/do", endpoint = "set-email")]
pub async fn set_email(
    #[server(default)] email: String,
    #[server(default)] twofa_token: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(PAGE) else {
        return Ok(());
    };
    let email = match email.trim().parse() {
        Ok(email) => email,
        Err(error) => {
            let error: EmailAddressError = error;
            door.remember_fields(&[("email", &email)]);
            let to = address(PAGE, &[("email", error.code())]);
            door.answer_form(&to, StatusCode::BAD_REQUEST);
            return Ok(());
        }
    };
    let (client, factor) = (
        door.client(),
        SecondFactorInput::parse_typed(&twofa_token).ok(),
    );
    let request = Request {
        person: &person,
        email: &email,
        factor: factor.as_ref(),
        client: &client,
    };
    match door.portal.set_email(request).await {
        Ok(()) => door.send_back(PAGE, &[], Message::EmailAsked),
        Err(Problem::Refused(SetEmailError::NotFresh)) => door.confirm_first(PAGE),
        Err(problem) => door.refuse(PAGE, &[], problem),
    }
    Ok(())
}

/// The button that switches codes by mail on.
#[server(prefix = "/do", endpoint = "enable-email-codes")]
pub async fn enable_email_codes(
    #[server(default)] twofa_token: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(PAGE) else {
        return Ok(());
    };
    let shown = SecondFactorInput::parse_typed(&twofa_token).ok();
    let on = door
        .portal
        .enable_email_factor(&person, shown.as_ref(), &door.client())
        .await;
    match on {
        Ok(EmailFactorOn {
            recovery_codes,
            session,
        }) => {
            hand_over(&door, &person, &recovery_codes.unwrap_or_default());
            door.give_cookies(&session);
            door.send_back(PAGE, &[], Message::EmailFactorAdded);
        }
        Err(problem) => refuse(&door, problem),
    }
    Ok(())
}
