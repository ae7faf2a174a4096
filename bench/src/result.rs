use std::error::Error;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Prints progress.
pub(crate) fn print_progress(text: &str) {
    println!("bench: {text}");
}
