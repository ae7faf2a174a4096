use js_sys::JsString;
use leptos::html::Span;
use leptos::prelude::*;

use crate::field::{input_of, watch};

/// Beside the label of a new password: how many characters are still missing. The least number is
/// the input's own `minlength`.
#[island]
pub fn PasswordLength() -> impl IntoView {
    let place = NodeRef::<Span>::new();
    let (missing, set_missing) = signal(0_usize);
    let (words, set_words) = signal("");

    Effect::new(move || {
        let Some(input) = place.get().and_then(|place| input_of(&place)) else {
            return;
        };
        let needed = usize::try_from(input.min_length()).unwrap_or(0);
        let count = move |typed: &str| {
            let missing = needed.saturating_sub(characters(typed));
            set_missing.set(missing);
            set_words.set(match missing {
                _ if typed.is_empty() => "",
                0 => "Long enough",
                1 => " more character",
                _ => " more characters",
            });
        };
        // What was typed before this island woke up counts as well.
        count(&input.value());
        watch(&input, "input", count);
    });

    let number = move || match (words.get(), missing.get()) {
        ("", _) | (_, 0) => String::new(),
        (_, missing) => missing.to_string(),
    };
    view! {
        // Counted for the eye; only the end is said aloud, not every keystroke.
        <span class="field-note" aria-hidden="true" node_ref=place>
            {number}
            {words}
        </span>
        <span class="visually-hidden" role="status">
            {move || if missing.get() == 0 { words.get() } else { "" }}
        </span>
    }
}

/// Code points in NFC, as the server counts them (`domain::characters`). The browser has
/// the tables for it; those of a crate would double what it has to fetch.
fn characters(text: &str) -> usize {
    String::from(JsString::from(text).normalize("NFC"))
        .chars()
        .count()
}
