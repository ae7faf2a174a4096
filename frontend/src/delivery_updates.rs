use leptos::html::Span;
use leptos::prelude::*;
use leptos::web_sys::Element;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent};

const STATUS: &str = "/login/request/status";

/// Updates the delivery state of a code (`data-state`) in the paragraph around it, with the texts in
/// `data-waiting` and `data-told`. Reloads the page at the end, so that the server says what comes next.
#[island]
pub fn DeliveryUpdates() -> impl IntoView {
    let anchor = NodeRef::<Span>::new();
    Effect::new(move || {
        let paragraph = anchor
            .get()
            .and_then(|anchor| anchor.closest("[data-state]").ok()?);
        let (Some(paragraph), Ok(source)) = (paragraph, EventSource::new(STATUS)) else {
            return;
        };
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(state) = event.data().as_string() else {
                return;
            };
            if state == "over" {
                drop(window().location().reload());
            } else {
                show(&paragraph, &state);
            }
        });
        source.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
    });
    view! { <span hidden node_ref=anchor></span> }
}

fn show(paragraph: &Element, state: &str) {
    let text = paragraph.get_attribute(&["data-", state].concat());
    let output = paragraph.query_selector("[data-text]").ok().flatten();
    let (Some(text), Some(output)) = (text, output) else {
        return;
    };
    // Screen readers announce a text that is set again.
    if paragraph.get_attribute("data-state").as_deref() != Some(state) {
        drop(paragraph.set_attribute("data-state", state));
        output.set_text_content(Some(&text));
    }
}
