use std::process::ExitCode;

/// A page is thousands of small allocations, shared between threads, and a hashed password one of
/// 19 MiB: the system's allocator takes longer for the ones, and keeps the others.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
