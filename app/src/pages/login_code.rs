use backend::VerifyCode;
use domain::VerifyCodeError;
use http::StatusCode;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{CodeField, EntryLayout, Notice, Tone};
use crate::door::{Door, Refusal, Trouble, address, refusal_or};

const NOTICE: &str = "code-notice";

/// What a page with a code field says of a code that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Message {
    WrongCode,
    WebLoginRequired,
    TooManyGuesses,
    Unavailable,
    Internal,
}

impl Message {
    const ALL: [Self; 5] = [
        Self::WrongCode,
        Self::WebLoginRequired,
        Self::TooManyGuesses,
        Self::Unavailable,
        Self::Internal,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::WrongCode => "code",
            Self::WebLoginRequired => "web",
            Self::TooManyGuesses => "guesses",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    pub(super) fn read() -> Option<Self> {
        let code = use_query_map().read_untracked().get("message")?;
        Self::ALL.into_iter().find(|message| message.code() == code)
    }

    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::WrongCode => {
                "That code doesn't work. It may be mistyped, used or older than 10 minutes; a code \
                 asked for on this site works only in the browser and network that asked."
            }
            Self::WebLoginRequired => {
                "You have logged in by the bot's codes several times in a row. This time ask for a \
                 code here first: go back and choose your platform."
            }
            Self::TooManyGuesses => {
                "Too many wrong codes came from your network. Wait a while, then try again."
            }
            Self::Unavailable => "We can't log anybody in right now. Try again in a minute.",
            Self::Internal => "Something went wrong on our side. Try again in a moment.",
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::WrongCode => StatusCode::UNAUTHORIZED,
            Self::WebLoginRequired => StatusCode::FORBIDDEN,
            Self::TooManyGuesses => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<VerifyCodeError> for Message {
    fn from(error: VerifyCodeError) -> Self {
        match error {
            // A page never names a platform, so that can't be wrong.
            VerifyCodeError::InvalidOrExpired | VerifyCodeError::UnknownPlatform => Self::WrongCode,
            VerifyCodeError::WebLoginRequired => Self::WebLoginRequired,
            VerifyCodeError::TooManyGuesses { .. } => Self::TooManyGuesses,
        }
    }
}

impl From<Trouble> for Message {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unavailable => Self::Unavailable,
            Trouble::Internal => Self::Internal,
        }
    }
}

/// `/login/code`: "I already have a code".
#[component]
pub(crate) fn LoginCodePage() -> impl IntoView {
    let door = Door::open();
    let query = use_query_map().read_untracked();
    let wanted = query.get("return_to");
    let return_to = door.site.return_to(wanted.as_deref());
    if door.person().is_some() {
        door.go(return_to.as_str());
        return None;
    }
    let message = Message::read();
    let back = address(
        "/login",
        &[("return_to", wanted.as_deref().unwrap_or_default())],
    );
    Some(view! {
        <EntryLayout title=if message.is_some() { "Error: Log in with a code" } else { "Log in with a code" }>
            <div class="card-head">
                <h1>"Log in with a code"</h1>
                <p>"Enter the code that the bot sent you as a direct message."</p>
            </div>
            {message
                .map(|message| {
                    view! { <Notice tone=Tone::Error id=NOTICE sentence=message.sentence() /> }
                })}
            <form class="form" method="post" action="/do/use-code">
                <input type="hidden" name="return_to" value=return_to.as_str().to_owned() />
                <CodeField autofocus=true />
                <button class="button button-primary" type="submit">
                    "Log in"
                </button>
                <a class="button button-quiet" href=back>
                    "Log in another way"
                </a>
            </form>
        </EntryLayout>
    })
}

/// Every form with a code. `platform` is given by the page of a code that was asked for,
/// to which a refusal then leads back.
#[server(prefix = "/do", endpoint = "use-code")]
pub async fn use_code(
    #[server(default)] code: String,
    #[server(default)] platform: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let (client, browser) = (door.client(), door.browser());
    // People copy more than the code, or write it in two halves.
    let code: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    let request = VerifyCode {
        code: &code,
        identity: None,
        client: &client,
        browser: browser.as_ref(),
    };
    match door.portal.verify_code(request).await {
        Ok(login) => door.let_in(&login.session, Some(&return_to)),
        Err(problem) => {
            let message: Message = refusal_or(problem.map(Message::from), Message::from);
            let query = [
                ("platform", platform.as_str()),
                ("message", message.code()),
                ("return_to", &return_to),
            ];
            let page = if platform.is_empty() {
                "/login/code"
            } else {
                "/login/request"
            };
            door.refuse(
                &Refusal {
                    page,
                    query: &query,
                    status: message.status(),
                },
                "",
            );
        }
    }
    Ok(())
}
