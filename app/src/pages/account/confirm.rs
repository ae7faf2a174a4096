use backend::{Factors, Person, Problem, Proof, SentCode};
use domain::{ConfirmError, FactorKind, SecondFactorInput, Timestamp};
use leptos::either::{Either, EitherOf4};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{
    AccountName, AuthLayout, CodeSentTo, FactorField, HydrateIslands, MessageNotice, PasswordField,
    SendCode, unavailable,
};
use crate::i18n;
use crate::message::Message;
use crate::query::with_query;
use crate::request_context::RequestContext;

/// `by` in the query of the form that takes email codes.
const BY_EMAIL: &str = "email";

const NOTICE_ID: &str = "confirm-notice";

const ALLOWED_MESSAGES: &[Message] = &[
    Message::WrongPassword,
    Message::NoPassword,
    Message::TooManyOwnPasswordAttempts,
    Message::WrongFactor,
    Message::WrongEmailCode,
    Message::TooManyFactorAttempts,
    Message::CodeSent,
    Message::TooManyEmailCodes,
    Message::FactorNotOn,
];

/// `/confirm`: asks for the password or a factor again before a sensitive action (docs/contract.md, Fresh login).
#[component]
pub(crate) fn ConfirmPage() -> impl IntoView {
    let context = RequestContext::current();
    let query = use_query_map().read_untracked();
    let wanted = query.get("return_to");
    let by = query.get("by").unwrap_or_default();
    let return_to = context.site.return_to(wanted.as_deref());
    let Some(person) = context.person() else {
        let here = with_query("/confirm", &[("return_to", return_to.as_str())]);
        context.redirect(&with_query("/login", &[("return_to", &here)]));
        return None;
    };
    let message = Message::read(ALLOWED_MESSAGES);
    let return_to = return_to.as_str().to_owned();
    let title = Message::title(message, i18n::confirm_title());
    Some(view! {
        <AuthLayout title=title>
            <div class="card-header">
                <h1>{i18n::confirm_title()}</h1>
            </div>
            <MessageNotice message id=NOTICE_ID />
            <Suspense>
                {Suspend::new(async move {
                    match context.portal.has_password(&person).await {
                        Ok(true) => {
                            let username = person.user.username;
                            EitherOf4::A(view! { <ConfirmForm username return_to message /> })
                        }
                        Ok(false) if person.user.second_factor_at.is_some() => {
                            EitherOf4::D(view! { <Factor context person return_to by /> })
                        }
                        Ok(false) => {
                            EitherOf4::B(
                                view! {
                                    <p>{Message::NoPassword.sentence()}</p>
                                    <a class="button button-primary" href="/account/security">
                                        {i18n::confirm_set_password()}
                                    </a>
                                },
                            )
                        }
                        Err(failure) => EitherOf4::C(unavailable(&failure)),
                    }
                })}
            </Suspense>
            <div class="card-footer">
                <a class="button button-quiet" href="/account">
                    {i18n::back_to_account()}
                </a>
            </div>
        </AuthLayout>
    })
}

#[component]
fn ConfirmForm(username: String, return_to: String, message: Option<Message>) -> impl IntoView {
    let wrong = message == Some(Message::WrongPassword);
    view! {
        <form class="form" method="post" action="/do/confirm">
            <p>{i18n::confirm_text()}</p>
            <input type="hidden" name="return_to" value=return_to />
            <AccountName username />
            <PasswordField
                autocomplete="current-password"
                notice=wrong.then_some(NOTICE_ID)
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                {i18n::confirm_button()}
            </button>
            <HydrateIslands />
        </form>
    }
}

/// For people without a password but with a second factor.
#[component]
fn Factor(context: RequestContext, person: Person, return_to: String, by: String) -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                let loaded = async {
                    let factors = context.portal.factors(&person).await?;
                    Ok((factors, context.portal.sent_code(&person).await?))
                };
                match loaded.await {
                    Ok((factors, sent)) => {
                        let now = context.portal.now();
                        let method = ConfirmMethod::of(&factors, &by);
                        Either::Left(view! { <FactorForm method sent now return_to /> })
                    }
                    Err(failure) => Either::Right(unavailable(&failure)),
                }
            })}
        </Suspense>
    }
}

