//! Grouped commits of SQLite's one writer.
//!
//! A durable commit waits for the disk, and the disk writes many down in the time of one. So
//! those who write at the same time share one transaction of the database: each is a savepoint
//! in it, one after the other, and whoever is done waits until the whole group is committed.
//! Nobody is told "committed" before the disk has it. If the group fails, all in it fail, and
//! nothing of it was done.
//!
//! What moves the group on runs in tasks of its own, so that a client who hangs up can't leave
//! it half-way.

use std::io;
use std::mem::take;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
#[cfg(test)]
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Executor as _};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, broadcast, oneshot};
use tokio::time::timeout;

use super::database::ACQUIRE_TIMEOUT;
use super::signal::Signal;

/// The one writer. Cheap to clone.
#[derive(Clone)]
pub(super) struct Writer {
    /// Of one connection.
    pool: AnyPool,
    group: Arc<Mutex<Group>>,
    /// Where commits are told of.
    commits: broadcast::Sender<Signal>,
    #[cfg(test)]
    written: Arc<AtomicU64>,
}

/// Those who share the transaction of the moment.
#[derive(Default)]
struct Group {
    /// In the transaction; none while nobody writes.
    connection: Option<PoolConnection<Any>>,
    /// Whether somebody's savepoint is open in it. Who leaves it open has given up.
    occupied: bool,
    /// Those who are done and wait for the disk.
    waiting: Vec<Waiting>,
    /// Whether a task will commit.
    is_due: bool,
}

struct Waiting {
    committed: oneshot::Sender<Result<(), sqlx::Error>>,
    after: AfterCommit,
}

/// What is to be told once the commit is done.
#[derive(Default)]
pub(super) struct AfterCommit {
    pub signals: Vec<Signal>,
    pub woken: Option<Arc<Notify>>,
}

/// One writer's part of the group; dropped without [`commit`](Self::commit) it is undone.
pub(super) struct Part {
    /// None only once it is over.
    group: Option<OwnedMutexGuard<Group>>,
    writer: Writer,
}

impl Writer {
    pub(super) fn new(pool: AnyPool, commits: broadcast::Sender<Signal>) -> Self {
        Self {
            pool,
            group: Arc::default(),
            commits,
            #[cfg(test)]
            written: Arc::default(),
        }
    }

    /// For what runs before anybody writes.
    pub(super) const fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Waits for the turn, and begins. The lock of the database is taken at once (`begin
    /// immediate`): a transaction that reads first and writes later would fail with "locked".
    ///
    /// # Errors
    /// No turn within [`ACQUIRE_TIMEOUT`], or no lock within SQLite's 5 s.
    pub(super) async fn begin(&self) -> Result<Part, sqlx::Error> {
        let writer = self.clone();
        uncancelled(async move {
            let turn = timeout(ACQUIRE_TIMEOUT, writer.group.clone().lock_owned()).await;
            let mut group = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
            group.tidy_up().await;
            if group.connection.is_none() {
                let mut connection = writer.pool.acquire().await?;
                run(&mut connection, "begin immediate").await?;
                group.connection = Some(connection);
            }
            group.occupied = true;
            let mut part = Part {
                group: Some(group),
                writer,
            };
            run(&mut part, "savepoint part").await?;
            Ok(part)
        })
        .await
    }

    /// Has the group committed as soon as all who wait for their turn by now had it.
    fn commit_soon(&self, group: &mut Group) {
        // None where the whole program ends, and the connection with it.
        if let (false, Ok(runtime)) = (group.is_due, Handle::try_current()) {
            group.is_due = true;
            let writer = self.clone();
            runtime.spawn(async move { writer.commit_group().await });
        }
    }

    async fn commit_group(&self) {
        let mut group = self.group.lock().await;
        group.is_due = false;
        group.tidy_up().await;
        let Some(connection) = group.connection.as_mut() else {
            return;
        };
        // Where nobody wrote anything there is nothing to write down either.
        if let Err(error) = run(connection, "commit").await {
            group.fail(&error);
            return;
        }
        group.connection = None;
        #[cfg(test)]
        self.written.fetch_add(1, Ordering::SeqCst);
        for Waiting { committed, after } in take(&mut group.waiting) {
            after.tell(&self.commits);
            // Whoever hung up meanwhile has committed all the same.
            drop(committed.send(Ok(())));
        }
    }

    /// Commits what waits, and closes.
    pub(super) async fn close(&self) {
        self.commit_group().await;
        self.pool.close().await;
    }
}

impl Group {
    /// Undoes what somebody left behind who gave up. Where SQLite has undone the whole
    /// transaction by itself (disk full, I/O error), the savepoint is gone: then the whole
    /// group has failed.
    async fn tidy_up(&mut self) {
        if !self.occupied {
            return;
        }
        self.occupied = false;
        let Some(connection) = self.connection.as_mut() else {
            return;
        };
        let undone = async {
            run(connection, "rollback to part").await?;
            run(connection, "release part").await
        };
        if let Err(error) = undone.await {
            self.fail(&error);
        }
    }

