use backend::Person;
use domain::Session;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::delete_account::DataCard;
use super::platforms::PlatformsCard;
use super::profile::ProfileCard;
use crate::components::{MessageNotice, Moment, SignedInLayout};
use crate::door::{Door, Trouble, address};
use crate::message::Message;
use crate::wording::device;
use crate::words;

/// What this page has to say.
const OWN: &[Message] = &[
    Message::StillSignedIn,
    Message::Registered,
    Message::WrongCode,
    Message::TooManyAttempts,
    Message::TooManyPending,
    Message::NotAnId,
    Message::PlatformTaken,
    Message::PlatformLinked,
    Message::PlatformUnlinked,
    Message::NotLinked,
    Message::LastWayIn,
    Message::ProfileSaved,
    Message::ProfileRefused,
];

/// `/account`: who one is here.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let door = Door::open();
    let Some(person) = door.person() else {
        door.go(&address("/login", &[("return_to", "/account")]));
        return None;
    };
    let Person { user, session, .. } = person.clone();
    let has_second_factor = user.second_factor_at.is_some();
    let is_fresh = session.is_fresh(door.portal.now());
    let message = Message::read(OWN);
    let title = Message::title(message, words::account_title());
    let linking = use_query_map().read_untracked().get("link");
    let linking = linking.and_then(|wanted| {
        let mut platforms = door.portal.platforms().iter();
        platforms
            .find(|platform| platform.as_str() == wanted)
            .cloned()
    });
    let display = user.display;
    let profile = view! { <OwnProfile door=door.clone() person=person.clone() /> }.into_any();
    let platforms = view! { <PlatformsCard door=door person=person linking=linking /> }.into_any();
    Some(view! {
        <SignedInLayout title=title display=display>
            <h1>{words::account_title()}</h1>
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
fn OwnProfile(door: Door, person: Person) -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match door.portal.profile(person.user.id).await {
                    Ok(profile) => {
                        let Person { user, linked, .. } = person;
                        Either::Left(view! { <ProfileCard door user profile linked /> })
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

/// The session that looks at the page.
#[component]
fn SessionCard(session: Session) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="session-title">
            <div class="card-head">
                <h2 id="session-title">{words::account_session()}</h2>
            </div>
            <dl class="details">
                <div>
                    <dt>{words::account_session_since()}</dt>
                    <dd>
                        <Moment at=session.created_at />
                    </dd>
                </div>
                <div>
                    <dt>{words::account_session_address()}</dt>
                    <dd>{session.client_ip}</dd>
                </div>
                <div>
                    <dt>{words::account_session_browser()}</dt>
                    <dd>{device(&session.user_agent)}</dd>
                </div>
            </dl>
        </section>
    }
}

/// The way to what proves who one is.
#[component]
fn SecurityCard(has_second_factor: bool) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="security-title">
            <div class="card-head">
                <h2 id="security-title">{words::account_security()}</h2>
                <p>
                    {if has_second_factor {
                        words::account_security_on()
                    } else {
                        words::account_security_off()
                    }}
                </p>
            </div>
            <a class="button button-secondary" href="/account/security">
                {words::account_security_link_all()}
            </a>
        </section>
    }
}
