use backend::Person;
use domain::Session;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::delete::DataCard;
use super::platforms::PlatformsCard;
use super::profile::ProfileCard;
use crate::components::{MessageNotice, SignedInLayout, Time, unavailable};
use crate::i18n;
use crate::localize::device;
use crate::message::Message;
use crate::query::with_query;
use crate::request_context::RequestContext;

const ALLOWED_MESSAGES: &[Message] = &[
    Message::LogoutFailed,
    Message::Registered,
    Message::WrongCode,
    Message::TooManyCodeAttempts,
    Message::TooManyPendingCodes,
    Message::InvalidPlatformUserId,
    Message::PlatformTaken,
    Message::PlatformLinked,
    Message::PlatformUnlinked,
    Message::NotLinked,
    Message::LastLoginMethod,
    Message::ProfileSaved,
    Message::ProfileRefused,
];

/// `/account`: profile, platforms and data of a person.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let context = RequestContext::current();
    let Some(person) = context.person() else {
        context.redirect(&with_query("/login", &[("return_to", "/account")]));
        return None;
    };
    let Person { user, session, .. } = person.clone();
    let has_second_factor = user.second_factor_at.is_some();
    let is_fresh = session.is_fresh(context.portal.now());
    let message = Message::read(ALLOWED_MESSAGES);
    let title = Message::title(message, i18n::account_title());
    let linking = use_query_map().read_untracked().get("link");
    let linking = linking.and_then(|name| {
        let mut platforms = context.portal.platforms().iter();
        platforms
            .find(|platform| platform.as_str() == name)
            .cloned()
    });
    let display = user.display;
    let profile = view! { <OwnProfile context=context.clone() person=person.clone() /> }.into_any();
    let platforms =
        view! { <PlatformsCard context=context person=person linking=linking /> }.into_any();
    Some(view! {
        <SignedInLayout title=title display=display>
            <h1>{i18n::account_title()}</h1>
            <MessageNotice message id="account-notice" />
            {profile}
            {platforms}
            <SecurityCard has_second_factor />
            <SessionCard session />
            <DataCard is_fresh />
        </SignedInLayout>
    })
}

#[component]
fn OwnProfile(context: RequestContext, person: Person) -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match context.portal.profile(person.user.id).await {
                    Ok(profile) => {
                        let Person { user, linked, .. } = person;
                        Either::Left(view! { <ProfileCard context user profile linked /> })
                    }
                    Err(failure) => Either::Right(unavailable(&failure)),
                }
            })}
        </Suspense>
    }
}

/// The current session.
#[component]
fn SessionCard(session: Session) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="session-title">
            <div class="card-header">
                <h2 id="session-title">{i18n::account_session()}</h2>
            </div>
            <dl class="description-list">
                <div>
                    <dt>{i18n::account_session_since()}</dt>
                    <dd>
                        <Time at=session.created_at />
                    </dd>
                </div>
                <div>
                    <dt>{i18n::account_session_address()}</dt>
                    <dd>{session.client_ip}</dd>
                </div>
                <div>
                    <dt>{i18n::account_session_browser()}</dt>
                    <dd>{device(&session.user_agent)}</dd>
                </div>
            </dl>
        </section>
    }
}

/// The link to the security page.
#[component]
fn SecurityCard(has_second_factor: bool) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="security-title">
            <div class="card-header">
                <h2 id="security-title">{i18n::account_security()}</h2>
                <p>
                    {if has_second_factor {
                        i18n::account_security_on()
                    } else {
                        i18n::account_security_off()
                    }}
                </p>
            </div>
            <a class="button button-secondary" href="/account/security">
                {i18n::account_security_link_all()}
            </a>
        </section>
    }
}
