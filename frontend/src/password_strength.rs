use domain::{MIN_PIECE, Password, is_weak, score};
use js_sys::JsString;
use leptos::html::Span;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

use crate::field::{input_of, watch};

/// What a password is worth that is better than needed: four or five words.
const STRONG: usize = 20;

/// Beside the label of a new password: how many of its characters are there already, and then how
/// hard it is to guess, by the measure of the server as far as it goes without its list. The least
/// number is the input's own `minlength`, the person's name that of the form, and the words are
/// its `data-enough`, `data-strong`, `data-easy` and `data-long`.
#[island]
pub fn PasswordStrength() -> impl IntoView {
    let place = NodeRef::<Span>::new();
    let (count, set_count) = signal(String::new());
    let (words, set_words) = signal(String::new());

    Effect::new(move || {
        let Some(input) = place.get().and_then(|place| input_of(&place)) else {
            return;
        };
        let needed = usize::try_from(input.min_length()).unwrap_or(0);
        let field = input.clone();
        let show = move |typed: &str| {
            let typed = normalized(typed);
            let there = typed.chars().count();
            let judged = match there {
                0 => None,
                _ if there < needed => None,
                _ if there > Password::MAX_LENGTH => Some("data-long"),
                _ => Some(strength(&typed, &field)),
            };
            let judged = judged.and_then(|words| field.get_attribute(words));
            set_count.set(match (there, &judged) {
                (0, _) => String::new(),
                (_, Some(words)) => words.clone(),
                (_, None) => {
                    [&there.to_string(), "\u{202f}/\u{202f}", &needed.to_string()].concat()
                }
            });
            set_words.set(judged.unwrap_or_default());
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

/// How hard to guess a password of the right length is: where its word stands.
fn strength(typed: &str, input: &HtmlInputElement) -> &'static str {
    let folded = lower(typed);
    let score = score(&folded, &names_of(input), |_| false);
    if is_weak(&folded, score) {
        "data-easy"
    } else if score < STRONG {
        "data-enough"
    } else {
        "data-strong"
    }
}

/// The name in the same form, where it is long enough not to turn up by chance.
fn names_of(input: &HtmlInputElement) -> Vec<String> {
    let field = input
        .form()
        .and_then(|form| form.query_selector("input[name=username]").ok()?)
        .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    field
        .map(|field| lower(&field.value()))
        .filter(|name| name.chars().count() >= MIN_PIECE)
        .into_iter()
        .collect()
}

/// Code points in NFC, as the server counts them (`domain::characters`). The browser has
/// the tables for it, and for lower case; those of a crate would double what it has to fetch.
fn normalized(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}

fn lower(text: &str) -> String {
    JsString::from(text).to_lower_case().into()
}
