use backend::{FactorOn, Factors, Person, Problem, SentCode, SetPassword, TotpOffer};
use domain::{
    FactorError, FactorKind, NewPasswordError, RecoveryCode, SecondFactorInput, SetPasswordError,
    Timestamp,
};
use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::security_email::{EmailCard, EmailCodes, EmailCodesCard};
use super::sessions::SessionsCard;
use crate::components::{
    AccountName, FactorField, MessageNotice, Moment, NewPasswordField, PasswordField, SendCode,
    SentTo, SignedInLayout,
};
use crate::cookies;
use crate::door::{Door, Trouble, address};
use crate::message::Message;
use crate::shell::WakeIslands;
use crate::wording::WordedByPolicy as _;
use crate::words::{self, fill};

pub(super) const PAGE: &str = "/account/security";

/// What this page has to say.
const OWN: &[Message] = &[
    Message::WrongFactor,
    Message::TooManyFactorAttempts,
    Message::FactorAdded,
    Message::FactorRemoved,
    Message::CodesRenewed,
    Message::FactorIsOn,
    Message::NoFactor,
    Message::WrongPassword,
    Message::PasswordSet,
    Message::SessionEnded,
    Message::OthersEnded,
    Message::NoSuchSession,
    Message::OwnSession,
    Message::PasswordTooShort,
    Message::TooManyOwnPasswords,
    Message::EmailAsked,
    Message::EmailAlreadyYours,
    Message::TooManyLetters,
    Message::FactorNeeded,
    Message::CodeSent,
    Message::CodesUsedUp,
    Message::EmailFactorAdded,
    Message::EmailFactorRemoved,
    Message::EmailFactorOff,
    Message::NoEmailYet,
];

/// `/account/security`: how one proves to be oneself.
#[component]
pub(crate) fn SecurityPage() -> impl IntoView {
    let door = Door::open();
    let Some(person) = door.person() else {
        door.go(&address("/login", &[("return_to", PAGE)]));
        return None;
    };
    let message = Message::read(OWN);
    let title = Message::title(message, words::account_security());
    let display = person.user.display.clone();
    let codes = door.recovery_codes(&person);
    Some(view! {
        <SignedInLayout title=title display=display>
            <h1>{words::account_security()}</h1>
            <MessageNotice message id="security-notice" takes_focus=true />
            {codes.map(|codes| view! { <NewRecoveryCodes codes /> })}
            <Suspense>
                {Suspend::new(async move {
                    let asked = async {
                        let factors = door.portal.factors(&person).await?;
                        let offer = door.portal.open_totp_offer(&person).await?;
                        let awaited = door.portal.awaited_email(&person).await?;
                        let sent = door.portal.sent_code(&person).await?;
                        let has_password = door.portal.has_password(&person).await?;
                        let sessions = door.portal.own_sessions(&person).await?;
                        Ok((factors, offer, awaited, sent, has_password, sessions))
                    };
                    match asked.await {
                        Ok((factors, offer, awaited, sent, has_password, sessions)) => {
                            let now = door.portal.now();
                            let by_mail = factors.can_use(FactorKind::Email);
                            let offers_codes = door.portal.sends_codes()
                                || factors.email_since.is_some();
                            let codes = EmailCodes::of(&person, &factors);
                            let takes = factors.email_since.map(|_| factor_label(&factors));
                            let email = person.user.email.clone();
                            let typed = door.typed_into("email").unwrap_or_default();
                            let label = factor_label(&factors);
                            Either::Left(
                                view! {
                                    {by_mail.then(|| view! { <CodeForChanges sent now /> })}
                                    <PasswordCard door person has_password label />
                                    <EmailCard email awaited typed takes />
                                    <AuthenticatorCard factors offer />
                                    {offers_codes.then(|| view! { <EmailCodesCard codes /> })}
                                    <SessionsCard sessions />
                                },
                            )
                        }
                        Err(failure) => {
                            Trouble::of(&failure);
                            Either::Right(view! { <p>{Message::Unavailable.sentence()}</p> })
                        }
                    }
                })}
            </Suspense>
            <p>
                <a href="/account">{words::back_to_account()}</a>
            </p>
        </SignedInLayout>
    })
}

