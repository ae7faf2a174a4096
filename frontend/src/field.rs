//! Access to the input that an island decorates.

use leptos::web_sys::Element;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::HtmlInputElement;

/// The input of the field around an element.
pub(crate) fn input_of(anchor: &Element) -> Option<HtmlInputElement> {
    let field = anchor.closest(".field").ok()??;
    field.query_selector("input").ok()??.dyn_into().ok()
}

/// Calls `on_event` with the value of an input at each such event.
pub(crate) fn watch(input: &HtmlInputElement, event: &str, on_event: impl Fn(&str) + 'static) {
    let target = input.clone();
    let listener = Closure::<dyn Fn()>::new(move || on_event(&target.value())).into_js_value();
    drop(input.add_event_listener_with_callback(event, listener.unchecked_ref()));
}

/// Hides a revealed password when its form is submitted.
pub(crate) fn hide_on_submit(input: HtmlInputElement, hidden: impl Fn() + 'static) {
    let Some(form) = input.form() else { return };
    let listener = Closure::<dyn Fn()>::new(move || {
        input.set_type("password");
        hidden();
    });
    let listener = listener.into_js_value();
    drop(form.add_event_listener_with_callback("submit", listener.unchecked_ref()));
}
