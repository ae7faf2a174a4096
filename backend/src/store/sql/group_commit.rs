//! Group commit for the single writer of SQLite.
//!
//! A durable commit waits for the disk, and one fsync can cover many transactions. So concurrent
//! writers share one database transaction: each runs in its own savepoint, one after the other,
//! and then waits until the whole group is committed. A commit is confirmed only after the fsync.
//! If the group fails, all its members fail and none of their changes remain.
//!
//! The commit runs in a separate task, and every other step changes the group without awaiting, so
//! a client that disconnects can't leave the group half-way.

use std::io;
use std::mem::take;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
#[cfg(test)]
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
#[cfg(feature = "testing")]
use tokio::sync::watch;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, broadcast, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout};

use crate::store::sql::connection::Connection;
use crate::store::sql::embedded;
use crate::store::sql::pool::{ACQUIRE_TIMEOUT, PoolStats};
use crate::store::sql::signal::Signal;

/// How long to wait for another process that writes.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// The interval between attempts to get the database lock.
const RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// The single writer. Cheap to clone.
#[derive(Clone)]
pub(super) struct Writer {
    file: Arc<Path>,
    group: Arc<Mutex<Group>>,
    /// Where signals of commits are sent.
    commits: broadcast::Sender<Signal>,
    /// Has one receiver for each writer that waits for its turn.
    #[cfg(feature = "testing")]
    waiting: watch::Sender<()>,
    #[cfg(test)]
    written: Arc<AtomicU64>,
}

/// The writers that share the current transaction.
#[derive(Default)]
struct Group {
    /// The connection while in a transaction. `None` while nobody writes.
    connection: Option<Connection>,
    /// The connection while nobody writes. `None` before the first write and after a failure.
    idle: Option<embedded::EmbeddedConnection>,
    /// Whether a writer's savepoint is open. If it is still open on the next turn, its writer has
    /// given up.
    occupied: bool,
    /// Writers that are done and wait for the disk.
    waiting: Vec<GroupMember>,
    /// Whether a task is scheduled to commit.
    is_due: bool,
    is_closed: bool,
}

struct GroupMember {
    committed: oneshot::Sender<Result<(), sqlx::Error>>,
    after: AfterCommit,
}

/// What to send and notify after the commit.
#[derive(Default)]
pub(super) struct AfterCommit {
    pub signals: Vec<Signal>,
    pub woken: Option<Arc<Notify>>,
}

/// One writer's part of the group. Dropping it without [`commit`](Self::commit) rolls it back.
pub(super) struct Part {
    /// `None` only when it is over.
    group: Option<OwnedMutexGuard<Group>>,
    writer: Writer,
}

impl Writer {
    pub(super) fn new(file: &Path, commits: broadcast::Sender<Signal>) -> Self {
        Self {
            file: file.into(),
            group: Arc::default(),
            commits,
            #[cfg(feature = "testing")]
            waiting: watch::Sender::default(),
            #[cfg(test)]
            written: Arc::default(),
        }
    }

    /// Waits for its turn and begins. The database lock is taken immediately (`begin immediate`):
    /// a transaction that reads first and writes later would fail with "locked".
    ///
    /// # Errors
    /// No turn within [`ACQUIRE_TIMEOUT`], or no lock within [`LOCK_TIMEOUT`].
    pub(super) async fn begin(&self) -> Result<Part, sqlx::Error> {
        #[cfg(feature = "testing")]
        let waits = self.waiting.subscribe();
        let turn = timeout(ACQUIRE_TIMEOUT, self.group.clone().lock_owned()).await;
        #[cfg(feature = "testing")]
        drop(waits);
        let mut group = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
        group.tidy_up();
        if group.is_closed {
            return Err(sqlx::Error::PoolClosed);
        }
        if group.connection.is_none() {
            let connection = match group.idle.take() {
                Some(connection) => connection,
                None => embedded::EmbeddedConnection::writer(&self.file, embedded::synchronous())?,
            };
            // If the caller is dropped in here, the connection is dropped with it and releases
            // the lock.
            group.connection = Some(Connection::Embedded(begin(connection).await?));
        }
        group.occupied = true;
        let part = Part {
            group: Some(group),
            writer: self.clone(),
        };
        part.run("savepoint part")?;
        Ok(part)
    }

