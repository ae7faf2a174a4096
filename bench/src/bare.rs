//! The limits: what the same machine does where there is nothing but the work itself.

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

use crate::Result;
use crate::client::Answer;
use crate::place::{Place, free_address, run_by, wait_for};

/// A bare axum route in a process of its own; ends with this value.
pub(crate) struct BareRoute {
    process: Child,
    pub address: String,
}

impl BareRoute {
    /// Answers every request with the bytes of this answer.
    pub(crate) async fn start(place: &Place, answer: &Answer) -> Result<Self> {
        let file = place.folder().join("answer");
        fs::write(
            &file,
            [answer.head.as_bytes(), b"\r\n\r\n", &answer.body].concat(),
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

impl Drop for BareRoute {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The process behind [`BareRoute`].
pub(crate) async fn serve(address: &str, answer: &str) -> Result<()> {
    let text = fs::read_to_string(answer)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("no answer to give")?;
    let mut headers = HeaderMap::new();
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        // The server writes these two itself.
        if !matches!(name, "content-length" | "date") {
            headers.append(HeaderName::try_from(name)?, HeaderValue::from_str(value)?);
        }
    }
    let answer = Arc::new((headers, Bytes::from(body.to_owned())));
    let service = Router::new().fallback(repeat).with_state(answer);
    let listener = TcpListener::bind(address).await?;
    axum::serve(listener, service).await?;
    Ok(())
}

async fn repeat(State(answer): State<Arc<(HeaderMap, Bytes)>>) -> Response {
    (answer.0.clone(), answer.1.clone()).into_response()
}

/// How many passwords a second all cores check, with the parameters of the portal.
pub(crate) async fn argon2(length: Duration) -> Result<f64> {
    let threads = available_parallelism().map_or(2, Into::into);
    let params = Params::new(19_456, 2, 1, None)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = argon2.hash_password_with_salt(b"ninety otters", &[7; 16])?;
    let (hash, began) = (Arc::new(hash), Instant::now());
    let mut loops = JoinSet::new();
    for _ in 0..threads {
        let (argon2, hash) = (argon2.clone(), hash.clone());
        loops.spawn(spawn_blocking(move || {
            let mut checked = 0_u32;
            while began.elapsed() < length {
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
    Ok(f64::from(checked) / began.elapsed().as_secs_f64())
}

/// How many single commits a second are durable on the disk that `by` makes, one after the other.
pub(crate) fn commits_by(by: &[&str], place: &Place, length: Duration) -> Result<f64> {
    let output = run_by(by, std::env::current_exe()?)
        .arg("single-commits")
        .arg(place.folder())
        .arg(length.as_millis().to_string())
        .stderr(Stdio::inherit())
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The process behind [`commits_by`].
pub(crate) async fn commits(folder: &str, milliseconds: &str) -> Result<()> {
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
    let (began, mut committed) = (Instant::now(), 0_u32);
    while began.elapsed() < length {
        connection.execute("begin immediate").await?;
        sqlx::query("insert into notes (id, note) values ($1, 'a code')")
            .bind(i64::from(committed))
            .execute(&mut connection)
            .await?;
        connection.execute("commit").await?;
        committed += 1;
    }
    let rate = f64::from(committed) / began.elapsed().as_secs_f64();
    connection.close().await?;
    println!("{rate}");
    Ok(())
}