/// The factor that the form asks for; it always accepts a recovery code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ConfirmMethod {
    App,
    /// Email codes, without an app.
    Email,
    /// Email codes instead of the app.
    EmailInstead,
    /// The app, with email codes as the alternative.
    AppInstead,
    RecoveryOnly,
}

impl ConfirmMethod {
    fn of(factors: &Factors, by: &str) -> Self {
        match (
            factors.can_use(FactorKind::Totp),
            factors.can_use(FactorKind::Email),
        ) {
            (true, false) => Self::App,
            (true, true) if by == BY_EMAIL => Self::EmailInstead,
            (true, true) => Self::AppInstead,
            (false, true) => Self::Email,
            (false, false) => Self::RecoveryOnly,
        }
    }
}

#[component]
fn FactorForm(
    method: ConfirmMethod,
    sent: Option<SentCode>,
    now: Timestamp,
    return_to: String,
) -> impl IntoView {
    let by_email = matches!(method, ConfirmMethod::Email | ConfirmMethod::EmailInstead);
    let label = match method {
        ConfirmMethod::App | ConfirmMethod::AppInstead => i18n::confirm_factor(),
        ConfirmMethod::Email | ConfirmMethod::EmailInstead => i18n::factor_email_or_recovery(),
        ConfirmMethod::RecoveryOnly => i18n::step_recovery_field(),
    };
    let other = match method {
        ConfirmMethod::EmailInstead => Some((i18n::step_app_switch(), "")),
        ConfirmMethod::AppInstead => Some((i18n::step_email_switch(), BY_EMAIL)),
        ConfirmMethod::App | ConfirmMethod::Email | ConfirmMethod::RecoveryOnly => None,
    };
    let other = other.map(|(label, by)| {
        let to = with_query("/confirm", &[("by", by), ("return_to", &return_to)]);
        view! {
            <a class="button button-quiet" href=to>
                {label}
            </a>
        }
    });
    let again = if sent.is_some() {
        i18n::step_email_send_again()
    } else {
        i18n::step_email_send()
    };
    let send = by_email.then(|| {
        view! { <SendCode page="confirm" return_to=return_to.clone() label=again /> }
    });
    view! {
        <p>{i18n::confirm_factor_text()}</p>
        {by_email.then_some(sent).flatten().map(|sent| view! { <CodeSentTo sent now /> })}
        <form class="form" method="post" action="/do/confirm">
            <input type="hidden" name="return_to" value=return_to />
            <input type="hidden" name="by" value=by_email.then_some(BY_EMAIL) />
            <FactorField label=label autofocus=true />
            <button class="button button-primary" type="submit">
                {i18n::confirm_button()}
            </button>
        </form>
        {send}
        {other}
    }
}

/// The form with the password or the factor.
#[server(prefix = "/do", endpoint = "confirm")]
pub async fn confirm(
    #[server(default)] password: String,
    #[server(default)] twofa_token: String,
    #[server(default)] by: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let here = with_query("/confirm", &[("return_to", &return_to)]);
    let Some(person) = context.require_login(&here) else {
        return Ok(());
    };
    let proof = match SecondFactorInput::parse_typed(&twofa_token) {
        Ok(factor) if by == BY_EMAIL => Proof::Factor(factor.mailed()),
        Ok(factor) => Proof::Factor(factor),
        Err(_) => Proof::Password(&password),
    };
    let (portal, client) = (&context.portal, context.client());
    match portal.confirm(&person, &proof, &client).await {
        Ok(_) => context.redirect(context.site.return_to(Some(&return_to)).as_str()),
        Err(problem) => redirect_back(&context, &by, &return_to, problem),
    }
    Ok(())
}

fn redirect_back(
    context: &RequestContext,
    by: &str,
    return_to: &str,
    problem: Problem<ConfirmError>,
) {
    let (message, wait) = Message::with_retry_after(problem);
    let message = match by {
        BY_EMAIL => message.for_email_code(),
        _ => message,
    };
    let query = [("by", by), ("return_to", return_to)];
    context.redirect_with_wait("/confirm", &query, message, wait);
}
