//! Threads that hash passwords. Each thread reuses its own memory from one hash to the next,
//! because getting 19 MiB from the system, page by page, takes a tenth of the time of a hash.
//!
//! A thread that stays idle for a while frees its memory. It frees the memory itself, because an
//! allocator may keep for one thread what another thread freed.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::crypto::password_hash::Memory;
use crate::error::Failure;

/// How long an idle thread keeps its memory.
const IDLE_TIMEOUT: Duration = Duration::from_millis(500);

type Work = Box<dyn FnOnce(&mut Memory) + Send>;

/// The threads. Dropping this value ends them.
pub(crate) struct Workers(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Work>,
    is_over: bool,
}

impl Workers {
    /// # Errors
    /// The system can't start a thread.
    pub(crate) fn start(threads: usize) -> Result<Self, Failure> {
        let workers = Self(Arc::default());
        for _ in 0..threads {
            let shared = workers.0.clone();
            let thread = thread::Builder::new().name("hash".to_owned());
            thread
                .spawn(move || shared.work())
                .map_err(Failure::internal)?;
        }
        Ok(workers)
    }

    /// Queues work for the next free thread.
    pub(crate) fn give(&self, work: Work) {
        self.0.lock().waiting.push_back(work);
        self.0.changed.notify_one();
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.changed.notify_all();
    }
}

impl Shared {
    /// The loop of each thread.
    fn work(&self) {
        let mut memory = None;
        while let Some(work) = self.next(&mut memory) {
            // On a panic, the caller notices that its channel closed. Leftovers in the memory
            // don't affect later hashes.
            let memory = memory.get_or_insert_default();
            drop(catch_unwind(AssertUnwindSafe(|| work(memory))));
        }
    }

    /// The next piece of work, or `None` at shutdown.
    fn next(&self, memory: &mut Option<Memory>) -> Option<Work> {
        let mut queue = self.lock();
        loop {
            if queue.is_over {
                return None;
            }
            if let Some(work) = queue.waiting.pop_front() {
                return Some(work);
            }
            queue = self.rest(queue, memory);
        }
    }

    /// Waits for a change, and frees the memory after [`IDLE_TIMEOUT`].
    fn rest<'q>(
        &self,
        queue: MutexGuard<'q, Queue>,
        memory: &mut Option<Memory>,
    ) -> MutexGuard<'q, Queue> {
        if memory.is_none() {
            let woken = self.changed.wait(queue);
            return woken.unwrap_or_else(PoisonError::into_inner);
        }
        let woken = self.changed.wait_timeout(queue, IDLE_TIMEOUT);
        let (queue, waited) = woken.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            *memory = None;
        }
        queue
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // A panic can't leave the queue inconsistent.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn work_is_done_by_as_many_threads_as_there_are() {
        let workers = Workers::start(2).unwrap();
        let (done, is_done) = mpsc::channel();
        // Each job waits for the other one.
        let both = Arc::new(std::sync::Barrier::new(2));
        for n in 0..2 {
            let (done, both) = (done.clone(), both.clone());
            workers.give(Box::new(move |_| {
                both.wait();
                done.send(n).unwrap();
            }));
        }
        drop(done);
        let mut all: Vec<i32> = is_done.iter().collect();
        all.sort_unstable();
        assert_eq!(all, [0, 1]);
    }

    #[test]
    fn memory_is_given_back_when_there_is_nothing_to_do() {
        let shared = Shared::default();
        let mut memory = Some(Memory::default());
        shared.lock().waiting.push_back(Box::new(|_| {}));
        assert!(shared.next(&mut memory).is_some());
        assert!(memory.is_some());
        let mut queue = shared.lock();
        // Wake-ups may be spurious.
        while memory.is_some() {
            queue = shared.rest(queue, &mut memory);
        }
        queue.is_over = true;
        drop(queue);
        assert!(shared.next(&mut memory).is_none());
    }
}
