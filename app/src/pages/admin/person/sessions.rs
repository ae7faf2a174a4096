use backend::ListedSession;
use leptos::prelude::*;

use crate::components::Time;
use crate::i18n::{self, interpolate};
use crate::localize::device;

/// Where the person is logged in.
#[component]
pub(super) fn SessionsCard(sessions: Vec<ListedSession>) -> impl IntoView {
    let empty = sessions.is_empty();
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|listed| {
            let session = listed.session;
            let (begun, used) = (session.created_at, session.last_used_at);
            view! {
                <li>
                    <div>
                        <strong>{device(&session.user_agent)}</strong>
                        <p>
                            {interpolate(
                                |[begun, used]| {
                                    i18n::person_session(session.client_ip.as_str(), begun, used)
                                },
                                [
                                    view! { <Time at=begun /> }.into_any(),
                                    view! { <Time at=used /> }.into_any(),
                                ],
                            )}
                        </p>
                    </div>
                </li>
            }
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="sessions-title">
            <div class="card-header">
                <h2 id="sessions-title">{i18n::sessions_title()}</h2>
                {empty.then(|| view! { <p>{i18n::person_no_sessions()}</p> })}
            </div>
            <ul class="list">{rows}</ul>
        </section>
    }
}