#[component]
fn PasswordCard(
    door: Door,
    person: Person,
    has_password: bool,
    /// Of the second factor, where one is on.
    label: String,
) -> impl IntoView {
    let has_factor = person.user.second_factor_at.is_some();
    let policy = door.portal.password_policy();
    let policy = if has_factor {
        policy.with_second_factor()
    } else {
        policy
    };
    let error = use_query_map().read_untracked().get("password");
    let error = error.and_then(|code| NewPasswordError::from_code(&code));
    let (intro, act) = if has_password {
        (words::password_text(), words::password_change())
    } else {
        (words::password_none(), words::password_set())
    };
    view! {
        <section class="card" aria-labelledby="password-title">
            <div class="card-head">
                <h2 id="password-title">{words::field_password()}</h2>
                <p>{intro}</p>
            </div>
            <form class="form" method="post" action="/do/set-password">
                <AccountName username=person.user.username />
                {has_password
                    .then(|| {
                        view! {
                            <PasswordField
                                name="old_password"
                                label=words::password_current()
                                autocomplete="current-password"
                            />
                        }
                    })}
                <NewPasswordField
                    name="new_password"
                    label=words::password_new()
                    shortest=policy.shortest
                    error=error.map(|error| error.words(policy))
                />
                {has_factor
                    .then(|| {
                        view! {
                            <FactorField label=label id="password-factor" />
                        }
                    })}
                <button class="button button-primary" type="submit">
                    {act}
                </button>
            </form>
            <WakeIslands />
        </section>
    }
}

/// Where codes come by mail, what changes here has to be asked for first.
#[component]
fn CodeForChanges(sent: Option<SentCode>, now: Timestamp) -> impl IntoView {
    let label = if sent.is_some() {
        words::step_email_send_again()
    } else {
        words::step_email_send()
    };
    view! {
        <section class="card" aria-labelledby="send-title">
            <div class="card-head">
                <h2 id="send-title">{words::security_send_title()}</h2>
                <p>{words::security_send()}</p>
            </div>
            {sent.map(|sent| view! { <SentTo sent now /> })}
            <SendCode page="security" label=label />
        </section>
    }
}

/// What a person can show as a second factor, within a label.
pub(super) fn factor_label(factors: &Factors) -> String {
    match (
        factors.can_use(FactorKind::Totp),
        factors.can_use(FactorKind::Email),
    ) {
        (true, false) => words::factor_app_or_recovery(),
        (true, true) => words::factor_any(),
        (false, true) => words::factor_email_or_recovery(),
        (false, false) => words::step_recovery_field(),
    }
}

#[component]
fn NewRecoveryCodes(codes: Vec<String>) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="recovery-title">
            <div class="card-head">
                <h2 id="recovery-title">{words::recovery_title()}</h2>
                <p>
                    {words::recovery_text()}
                </p>
            </div>
            <ul class="codes">
                {codes
                    .into_iter()
                    .map(|code| {
                        view! {
                            <li>
                                <code>{code}</code>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn AuthenticatorCard(factors: Factors, offer: Option<TotpOffer>) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="totp-title">
            <div class="card-head">
                <h2 id="totp-title">{words::totp_title()}</h2>
                <p>
                    {words::totp_text()}
                </p>
            </div>
            <Authenticator factors offer />
        </section>
    }
}

#[component]
fn Authenticator(factors: Factors, offer: Option<TotpOffer>) -> impl IntoView {
    let label = factor_label(&factors);
    let beside_another = factors.email_since.is_some();
    match (factors.totp_since, offer) {
        (Some(since), _) => {
            let left = factors.recovery_codes_left;
            EitherOf3::A(view! {
                <form class="form" method="post" action="/do/second-factor">
                    <p>
                        {fill(
                            |[since]| words::factor_since(since),
                            [view! { <Moment at=since /> }.into_any()],
                        )} " " {words::recovery_left(left)}
                    </p>
                    <FactorField label=label />
                    <button class="button button-secondary" type="submit" name="act" value="renew">
                        {words::totp_renew()}
                    </button>
                    <button class="button button-danger" type="submit" name="act" value="remove">
                        {words::totp_off()}
                    </button>
                </form>
            })
        }
        (None, Some(offer)) => EitherOf3::B(view! {
            <form class="form" method="post" action="/do/confirm-totp">
                <p>{words::totp_scan()}</p>
                // Drawn by the portal itself: squares, and nothing that anybody typed.
                // The picture has a name of its own, for programs, and in English.
                <div class="qr" role="img" aria-label=words::totp_qr()>
                    <div aria-hidden="true" inner_html=offer.qr_svg></div>
                </div>
                <p class="field-hint">
                    {fill(
                        |[key]| words::totp_key(key),
                        [view! { <code>{offer.secret}</code> }.into_any()],
                    )}
                </p>
                <FactorField label=words::totp_code() digits=true />
                {beside_another
                    .then(|| {
                        view! {
                            <FactorField name="other_factor" label=label id="other" />
                            <p class="field-hint">{words::totp_new_codes()}</p>
                        }
                    })}
                <button class="button button-primary" type="submit">
                    {words::totp_on()}
                </button>
            </form>
        }),
        (None, None) => EitherOf3::C(view! {
            <form class="form" method="post" action="/do/offer-totp">
                <button class="button button-primary" type="submit">
                    {words::totp_set_up()}
                </button>
            </form>
        }),
    }
}

/// The form of the password.
#[server(prefix = "/do", endpoint = "set-password")]
pub async fn change_password(
    #[server(default)] old_password: String,
    #[server(default)] new_password: String,
    #[server(default)] twofa_token: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(PAGE) else {
        return Ok(());
    };
    let (client, factor) = (
        door.client(),
        SecondFactorInput::parse_typed(&twofa_token).ok(),
    );
    let request = SetPassword {
        person: &person,
        old: Some(&old_password)
            .filter(|old| !old.is_empty())
            .map(String::as_str),
        new: &new_password,
        factor: factor.as_ref(),
        client: &client,
    };
    match door.portal.set_password(request).await {
        Ok(session) => {
            door.give_cookies(&session);
            door.send_back(PAGE, &[], Message::PasswordSet);
        }
        Err(Problem::Refused(SetPasswordError::NotFresh)) => door.confirm_first(PAGE),
        Err(Problem::Refused(SetPasswordError::Password(error))) => {
            let to = address(PAGE, &[("password", error.code())]);
            door.answer_form(&to, StatusCode::BAD_REQUEST);
        }
        Err(problem) => door.refuse(PAGE, &[], problem),
    }
    Ok(())
}

/// The button that begins.
#[server(prefix = "/do", endpoint = "offer-totp")]
pub async fn offer_totp() -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(PAGE) else {
        return Ok(());
    };
    match door.portal.offer_totp(&person).await {
        Ok(_) => door.go(PAGE),
        Err(problem) => refuse(&door, problem),
    }
    Ok(())
}

