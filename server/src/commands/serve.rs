use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs};

use backend::{Clock, Portal, Problem, SetUpLink, Token};
use domain::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::MissedTickBehavior;
use url::Url;

use super::CommandError;
use super::owner::link_to;
use crate::assets::Assets;
use crate::connections::{Reception, receive};
use crate::metrics::metrics_router;
use crate::router::{Web, router};
use crate::settings::Settings;

/// How long requests under way may take to end after the signal to stop.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// Small steps: each is short, and nobody waits for the database.
const CLEAN_UP_EVERY: Duration = Duration::from_mins(10);

/// 1 January 2025. A clock from before has lost its battery, or is not set yet (security A22).
const NO_CLOCK_BEFORE: Timestamp = Timestamp::from_micros(1_735_689_600_000_000);

/// `portal serve`: until the signal to stop.
pub(super) async fn serve(settings: &Settings, json: bool) -> Result<(), CommandError> {
    let now = Clock::System.now();
    if now < NO_CLOCK_BEFORE {
        return Err(CommandError::Clock(now));
    }
    let mut assets = Assets::find()?;
    let (site, origin) = settings.site(&mut assets)?;
    // First, so that a second start by mistake touches nothing.
    let listener = listen("PORTAL_ADDR", settings.addr).await?;
    let for_metrics = match settings.metrics_addr {
        Some(address) => Some(listen("PORTAL_METRICS_ADDR", address).await?),
        None => None,
    };
    let portal = Arc::new(Portal::open(&settings.config()?, Clock::System).await?);
    portal.prepare_mail()?;
    let base_url = site.base_url.clone();
    let set_up_link = match portal.create_set_up_link(SetUpLink::FirstOwner).await {
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
    )
    .with_flood_limits(settings.flood_limits());
    let metrics = web.metrics.clone();
    let reception = |router| Reception {
        router,
        trusted_proxies: settings.trusted_proxies.clone(),
        limits: settings.connection_limits(),
        metrics: metrics.clone(),
    };
    let reception_of_all = reception(router(web));

    tracing::info!(address = %settings.addr, base_url = %base_url, database = %settings.database_url, "serving");
    announce(&base_url, set_up_link.as_ref(), json);

    let cleaning = tokio::spawn(clean_up_for_ever(portal.clone()));
    let (stop, stopped) = watch::channel(());
    let leaving = portal.clone();
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping");
        // Streams never end by themselves.
        leaving.close_bot_events();
        drop(stop);
    });
    let mail = tokio::spawn(Portal::deliver_mail_until(portal.clone(), stopped.clone()));
    if let Some(listener) = for_metrics {
        // Counted apart, or reading the figures would change them.
        let reception = Reception {
            metrics: Arc::default(),
            ..reception(metrics_router(metrics.clone(), portal.clone()))
        };
        tokio::spawn(receive(listener, reception, stopped.clone()));
    }
    let serving = receive(listener, reception_of_all, stopped.clone());
    tokio::select! {
        () = serving => {}
        () = after(stopped, LONGEST_FAREWELL) => {}
    }
    cleaning.abort();
    // It ends by itself, seconds after the signal; a panic in it was logged.
    drop(mail.await);
    portal.close().await;
    Ok(())
}

async fn listen(setting: &'static str, address: SocketAddr) -> Result<TcpListener, CommandError> {
    let listening = TcpListener::bind(address).await;
    listening.map_err(|cause| CommandError::Listen {
        setting,
        address,
        cause,
    })
}

/// Forgets now and then what is over. What fails is tried again next time.
async fn clean_up_for_ever(portal: Arc<Portal>) {
    let mut turns = tokio::time::interval(CLEAN_UP_EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        // An embedded database is asked on the thread that asks, and this may take it long.
        let (portal, runtime) = (portal.clone(), Handle::current());
        match spawn_blocking(move || runtime.block_on(portal.clean_up())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "what is over could not be forgotten"),
            Err(error) => tracing::error!(%error, "what is over could not be forgotten"),
        }
    }
}

/// Tells whoever started the portal where it is and, if there is no owner yet, how to
/// make one. The link is a secret: it goes to the terminal, never to a log.
fn announce(base_url: &Url, set_up_link: Option<&Token>, json: bool) {
    let link = set_up_link
        .filter(|_| !prints_to_journal())
        .map(|token| link_to(base_url, token));
    let said = if json {
        json!({ "base_url": base_url.as_str(), "set_up_link": link }).to_string()
    } else {
        let owner = match (&link, set_up_link) {
            (Some(link), _) => {
                format!(
                    "\nThere is no owner yet. Create one here (the link works once):\n\n  {link}\n"
                )
            }
            (None, Some(_)) => {
                "\nThere is no owner yet. Run `portal owner create --username NAME --link`."
                    .to_owned()
            }
            (None, None) => String::new(),
        };
        format!("Portal is running at {base_url}{owner}")
    };
    // It serves all the same where nobody listens, or the disk beneath is full.
    drop(writeln!(io::stdout(), "{said}"));
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
