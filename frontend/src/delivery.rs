use leptos::html::Span;
use leptos::prelude::*;
use leptos::web_sys::Element;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent};

const STATUS: &str = "/login/request/status";

/// In a paragraph that says where a code is on its way (`data-state`), with a place for it in
/// words: says it anew whenever the server does, in the words of `data-waiting` and `data-told`.
/// When it is over it loads the page again, so that the server says what to do.
#[island]
pub fn Delivery() -> impl IntoView {
    let place = NodeRef::<Span>::new();
    Effect::new(move || {
        let paragraph = place
            .get()
            .and_then(|place| place.closest("[data-state]").ok()?);
        let (Some(paragraph), Ok(source)) = (paragraph, EventSource::new(STATUS)) else {
            return;
        };
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(state) = event.data().as_string() else {
                return;
            };
            if state == "over" {
                drop(window().location().reload());
            } else {
                show(&paragraph, &state);
            }
        });
        source.set_onmessage(Some(hear.into_js_value().unchecked_ref()));
    });
    view! { <span hidden node_ref=place></span> }
}

fn show(paragraph: &Element, state: &str) {
    let words = paragraph.get_attribute(&["data-", state].concat());
    let place = paragraph.query_selector("[data-words]").ok().flatten();
    let (Some(words), Some(place)) = (words, place) else {
        return;
    };
    // The same words are not said twice.
    if paragraph.get_attribute("data-state").as_deref() != Some(state) {
        drop(paragraph.set_attribute("data-state", state));
        place.set_text_content(Some(&words));
    }
}