/// The first code of the app.
#[server(prefix = "/do", endpoint = "confirm-totp")]
pub async fn confirm_totp(
    #[server(default)] twofa_token: String,
    #[server(default)] other_factor: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(PAGE) else {
        return Ok(());
    };
    let Ok(SecondFactorInput::SixDigits(code)) = SecondFactorInput::parse_typed(&twofa_token)
    else {
        door.send_back(PAGE, &[], Message::WrongFactor);
        return Ok(());
    };
    let shown = SecondFactorInput::parse_typed(&other_factor).ok();
    match door
        .portal
        .confirm_totp_beside(&person, &code, shown.as_ref(), &door.client())
        .await
    {
        Ok(on) => done(&door, &person, &on, Message::FactorAdded),
        Err(problem) => refuse(&door, problem),
    }
    Ok(())
}

/// What can be done with a factor that is on, shown together with a code of it.
#[server(prefix = "/do", endpoint = "second-factor")]
pub async fn change_factor(
    #[server(default)] twofa_token: String,
    #[server(default)] act: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(PAGE) else {
        return Ok(());
    };
    let Ok(shown) = SecondFactorInput::parse_typed(&twofa_token) else {
        door.send_back(PAGE, &[], Message::WrongFactor);
        return Ok(());
    };
    let client = door.client();
    let removed = match act.as_str() {
        "remove" => Some((FactorKind::Totp, Message::FactorRemoved)),
        "remove-email" => Some((FactorKind::Email, Message::EmailFactorRemoved)),
        _ => None,
    };
    if let Some((kind, message)) = removed {
        let removed = door
            .portal
            .remove_factor(&person, kind, &shown, &client)
            .await;
        match removed {
            Ok(session) => {
                door.give_cookies(&session);
                door.send_back(PAGE, &[], message);
            }
            Err(problem) => refuse(&door, problem),
        }
    } else {
        match door
            .portal
            .renew_recovery_codes(&person, &shown, &client)
            .await
        {
            Ok(renewed) => done(&door, &person, &renewed, Message::CodesRenewed),
            Err(problem) => refuse(&door, problem),
        }
    }
    Ok(())
}

fn done(door: &Door, person: &Person, on: &FactorOn, message: Message) {
    hand_over(door, person, &on.recovery_codes);
    door.give_cookies(&on.session);
    door.send_back(PAGE, &[], message);
}

/// Hands the codes to the page by a sealed cookie: they are shown once, and stored nowhere in
/// the clear.
pub(super) fn hand_over(door: &Door, person: &Person, codes: &[RecoveryCode]) {
    if codes.is_empty() {
        return;
    }
    let codes = codes.iter().map(RecoveryCode::reveal_in_groups);
    let codes = codes.collect::<Vec<String>>().join(" ");
    match door.portal.seal_flash(person, &codes) {
        Ok(note) => door.set_cookie(cookies::remember_note(&note)),
        Err(failure) => drop(Trouble::of(&failure)),
    }
}

pub(super) fn refuse(door: &Door, problem: Problem<FactorError>) {
    if let Problem::Refused(FactorError::NotFresh) = problem {
        door.confirm_first(PAGE);
        return;
    }
    door.refuse(PAGE, &[], problem);
}
