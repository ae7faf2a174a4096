use backend::{Person, Problem, SetPassword};
use domain::{NewPasswordError, PasswordPolicy, SecondFactorInput, SetPasswordError};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::factor::PAGE;
use crate::components::{
    AccountName, FactorField, HydrateIslands, NewPasswordField, PasswordField,
};
use crate::i18n;
use crate::localize::LocalizeWithPolicy as _;
use crate::message::Message;
use crate::request_context::RequestContext;

#[component]
pub(super) fn PasswordCard(
    person: Person,
    policy: PasswordPolicy,
    has_password: bool,
    /// The label of the second factor, if one is on.
    label: String,
) -> impl IntoView {
    let has_factor = person.user.second_factor_at.is_some();
    let policy = if has_factor {
        policy.with_second_factor()
    } else {
        policy
    };
    let error = use_query_map().read_untracked().get("password");
    let error = error.and_then(|code| NewPasswordError::from_code(&code));
    let (intro, button) = if has_password {
        (i18n::password_text(), i18n::password_change())
    } else {
        (i18n::password_none(), i18n::password_set())
    };
    view! {
        <section class="card" aria-labelledby="password-title">
            <div class="card-header">
                <h2 id="password-title">{i18n::field_password()}</h2>
                <p>{intro}</p>
            </div>
            <form class="form" method="post" action="/do/set-password">
                <AccountName username=person.user.username />
                {has_password
                    .then(|| {
                        view! {
                            <PasswordField
                                name="old_password"
                                label=i18n::password_current()
                                autocomplete="current-password"
                            />
                        }
                    })}
                <NewPasswordField
                    name="new_password"
                    label=i18n::password_new()
                    min_length=policy.shortest
                    error=error.map(|error| error.localize(policy))
                />
                {has_factor
                    .then(|| {
                        view! {
                            <FactorField label=label id="password-factor" />
                        }
                    })}
                <button class="button button-primary" type="submit">
                    {button}
                </button>
            </form>
            <HydrateIslands />
        </section>
    }
}

/// The form that sets the password.
#[server(prefix = "/do", endpoint = "set-password")]
pub async fn change_password(
    #[server(default)] old_password: String,
    #[server(default)] new_password: String,
    #[server(default)] twofa_token: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(PAGE) else {
        return Ok(());
    };
    let (client, factor) = (
        context.client(),
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
    match context.portal.set_password(request).await {
        Ok(session) => {
            context.set_session_cookies(&session);
            context.redirect_with_message(PAGE, &[], Message::PasswordSet);
        }
        Err(problem) => redirect_back(&context, problem),
    }
    Ok(())
}

fn redirect_back(context: &RequestContext, problem: Problem<SetPasswordError>) {
    match problem {
        Problem::Refused(SetPasswordError::NotFresh) => context.redirect_to_confirm(PAGE),
        Problem::Refused(SetPasswordError::Password(error)) => {
            context.redirect_with_field_error(PAGE, "password", error.code());
        }
        problem => context.redirect_with_error(PAGE, &[], problem),
    }
}
