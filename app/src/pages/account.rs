use backend::Person;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::platforms::PlatformsCard;
use crate::components::{MessageNotice, Moment, SignedInLayout, initial};
use crate::door::{Door, address};
use crate::message::Message;

/// What this page has to say.
const OWN: &[Message] = &[
    Message::StillSignedIn,
    Message::WrongCode,
    Message::TooManyGuesses,
    Message::TooManyPending,
    Message::NotAnId,
    Message::PlatformTaken,
    Message::PlatformLinked,
    Message::PlatformUnlinked,
    Message::NotLinked,
    Message::LastWayIn,
];

/// `/account`: who one is here.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let door = Door::open();
    let Some(person) = door.person() else {
        door.go(&address("/login", &[("return_to", "/account")]));
        return None;
    };
    let Person { user, session } = person.clone();
    let has_second_factor = user.second_factor_at.is_some();
    let message = Message::read(OWN);
    let title = if message.is_some_and(Message::is_error) {
        "Error: Your account"
    } else {
        "Your account"
    };
    let linking = use_query_map().read_untracked().get("link");
    let linking = linking.and_then(|wanted| {
        let mut platforms = door.portal.platforms().iter();
        platforms
            .find(|platform| platform.as_str() == wanted)
            .cloned()
    });
    let card = view! { <PlatformsCard door=door person=person linking=linking /> };
    Some(view! {
        <SignedInLayout title=title display=user.display.clone()>
            <h1>"Your account"</h1>
            <MessageNotice message id="account-notice" />
            <section class="card" aria-label="Profile">
                <div class="profile">
                    <span class="avatar avatar-large" aria-hidden="true">
                        {initial(&user.display)}
                    </span>
                    <div>
                        <div class="profile-name">
                            <h2>
                                <bdi>{user.display}</bdi>
                            </h2>
                            <span class="badge badge-accent">{user.level.name()}</span>
                        </div>
                        <p class="profile-handle">"@" {user.username}</p>
                    </div>
                </div>
                <dl class="details">
                    <div>
                        <dt>"Account id"</dt>
                        <dd>
                            <code>{user.id.to_string()}</code>
                        </dd>
                    </div>
                    <div>
                        <dt>"Member since"</dt>
                        <dd>
                            <Moment at=user.created_at />
                        </dd>
                    </div>
                </dl>
            </section>
            {card}
            <SecurityCard has_second_factor />
            <section class="card" aria-labelledby="session-title">
                <div class="card-head">
                    <h2 id="session-title">"This session"</h2>
                </div>
                <dl class="details">
                    <div>
                        <dt>"Logged in since"</dt>
                        <dd>
                            <time datetime=session
                                .created_at
                                .to_string()>{session.created_at.for_people()}</time>
                        </dd>
                    </div>
                    <div>
                        <dt>"Address"</dt>
                        <dd>{session.client_ip}</dd>
                    </div>
                    <div>
                        <dt>"Browser"</dt>
                        <dd>{session.user_agent.for_people()}</dd>
                    </div>
                </dl>
            </section>
        </SignedInLayout>
    })
}

/// The way to what proves who one is.
#[component]
fn SecurityCard(has_second_factor: bool) -> impl IntoView {
    view! {
            <section class="card" aria-labelledby="security-title">
                <div class="card-head">
                    <h2 id="security-title">"Security"</h2>
                    <p>
                        {if has_second_factor {
                            "A second step guards every login."
                        } else {
                            "A second step at the login keeps others out, even with your password."
                        }}
                    </p>
                </div>
                <a class="button button-secondary" href="/account/security">
                    "Password and second step"
                </a>
            </section>
    }
}