    /// Schedules the commit of the group. All writers that are already waiting for their turn
    /// come first.
    fn commit_soon(&self, group: &mut Group) {
        // Without a runtime the program is ending, and its connection with it.
        if let (false, Ok(runtime)) = (group.is_due, Handle::try_current()) {
            group.is_due = true;
            let writer = self.clone();
            runtime.spawn(async move { writer.commit_group().await });
        }
    }

    async fn commit_group(&self) {
        let mut group = self.group.lock().await;
        group.is_due = false;
        group.tidy_up();
        if group.connection.is_none() {
            return;
        }
        // Taken before the commit: the waiters learn the result of this commit and no other.
        let waiting = take(&mut group.waiting);
        // If nothing was written, nothing is synced.
        if let Err(error) = group.commit().await {
            group.waiting = waiting;
            group.fail(&error);
            return;
        }
        #[cfg(test)]
        self.written.fetch_add(1, Ordering::SeqCst);
        for GroupMember { committed, after } in waiting {
            after.tell(&self.commits);
            // A disconnected waiter is committed all the same.
            drop(committed.send(Ok(())));
        }
    }

    /// How many writers wait for their turn.
    #[cfg(feature = "testing")]
    pub(super) fn waiting(&self) -> usize {
        self.waiting.receiver_count()
    }

    /// The single connection, as a pool of one.
    pub(super) fn figures(&self) -> PoolStats {
        // The lock is held by the writer that uses the connection.
        let (in_use, idle) = match self.group.try_lock() {
            Ok(group) => (group.connection.is_some(), group.idle.is_some()),
            Err(_) => (true, false),
        };
        PoolStats {
            name: "writer",
            open: u32::from(in_use || idle),
            idle: usize::from(idle),
            most: 1,
        }
    }

    /// Closes the writer after committing the waiting group.
    pub(super) async fn close(&self) {
        // First, so no writer begins between the last commit and the end.
        self.group.lock().await.is_closed = true;
        self.commit_group().await;
        self.group.lock().await.idle = None;
    }
}

/// Takes the database lock, and retries while another connection holds it. A caller that is
/// dropped while waiting leaves nothing behind.
async fn begin(
    connection: embedded::EmbeddedConnection,
) -> Result<embedded::EmbeddedConnection, sqlx::Error> {
    let asked = Instant::now();
    loop {
        match connection.execute("begin immediate", &[]) {
            Err(error) if embedded::is_busy(&error) && asked.elapsed() < LOCK_TIMEOUT => {
                sleep(RETRY_INTERVAL).await;
            }
            begun => return begun.map(|_| connection),
        }
    }
}

impl Group {
    /// Runs a transaction control statement.
    fn run(&self, statement: &'static str) -> Result<(), sqlx::Error> {
        match &self.connection {
            Some(Connection::Embedded(connection)) => connection.execute(statement, &[]).map(drop),
            _ => Err(sqlx::Error::WorkerCrashed),
        }
    }

    /// Commits and waits for the disk, on a blocking thread.
    async fn commit(&mut self) -> Result<(), sqlx::Error> {
        let Some(Connection::Embedded(connection)) = self.connection.take() else {
            return Err(sqlx::Error::WorkerCrashed);
        };
        let written = spawn_blocking(move || connection.execute("commit", &[]).map(|_| connection));
        let connection = written.await.map_err(|_| sqlx::Error::WorkerCrashed)??;
        self.idle = Some(connection);
        Ok(())
    }

    /// Rolls back the savepoint of a writer that gave up. If SQLite has rolled back the whole
    /// transaction by itself (disk full, I/O error), the savepoint is gone and the whole group
    /// has failed.
    fn tidy_up(&mut self) {
        if !self.occupied {
            return;
        }
        self.occupied = false;
        let undone = self.run("rollback to part");
        if let Err(error) = undone.and_then(|()| self.run("release part")) {
            self.fail(&error);
        }
    }

