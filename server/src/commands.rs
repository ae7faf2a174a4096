use std::io::{self, BufRead as _, IsTerminal as _};
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs, panic};

use backend::{
    BotRegistration, Clock, Failure, MailSetUpError, OwnerAccount, Portal, Problem, SetUpLink,
    StartError, Token,
};
use domain::{PasswordPolicy, RegisterBotError, SetUpError, Username};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tracing_subscriber::filter::LevelFilter;
use url::Url;

use crate::assets::{Assets, AssetsError};
use crate::cli::{BotCommand, Cli, Command, OwnerCommand};
use crate::router::{Web, router};
use crate::settings::{LogLevel, Settings, SettingsError};

/// How long requests under way may take to end after the signal to stop.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// Small steps: each is short, and nobody waits for the database.
const CLEAN_UP_EVERY: Duration = Duration::from_mins(10);

/// Why a command did not do its work: one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("PORTAL_ADDR: {address} can't be listened on ({cause})")]
    Listen {
        address: SocketAddr,
        cause: io::Error,
    },
    #[error(transparent)]
    Assets(#[from] AssetsError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Mail(#[from] MailSetUpError),
    #[error(transparent)]
    Failed(#[from] Failure),
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Runs one command to its end.
pub(crate) fn run(cli: Cli) -> Result<(), CommandError> {
    let serves = matches!(cli.command, None | Some(Command::Serve));
    start_log(if serves {
        cli.settings.log
    } else {
        LogLevel::Warn
    });
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        match cli.command {
            None | Some(Command::Serve) => serve(&cli.settings, cli.json).await,
            Some(Command::Bot(BotCommand::Register {
                name,
                platform,
                owner,
                rate_limit_per_hour,
            })) => {
                let registration = BotRegistration {
                    name: &name,
                    platform: &platform,
                    owner: &owner,
                    rate_limit_per_hour,
                };
                register_bot(&cli.settings, registration, cli.json).await
            }
            Some(Command::Migrate) => migrate(&cli.settings, cli.json).await,
            Some(Command::Owner(OwnerCommand::Create { username, link })) => {
                let owner = NewOwner {
                    username: &username,
                    by_link: link,
                };
                create_owner(&cli.settings, owner, cli.json).await
            }
        }
    })
}

async fn serve(settings: &Settings, json: bool) -> Result<(), CommandError> {
    let assets = Assets::find()?;
    let (site, origin) = settings.site(assets.urls()?)?;
    // First, so that a second start by mistake touches nothing.
    let listener =
        TcpListener::bind(settings.addr)
            .await
            .map_err(|cause| CommandError::Listen {
                address: settings.addr,
                cause,
            })?;
    let portal = Arc::new(Portal::open(&settings.config()?, Clock::System).await?);
    portal.prepare_mail()?;
    let base_url = site.base_url.clone();
    let set_up_link = match portal.make_set_up_link(SetUpLink::FirstOwner).await {
        Ok(token) => Some(token),
        Err(Problem::Refused(_)) => None,
        Err(Problem::Failed(failure)) => return Err(failure.into()),
    };
    let web = Web::new(
        portal.clone(),
        site,
        assets,
        origin,
        settings.trusted_proxies.clone(),
    );
    let service = router(web).into_make_service_with_connect_info::<SocketAddr>();

    tracing::info!(address = %settings.addr, base_url = %base_url, database = %settings.database_url, "serving");
    announce(&base_url, set_up_link.as_ref(), json);

    let cleaning = tokio::spawn(clean_up_for_ever(portal.clone()));
    let (stop, stopped) = watch::channel(());
    let leaving = portal.clone();
    let farewell = async move {
        stop_signal().await;
        tracing::info!("stopping");
        // Streams never end by themselves.
        leaving.end_bot_events();
        drop(stop);
    };
    let mail = tokio::spawn(Portal::deliver_mail_until(portal.clone(), stopped.clone()));
    let deadline = stopped.clone();
    let serving = axum::serve(listener, service).with_graceful_shutdown(farewell);
    tokio::select! {
        served = serving => served?,
        () = after(deadline, LONGEST_FAREWELL) => {}
    }
    cleaning.abort();
    // It ends by itself, seconds after the signal; a panic in it was logged.
    drop(mail.await);
    portal.close().await;
    Ok(())
}

/// Forgets now and then what is over. What fails is tried again next time.
async fn clean_up_for_ever(portal: Arc<Portal>) {
    let mut turns = tokio::time::interval(CLEAN_UP_EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if let Err(error) = portal.clean_up().await {
            tracing::warn!(%error, "what is over could not be forgotten");
        }
    }
}

/// Tells whoever started the portal where it is and, if there is no owner yet, how to
/// make one. The link is a secret: it goes to the terminal, never to a log.
#[expect(clippy::print_stdout, reason = "the command line's own voice")]
fn announce(base_url: &Url, set_up_link: Option<&Token>, json: bool) {
    let link = set_up_link
        .filter(|_| !prints_to_journal())
        .map(|token| link_to(base_url, token));
    if json {
        println!(
            "{}",
            json!({ "base_url": base_url.as_str(), "set_up_link": link })
        );
        return;
    }
    println!("Portal is at {base_url}");
    match (&link, set_up_link) {
        (Some(link), _) => {
            println!("There is no owner yet. Make one here (the link works once):\n\n  {link}\n");
        }
        (None, Some(_)) => {
            println!("There is no owner yet. Run `portal owner create --username NAME --link`.");
        }
        (None, None) => {}
    }
}

