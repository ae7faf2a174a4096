use backend::{AwaitedCode, CodeRequest, PublicBot, Token, Who};
use domain::{Platform, PlatformUserId, RequestCodeError};
use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::login_code;
use crate::components::{CodeField, EntryLayout, Notice, TextField, Tone};
use crate::cookies;
use crate::door::{Door, Refusal, Trouble, address, refusal_or};

const NOTICE: &str = "request-notice";

/// Why no code was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    TooManyPending,
    NothingTyped,
    Unavailable,
    Internal,
}

impl Message {
    const ALL: [Self; 4] = [
        Self::TooManyPending,
        Self::NothingTyped,
        Self::Unavailable,
        Self::Internal,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::TooManyPending => "pending",
            Self::NothingTyped => "nothing",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    fn read() -> Option<Self> {
        let code = use_query_map().read_untracked().get("asking")?;
        Self::ALL.into_iter().find(|message| message.code() == code)
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::TooManyPending => {
                "Five codes are pending for your network. Use one of them, or wait ten minutes."
            }
            Self::NothingTyped => "Enter your id or your name first.",
            Self::Unavailable => "We can't make a code right now. Try again in a minute.",
            Self::Internal => "Something went wrong on our side. Try again in a moment.",
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::TooManyPending => StatusCode::TOO_MANY_REQUESTS,
            Self::NothingTyped => StatusCode::BAD_REQUEST,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<RequestCodeError> for Message {
    fn from(error: RequestCodeError) -> Self {
        match error {
            RequestCodeError::UnknownPlatform => Self::NothingTyped,
            RequestCodeError::TooManyPending { .. } => Self::TooManyPending,
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

/// `/login/request`: who one is on a platform; then what to write to which bot, and the
/// field for the code it answers.
#[component]
pub(crate) fn LoginRequestPage() -> impl IntoView {
    let door = Door::open();
    let query = use_query_map().read_untracked();
    let return_to = door.site.return_to(query.get("return_to").as_deref());
    if door.person().is_some() {
        door.go(return_to.as_str());
        return None;
    }
    let wanted = query.get("platform").unwrap_or_default();
    let platforms = door.portal.platforms();
    let Some(platform) = platforms
        .iter()
        .find(|known| known.as_str() == wanted)
        .cloned()
    else {
        door.go(&address("/login", &[("return_to", return_to.as_str())]));
        return None;
    };
    let refused = Message::read().is_some() || login_code::Message::read().is_some();
    let title = if refused {
        "Error: Log in with a code"
    } else {
        "Log in with a code"
    };
    let again = query.get("again").is_some();
    let typed = query
        .get("platform_user_id")
        .filter(|id| id.parse::<PlatformUserId>().is_ok());
    let typed = typed.unwrap_or_else(|| if refused { door.typed() } else { String::new() });
    let return_to = return_to.as_str().to_owned();
    Some(view! {
        <EntryLayout title=title>
            <Suspense>
                {Suspend::new(async move {
                    let client = door.client();
                    let asked = async {
                        let awaited = match door.browser().filter(|_| !again) {
                            Some(browser) => door.portal.awaited_code(&browser, &client).await?,
                            None => None,
                        };
                        Ok((awaited, door.portal.public_bots().await?))
                    };
                    match asked.await {
                        Ok((awaited, bots)) => {
                            let awaited = awaited
                                .filter(|awaited| awaited.platform == platform.as_str());
                            match awaited {
                                Some(awaited) => {
                                    let left = awaited.expires_at.since(door.portal.now());
                                    let minutes = left.as_secs().div_ceil(60);
                                    EitherOf3::A(
                                        view! {
                                            <WriteToTheBot platform bots awaited minutes return_to />
                                        },
                                    )
                                }
                                None => EitherOf3::B(view! { <AskForACode platform typed return_to /> }),
                            }
                        }
                        Err(failure) => {
                            Trouble::of(&failure);
                            door.set_status(StatusCode::SERVICE_UNAVAILABLE);
                            EitherOf3::C(
                                view! {
                                    <div class="card-head">
                                        <h1>"Not right now"</h1>
                                        <p>{Message::Unavailable.sentence()}</p>
                                    </div>
                                },
                            )
                        }
                    }
                })}
            </Suspense>
        </EntryLayout>
    })
}

#[component]
fn AskForACode(platform: Platform, typed: String, return_to: String) -> impl IntoView {
    let name = platform.for_people();
    let message = Message::read();
    view! {
        <div class="card-head">
            <h1>{format!("Log in with {name}")}</h1>
            <p>"Tell us who you are there. The bot then sends you a code."</p>
        </div>
        {message
            .map(|message| {
                view! { <Notice tone=Tone::Error id=NOTICE sentence=message.sentence() /> }
            })}
        <form class="form" method="post" action="/do/ask-for-code">
            <input type="hidden" name="platform" value=platform.to_string() />
            <input type="hidden" name="return_to" value=return_to.clone() />
            <TextField
                name="who"
                label="Your id"
                autocomplete="off"
                value=typed
                hint="The number the bot tells you. Been here before? Your name is enough."
                autofocus=true
            />
            <button class="button button-primary" type="submit">
                "Ask for a code"
            </button>
            <a class="button button-quiet" href=address("/login", &[("return_to", &return_to)])>
                "Log in another way"
            </a>
        </form>
    }
}

#[component]
fn WriteToTheBot(
    platform: Platform,
    bots: Vec<PublicBot>,
    awaited: AwaitedCode,
    /// Whole minutes until the code runs out.
    minutes: u64,
    return_to: String,
) -> impl IntoView {
    let name = platform.for_people();
    let message = login_code::Message::read();
    let bot = bots
        .into_iter()
        .find(|bot| bot.platform == platform.as_str());
    let bot = match bot {
        Some(PublicBot {
            name,
            invite_url: Some(link),
            ..
        }) => Either::Left(view! {
            <a href=link rel="noreferrer" target="_blank">
                <bdi>{name}</bdi>
            </a>
        }),
        Some(PublicBot {
            name,
            invite_url: None,
            ..
        }) => Either::Right(view! {
            <strong>
                <bdi>{name}</bdi>
            </strong>
        }),
        None => Either::Right(view! {
            <strong>
                <bdi>{"the bot of this community".to_owned()}</bdi>
            </strong>
        }),
    };
    let query = [
        ("platform", platform.as_str()),
        ("again", "1"),
        ("return_to", &return_to),
    ];
    let again = address("/login/request", &query);
    let left = if minutes == 1 {
        "1 minute".to_owned()
    } else {
        format!("{minutes} minutes")
    };
    view! {
        <div class="card-head">
            <h1>"Get your code"</h1>
            <p>
                "Write " <code>"/login"</code> " to " {bot} {format!(" on {name}. ")}
                "It answers with a code in a direct message, if it knows you. Nobody from here ever asks you for that code."
            </p>
        </div>
        {awaited
            .network_changed
            .then(|| {
                view! {
                    <Notice
                        tone=Tone::Error
                        id="network-notice"
                        sentence="Your network changed since you asked, and the code works only in the one before. Ask again from here."
                    />
                }
            })}
        {message
            .map(|message| {
                view! { <Notice tone=Tone::Error id=NOTICE sentence=message.sentence() /> }
            })}
        <form class="form" method="post" action="/do/use-code">
            <input type="hidden" name="platform" value=platform.to_string() />
            <input type="hidden" name="return_to" value=return_to />
            <CodeField autofocus=true />
            <p class="field-hint">
                "The code works until "
                <time datetime=awaited.expires_at.to_string()>
                    {awaited.expires_at.for_people()}
                </time> {format!(", {left} from now.")}
            </p>
            <button class="button button-primary" type="submit">
                "Log in"
            </button>
            <a class="button button-quiet" href=again>
                "No message? Ask again"
            </a>
        </form>
        <p class="field-hint">
            "If nothing comes: check that the id is yours, and that your privacy settings let members of the community write to you."
        </p>
    }
}

/// The form that asks for a code.
#[server(prefix = "/do", endpoint = "ask-for-code")]
pub async fn ask_for_code(
    #[server(default)] platform: String,
    #[server(default)] who: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let query = |message: &'static str| {
        [
            ("platform", platform.clone()),
            ("asking", message.to_owned()),
            ("return_to", return_to.clone()),
        ]
    };
    let message = match ask(&door, &platform, who.trim()).await {
        Ok(browser) => {
            door.set_cookie(cookies::remember_browser(&browser));
            let query = query("");
            let query = query
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            door.go(&address("/login/request", &query));
            return Ok(());
        }
        Err(message) => message,
    };
    let query = query(message.code());
    let query = query
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    door.refuse(
        &Refusal {
            page: "/login/request",
            query: &query,
            status: message.status(),
        },
        &who,
    );
    Ok(())
}

/// Asks for this browser, which gets its cookie here if it has none.
async fn ask(door: &Door, platform: &str, who: &str) -> Result<Token, Message> {
    if who.is_empty() {
        return Err(Message::NothingTyped);
    }
    let browser = match door.browser() {
        Some(browser) => browser,
        None => Token::random().map_err(|failure| Message::from(Trouble::of(&failure)))?,
    };
    let (client, id) = (door.client(), who.parse().ok());
    let request = CodeRequest {
        who: Who::typed(platform, who, id.as_ref()),
        client: &client,
        browser: Some(&browser),
    };
    match door.portal.request_code(request).await {
        Ok(_) => Ok(browser),
        Err(problem) => Err(refusal_or(problem.map(Message::from), Message::from)),
    }
}
