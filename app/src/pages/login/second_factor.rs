//! The second factor of a login.

use std::time::Duration;

use backend::{FactorMethod, NewSession, PendingLogin, Problem, SentCode, Token};
use domain::{FactorKind, FinishLoginError, SecondFactorInput};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use crate::components::{
    AuthLayout, FactorField, HydrateIslands, MessageNotice, SendCode, TimeLeft,
};
use crate::cookies;
use crate::i18n::{self, interpolate};
use crate::message::Message;
use crate::page_error::PageError;
use crate::query::with_query;
use crate::request_context::RequestContext;

const NOTICE_ID: &str = "second-step-notice";

const ALLOWED_MESSAGES: &[Message] = &[
    Message::WrongFactor,
    Message::WrongEmailCode,
    Message::TooManyFactorAttempts,
    Message::CodeSent,
    Message::TooManyEmailCodes,
    Message::EmailCodesDisabled,
    Message::FactorNotOn,
    Message::ChallengeExpired,
];

/// The forms of the second factor, each at `/login?step=…`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SecondFactorForm {
    App,
    Email,
    Recovery,
}

impl SecondFactorForm {
    /// The requested form, or the first one that is available.
    fn choose(step: &str, methods: &[FactorMethod]) -> Self {
        let available = |form: &Self| form.is_available(methods);
        let requested = match step {
            "email" => Some(Self::Email),
            "recovery" => Some(Self::Recovery),
            _ => None,
        };
        let requested = requested.filter(available);
        requested.unwrap_or_else(|| {
            let first = [Self::App, Self::Email].into_iter().find(available);
            first.unwrap_or(Self::Recovery)
        })
    }

    fn is_available(self, methods: &[FactorMethod]) -> bool {
        let kind = match self {
            Self::App => FactorKind::Totp,
            Self::Email => FactorKind::Email,
            Self::Recovery => FactorKind::Recovery,
        };
        let mut methods = methods.iter();
        methods.any(|method| method.kind == kind && method.enabled)
    }

    const fn step(self) -> &'static str {
        match self {
            Self::App => "2",
            Self::Email => "email",
            Self::Recovery => "recovery",
        }
    }

    /// The label of the link to it.
    fn link_label(self) -> String {
        match self {
            Self::App => i18n::step_app_switch(),
            Self::Email => i18n::step_email_switch(),
            Self::Recovery => i18n::step_recovery_switch(),
        }
    }
}

/// Asks for the second factor of a login.
#[component]
pub(crate) fn SecondFactorPage(
    context: RequestContext,
    challenge: Token,
    step: String,
    return_to: String,
) -> impl IntoView {
    let message = Message::read(ALLOWED_MESSAGES);
    let title = Message::title(message, i18n::step_title());
    let again = with_query("/login", &[("return_to", &return_to)]);
    view! {
        <AuthLayout title=title>
            <div class="card-header">
                <h1>{i18n::step_title()}</h1>
            </div>
            <MessageNotice message id=NOTICE_ID />
            <Suspense>
                {Suspend::new(async move {
                    match context.portal.pending_login(&challenge).await {
                        Ok(Some(waiting)) => {
                            let chosen = SecondFactorForm::choose(&step, &waiting.methods);
                            EitherOf3::A(view! { <Forms context waiting chosen message return_to /> })
                        }
                        Ok(None) => EitherOf3::B(view! { <p>{Message::ChallengeExpired.sentence()}</p> }),
                        Err(failure) => {
                            PageError::log(&failure);
                            EitherOf3::C(view! { <p>{Message::Unavailable.sentence()}</p> })
                        }
                    }
                })}
            </Suspense>
            <div class="card-footer">
                <a class="button button-quiet" href=again>
                    {i18n::login_start_again()}
                </a>
            </div>
        </AuthLayout>
    }
}

/// The chosen form, and links to the others.
#[component]
fn Forms(
    context: RequestContext,
    waiting: PendingLogin,
    chosen: SecondFactorForm,
    message: Option<Message>,
    return_to: String,
) -> impl IntoView {
    let PendingLogin { methods, sent_code } = waiting;
    let notice = message
        .filter(|message| message.is_error())
        .map(|_| NOTICE_ID);
    let others = [
        SecondFactorForm::App,
        SecondFactorForm::Email,
        SecondFactorForm::Recovery,
    ];
    let others = others
        .into_iter()
        .filter(|other| *other != chosen && other.is_available(&methods))
        .map(|other| {
            let to = with_query(
                "/login",
                &[("step", other.step()), ("return_to", &return_to)],
            );
            view! {
                <a class="button button-quiet" href=to>
                    {other.link_label()}
                </a>
            }
        })
        .collect_view();
    let no_codes_left = !SecondFactorForm::Recovery.is_available(&methods);
    let form = match chosen {
        SecondFactorForm::Email => {
            Either::Left(view! { <EmailCodeForm context sent_code notice return_to /> })
        }
        SecondFactorForm::App | SecondFactorForm::Recovery => {
            Either::Right(view! { <FactorForm form=chosen notice return_to /> })
        }
    };
    view! {
        {form}
        <div class="choices">{others}</div>
        {no_codes_left
            .then(|| {
                view! {
                    <p class="field-hint">
                        {i18n::step_no_codes()}
                    </p>
                }
            })}
    }
}

