use backend::Problem;
use domain::DeleteAccountError;
use leptos::prelude::*;

use crate::components::{AuthLayout, MessageNotice};
use crate::i18n::{self, interpolate};
use crate::message::Message;
use crate::query::with_query;
use crate::request_context::RequestContext;

const PAGE: &str = "/account/delete";

const ALLOWED_MESSAGES: &[Message] = &[Message::LastOwner, Message::OwnsBots];

/// `/account/delete`: asks before an account is deleted. Needs a fresh login.
#[component]
pub(crate) fn DeleteAccountPage() -> impl IntoView {
    let context = RequestContext::current();
    let Some(person) = context.person() else {
        context.redirect_to_login(PAGE);
        return None;
    };
    if !person.session.is_fresh(context.portal.now()) {
        context.redirect(&with_query("/confirm", &[("return_to", PAGE)]));
        return None;
    }
    let message = Message::read(ALLOWED_MESSAGES);
    let title = Message::title(message, i18n::delete_title());
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
        <AuthLayout title=title>
            <div class="card-header">
                <h1>{i18n::delete_heading()}</h1>
            </div>
            <MessageNotice message id="delete-notice" takes_focus=true />
            <form class="form" method="post" action="/do/delete-account">
                <p>
                    {interpolate(
                        |[name]| i18n::delete_text(name),
                        [name],
                    )}
                </p>
                <p class="field-hint">
                    {i18n::delete_log()}
                </p>
                <button class="button button-danger" type="submit">
                    {i18n::delete_button()}
                </button>
            </form>
            <div class="card-footer">
                <a class="button button-quiet" href="/account">
                    {i18n::delete_keep()}
                </a>
            </div>
        </AuthLayout>
    })
}

/// On `/account`: the data export and the link to deletion.
#[component]
pub(super) fn DataCard(
    /// Whether the login is fresh.
    is_fresh: bool,
) -> impl IntoView {
    let export = "/v1/users/me/export";
    let download = if is_fresh {
        export.to_owned()
    } else {
        with_query("/confirm", &[("return_to", "/account")])
    };
    view! {
        <section class="card" aria-labelledby="data-title">
            <div class="card-header">
                <h2 id="data-title">{i18n::data_title()}</h2>
                <p>
                    {if is_fresh {
                        i18n::data_text()
                    } else {
                        i18n::data_text_password()
                    }}
                </p>
            </div>
            <div class="card-footer">
                <a class="button button-secondary" href=download download=is_fresh.then_some("")>
                    {if is_fresh { i18n::data_download() } else { i18n::data_unlock() }}
                </a>
                <a class="button button-quiet" href=PAGE>
                    {i18n::data_delete()}
                </a>
            </div>
        </section>
    }
}

/// The button that deletes the account.
#[server(prefix = "/do", endpoint = "delete-account")]
pub async fn delete_account() -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(PAGE) else {
        return Ok(());
    };
    match context
        .portal
        .delete_account(&person, &context.client())
        .await
    {
        Ok(()) => {
            context.clear_session_cookies();
            context.redirect_with_message("/login", &[], Message::AccountDeleted);
        }
        Err(Problem::Refused(DeleteAccountError::SignedOut)) => context.redirect_to_login(PAGE),
        Err(Problem::Refused(DeleteAccountError::NotFresh)) => context.redirect_to_confirm(PAGE),
        Err(problem) => {
            let message = Message::from_problem(problem);
            context.redirect_with_message(PAGE, &[], message);
        }
    }
    Ok(())
}