    /// Undoes everything, and tells all who wait. What state the connection is in nobody
    /// knows: closed, it has no transaction any more.
    fn fail(&mut self, error: &sqlx::Error) {
        self.occupied = false;
        if let Some(mut connection) = self.connection.take() {
            connection.close_on_drop();
        }
        let waiting = take(&mut self.waiting);
        tracing::error!(error = %error, writers = waiting.len(), "a group of commits failed");
        for Waiting { committed, .. } in waiting {
            let cause = io::Error::other(format!("a group of commits failed: {error}"));
            drop(committed.send(Err(sqlx::Error::Io(cause))));
        }
    }
}

impl Part {
    /// Answers when the disk has what was written.
    ///
    /// # Errors
    /// Nothing was written.
    pub(super) async fn commit(mut self, after: AfterCommit) -> Result<(), sqlx::Error> {
        let (committed, is_committed) = oneshot::channel();
        uncancelled(async move {
            let released = run(&mut self, "release part").await;
            let mut group = self.group.take().expect("a part that is not over");
            match released {
                Ok(()) => {
                    group.occupied = false;
                    group.waiting.push(Waiting { committed, after });
                    self.writer.commit_soon(&mut group);
                    Ok(())
                }
                Err(error) => {
                    group.fail(&error);
                    Err(error)
                }
            }
        })
        .await?;
        // The sender goes unused only where the program ends.
        is_committed.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(mut group) = self.group.take() {
            // Its savepoint is still open: whoever comes next undoes it first.
            self.writer.commit_soon(&mut group);
        }
    }
}

impl Deref for Part {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        let group = self.group.as_ref().expect("a part that is not over");
        group.connection.as_ref().expect("a transaction")
    }
}

impl DerefMut for Part {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        let group = self.group.as_mut().expect("a part that is not over");
        group.connection.as_mut().expect("a transaction")
    }
}

impl AfterCommit {
    pub(super) fn tell(self, commits: &broadcast::Sender<Signal>) {
        for signal in self.signals {
            // Nobody may listen.
            drop(commits.send(signal));
        }
        if let Some(sleeper) = self.woken {
            sleeper.notify_one();
        }
    }
}

async fn run(connection: &mut AnyConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    connection.execute(statement).await.map(drop)
}

/// Runs to its end even where nobody waits for it any more.
async fn uncancelled<T: Send + 'static>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, sqlx::Error> {
    tokio::spawn(work)
        .await
        .map_err(|_| sqlx::Error::WorkerCrashed)?
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sqlx::any::{AnyPoolOptions, install_default_drivers};
    use tempfile::TempDir;
    use tokio::sync::Barrier;
    use tokio::task::{JoinSet, yield_now};

    use super::*;

    async fn writer(folder: &Path) -> Writer {
        install_default_drivers();
        let address = format!("sqlite://{}/test.db?mode=rwc", folder.display());
        let pool = AnyPoolOptions::new().max_connections(1);
        let pool = pool.connect(&address).await.unwrap();
        sqlx::query("create table facts (n bigint primary key not null)")
            .execute(&pool)
            .await
            .unwrap();
        Writer::new(pool, broadcast::Sender::new(16))
    }

    async fn note(part: &mut Part, n: i64) {
        let noted = sqlx::query("insert into facts (n) values ($1)").bind(n);
        noted.execute(&mut **part).await.unwrap();
    }

    /// What stands there.
    async fn facts(writer: &Writer) -> Vec<i64> {
        let mut part = writer.begin().await.unwrap();
        sqlx::query_scalar("select n from facts order by n")
            .fetch_all(&mut *part)
            .await
            .unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn those_who_write_at_the_same_time_share_a_commit() {
        let folder = TempDir::new().unwrap();
        let writer = writer(folder.path()).await;
        let barrier = Arc::new(Barrier::new(64));
        let mut writers = JoinSet::new();
        for n in 0..64 {
            let (writer, barrier) = (writer.clone(), barrier.clone());
            writers.spawn(async move {
                barrier.wait().await;
                let mut part = writer.begin().await.unwrap();
                note(&mut part, n).await;
                if n % 4 == 0 {
                    // Gives up; nobody else is to notice.
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

    /// Lets all tasks of this one thread come to where they have to wait.
    async fn let_others_wait() {
        for _ in 0..100 {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn what_the_database_undoes_by_itself_is_told_to_all_of_the_group() {
        let folder = TempDir::new().unwrap();
        let writer = writer(folder.path()).await;
        let mut first = writer.begin().await.unwrap();
        note(&mut first, 1).await;
        let second = tokio::spawn({
            let writer = writer.clone();
            async move {
                let mut part = writer.begin().await.unwrap();
                // As SQLite does when the disk is full.
                run(&mut part, "rollback").await.unwrap();
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
        let writer = writer(folder.path()).await;
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
}
