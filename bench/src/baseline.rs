//! The baselines: the same machine running only the essential work.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use sqlx::{AnyConnection, Connection as _, Executor as _};
use tokio::net::TcpListener;
use tokio::task::{JoinSet, spawn_blocking};

use crate::client::HttpResponse;
use crate::result::Result;
use crate::workspace::{Workspace, command_under, free_address, wait_for};

/// A bare axum route in its own process, which is killed on drop.
pub(crate) struct BaselineRoute {
    process: Child,
    pub address: String,
}

impl BaselineRoute {
    /// Responds to every request with these bytes.
    pub(crate) async fn start(workspace: &Workspace, response: &HttpResponse) -> Result<Self> {
        let file = workspace.folder().join("answer");
        fs::write(
            &file,
            [response.head.as_bytes(), b"\r\n\r\n", &response.body].concat(),
        )?;
        let address = free_address()?;
        let process = Command::new(std::env::current_exe()?)
            .args(["bare-route", &address])
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()?;
        let route = Self { process, address };
        wait_for(&route.address).await?;
        Ok(route)
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for BaselineRoute {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The process behind [`BaselineRoute`].
pub(crate) async fn serve(address: &str, response: &str) -> Result<()> {
    let text = fs::read_to_string(response)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("no response to repeat")?;
    let mut headers = HeaderMap::new();
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        // The server sets these two itself.
        if !matches!(name, "content-length" | "date") {
            headers.append(HeaderName::try_from(name)?, HeaderValue::from_str(value)?);
        }
    }
    let response = Arc::new((headers, Bytes::from(body.to_owned())));
    let service = Router::new().fallback(repeat).with_state(response);
    let listener = TcpListener::bind(address).await?;
    axum::serve(listener, service).await?;
    Ok(())
}

async fn repeat(State(response): State<Arc<(HeaderMap, Bytes)>>) -> Response {
    (response.0.clone(), response.1.clone()).into_response()
}

/// Password verifications per second on all cores, with Portal's parameters.
pub(crate) async fn argon2(length: Duration) -> Result<f64> {
    let threads = available_parallelism().map_or(2, Into::into);
    let params = Params::new(19_456, 2, 1, None)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = argon2.hash_password_with_salt(b"ninety otters", &[7; 16])?;
    let (hash, started) = (Arc::new(hash), Instant::now());
    let mut loops = JoinSet::new();
    for _ in 0..threads {
        let (argon2, hash) = (argon2.clone(), hash.clone());
        loops.spawn(spawn_blocking(move || {
            let mut checked = 0_u32;
            while started.elapsed() < length {
                argon2.verify_password(b"ninety otters", &*hash)?;
                checked += 1;
            }
            Ok::<_, argon2::password_hash::Error>(checked)
        }));
    }
    let mut checked = 0;
    for one in loops.join_all().await {
        checked += one??;
    }
    Ok(f64::from(checked) / started.elapsed().as_secs_f64())
}

/// Durable single commits per second, one after another, under the given wrapper.
pub(crate) fn single_commits(
    wrapper: &[&str],
    workspace: &Workspace,
    length: Duration,
) -> Result<f64> {
    let output = command_under(wrapper, std::env::current_exe()?)
        .arg("single-commits")
        .arg(workspace.folder())
        .arg(length.as_millis().to_string())
        .stderr(Stdio::inherit())
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The process behind [`single_commits`].
pub(crate) async fn serve_single_commits(folder: &str, milliseconds: &str) -> Result<()> {
    let (folder, length) = (
        Path::new(folder),
        Duration::from_millis(milliseconds.parse()?),
    );
    let file = folder.join("commits.db");
    let mut connection =
        AnyConnection::connect(&format!("sqlite://{}?mode=rwc", file.display())).await?;
    for statement in [
        "pragma journal_mode = wal",
        "pragma synchronous = full",
        "create table if not exists notes (id bigint primary key not null, note text not null)",
        "delete from notes",
    ] {
        connection.execute(statement).await?;
    }
    let (started, mut committed) = (Instant::now(), 0_u32);
    while started.elapsed() < length {
        connection.execute("begin immediate").await?;
        sqlx::query("insert into notes (id, note) values ($1, 'a code')")
            .bind(i64::from(committed))
            .execute(&mut connection)
            .await?;
        connection.execute("commit").await?;
        committed += 1;
    }
    let rate = f64::from(committed) / started.elapsed().as_secs_f64();
    connection.close().await?;
    println!("{rate}");
    Ok(())
}