#[component]
fn EmailCodeForm(
    context: RequestContext,
    sent_code: Option<SentCode>,
    notice: Option<&'static str>,
    return_to: String,
) -> impl IntoView {
    let Some(sent) = sent_code else {
        return Either::Left(view! {
            <p>{i18n::step_email()}</p>
            <SendCode page="login" return_to=return_to label=i18n::step_email_send() primary=true />
        });
    };
    let now = context.portal.now();
    Either::Right(view! {
        <p>
            {interpolate(
                |[address]| i18n::step_email_sent(address),
                [view! { <b>{sent.to}</b> }.into_any()],
            )}
        </p>
        <FactorForm form=SecondFactorForm::Email notice return_to=return_to.clone() />
        <TimeLeft until=sent.expires_at now />
        <SendCode page="login" return_to label=i18n::step_email_send_again() />
        <HydrateIslands />
    })
}

#[component]
fn FactorForm(
    form: SecondFactorForm,
    notice: Option<&'static str>,
    return_to: String,
) -> impl IntoView {
    let (explanation, label, digits) = match form {
        SecondFactorForm::App => (Some(i18n::step_app()), i18n::step_app_field(), true),
        SecondFactorForm::Email => (None, i18n::step_email_field(), true),
        SecondFactorForm::Recovery => (
            Some(i18n::step_recovery()),
            i18n::step_recovery_field(),
            false,
        ),
    };
    view! {
        <form class="form" method="post" action="/do/second-step">
            <input type="hidden" name="return_to" value=return_to />
            <input type="hidden" name="by" value=form.step() />
            {explanation.map(|explanation| view! { <p>{explanation}</p> })}
            <FactorField label=label digits=digits notice autofocus=true />
            <button class="button button-primary" type="submit">
                {i18n::log_in()}
            </button>
        </form>
    }
}

/// The form of the second factor. A cookie identifies the login, so the password isn't sent again.
#[server(prefix = "/do", endpoint = "second-step")]
pub async fn second_step(
    #[server(default)] twofa_token: String,
    #[server(default)] by: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(challenge) = context.challenge() else {
        let query = [("return_to", return_to.as_str())];
        context.redirect_with_message("/login", &query, Message::ChallengeExpired);
        return Ok(());
    };
    let (message, wait) = match SecondFactorInput::parse_typed(&twofa_token) {
        Err(_) => (Message::WrongFactor, None),
        Ok(factor) => match verify(&context, &challenge, factor, &by).await {
            Ok(session) => {
                context.complete_login(&session, Some(&return_to));
                return Ok(());
            }
            Err(problem) => Message::with_retry_after(problem),
        },
    };
    redirect_back(&context, &by, &return_to, message, wait);
    Ok(())
}

async fn verify(
    context: &RequestContext,
    challenge: &Token,
    factor: SecondFactorInput,
    by: &str,
) -> Result<NewSession, Problem<FinishLoginError>> {
    let factor = if by == SecondFactorForm::Email.step() {
        factor.mailed()
    } else {
        factor
    };
    let (client, browser) = (context.client(), context.pre_login_browser());
    let portal = &context.portal;
    portal
        .finish_login(challenge, &factor, &client, browser.as_ref())
        .await
}

/// Redirects back to the form; to the start of the login if it can't be continued.
fn redirect_back(
    context: &RequestContext,
    by: &str,
    return_to: &str,
    message: Message,
    wait: Option<Duration>,
) {
    let forms = [SecondFactorForm::Email, SecondFactorForm::Recovery];
    let known = forms.map(SecondFactorForm::step).into_iter();
    let step = match message {
        Message::WrongFactor | Message::TooManyFactorAttempts => {
            known.into_iter().find(|step| *step == by).unwrap_or("2")
        }
        _ => {
            context.set_cookie(cookies::CHALLENGE.clear());
            ""
        }
    };
    let message = if by == SecondFactorForm::Email.step() {
        message.for_email_code()
    } else {
        message
    };
    let query = [("step", step), ("return_to", return_to)];
    context.redirect_with_wait("/login", &query, message, wait);
}
