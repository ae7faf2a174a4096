use backend::{FactorOn, Factors, Person, Problem, SentCode, SetPassword, TotpOffer};
use domain::{
    FactorError, FactorKind, NewPasswordError, RecoveryCode, SetPasswordError, Timestamp,
    TwofaToken,
};
use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::security_email::{EmailCard, EmailCodes, EmailCodesCard};
use super::sessions::SessionsCard;
use crate::components::{
    AccountName, FactorField, MessageNotice, NewPasswordField, PasswordField, SendCode, SentTo,
    SignedInLayout,
};
use crate::cookies;
use crate::door::{Door, Trouble, address, refusal_or};
use crate::message::Message;
use crate::shell::WakeIslands;

pub(super) const PAGE: &str = "/account/security";

/// What this page has to say.
const OWN: &[Message] = &[
    Message::WrongFactor,
    Message::TooManyTries,
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
    Message::TooManyPasswords,
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
    let title = if message.is_some_and(Message::is_error) {
        "Error: Security"
    } else {
        "Security"
    };
    let display = person.user.display.clone();
    let codes = door.recovery_codes(&person);
    Some(view! {
        <SignedInLayout title=title display=display>
            <h1>"Security"</h1>
            <MessageNotice message id="security-notice" />
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
                <a href="/account">"Back to your account"</a>
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
    label: &'static str,
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
        (
            "All your other sessions end when you change it.",
            "Change password",
        )
    } else {
        (
            "You came by a code. With a password you can log in without a bot, and link other platforms.",
            "Set password",
        )
    };
    view! {
        <section class="card" aria-labelledby="password-title">
            <div class="card-head">
                <h2 id="password-title">"Password"</h2>
                <p>{intro}</p>
            </div>
            <form class="form" method="post" action="/do/set-password">
                <AccountName username=person.user.username />
                {has_password
                    .then(|| {
                        view! {
                            <PasswordField
                                name="old_password"
                                label="Current password"
                                autocomplete="current-password"
                            />
                        }
                    })}
                <NewPasswordField
                    name="new_password"
                    label="New password"
                    shortest=policy.shortest
                    error=error.map(|error| error.sentence(policy))
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
        "Send another code"
    } else {
        "Send me a code"
    };
    view! {
        <section class="card" aria-labelledby="send-title">
            <div class="card-head">
                <h2 id="send-title">"A code for changes"</h2>
                <p>"What you change below takes a code. Each code is good for one change."</p>
            </div>
            {sent.map(|sent| view! { <SentTo sent now /> })}
            <SendCode page="security" label=label />
        </section>
    }
}

/// What a person can show as a second factor, within a label.
pub(super) fn factor_label(factors: &Factors) -> &'static str {
    match (
        factors.can_use(FactorKind::Totp),
        factors.can_use(FactorKind::Email),
    ) {
        (true, false) => "Code from the app, or a recovery code",
        (true, true) => "Code from the app or the e-mail, or a recovery code",
        (false, true) => "Code from the e-mail, or a recovery code",
        (false, false) => "Recovery code",
    }
}

#[component]
fn NewRecoveryCodes(codes: Vec<String>) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="recovery-title">
            <div class="card-head">
                <h2 id="recovery-title">"Your recovery codes"</h2>
                <p>
                    "Each logs you in once when your phone is not at hand. Print them or keep them "
                    "in your password manager: they are shown this once."
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
                <h2 id="totp-title">"Authenticator app"</h2>
                <p>
                    "A second step at every login: a code from an app on your phone. "
                    "Whoever steals your password then still can't get in."
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
                        "On since "
                        <time datetime=since.to_string()>{since.for_people()}</time>
                        {format!(". {left} of 10 recovery codes are left.")}
                    </p>
                    <FactorField label=label />
                    <button class="button button-secondary" type="submit" name="act" value="renew">
                        "New recovery codes"
                    </button>
                    <button class="button button-danger" type="submit" name="act" value="remove">
                        "Switch off"
                    </button>
                </form>
            })
        }
        (None, Some(offer)) => EitherOf3::B(view! {
            <form class="form" method="post" action="/do/confirm-totp">
                <p>"Scan this picture with the app. Or type the key into it by hand."</p>
                // Drawn by the portal itself: squares, and nothing that anybody typed.
                <div class="qr" inner_html=offer.qr_svg></div>
                <p class="field-hint">
                    "Key: " <code>{offer.secret}</code>
                </p>
                <FactorField label="Code that the app shows" digits=true />
                {beside_another
                    .then(|| view! { <FactorField name="other_factor" label=label id="other" /> })}
                <button class="button button-primary" type="submit">
                    "Switch on"
                </button>
            </form>
        }),
        (None, None) => EitherOf3::C(view! {
            <form class="form" method="post" action="/do/offer-totp">
                <button class="button button-primary" type="submit">
                    "Set up an authenticator app"
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
    let (client, factor) = (door.client(), TwofaToken::parse_typed(&twofa_token).ok());
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
        Err(problem) => {
            let message = refusal_or(problem.map(Message::from), Message::from);
            door.send_back(PAGE, &[], message);
        }
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
    let Ok(TwofaToken::SixDigits(code)) = TwofaToken::parse_typed(&twofa_token) else {
        door.send_back(PAGE, &[], Message::WrongFactor);
        return Ok(());
    };
    let shown = TwofaToken::parse_typed(&other_factor).ok();
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
    let Ok(shown) = TwofaToken::parse_typed(&twofa_token) else {
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
    match door.portal.seal_note(person, &codes) {
        Ok(note) => door.set_cookie(cookies::remember_note(&note)),
        Err(failure) => drop(Trouble::of(&failure)),
    }
}

pub(super) fn refuse(door: &Door, problem: Problem<FactorError>) {
    if let Problem::Refused(FactorError::NotFresh) = problem {
        door.confirm_first(PAGE);
        return;
    }
    let message = refusal_or(problem.map(Message::from), Message::from);
    door.send_back(PAGE, &[], message);
}
