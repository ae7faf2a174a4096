use backend::{OwnerAccount, SetUpOffer, Token};
use domain::{NewPasswordError, PasswordPolicy, SetUpError, UsernameError};
use frontend::UsernameCheck;
use http::StatusCode;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{AuthLayout, HydrateIslands, NewPasswordField, Notice, TextField};
use crate::localize::{Localize, LocalizeWithPolicy as _};
use crate::message::Tone;
use crate::page_error::{PageError, error_or_failure};
use crate::query::with_query;
use crate::request_context::RequestContext;
use crate::{cookies, i18n};

const TAKEN: &str = "taken";

/// Why the form was sent back. In the query under the name of its field, or under `message`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SetUpFailure {
    Refused(SetUpError),
    Failed(PageError),
}

impl SetUpFailure {
    const fn query(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused(SetUpError::Username(error)) => ("username", error.code()),
            Self::Refused(SetUpError::UsernameTaken) => ("username", TAKEN),
            Self::Refused(SetUpError::Password(error)) => ("password", error.code()),
            Self::Refused(SetUpError::Busy) => ("message", "busy"),
            // The page checks the link itself.
            Self::Refused(SetUpError::LinkDead) => ("message", ""),
            Self::Failed(PageError::Unavailable) => ("message", "unavailable"),
            Self::Failed(PageError::Internal) => ("message", "internal"),
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Refused(SetUpError::Username(_) | SetUpError::Password(_)) => {
                StatusCode::BAD_REQUEST
            }
            Self::Refused(SetUpError::UsernameTaken) => StatusCode::CONFLICT,
            Self::Refused(SetUpError::LinkDead) => StatusCode::GONE,
            Self::Refused(SetUpError::Busy) | Self::Failed(PageError::Unavailable) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Failed(PageError::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The errors of the form, from the query.
#[derive(Default)]
struct SetUpErrors {
    notice: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

impl SetUpErrors {
    const fn any(&self) -> bool {
        self.notice.is_some() || self.username.is_some() || self.password.is_some()
    }

    fn read(policy: PasswordPolicy) -> Self {
        let query = use_query_map().read_untracked();
        let notice = match query.get("message").as_deref() {
            Some("busy" | "unavailable") => Some(i18n::register_unavailable()),
            Some("internal") => Some(i18n::setup_failed()),
            _ => None,
        };
        let username = query.get("username").and_then(|code| match code.as_str() {
            TAKEN => Some(i18n::setup_name_taken()),
            code => UsernameError::from_code(code).map(Localize::localize),
        });
        let password = query
            .get("password")
            .and_then(|code| NewPasswordError::from_code(&code))
            .map(|error| error.localize(policy));
        Self {
            notice,
            username,
            password,
        }
    }
}

/// `/setup`: creates the account of the first owner, with the link that the server printed.
#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let context = RequestContext::current();
    let query = use_query_map().read_untracked();
    if let Some(token) = query.get("token") {
        // Moves the token out of the address bar and the history (ASVS 14.2.1).
        let token = token.parse::<Token>().ok();
        context.set_cookie(cookies::SET_UP.set_or_clear(token.as_ref()));
        context.redirect("/setup");
        return None;
    }
    let errors = SetUpErrors::read(context.portal.password_policy());
    let title = if errors.any() {
        i18n::title_with_error(i18n::setup_title())
    } else {
        i18n::setup_title()
    };
    Some(view! {
        <AuthLayout title=title>
            <Suspense>
                {Suspend::new(async move {
                    let offer = match context.set_up_token() {
                        Some(token) => context.portal.set_up_offer(&token).await,
                        None => Ok(None),
                    };
                    match offer {
                        Ok(Some(offer)) => {
                            Either::Left(view! { <SetUpForm context offer errors /> })
                        }
                        Ok(None) => {
                            context.set_status(StatusCode::GONE);
                            Either::Right(Either::Left(view! { <DeadLink /> }))
                        }
                        Err(failure) => {
                            PageError::log(&failure);
                            context.set_status(StatusCode::SERVICE_UNAVAILABLE);
                            Either::Right(Either::Right(view! { <Unavailable /> }))
                        }
                    }
                })}
            </Suspense>
        </AuthLayout>
    })
}

#[component]
fn SetUpForm(context: RequestContext, offer: SetUpOffer, errors: SetUpErrors) -> impl IntoView {
    let min_length = context.portal.password_policy().shortest;
    let has_username = offer.username.is_some();
    let refused = errors.any();
    let input = if refused {
        context.previous_input()
    } else {
        String::new()
    };
    let at_password = has_username || (errors.username.is_none() && errors.password.is_some());
    view! {
        <div class="card-header">
            <h1>{i18n::setup_heading()}</h1>
            <p>
                {if has_username {
                    i18n::setup_choose()
                } else {
                    i18n::setup_make()
                }}
            </p>
        </div>
        {errors
            .notice
            .map(|sentence| {
                view! { <Notice tone=Tone::Error id="set-up-notice" sentence=sentence /> }
            })}
        <form class="form" method="post" action="/do/set-up">
            <TextField
                name="username"
                label=i18n::login_username()
                autocomplete="username"
                value=offer.username.unwrap_or(input)
                hint=i18n::username_hint()
                pattern="[A-Za-z0-9._\\-]{3,32}"
                error=errors.username
                readonly=has_username
                autofocus=!at_password
            >
                <UsernameCheck />
            </TextField>
            <NewPasswordField
                min_length=min_length
                error=errors.password
                autofocus=at_password
            />
            <button class="button button-primary" type="submit">
                {i18n::setup_button()}
            </button>
        </form>
        <HydrateIslands />
    }
}

#[component]
fn DeadLink() -> impl IntoView {
    view! {
        <div class="card-header">
            <h1>{i18n::setup_dead_heading()}</h1>
            <p>
                {i18n::setup_dead()}
            </p>
        </div>
        <p>{i18n::setup_dead_new()}</p>
        <pre>
            <code>"portal owner create --username NAME --link"</code>
        </pre>
        <div class="card-footer">
            <a class="button button-secondary" href="/login">
                {i18n::register_have_account()}
            </a>
        </div>
    }
}

#[component]
fn Unavailable() -> impl IntoView {
    view! {
        <div class="card-header">
            <h1>{i18n::error_away_heading()}</h1>
            <p>{i18n::setup_away()}</p>
        </div>
        <div class="card-footer">
            <a class="button button-primary" href="/setup">
                {i18n::setup_again()}
            </a>
        </div>
    }
}

/// The form that creates the first owner.
#[server(prefix = "/do", endpoint = "set-up")]
pub async fn set_up(
    #[server(default)] username: String,
    #[server(default)] password: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let account = OwnerAccount {
        username: &username,
        password: &password,
    };
    let made = match context.set_up_token() {
        Some(token) => {
            context
                .portal
                .set_up(&token, account, &context.client())
                .await
        }
        None => Err(backend::Problem::Refused(SetUpError::LinkDead)),
    };
    match made {
        Ok(session) => {
            context.set_cookie(cookies::SET_UP.clear());
            context.complete_login(&session, None);
        }
        Err(problem) => {
            let message =
                error_or_failure(problem.map(SetUpFailure::Refused), SetUpFailure::Failed);
            context.remember_input(&username);
            context.redirect_or_status(&with_query("/setup", &[message.query()]), message.status());
        }
    }
    Ok(())
}
