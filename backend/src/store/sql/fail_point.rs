//! Where a process of a test dies, or its disk promises less. Only with the feature `testing`,
//! which no binary that is handed out has.

use std::env;
use std::path::Path;
use std::process::abort;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// At which step of writing the process dies, counted from 1.
const DIES_AT: &str = "PORTAL_TEST_DIES_AT";
/// A file: steps are counted once it is there.
const COUNTS_FROM: &str = "PORTAL_TEST_COUNTS_FROM";
/// `normal` for a database that doesn't wait for its disk.
const SYNCHRONOUS: &str = "PORTAL_TEST_SYNCHRONOUS";

static STEPS: AtomicU64 = AtomicU64::new(0);

/// One step of a transaction: its begin, each of its statements, its commit, and after that.
/// Dies as by `kill -9` (nothing is unwound, nothing flushed) where it is told to.
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
