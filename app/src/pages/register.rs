use backend::{LoginChannel, Problem, Register as Request};
use domain::{
    EmailAddressError, NewDisplayError, NewPasswordError, NewUsernameError, PasswordPolicy,
    RegisterError,
};
use frontend::UsernameCheck;
use http::StatusCode;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{AuthLayout, HydrateIslands, NewPasswordField, Notice, TextField};
use crate::i18n;
use crate::localize::{Localize, LocalizeWithPolicy as _};
use crate::message::{Tone, WAIT_PARAM, retry_after, wait_param, with_wait};
use crate::page_error::{PageError, error_or_failure};
use crate::query::with_query;
use crate::request_context::RequestContext;

const PAGE: &str = "/register";

/// Where a new person goes without `return_to`.
const WELCOME: &str = "/account?message=registered";

/// Why the form was sent back. In the query under the name of its field, or under `message`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RegisterFailure {
    Refused(RegisterError),
    Failed(PageError),
}

impl RegisterFailure {
    const fn query(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused(RegisterError::Username(error)) => ("username", error.code()),
            Self::Refused(RegisterError::Email(error)) => ("email", error.code()),
            Self::Refused(RegisterError::Display(error)) => ("display", error.code()),
            Self::Refused(RegisterError::Password(error)) => ("password", error.code()),
            Self::Refused(RegisterError::TooMany { .. }) => ("message", "many"),
            Self::Refused(RegisterError::Busy) => ("message", "busy"),
            // The page checks itself whether registration is on.
            Self::Refused(RegisterError::SignUpOff) => ("message", ""),
            Self::Failed(PageError::Unavailable) => ("message", "unavailable"),
            Self::Failed(PageError::Internal) => ("message", "internal"),
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Refused(RegisterError::Username(NewUsernameError::Taken)) => StatusCode::CONFLICT,
            Self::Refused(
                RegisterError::Username(_)
                | RegisterError::Email(_)
                | RegisterError::Display(_)
                | RegisterError::Password(_),
            ) => StatusCode::BAD_REQUEST,
            Self::Refused(RegisterError::SignUpOff) => StatusCode::FORBIDDEN,
            Self::Refused(RegisterError::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
            Self::Refused(RegisterError::Busy) | Self::Failed(PageError::Unavailable) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Failed(PageError::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The errors of the form, from the query.
struct RegisterErrors {
    notice: Option<String>,
    username: Option<String>,
    email: Option<String>,
    display: Option<String>,
    password: Option<String>,
}

impl RegisterErrors {
    const fn any(&self) -> bool {
        self.notice.is_some()
            || self.username.is_some()
            || self.email.is_some()
            || self.display.is_some()
            || self.password.is_some()
    }

    fn read(policy: PasswordPolicy) -> Self {
        let query = use_query_map().read_untracked();
        let code = |field: &str| query.get(field);
        let notice = code("message").and_then(|code| match code.as_str() {
            "many" => Some(with_wait(i18n::register_many())),
            "busy" | "unavailable" => Some(i18n::register_unavailable()),
            "internal" => Some(i18n::setup_failed()),
            _ => None,
        });
        let username = code("username").and_then(|code| NewUsernameError::from_code(&code));
        let email = code("email").and_then(|code| EmailAddressError::from_code(&code));
        let display = code("display").and_then(|code| NewDisplayError::from_code(&code));
        let password = code("password").and_then(|code| NewPasswordError::from_code(&code));
        Self {
            notice,
            username: username.map(Localize::localize),
            email: email.map(Localize::localize),
            display: display.map(Localize::localize),
            password: password.map(|error| error.localize(policy)),
        }
    }
}

/// `/register`: creates an account.
#[component]
pub(crate) fn RegisterPage() -> impl IntoView {
    let context = RequestContext::current();
    let query = use_query_map().read_untracked();
    let wanted = query.get("return_to");
    let return_to = wanted.map(|wanted| context.site.return_to(Some(&wanted)).as_str().to_owned());
    if context.person().is_some() {
        context.redirect(return_to.as_deref().unwrap_or("/account"));
        return None;
    }
    let errors = RegisterErrors::read(context.portal.password_policy());
    let return_to = return_to.unwrap_or_default();
    let log_in = with_query("/login", &[("return_to", &return_to)]);
    let title = if errors.any() {
        i18n::title_with_error(i18n::register_title())
    } else {
        i18n::register_title()
    };
    let body = if context.portal.sign_up() {
        Either::Left(view! { <RegisterForm context errors return_to /> })
    } else {
        context.set_status(StatusCode::FORBIDDEN);
        Either::Right(view! {
            <p>
                {i18n::register_off()}
            </p>
        })
    };
    Some(view! {
        <AuthLayout title=title>
            <div class="card-header">
                <h1>{i18n::register_title()}</h1>
            </div>
            {body}
            <div class="card-footer">
                <a class="button button-quiet" href=log_in>
                    {i18n::register_have_account()}
                </a>
            </div>
        </AuthLayout>
    })
}

#[component]
fn RegisterForm(
    context: RequestContext,
    errors: RegisterErrors,
    return_to: String,
) -> impl IntoView {
    let min_length = context.portal.password_policy().shortest;
    let refused = errors.any();
    let input = |field: &str| {
        if refused {
            context.previous_field_input(field).unwrap_or_default()
        } else {
            String::new()
        }
    };
    // The first field with an error gets the focus.
    let at = [
        ("username", errors.username.is_some()),
        ("email", errors.email.is_some()),
        ("display", errors.display.is_some()),
        ("password", errors.password.is_some()),
    ];
    let at = at.iter().find(|(_, wrong)| *wrong);
    let at = at.map_or("username", |(field, _)| *field);
    view! {
        {errors
            .notice
            .map(|sentence| {
                view! { <Notice tone=Tone::Error id="register-notice" sentence=sentence /> }
            })}
        <form class="form" method="post" action="/do/register">
            <input type="hidden" name="return_to" value=return_to />
            <TextField
                name="username"
                label=i18n::login_username()
                autocomplete="username"
                value=input("username")
                hint=i18n::username_hint()
                pattern="[A-Za-z0-9._\\-]{3,32}"
                error=errors.username
                autofocus=at == "username"
                reserved=i18n::username_reserved_note()
            >
                <UsernameCheck />
            </TextField>
            <TextField
                name="email"
                label=i18n::email_field()
                kind="email"
                autocomplete="email"
                value=input("email")
                hint=i18n::register_email_hint()
                error=errors.email
                autofocus=at == "email"
            />
            <TextField
                name="display"
                label=i18n::display_field()
                autocomplete="nickname"
                value=input("display")
                hint=i18n::register_display_hint()
                error=errors.display
                optional=true
                autofocus=at == "display"
            />
            <NewPasswordField
                min_length=min_length
                error=errors.password
                autofocus=at == "password"
            />
            <button class="button button-primary" type="submit">
                {i18n::register_button()}
            </button>
        </form>
        <HydrateIslands />
    }
}

/// The form that creates an account.
#[server(prefix = "/do", endpoint = "register")]
pub async fn register(
    #[server(default)] username: String,
    #[server(default)] email: String,
    #[server(default)] display: String,
    #[server(default)] password: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let client = context.client();
    // Mobile keyboards append spaces.
    let (email, display) = (email.trim(), display.trim());
    let request = Request {
        username: username.trim(),
        password: &password,
        email,
        display: Some(display),
        client: &client,
        channel: LoginChannel::Page,
    };
    match context.portal.register(request).await {
        Ok(session) => {
            context.forget_fields(&["username", "email", "display"]);
            let to = Some(return_to.as_str()).filter(|to| !to.is_empty());
            context.complete_login(&session, Some(to.unwrap_or(WELCOME)));
        }
        Err(problem) => {
            context.remember_fields(&[
                ("username", &username),
                ("email", email),
                ("display", display),
            ]);
            redirect_back(&context, &return_to, problem);
        }
    }
    Ok(())
}

fn redirect_back(context: &RequestContext, return_to: &str, problem: Problem<RegisterError>) {
    let wait = wait_param(retry_after(&problem));
    let problem = problem.map(RegisterFailure::Refused);
    let failure = error_or_failure(problem, RegisterFailure::Failed);
    let query = [
        failure.query(),
        ("return_to", return_to),
        (WAIT_PARAM, &wait),
    ];
    context.redirect_or_status(&with_query(PAGE, &query), failure.status());
}
