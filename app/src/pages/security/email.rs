//! The email address, and codes that are sent to it.

use backend::{Factors, PendingEmailView, Person, Problem, SetEmail as Request};
use domain::{Email, EmailAddress, EmailAddressError, SecondFactorInput, SetEmailError, Timestamp};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::factor::{PAGE, factor_label, flash_recovery_codes, redirect_with_error};
use crate::components::{FactorField, TextField, Time};
use crate::i18n::{self, interpolate};
use crate::localize::Localize;
use crate::message::Message;
use crate::request_context::RequestContext;

/// The address of the person, and the form that changes it.
#[component]
pub(super) fn EmailCard(
    email: Option<Email>,
    awaited: Option<PendingEmailView>,
    /// The malformed address that was sent back.
    input: String,
    /// The label of the second factor, if a change needs one.
    factor: Option<String>,
) -> impl IntoView {
    let error = use_query_map().read_untracked().get("email");
    let error = error.and_then(|code| EmailAddressError::from_code(&code));
    let input = error.map(|_| input).unwrap_or_default();
    let verified = email.as_ref().and_then(|email| email.verified_at);
    let (label, button) = match verified {
        Some(_) => (i18n::email_new(), i18n::email_change()),
        None => (i18n::email_field(), i18n::email_send_link()),
    };
    // With a factor, the form below asks for both.
    let again = awaited.clone().filter(|_| factor.is_none());
    view! {
        <section class="card" aria-labelledby="email-title">
            <div class="card-header">
                <h2 id="email-title">{i18n::email_field()}</h2>
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
                                {i18n::email_send_again()}
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
                    value=input
                    error=error.map(Localize::localize)
                />
                {factor.map(|label| view! { <FactorField label=label id="email-factor" /> })}
                <button class="button button-primary" type="submit">
                    {button}
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
                {interpolate(
                    |[address]| i18n::email_goes_to(address),
                    [view! { <b>{address.as_str().to_owned()}</b> }.into_any()],
                )}
            </p>
        }),
        // The unconfirmed address is shown below.
        Some(_) if awaited.is_some() => EitherOf3::C(()),
        Some(Email { address, .. }) => EitherOf3::B(Either::Left(view! {
            <p>
                {interpolate(
                    |[address]| i18n::email_unconfirmed(address),
                    [view! { <b>{address.as_str().to_owned()}</b> }.into_any()],
                )}
            </p>
        })),
        None => EitherOf3::B(Either::Right(view! {
            <p>
                {i18n::email_why()}
            </p>
        })),
    };
    let unconfirmed = awaited.map(|awaited| {
        view! {
            <p>
                {interpolate(
                    |[address, time]| i18n::email_waiting(address, time),
                    [
                        view! { <b>{awaited.email.as_str().to_owned()}</b> }.into_any(),
                        view! { <Time at=awaited.expires_at /> }.into_any(),
                    ],
                )}
            </p>
        }
    });
    view! {
        {current}
        {unconfirmed}
    }
}

/// Whether email codes are on.
#[derive(Clone)]
pub(super) enum EmailCodes {
    On {
        since: Timestamp,
        /// Remaining recovery codes; `None` if the authenticator card shows them.
        left: Option<i64>,
        label: String,
    },
    Off {
        /// The label of another factor that is on, which confirms the change.
        factor: Option<String>,
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
                factor: factors.any_is_on().then_some(label),
            },
            None => Self::NoAddress,
        }
    }
}

/// Email codes as a second factor.
#[component]
pub(super) fn EmailCodesCard(codes: EmailCodes) -> impl IntoView {
    const ID: &str = "email-codes-factor";
    let body = match codes {
        EmailCodes::On { since, left, label } => EitherOf3::A(view! {
            <form class="form" method="post" action="/do/second-factor">
                <p>
                    {interpolate(
                        |[since]| i18n::factor_since(since),
                        [view! { <Time at=since /> }.into_any()],
                    )} " " {left.map(i18n::recovery_left)}
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
                                {i18n::totp_renew()}
                            </button>
                        }
                    })}
                <button class="button button-danger" type="submit" name="act" value="remove-email">
                    {i18n::email_codes_off()}
                </button>
            </form>
        }),
        EmailCodes::Off { factor } => EitherOf3::B(view! {
            <form class="form" method="post" action="/do/enable-email-codes">
                {factor.map(|label| view! { <FactorField label=label id=ID /> })}
                <button class="button button-primary" type="submit">
                    {i18n::email_codes_on()}
                </button>
            </form>
        }),
        EmailCodes::NoAddress => EitherOf3::C(view! {
            <p class="field-hint">{Message::NoVerifiedEmail.sentence()}</p>
        }),
    };
    view! {
        <section class="card" aria-labelledby="email-codes-title">
            <div class="card-header">
                <h2 id="email-codes-title">{i18n::email_codes_title()}</h2>
                <p>
                    {i18n::email_codes_text()}
                </p>
            </div>
            {body}
        </section>
    }
}

/// The form that changes the address, and the button that sends the link again.
#[server(prefix = "/do", endpoint = "set-email")]
pub async fn set_email(
    #[server(default)] email: String,
    #[server(default)] twofa_token: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(PAGE) else {
        return Ok(());
    };
    let email = match email.trim().parse::<EmailAddress>() {
        Ok(email) => email,
        Err(error) => {
            context.remember_fields(&[("email", &email)]);
            context.redirect_with_field_error(PAGE, "email", error.code());
            return Ok(());
        }
    };
    let (client, factor) = (
        context.client(),
        SecondFactorInput::parse_typed(&twofa_token).ok(),
    );
    let request = Request {
        person: &person,
        email: &email,
        factor: factor.as_ref(),
        client: &client,
    };
    match context.portal.set_email(request).await {
        Ok(()) => context.redirect_with_message(PAGE, &[], Message::EmailLinkSent),
        Err(Problem::Refused(SetEmailError::NotFresh)) => context.redirect_to_confirm(PAGE),
        Err(problem) => context.redirect_with_error(PAGE, &[], problem),
    }
    Ok(())
}

/// The button that turns email codes on.
#[server(prefix = "/do", endpoint = "enable-email-codes")]
pub async fn enable_email_codes(
    #[server(default)] twofa_token: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(PAGE) else {
        return Ok(());
    };
    let factor = SecondFactorInput::parse_typed(&twofa_token).ok();
    let on = context
        .portal
        .enable_email_factor(&person, factor.as_ref(), &context.client())
        .await;
    match on {
        Ok(on) => {
            flash_recovery_codes(&context, &person, &on.recovery_codes.unwrap_or_default());
            context.set_session_cookies(&on.session);
            context.redirect_with_message(PAGE, &[], Message::EmailFactorAdded);
        }
        Err(problem) => redirect_with_error(&context, problem),
    }
    Ok(())
}
