use domain::{MIN_PIECE, Password, is_weak, score};
use js_sys::JsString;
use leptos::html::Span;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

use crate::field::{input_of, watch};

/// The score of a strong password: four or five words.
const STRONG: usize = 20;

/// Beside the label of a new password: its length until that suffices, then its strength by the server's
/// rules, without the list of common passwords. The input has the minimum (`minlength`) and the texts
/// (`data-fair`, `data-strong`, `data-weak`, `data-long`); the form has the username.
#[island]
pub fn PasswordStrength() -> impl IntoView {
    let anchor = NodeRef::<Span>::new();
    let (count, set_count) = signal(String::new());
    let (verdict, set_verdict) = signal(String::new());

    Effect::new(move || {
        let Some(input) = anchor.get().and_then(|anchor| input_of(&anchor)) else {
            return;
        };
        let needed = usize::try_from(input.min_length()).unwrap_or(0);
        let field = input.clone();
        let show = move |typed: &str| {
            let typed = normalized(typed);
            let length = typed.chars().count();
            let shown = match length {
                0 => None,
                _ if length < needed => None,
                _ if length > Password::MAX_LENGTH => Some("data-long"),
                _ => Some(strength(&typed, &field)),
            };
            let shown = shown.and_then(|attribute| field.get_attribute(attribute));
            set_count.set(match (length, &shown) {
                (0, _) => String::new(),
                (_, Some(text)) => text.clone(),
                (_, None) => [
                    &length.to_string(),
                    "\u{202f}/\u{202f}",
                    &needed.to_string(),
                ]
                .concat(),
            });
            set_verdict.set(shown.unwrap_or_default());
        };
        // Text that was typed before hydration counts too.
        show(&input.value());
        watch(&input, "input", show);
    });

    view! {
        // Screen readers announce only the verdict, not each keystroke.
        <span class="field-note" aria-hidden="true" node_ref=anchor>
            {count}
        </span>
        <span class="visually-hidden" role="status">
            {verdict}
        </span>
    }
}

/// The attribute with the verdict on a password of sufficient length.
fn strength(typed: &str, input: &HtmlInputElement) -> &'static str {
    let folded = lower(typed);
    let score = score(&folded, &names_of(input), |_| false);
    if is_weak(&folded, score) {
        "data-weak"
    } else if score < STRONG {
        "data-fair"
    } else {
        "data-strong"
    }
}

/// The username in the form, if it is long enough not to appear by chance.
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

/// Code points in NFC, as the server counts them (`domain::characters`). The browser has the tables for
/// that and for lower case; those of a crate would double the download.
fn normalized(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}

fn lower(text: &str) -> String {
    JsString::from(text).to_lower_case().into()
}
