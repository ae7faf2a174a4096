use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::client::Client;
use crate::machine;
use crate::result::Result;

/// Settings that differ from the defaults; the report lists them. All requests come from one address, so
/// the limits per address are off and `X-Forwarded-For` is trusted.
pub(crate) const SETTINGS: &[(&str, &str)] = &[
    ("PORTAL_TRUSTED_PROXIES", "127.0.0.1"),
    ("PORTAL_LOGIN_LIMIT", "0"),
    ("PORTAL_PUBLIC_LIMIT", "0"),
    ("PORTAL_OWN_LIMIT", "0"),
    ("PORTAL_BOT_LIMIT", "0"),
    ("PORTAL_CONNECTIONS_PER_ADDRESS", "0"),
];

/// A folder for the database, secret file and logs, deleted on drop.
pub(crate) struct Workspace {
    folder: TempDir,
    pub binary: PathBuf,
}

/// The database engine of a server.
#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite,
    Postgres { address: String },
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        })
    }
}

/// A running server, which is killed on drop.
pub(crate) struct PortalProcess {
    process: Child,
    pub engine: Engine,
    pub address: String,
    /// From the start of the process to the first response.
    pub time_to_first_response: Duration,
}

impl Workspace {
    pub(crate) fn new() -> Result<Self> {
        // In the build folder, which is on disk. A temporary folder may be in memory, where commits
        // cost nothing.
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
        let folder = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(&here)?;
        let binary = here.join("release/portal").canonicalize()?;
        Ok(Self { folder, binary })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn secret_file(&self) -> PathBuf {
        self.folder().join("portal.secret")
    }

    pub(crate) fn database_url(&self, engine: &Engine) -> String {
        match engine {
            Engine::Sqlite => format!("sqlite:{}", self.folder().join("portal.db").display()),
            Engine::Postgres { address } => address.clone(),
        }
    }

    pub(crate) fn command(&self, engine: &Engine) -> Command {
        self.command_under_wrapper(&[], engine)
    }

    fn command_under_wrapper(&self, wrapper: &[&str], engine: &Engine) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut command = command_under(wrapper, &self.binary);
        command
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", path)
            .env("DATABASE_URL", self.database_url(engine))
            .env("PORTAL_SECRET_FILE", self.secret_file())
            .envs(SETTINGS.iter().copied());
        command
    }
}

impl PortalProcess {
    pub(crate) async fn start(workspace: &Workspace, engine: &Engine) -> Result<Self> {
        Self::start_under(&[], workspace, engine).await
    }

    /// Starts the server under a wrapper; see [`command_under`].
    pub(crate) async fn start_under(
        wrapper: &[&str],
        workspace: &Workspace,
        engine: &Engine,
    ) -> Result<Self> {
        let address = free_address()?;
        let log = File::create(workspace.folder().join("log"))?;
        let started = Instant::now();
        let mut process = workspace
            .command_under_wrapper(wrapper, engine)
            .env("PORTAL_ADDR", &address)
            // Pages would redirect to `localhost` otherwise.
            .env("PORTAL_BASE_URL", format!("http://{address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let mut output = BufReader::new(process.stdout.take().ok_or("no output")?);
        output.read_line(&mut String::new())?;
        wait_for(&address).await?;
        let response = Client::connect(&address).await?.get("/health", &[]).await?;
        if response.status != 200 {
            let log = fs::read_to_string(workspace.folder().join("log"))?;
            return Err(format!("the portal is not healthy: {log}").into());
        }
        Ok(Self {
            process,
            engine: engine.clone(),
            address,
            time_to_first_response: started.elapsed(),
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn resident_mib(&self) -> Result<f64> {
        machine::resident_mib(self.id())
    }

    /// Stops the server and waits for its end.
    pub(crate) async fn stop(mut self) -> Result<()> {
        Command::new("kill").arg(self.id().to_string()).status()?;
        while self.process.try_wait()?.is_none() {
            sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

impl Drop for PortalProcess {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A command that runs the program under a wrapper, such as strace. The wrapper may be empty.
pub(crate) fn command_under(wrapper: &[&str], program: impl AsRef<OsStr>) -> Command {
    let Some((first, arguments)) = wrapper.split_first() else {
        return Command::new(program);
    };
    let mut command = Command::new(first);
    command.args(arguments).arg(program);
    command
}

/// A new, empty database in the cluster of `scripts/with-postgres`.
pub(crate) async fn new_postgres_database(name: &str) -> Result<Engine> {
    let cluster = std::env::var("PORTAL_TEST_POSTGRES")
        .map_err(|_| "PORTAL_TEST_POSTGRES is not set: use scripts/bench")?;
    let mut connection = AnyConnection::connect(&cluster).await?;
    let statement = AssertSqlSafe(format!("create database {name}"));
    sqlx::query(statement).execute(&mut connection).await?;
    connection.close().await?;
    let (server, _) = cluster
        .rsplit_once('/')
        .ok_or("no database in the address")?;
    Ok(Engine::Postgres {
        address: format!("{server}/{name}"),
    })
}

pub(crate) fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Waits until the address accepts connections.
pub(crate) async fn wait_for(address: &str) -> Result<()> {
    for _ in 0..5000 {
        if TcpStream::connect(address).await.is_ok() {
            return Ok(());
        }
        sleep(Duration::from_millis(1)).await;
    }
    Err(format!("nobody listens on {address}").into())
}
