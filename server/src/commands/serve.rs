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

use super::error::CommandError;
use super::owner::set_up_url;
use crate::assets::Assets;
use crate::connections::Server;
use crate::metrics::metrics_router;
use crate::router::router;
use crate::settings::Settings;
use crate::state::AppState;

/// How long requests in progress may take to finish after the signal to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// How often old rows are deleted. Frequent runs are short, so they don't block the database.
const CLEAN_UP_INTERVAL: Duration = Duration::from_mins(10);

/// 1 January 2025. An earlier clock has lost its battery or is not set yet (security A22).
const MIN_TIME: Timestamp = Timestamp::from_micros(1_735_689_600_000_000);

/// `portal serve`: runs until the signal to stop.
pub(crate) async fn serve(settings: &Settings, json: bool) -> Result<(), CommandError> {
    let now = Clock::System.now();
    if now < MIN_TIME {
        return Err(CommandError::Clock(now));
    }
    let network = &settings.network;
    let mut assets = Assets::find()?;
    let (site, origin) = settings.site(&mut assets)?;
    // The address comes first: an accidental second start fails here and changes nothing.
    let listener = listen("PORTAL_ADDR", settings.site.addr).await?;
    let metrics_listener = match network.metrics_addr {
        Some(address) => Some(listen("PORTAL_METRICS_ADDR", address).await?),
        None => None,
    };
    let portal = Arc::new(Portal::open(&settings.config()?, Clock::System).await?);
    portal.prepare_mail()?;
    let base_url = site.base_url.clone();
    let set_up_token = match portal.create_set_up_link(SetUpLink::FirstOwner).await {
        Ok(token) => Some(token),
        Err(Problem::Refused(_)) => None,
        Err(Problem::Failed(failure)) => return Err(failure.into()),
    };
    let state = AppState::new(
        portal.clone(),
        site,
        assets,
        origin,
        network.trusted_proxies.clone(),
    )
    .with_rate_limits(network.rate_limits());
    let metrics = state.metrics.clone();
    let server = |router, metrics| Server {
        router,
        trusted_proxies: network.trusted_proxies.clone(),
        limits: network.connection_limits(),
        metrics,
    };
    let web_server = server(router(state), metrics.clone());

    let database = &settings.storage.database_url;
    tracing::info!(address = %settings.site.addr, %base_url, %database, "serving");
    announce(&base_url, set_up_token.as_ref(), json);

    let cleaning = tokio::spawn(clean_up_forever(portal.clone()));
    let (stop, shutdown) = watch::channel(());
    let stopping = portal.clone();
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping");
        // Event streams don't end by themselves.
        stopping.close_bot_events();
        drop(stop);
    });
    let mail = tokio::spawn(Portal::deliver_mail_until(portal.clone(), shutdown.clone()));
    if let Some(listener) = metrics_listener {
        // With metrics of its own, so that reading the metrics doesn't change them.
        let server = server(metrics_router(metrics, portal.clone()), Arc::default());
        tokio::spawn(server.serve(listener, shutdown.clone()));
    }
    tokio::select! {
        () = web_server.serve(listener, shutdown.clone()) => {}
        () = after(shutdown, SHUTDOWN_TIMEOUT) => {}
    }
    cleaning.abort();
    // It ends by itself, seconds after the signal. A panic in it is in the log already.
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

/// Deletes old rows at intervals. A failed run is repeated at the next interval.
async fn clean_up_forever(portal: Arc<Portal>) {
    let mut interval = tokio::time::interval(CLEAN_UP_INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        // An embedded database runs queries on the calling thread, and these can take long.
        let (portal, runtime) = (portal.clone(), Handle::current());
        match spawn_blocking(move || runtime.block_on(portal.clean_up())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "deleting old rows failed"),
            Err(error) => tracing::error!(%error, "deleting old rows failed"),
        }
    }
}

/// Prints the URL and, if there is no owner yet, how to create one. The link is a secret, so it goes
/// to the terminal and never to a log.
fn announce(base_url: &Url, set_up_token: Option<&Token>, json: bool) {
    let link = set_up_token
        .filter(|_| !prints_to_journal())
        .map(|token| set_up_url(base_url, token));
    let text = if json {
        json!({ "base_url": base_url.as_str(), "set_up_link": link }).to_string()
    } else {
        let owner = match (&link, set_up_token) {
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
    // The server runs also where standard output is closed or on a full disk.
    drop(writeln!(io::stdout(), "{text}"));
}

/// Whether standard output is systemd's journal: a log, where no secret belongs. systemd names the
/// journal's stream by device and inode (systemd.exec(5), `JOURNAL_STREAM`). The variable alone is no
/// proof, since child processes inherit it.
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

/// Ends the given time after the channel closes.
async fn after(mut shutdown: watch::Receiver<()>, wait: Duration) {
    while shutdown.changed().await.is_ok() {}
    tokio::time::sleep(wait).await;
}
