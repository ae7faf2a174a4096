//! `/account/security`: a card and a file for each subject.

mod email;
mod factor;
mod password;
mod sessions;
mod totp;

use backend::{Factors, Failure, PendingEmailView, Person, SentCode, Sessions, TotpOffer};
use domain::{FactorKind, Timestamp};
use leptos::either::Either;
use leptos::prelude::*;

use self::email::{EmailCard, EmailCodes, EmailCodesCard};
use self::factor::{NewRecoveryCodes, PAGE, factor_label, take_recovery_codes};
use self::password::PasswordCard;
use self::sessions::SessionsCard;
use self::totp::AuthenticatorCard;
use crate::components::{CodeSentTo, MessageNotice, SendCode, SignedInLayout, unavailable};
use crate::i18n;
use crate::message::Message;
use crate::query::with_query;
use crate::request_context::RequestContext;

const ALLOWED_MESSAGES: &[Message] = &[
    Message::WrongFactor,
    Message::TooManyFactorAttempts,
    Message::FactorAdded,
    Message::FactorRemoved,
    Message::RecoveryCodesRenewed,
    Message::FactorAlreadyOn,
    Message::FactorNotOn,
    Message::WrongPassword,
    Message::PasswordSet,
    Message::SessionEnded,
    Message::OtherSessionsEnded,
    Message::SessionNotFound,
    Message::CurrentSession,
    Message::PasswordTooShort,
    Message::TooManyOwnPasswordAttempts,
    Message::EmailLinkSent,
    Message::EmailAlreadyVerified,
    Message::TooManyEmails,
    Message::FactorNeeded,
    Message::CodeSent,
    Message::TooManyEmailCodes,
    Message::EmailFactorAdded,
    Message::EmailFactorRemoved,
    Message::EmailCodesDisabled,
    Message::NoVerifiedEmail,
];

/// `/account/security`: password, second factors and sessions.
#[component]
pub(crate) fn SecurityPage() -> impl IntoView {
    let context = RequestContext::current();
    let Some(person) = context.person() else {
        context.redirect(&with_query("/login", &[("return_to", PAGE)]));
        return None;
    };
    let message = Message::read(ALLOWED_MESSAGES);
    let title = Message::title(message, i18n::account_security());
    let display = person.user.display.clone();
    let codes = take_recovery_codes(&context, &person);
    Some(view! {
        <SignedInLayout title=title display=display>
            <h1>{i18n::account_security()}</h1>
            <MessageNotice message id="security-notice" takes_focus=true />
            {codes.map(|codes| view! { <NewRecoveryCodes codes /> })}
            <Suspense>
                {Suspend::new(async move {
                    match SecurityData::load(&context, &person).await {
                        Ok(data) => Either::Left(cards(&context, person, data)),
                        Err(failure) => Either::Right(unavailable(&failure)),
                    }
                })}
            </Suspense>
            <p>
                <a href="/account">{i18n::back_to_account()}</a>
            </p>
        </SignedInLayout>
    })
}

/// What the page shows.
struct SecurityData {
    factors: Factors,
    offer: Option<TotpOffer>,
    awaited: Option<PendingEmailView>,
    sent: Option<SentCode>,
    has_password: bool,
    sessions: Sessions,
}

impl SecurityData {
    async fn load(context: &RequestContext, person: &Person) -> Result<Self, Failure> {
        let portal = &context.portal;
        Ok(Self {
            factors: portal.factors(person).await?,
            offer: portal.open_totp_offer(person).await?,
            awaited: portal.awaited_email(person).await?,
            sent: portal.sent_code(person).await?,
            has_password: portal.has_password(person).await?,
            sessions: portal.own_sessions(person).await?,
        })
    }
}

fn cards(context: &RequestContext, person: Person, data: SecurityData) -> impl IntoView + use<> {
    let SecurityData {
        factors,
        offer,
        awaited,
        sent,
        has_password,
        sessions,
    } = data;
    let now = context.portal.now();
    let policy = context.portal.password_policy();
    let takes_email_codes = factors.can_use(FactorKind::Email);
    let offers_email_codes = context.portal.sends_codes() || factors.email_since.is_some();
    let codes = EmailCodes::of(&person, &factors);
    let label = factor_label(&factors);
    let factor = factors.email_since.map(|_| label.clone());
    let email = person.user.email.clone();
    let input = context.previous_field_input("email").unwrap_or_default();
    view! {
        {takes_email_codes.then(|| view! { <CodeForChanges sent now /> })}
        <PasswordCard person policy has_password label />
        <EmailCard email awaited input factor />
        <AuthenticatorCard factors offer />
        {offers_email_codes.then(|| view! { <EmailCodesCard codes /> })}
        <SessionsCard sessions />
    }
}

/// Sends a code for changes on this page, if the person's second factor is email codes.
#[component]
fn CodeForChanges(sent: Option<SentCode>, now: Timestamp) -> impl IntoView {
    let label = if sent.is_some() {
        i18n::step_email_send_again()
    } else {
        i18n::step_email_send()
    };
    view! {
        <section class="card" aria-labelledby="send-title">
            <div class="card-header">
                <h2 id="send-title">{i18n::security_send_title()}</h2>
                <p>{i18n::security_send()}</p>
            </div>
            {sent.map(|sent| view! { <CodeSentTo sent now /> })}
            <SendCode page="security" label=label />
        </section>
    }
}
