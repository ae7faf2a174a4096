use backend::Problem;
use domain::DeleteAccountError;
use leptos::prelude::*;

use crate::components::{EntryLayout, MessageNotice};
use crate::door::{Door, address, refusal_or};
use crate::message::Message;
use crate::words::{self, fill};

const PAGE: &str = "/account/delete";

/// What this page has to say.
const OWN: &[Message] = &[Message::LastOwner, Message::OwnsBots];

/// `/account/delete`: the last question before an account is gone. Whoever looks at it has shown
/// their password or second factor a moment ago.
#[component]
pub(crate) fn DeleteAccountPage() -> impl IntoView {
    let door = Door::open();
    let Some(person) = door.person() else {
        door.login_first(PAGE);
        return None;
    };
    if !person.session.is_fresh(door.portal.now()) {
        door.go(&address("/confirm", &[("return_to", PAGE)]));
        return None;
    }
    let message = Message::read(OWN);
    let title = Message::title(message, words::delete_title());
    let name = view! {
        <strong>
            <bdi>{person.user.display}</bdi>
        </strong>
        " (@"
        {person.user.username}
        ")"
    }
    .into_any();
    Some(view! {
        <EntryLayout title=title>
            <div class="card-head">
                <h1>{words::delete_heading()}</h1>
            </div>
            <MessageNotice message id="delete-notice" takes_focus=true />
            <form class="form" method="post" action="/do/delete-account">
                <p>
                    {fill(
                        |[name]| words::delete_text(name),
                        [name],
                    )}
                </p>
                <p class="field-hint">
                    {words::delete_log()}
                </p>
                <button class="button button-danger" type="submit">
                    {words::delete_button()}
                </button>
            </form>
            <div class="card-foot">
                <a class="button button-quiet" href="/account">
                    {words::delete_keep()}
                </a>
            </div>
        </EntryLayout>
    })
}

/// On `/account`: a copy of what is stored, and the end of it.
#[component]
pub(super) fn DataCard(
    /// Whether a password or factor was shown a moment ago.
    is_fresh: bool,
) -> impl IntoView {
    let export = "/v1/users/me/export";
    let download = if is_fresh {
        export.to_owned()
    } else {
        address("/confirm", &[("return_to", "/account")])
    };
    view! {
        <section class="card" aria-labelledby="data-title">
            <div class="card-head">
                <h2 id="data-title">{words::data_title()}</h2>
                <p>
                    {if is_fresh {
                        words::data_text()
                    } else {
                        words::data_text_password()
                    }}
                </p>
            </div>
            <div class="card-foot">
                <a class="button button-secondary" href=download download=is_fresh.then_some("")>
                    {if is_fresh { words::data_download() } else { words::data_unlock() }}
                </a>
                <a class="button button-quiet" href=PAGE>
                    {words::data_delete()}
                </a>
            </div>
        </section>
    }
}

/// The button of the page.
#[server(prefix = "/do", endpoint = "delete-account")]
pub async fn delete_account() -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(PAGE) else {
        return Ok(());
    };
    match door.portal.delete_account(&person, &door.client()).await {
        Ok(()) => {
            for cookie in door.site.cookies.cleared() {
                door.set_cookie(cookie);
            }
            door.send_back("/login", &[], Message::AccountDeleted);
        }
        Err(Problem::Refused(DeleteAccountError::SignedOut)) => door.login_first(PAGE),
        Err(Problem::Refused(DeleteAccountError::NotFresh)) => door.confirm_first(PAGE),
        Err(problem) => {
            let message = refusal_or(problem.map(Message::from), Message::from);
            door.send_back(PAGE, &[], message);
        }
    }
    Ok(())
}
