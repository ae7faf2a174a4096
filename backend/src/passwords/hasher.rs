use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::{Password, PasswordError};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use crate::crypto::password_hash::{Memory, StoredPassword};
use crate::crypto::secrets::random_bytes;
use crate::error::{Failure, Problem};
use crate::passwords::pool::Workers;

/// How many requests may wait for each thread, and for how long. Further ones are refused as
/// [`Busy`].
const MAX_QUEUED_PER_THREAD: usize = 16;
const QUEUE_TIMEOUT: Duration = Duration::from_secs(2);

/// All threads and all places in the queue are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

/// Hashes passwords with bounded concurrency, one hash for each thread: a hash takes 19 MiB and
/// about 30 ms of a core (security A10).
pub(crate) struct PasswordHasher {
    threads: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// Checked in place of the hash that an unknown account doesn't have.
    nobody: StoredPassword,
    workers: Workers,
    /// How many hashes were computed. Tests of equal work read it.
    runs: AtomicU64,
    gauge: Arc<Gauge>,
}

/// How many hashes are being computed now, and the maximum so far.
#[derive(Default)]
struct Gauge {
    now: AtomicU64,
    most: AtomicU64,
}

impl PasswordHasher {
    /// # Errors
    /// The system's random generator failed.
    pub(crate) fn new(threads: usize) -> Result<Self, Failure> {
        Ok(Self {
            threads: Arc::new(Semaphore::new(threads)),
            places: Arc::new(Semaphore::new(threads * (1 + MAX_QUEUED_PER_THREAD))),
            nobody: StoredPassword::of_nobody(random_bytes()?, random_bytes()?),
            workers: Workers::start(threads)?,
            runs: AtomicU64::new(0),
            gauge: Arc::default(),
        })
    }

    /// # Errors
    /// [`Busy`], or the random generator failed.
    pub(crate) async fn hash(&self, password: &Password) -> Result<StoredPassword, Problem<Busy>> {
        let password = password.clone();
        self.run(move |memory| {
            StoredPassword::of(password.as_bytes(), random_bytes()?, memory)
                .map_err(Failure::internal)
        })
        .await
    }

    /// Checks a password against the stored hash. Without a stored hash it does the same work and
    /// returns `false` (ASVS 6.3.8).
    ///
    /// # Errors
    /// [`Busy`], or the stored hash can't be read.
    pub(crate) async fn check(
        &self,
        password: &Password,
        stored: Option<StoredPassword>,
    ) -> Result<bool, Problem<Busy>> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let password = password.clone();
        let checked = self
            .run(move |memory| {
                let is_its = stored.is_of(password.as_bytes(), memory);
                is_its.map_err(Failure::internal)
            })
            .await?;
        Ok(checked && known)
    }

    /// Checks a typed text. A text that can't be a password is wrong without any work, before
    /// anything about the account is known.
    ///
    /// # Errors
    /// As for [`check`](Self::check).
    pub(crate) async fn check_typed(
        &self,
        typed: &str,
        stored: Option<StoredPassword>,
    ) -> Result<bool, Problem<Busy>> {
        match Password::parse(typed) {
            Ok(password) => self.check(&password, stored).await,
            Err(PasswordError) => Ok(false),
        }
    }

    /// Rehashes a password that was just verified, if its stored hash costs less than a current
    /// one. `None` if the hash is current or no thread is free (docs/contract.md, Passwords; ASVS
    /// 11.4.2).
    ///
    /// # Errors
    /// The random generator failed, or the stored hash can't be read.
    pub(crate) async fn upgrade(
        &self,
        typed: &str,
        stored: &StoredPassword,
    ) -> Result<Option<StoredPassword>, Failure> {
        let Ok(password) = Password::parse(typed) else {
            return Ok(None);
        };
        if !stored.is_cheap().map_err(Failure::internal)? {
            return Ok(None);
        }
        match self.hash(&password).await {
            Ok(upgraded) => Ok(Some(upgraded)),
            // A later login will rehash it.
            Err(Problem::Refused(Busy)) => Ok(None),
            Err(Problem::Failed(failure)) => Err(failure),
        }
    }

    /// How many hashes were computed since the start.
    #[cfg(feature = "testing")]
    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// The maximum number of hashes computed at once.
    #[cfg(feature = "testing")]
    pub(crate) fn max_concurrent(&self) -> u64 {
        self.gauge.most.load(Ordering::SeqCst)
    }

    /// Takes all places in the queue until the permit is dropped.
    #[cfg(feature = "testing")]
    pub(crate) fn take_all(&self) -> tokio::sync::SemaphorePermit<'_> {
        let all = u32::try_from(self.places.available_permits()).unwrap_or(u32::MAX);
        self.places
            .try_acquire_many(all)
            .expect("no login is under way")
    }

    /// Runs `work` on a hashing thread once one is free.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem<Busy>> {
        let Ok(_place) = self.places.try_acquire() else {
            return Err(Problem::Refused(Busy));
        };
        let Ok(Ok(thread)) = timeout(QUEUE_TIMEOUT, self.threads.clone().acquire_owned()).await
        else {
            return Err(Problem::Refused(Busy));
        };
        self.runs.fetch_add(1, Ordering::Relaxed);
        let gauge = self.gauge.clone();
        let (done, is_done) = oneshot::channel();
        self.workers.give(Box::new(move |memory| {
            // Held here and not in the request: a client that disconnects must not free a thread
            // whose hash is still being computed.
            let _thread = thread;
            // The request may be gone.
            drop(done.send(gauge.measure(|| work(memory))));
        }));
        // Fails only if the work panicked.
        Ok(is_done.await.map_err(Failure::internal)??)
    }
}

