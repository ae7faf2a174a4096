use domain::{Username, UsernameError};
use leptos::html::Span;
use leptos::prelude::*;

use crate::field::{input_of, watch};

/// Beside the label of a new username: what is wrong with it, by the very rule of the
/// server, as soon as one has left the field.
#[island]
pub fn UsernameCheck() -> impl IntoView {
    let place = NodeRef::<Span>::new();
    let (words, set_words) = signal("");

    Effect::new(move || {
        let Some(input) = place.get().and_then(|place| input_of(&place)) else {
            return;
        };
        watch(&input, "change", move |typed| {
            set_words.set(match typed.parse::<Username>() {
                Err(error) if !typed.is_empty() => short(error),
                _ => "",
            });
        });
    });

    view! {
        <span class="field-note" role="status" node_ref=place>
            {words}
        </span>
    }
}

/// Fits beside the label on a phone; the hint below the field says the rest.
const fn short(error: UsernameError) -> &'static str {
    match error {
        UsernameError::TooShort => "Too short",
        UsernameError::TooLong => "Too long",
        UsernameError::ForbiddenCharacter => "Only letters, digits, . _ -",
        UsernameError::Reserved => "Reserved name",
    }
}
