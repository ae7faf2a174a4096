//! Islands: the interactive parts of pages. The server renders them, the browser hydrates them. Every page
//! works without them.
//!
//! An island decorates elements outside of itself, which it finds in the document. So hydration doesn't
//! touch what was typed before, and islands need no props (a single one adds 17 kB of JSON parsing).

mod copy_text;
mod countdown;
mod delivery_updates;
mod field;
mod password_strength;
mod reveal_password;
mod username_check;

pub use copy_text::CopyText;
pub use countdown::Countdown;
pub use delivery_updates::DeliveryUpdates;
pub use password_strength::PasswordStrength;
pub use reveal_password::RevealPassword;
pub use username_check::UsernameCheck;

/// The page's script calls this once, before it hydrates the islands.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