impl Gauge {
    fn measure<T>(&self, work: impl FnOnce() -> T) -> T {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let done = work();
        self.now.fetch_sub(1, Ordering::SeqCst);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[tokio::test]
    async fn the_right_password_passes_and_only_that_one() {
        let hashing = PasswordHasher::new(1).unwrap();
        let stored = hashing.hash(&password("correct horse")).await.unwrap();
        let check = async |text| {
            hashing
                .check(&password(text), Some(stored.clone()))
                .await
                .unwrap()
        };
        assert!(check("correct horse").await);
        assert!(!check("correct horsf").await);
        assert!(!check("Correct horse").await);
    }

    #[tokio::test]
    async fn hashes_are_argon2id_with_the_documented_cost_and_a_salt_each() {
        let hashing = PasswordHasher::new(1).unwrap();
        let one = hashing.hash(&password("correct horse")).await.unwrap();
        let two = hashing.hash(&password("correct horse")).await.unwrap();
        assert!(
            one.as_column()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            one.as_column()
        );
        assert_ne!(one.as_column(), two.as_column());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let hashing = PasswordHasher::new(1).unwrap();
        assert!(
            !hashing
                .check(&password("correct horse"), None)
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn a_hash_that_asks_for_too_much_is_refused() {
        let hashing = PasswordHasher::new(1).unwrap();
        let greedy = StoredPassword::from_column(
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$2VnD1v2Cl1pXcWmq0XQyEoGgvqv7zqk2Q5h9M1qUj0E".to_owned(),
        );
        assert!(
            hashing
                .check(&password("correct horse"), Some(greedy))
                .await
                .is_err()
        );
    }

    #[tokio::test]
    async fn those_who_find_no_place_are_told_at_once() {
        let hashing = PasswordHasher::new(1).unwrap();
        let _all = hashing
            .places
            .try_acquire_many(1 + u32::try_from(MAX_QUEUED_PER_THREAD).unwrap())
            .unwrap();
        let refused = hashing.check(&password("correct horse"), None).await;
        assert!(matches!(refused, Err(Problem::Refused(Busy))));
    }

    #[tokio::test]
    async fn a_caller_who_hangs_up_frees_no_thread() {
        let hashing = PasswordHasher::new(1).unwrap();
        let (started, has_started) = std::sync::mpsc::channel();
        let (finish, may_finish) = std::sync::mpsc::channel::<()>();
        let request = hashing.run(move |_| {
            started.send(()).unwrap();
            may_finish.recv().unwrap();
            Ok(())
        });
        let hung_up = timeout(Duration::from_millis(50), request).await;
        assert!(hung_up.is_err());
        has_started.recv().unwrap();
        assert_eq!(hashing.threads.available_permits(), 0);
        finish.send(()).unwrap();
        let _back = hashing.threads.acquire().await.unwrap();
    }

    #[tokio::test]
    async fn a_worker_survives_work_that_panics() {
        let hashing = PasswordHasher::new(1).unwrap();
        let failed = hashing.run::<()>(|_| panic!("a defect")).await;
        assert!(matches!(failed, Err(Problem::Failed(_))));
        let hashed = hashing.hash(&password("correct horse")).await;
        assert!(hashed.is_ok());
    }
}
