use domain::{Username, UsernameError};
use leptos::html::Span;
use leptos::prelude::*;

use crate::field::{input_of, watch};

/// Beside the label of a new username: what is wrong with it, by the very rule of the
/// server, as soon as one has left the field. The words are the input's own: `data-` and the
/// code of the error; where a reserved name may be given, there are none for it.
#[island]
pub fn UsernameCheck() -> impl IntoView {
    let place = NodeRef::<Span>::new();
    let (words, set_words) = signal(String::new());

    Effect::new(move || {
        let Some(input) = place.get().and_then(|place| input_of(&place)) else {
            return;
        };
        let words_of = input.clone();
        watch(&input, "change", move |typed| {
            let error = match typed.parse::<Username>() {
                Ok(username) => username.is_reserved().then_some(UsernameError::Reserved),
                Err(error) => Some(error).filter(|_| !typed.is_empty()),
            };
            let words =
                error.and_then(|error| words_of.get_attribute(&["data-", error.code()].concat()));
            set_words.set(words.unwrap_or_default());
        });
    });

    view! {
        <span class="field-note" role="status" node_ref=place>
            {words}
        </span>
    }
}