/// Whether standard output is systemd's journal: a log, where no secret belongs. systemd
/// names the journal's stream by device and inode (systemd.exec(5), `JOURNAL_STREAM`);
/// shells hand the variable on to programs that print elsewhere.
fn prints_to_journal() -> bool {
    let Some(stream) = env::var_os("JOURNAL_STREAM") else {
        return false;
    };
    let output = fs::metadata("/proc/self/fd/1");
    let output = output.map(|output| format!("{}:{}", output.dev(), output.ino()));
    output.is_ok_and(|output| stream == *output)
}

fn link_to(base_url: &Url, token: &Token) -> String {
    format!("{base_url}setup?token={}", token.reveal())
}

async fn migrate(settings: &Settings, json: bool) -> Result<(), CommandError> {
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    portal.close().await;
    let database = settings.database_url.to_string();
    say(
        json,
        &format!("{database} is up to date."),
        &json!({ "database": database, "up_to_date": true }),
    );
    Ok(())
}

struct NewOwner<'a> {
    username: &'a str,
    by_link: bool,
}

async fn create_owner(
    settings: &Settings,
    owner: NewOwner<'_>,
    json: bool,
) -> Result<(), CommandError> {
    let refuse = |error| CommandError::Refused(owner_sentence(error, settings));
    let username: Username = owner
        .username
        .parse()
        .map_err(|error| refuse(SetUpError::Username(error)))?;
    let base_url = settings.base_url()?;
    if owner.by_link {
        let portal = Portal::open(&settings.config()?, Clock::System).await?;
        let made = portal.make_set_up_link(SetUpLink::Named(&username)).await;
        portal.close().await;
        let token = made.map_err(|problem| match problem {
            Problem::Refused(_) => refuse(SetUpError::UsernameTaken),
            Problem::Failed(failure) => failure.into(),
        })?;
        let link = link_to(&base_url, &token);
        say(
            json,
            &link,
            &json!({ "username": username, "set_up_link": link }),
        );
        return Ok(());
    }
    let password = read_password()?;
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    let account = OwnerAccount {
        username: username.as_str(),
        password: &password,
    };
    let made = portal.create_owner(account).await;
    portal.close().await;
    let user = made.map_err(|problem| match problem {
        Problem::Refused(error) => refuse(error),
        Problem::Failed(failure) => failure.into(),
    })?;
    let text = format!(
        "{} is an owner now, with the id {}.",
        user.username, user.id
    );
    say(
        json,
        &text,
        &json!({ "id": user.id, "username": user.username }),
    );
    Ok(())
}

async fn register_bot(
    settings: &Settings,
    registration: BotRegistration<'_>,
    json: bool,
) -> Result<(), CommandError> {
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    let registered = portal.register_bot(registration).await;
    portal.close().await;
    let bot = registered.map_err(|problem| match problem {
        Problem::Refused(error) => CommandError::Refused(bot_sentence(error).to_owned()),
        Problem::Failed(failure) => failure.into(),
    })?;
    let key = bot.key.reveal();
    let text = format!(
        "{} carries codes on {} now. Its key, shown this once:\n\n  {key}\n",
        bot.name, bot.platform
    );
    let value = json!({ "id": bot.id, "name": bot.name, "platform": bot.platform, "api_key": key });
    say(json, &text, &value);
    Ok(())
}

const fn bot_sentence(error: RegisterBotError) -> &'static str {
    match error {
        RegisterBotError::Name => "The bot's name must have 2 to 32 characters.",
        RegisterBotError::UnknownPlatform => "No such platform is set up (see PORTAL_PLATFORMS).",
        RegisterBotError::OwnerNotFound => "There is nobody of that username to own the bot.",
        RegisterBotError::RateLimit => "The limit must be a number from 1 to 100000.",
        RegisterBotError::NameTaken => "There is a bot of that name already.",
    }
}

fn owner_sentence(error: SetUpError, settings: &Settings) -> String {
    match error {
        SetUpError::Username(error) => error.sentence().to_owned(),
        SetUpError::UsernameTaken => "That username is taken.".to_owned(),
        SetUpError::Password(error) => error.sentence(PasswordPolicy {
            shortest: settings.password_min,
        }),
        SetUpError::Busy | SetUpError::LinkDead => "Try again in a moment.".to_owned(),
    }
}

/// From the terminal without showing it, or the first line of what is piped in.
fn read_password() -> Result<String, io::Error> {
    let input = io::stdin();
    if input.is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        // Nobody sees what they type, and nobody could log in with a slip of the finger.
        let again = rpassword::prompt_password("The same again: ")?;
        let same = password == again;
        return same
            .then_some(password)
            .ok_or_else(|| io::Error::other("The two differ."));
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[expect(clippy::print_stdout, reason = "the command line's own voice")]
fn say(json: bool, text: &str, value: &serde_json::Value) {
    if json {
        println!("{value}");
    } else {
        println!("{text}");
    }
}

/// JSON lines on standard error, panics included.
fn start_log(level: LogLevel) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_max_level(level)
        .with_writer(io::stderr)
        .init();
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let text = panic.payload_as_str().unwrap_or("of an unknown kind");
        tracing::error!(panic = text, place, "a panic");
    }));
}

async fn stop_signal() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

/// Waits for the channel to close, and then as long again as given.
async fn after(mut closed: watch::Receiver<()>, wait: Duration) {
    while closed.changed().await.is_ok() {}
    tokio::time::sleep(wait).await;
}
