use js_sys::JsString;
use leptos::html::Span;
use leptos::prelude::*;

use crate::field::{input_of, watch};

/// Beside the label of a new password: how many of its characters are there already. The least
/// number is the input's own `minlength`, the word for "long enough" its `data-enough`.
#[island]
pub fn PasswordLength() -> impl IntoView {
    let place = NodeRef::<Span>::new();
    let (count, set_count) = signal(String::new());
    let (words, set_words) = signal(String::new());

    Effect::new(move || {
        let Some(input) = place.get().and_then(|place| input_of(&place)) else {
            return;
        };
        let needed = usize::try_from(input.min_length()).unwrap_or(0);
        let enough = input.get_attribute("data-enough").unwrap_or_default();
        let show = move |typed: &str| {
            let there = characters(typed);
            let is_enough = there >= needed;
            set_words.set(if is_enough {
                enough.clone()
            } else {
                String::new()
            });
            set_count.set(match there {
                0 => String::new(),
                _ if is_enough => enough.clone(),
                _ => [&there.to_string(), "\u{202f}/\u{202f}", &needed.to_string()].concat(),
            });
        };
        // What was typed before this island woke up counts as well.
        show(&input.value());
        watch(&input, "input", show);
    });

    view! {
        // Counted for the eye; only the end is said aloud, not every keystroke.
        <span class="field-note" aria-hidden="true" node_ref=place>
            {count}
        </span>
        <span class="visually-hidden" role="status">
            {words}
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
