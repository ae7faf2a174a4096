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

use crate::Result;
use crate::client::Client;
use crate::machine;

/// What the portal is told besides its defaults: no limit of how often one address may call,
/// since all requests come from one; and to believe what the measuring says of where they come
/// from. The report prints it.
pub(crate) const SETTINGS: &[(&str, &str)] = &[
    ("PORTAL_TRUSTED_PROXIES", "127.0.0.1"),
    ("PORTAL_LOGIN_LIMIT", "0"),
    ("PORTAL_PUBLIC_LIMIT", "0"),
    ("PORTAL_OWN_LIMIT", "0"),
    ("PORTAL_BOT_LIMIT", "0"),
    ("PORTAL_CONNECTIONS_PER_ADDRESS", "0"),
];

/// A folder of its own for database, secret file and logs, gone at the end.
pub(crate) struct Place {
    folder: TempDir,
    pub binary: PathBuf,
}

/// Where a portal keeps its data.
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

/// A portal that is serving; killed at the end.
pub(crate) struct Portal {
    process: Child,
    pub engine: Engine,
    pub address: String,
    /// From the start of the process to the first answer.
    pub first_answer: Duration,
}

impl Place {
    pub(crate) fn new() -> Result<Self> {
        // Beside what is built, so on the disk: a temporary folder may lie in memory, where
        // commits cost nothing.
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
        self.command_by(&[], engine)
    }

    fn command_by(&self, by: &[&str], engine: &Engine) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut command = run_by(by, &self.binary);
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

impl Portal {
    pub(crate) async fn start(place: &Place, engine: &Engine) -> Result<Self> {
        Self::start_by(&[], place, engine).await
    }

    /// By another program that leaves the process to it: see [`run_by`].
    pub(crate) async fn start_by(by: &[&str], place: &Place, engine: &Engine) -> Result<Self> {
        let address = free_address()?;
        let log = File::create(place.folder().join("log"))?;
        let began = Instant::now();
        let mut process = place
            .command_by(by, engine)
            .env("PORTAL_ADDR", &address)
            // Else pages lead from this name of the machine to another.
            .env("PORTAL_BASE_URL", format!("http://{address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let mut said = BufReader::new(process.stdout.take().ok_or("no output")?);
        said.read_line(&mut String::new())?;
        wait_for(&address).await?;
        let answer = Client::connect(&address).await?.get("/health", &[]).await?;
        if answer.status != 200 {
            let log = fs::read_to_string(place.folder().join("log"))?;
            return Err(format!("the portal is not healthy: {log}").into());
        }
        Ok(Self {
            process,
            engine: engine.clone(),
            address,
            first_answer: began.elapsed(),
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn resident_mib(&self) -> Result<f64> {
        machine::resident_mib(self.id())
    }

    /// Asks it to stop, and waits.
    pub(crate) async fn stop(mut self) -> Result<()> {
        Command::new("kill").arg(self.id().to_string()).status()?;
        while self.process.try_wait()?.is_none() {
            sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A program, run by another one with its arguments; by none where there is none.
pub(crate) fn run_by(by: &[&str], program: impl AsRef<OsStr>) -> Command {
    let Some((first, arguments)) = by.split_first() else {
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
    let (place, _) = cluster
        .rsplit_once('/')
        .ok_or("no database in the address")?;
    Ok(Engine::Postgres {
        address: format!("{place}/{name}"),
    })
}

pub(crate) fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Waits until somebody listens there.
pub(crate) async fn wait_for(address: &str) -> Result<()> {
    for _ in 0..5000 {
        if TcpStream::connect(address).await.is_ok() {
            return Ok(());
        }
        sleep(Duration::from_millis(1)).await;
    }
    Err(format!("nobody listens on {address}").into())
}