    /// Fails the whole group and reports it to all waiters. The state of the connection is
    /// unknown; closing it rolls back its transaction.
    fn fail(&mut self, error: &sqlx::Error) {
        self.occupied = false;
        self.connection = None;
        let waiting = take(&mut self.waiting);
        tracing::error!(error = %error, writers = waiting.len(), "a group of commits failed");
        for GroupMember { committed, .. } in waiting {
            let cause = io::Error::other(format!("a group of commits failed: {error}"));
            drop(committed.send(Err(sqlx::Error::Io(cause))));
        }
    }
}

impl Part {
    fn run(&self, statement: &'static str) -> Result<(), sqlx::Error> {
        let group = self.group.as_ref().expect("a part that is not over");
        group.run(statement)
    }

    /// Commits, and returns once the changes are on disk.
    ///
    /// # Errors
    /// Nothing was written.
    pub(super) async fn commit(mut self, after: AfterCommit) -> Result<(), sqlx::Error> {
        let (committed, is_committed) = oneshot::channel();
        let released = self.run("release part");
        let mut group = self.group.take().expect("a part that is not over");
        if let Err(error) = released {
            group.fail(&error);
            return Err(error);
        }
        group.occupied = false;
        group.waiting.push(GroupMember { committed, after });
        self.writer.commit_soon(&mut group);
        drop(group);
        // The sender is dropped unused only when the program ends.
        is_committed.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(mut group) = self.group.take() {
            // Its savepoint is still open. The next turn rolls it back.
            self.writer.commit_soon(&mut group);
        }
    }
}

impl Deref for Part {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        let group = self.group.as_ref().expect("a part that is not over");
        group.connection.as_ref().expect("a transaction")
    }
}

impl DerefMut for Part {
    fn deref_mut(&mut self) -> &mut Connection {
        let group = self.group.as_mut().expect("a part that is not over");
        group.connection.as_mut().expect("a transaction")
    }
}

