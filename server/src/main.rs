use std::process::ExitCode;

/// Rendering a page makes thousands of small allocations that threads share, and hashing a password
/// one of 19 MiB. The system's allocator is slower at the former and keeps the latter.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
