//! Fail points: where a test's process dies, or its commits don't wait for the disk. Requires the
//! feature `testing`, which no released binary has.

use std::env;
use std::path::Path;
use std::process::abort;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The step at which the process dies, counted from 1.
const DIES_AT: &str = "PORTAL_TEST_DIES_AT";
/// A file. Steps are counted once it exists.
const COUNTS_FROM: &str = "PORTAL_TEST_COUNTS_FROM";
/// `normal` for a database that doesn't wait for its disk.
const SYNCHRONOUS: &str = "PORTAL_TEST_SYNCHRONOUS";

static STEPS: AtomicU64 = AtomicU64::new(0);

/// One step of a transaction: its begin, each statement, its commit, and the moment after that.
/// At the configured step the process aborts like with `kill -9`: nothing is unwound or flushed.
pub(crate) fn step() {
    static PLAN: OnceLock<Option<(u64, String)>> = OnceLock::new();
    let plan = PLAN.get_or_init(|| {
        let at = env::var(DIES_AT).ok()?.parse().ok()?;
        Some((at, env::var(COUNTS_FROM).ok()?))
    });
    let Some((at, counts_from)) = plan else {
        return;
    };
    if Path::new(counts_from).exists() && STEPS.fetch_add(1, Ordering::SeqCst) + 1 == *at {
        abort();
    }
}

pub(crate) fn waits_for_no_disk() -> bool {
    env::var(SYNCHRONOUS).is_ok_and(|word| word == "normal")
}