impl AfterCommit {
    pub(super) fn tell(self, commits: &broadcast::Sender<Signal>) {
        for signal in self.signals {
            // There may be no listener.
            drop(commits.send(signal));
        }
        if let Some(sleeper) = self.woken {
            sleeper.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tempfile::TempDir;
    use tokio::sync::Barrier;
    use tokio::task::{JoinSet, yield_now};

    use super::*;
    use crate::store::sql::connection::{query, scalar};

    fn writer(folder: &Path) -> Writer {
        let file = folder.join("test.db");
        let made = rusqlite::Connection::open(&file).unwrap();
        made.pragma_update(None, "journal_mode", "wal").unwrap();
        made.execute("create table facts (n bigint primary key not null)", ())
            .unwrap();
        Writer::new(&file, broadcast::Sender::new(16))
    }

    async fn note(part: &mut Part, n: i64) {
        let noted = query("insert into facts (n) values ($1)").bind(n);
        noted.execute(part).await.unwrap();
    }

    /// All stored numbers.
    async fn facts(writer: &Writer) -> Vec<i64> {
        let mut part = writer.begin().await.unwrap();
        scalar("select n from facts order by n")
            .fetch_all(&mut part)
            .await
            .unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn those_who_write_at_the_same_time_share_a_commit() {
        let folder = TempDir::new().unwrap();
        let writer = writer(folder.path());
        let barrier = Arc::new(Barrier::new(64));
        let mut writers = JoinSet::new();
        for n in 0..64 {
            let (writer, barrier) = (writer.clone(), barrier.clone());
            writers.spawn(async move {
                barrier.wait().await;
                let mut part = writer.begin().await.unwrap();
                note(&mut part, n).await;
                if n % 4 == 0 {
                    // Gives up, which must not affect the others.
                    drop(part);
                } else {
                    part.commit(AfterCommit::default()).await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let expected: Vec<i64> = (0..64).filter(|n| n % 4 != 0).collect();
        assert_eq!(facts(&writer).await, expected);
        let commits = writer.written.load(Ordering::SeqCst);
        assert!((1..24).contains(&commits), "{commits} commits");
    }

    /// Lets all other tasks on this single thread run until they wait.
    async fn let_others_wait() {
        for _ in 0..100 {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn what_the_database_undoes_by_itself_is_told_to_all_of_the_group() {
        let folder = TempDir::new().unwrap();
        let writer = writer(folder.path());
        let mut first = writer.begin().await.unwrap();
        note(&mut first, 1).await;
        let second = tokio::spawn({
            let writer = writer.clone();
            async move {
                let part = writer.begin().await.unwrap();
                // As SQLite does when the disk is full.
                part.run("rollback").unwrap();
                part.commit(AfterCommit::default()).await
            }
        });
        let_others_wait().await;
        let first = first.commit(AfterCommit::default()).await;
        assert!(matches!(first, Err(sqlx::Error::Io(_))), "{first:?}");
        assert!(second.await.unwrap().is_err());
        assert_eq!(facts(&writer).await, [0_i64; 0]);

        let mut third = writer.begin().await.unwrap();
        note(&mut third, 3).await;
        third.commit(AfterCommit::default()).await.unwrap();
        assert_eq!(facts(&writer).await, [3]);
    }

    #[tokio::test]
    async fn who_hangs_up_holds_nobody_up() {
        let folder = TempDir::new().unwrap();
        let writer = writer(folder.path());
        // While writing:
        let mut part = writer.begin().await.unwrap();
        note(&mut part, 1).await;
        drop(part);
        // And while waiting for the disk:
        let mut part = writer.begin().await.unwrap();
        note(&mut part, 2).await;
        let (sleeper, after) = (Arc::new(Notify::new()), AfterCommit::default());
        let woken = Some(sleeper.clone());
        let commit = tokio::spawn(part.commit(AfterCommit { woken, ..after }));
        yield_now().await;
        commit.abort();
        sleeper.notified().await;
        assert_eq!(facts(&writer).await, [2]);
        writer.close().await;
    }
    #[tokio::test]
    async fn who_waits_for_another_process_holds_up_no_thread() {
        let folder = TempDir::new().unwrap();
        let writer = writer(folder.path());
        let other = rusqlite::Connection::open(folder.path().join("test.db")).unwrap();
        other.execute_batch("begin immediate").unwrap();
        let begun = tokio::spawn({
            let writer = writer.clone();
            async move { writer.begin().await.map(drop) }
        });
        // The only thread isn't blocked.
        let_others_wait().await;
        assert!(!begun.is_finished());
        other.execute_batch("commit").unwrap();
        begun.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn nobody_begins_between_the_last_commit_and_the_end() {
        let folder = TempDir::new().unwrap();
        let writer = writer(folder.path());
        let mut first = writer.begin().await.unwrap();
        note(&mut first, 1).await;
        let closing = tokio::spawn({
            let writer = writer.clone();
            async move { writer.close().await }
        });
        yield_now().await;
        let late = tokio::spawn({
            let writer = writer.clone();
            async move { writer.begin().await.map(drop) }
        });
        yield_now().await;
        first.commit(AfterCommit::default()).await.unwrap();
        closing.await.unwrap();
        assert!(matches!(late.await.unwrap(), Err(sqlx::Error::PoolClosed)));
    }

    #[tokio::test]
    async fn what_is_closed_writes_nothing() {
        let folder = TempDir::new().unwrap();
        let writer = writer(folder.path());
        let mut part = writer.begin().await.unwrap();
        note(&mut part, 1).await;
        part.commit(AfterCommit::default()).await.unwrap();
        writer.close().await;
        let begun = writer.begin().await;
        assert!(matches!(begun.err(), Some(sqlx::Error::PoolClosed)));
        assert_eq!(writer.figures().open, 0);
    }
}
