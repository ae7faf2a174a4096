use domain::characters;
use leptos::html::Span;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlInputElement};

/// Below a new password: how many characters are still missing, counted as the server
/// counts them. The least number is the input's own `minlength`.
#[island]
pub fn PasswordLength() -> impl IntoView {
    let place = NodeRef::<Span>::new();
    let words = RwSignal::new("");
    let missing = RwSignal::new(0_usize);

    Effect::new(move || {
        let Some(input) = place.get().and_then(|place| input_of_field(&place)) else {
            return;
        };
        let needed = usize::try_from(input.min_length()).unwrap_or(0);
        let typed = input.clone();
        let count = move || {
            let length = characters(&typed.value());
            missing.set(needed.saturating_sub(length));
            words.set(match (length, missing.get_untracked()) {
                (0, _) => "",
                (_, 0) => "Long enough",
                (_, 1) => " character to go",
                _ => " characters to go",
            });
        };
        // What was typed before this island woke up counts as well.
        count();
        let listener = Closure::<dyn Fn()>::new(count);
        // The listener lives as long as the page does.
        let listener = listener.into_js_value();
        drop(input.add_event_listener_with_callback("input", listener.unchecked_ref()));
    });

    view! {
        <span class="field-count" node_ref=place>
            {move || match missing.get() {
                0 => String::new(),
                missing => missing.to_string(),
            }}
            {move || words.get()}
        </span>
    }
}

fn input_of_field(place: &Element) -> Option<HtmlInputElement> {
    let field = place.closest(".field").ok()??;
    field.query_selector("input").ok()??.dyn_into().ok()
}
