use domain::{Username, UsernameError};
use leptos::html::Span;
use leptos::prelude::*;

use crate::field::{input_of, watch};

/// Beside the label of a new username: what is wrong with it by the server's rules, once the input loses
/// focus. The input has the texts, in `data-` and the code of the error; without `data-reserved`, reserved
/// names are allowed.
#[island]
pub fn UsernameCheck() -> impl IntoView {
    let anchor = NodeRef::<Span>::new();
    let (text, set_text) = signal(String::new());

    Effect::new(move || {
        let Some(input) = anchor.get().and_then(|anchor| input_of(&anchor)) else {
            return;
        };
        let texts = input.clone();
        watch(&input, "change", move |typed| {
            let error = match typed.parse::<Username>() {
                Ok(username) => username.is_reserved().then_some(UsernameError::Reserved),
                Err(error) => Some(error).filter(|_| !typed.is_empty()),
            };
            let text =
                error.and_then(|error| texts.get_attribute(&["data-", error.code()].concat()));
            set_text.set(text.unwrap_or_default());
        });
    });

    view! {
        <span class="field-note" role="status" node_ref=anchor>
            {text}
        </span>
    }
}
