//! Islands: the parts of a page that move. The server renders them, the browser wakes
//! them up. Every page works without them.
//!
//! An island decorates inputs that stand outside of it, and finds them in the document:
//! so nothing typed before it wakes up is touched, and no props travel (a single one
//! costs 17 kB of JSON reading).

mod copy_text;
mod countdown;
mod delivery;
mod field;
mod password_strength;
mod reveal_password;
mod username_check;

pub use copy_text::CopyText;
pub use countdown::Countdown;
pub use delivery::Delivery;
pub use password_strength::PasswordStrength;
pub use reveal_password::RevealPassword;
pub use username_check::UsernameCheck;

/// Called once by the page's script, before the islands are woken.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
