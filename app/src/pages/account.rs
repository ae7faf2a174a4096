use backend::Person;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{Notice, SignedInLayout, Tone, initial};
use crate::door::{Door, address};
use crate::pages::login::Message;

/// `/account`: who one is here.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let door = Door::open();
    let Some(Person { user, session }) = door.person() else {
        door.go(&address("/login", &[("return_to", "/account")]));
        return None;
    };
    // The one thing that can fail on this page is logging out.
    let failed = use_query_map()
        .read_untracked()
        .get("message")
        .is_some_and(|code| {
            Message::from_code(&code).is_some_and(|message| message.tone() == Tone::Error)
        });
    Some(view! {
        <SignedInLayout title="Your account" display=user.display.clone()>
            <h1>"Your account"</h1>
            {failed
                .then(|| {
                    view! {
                        <Notice
                            tone=Tone::Error
                            id="account-notice"
                            sentence="We couldn't log you out just now. You are still logged in: try again in a moment."
                        />
                    }
                })}
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
                            <time datetime=user.created_at.to_string()>
                                {user.created_at.for_people()}
                            </time>
                        </dd>
                    </div>
                </dl>
            </section>
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
