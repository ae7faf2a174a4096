//! How islands reach the input they decorate.

use leptos::web_sys::Element;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::HtmlInputElement;

/// The input of the field that an element stands in.
pub(crate) fn input_of(place: &Element) -> Option<HtmlInputElement> {
    let field = place.closest(".field").ok()??;
    field.query_selector("input").ok()??.dyn_into().ok()
}

/// Calls `react` with what is typed at every event of that name, as long as the page lives.
pub(crate) fn watch(input: &HtmlInputElement, event: &str, react: impl Fn(&str) + 'static) {
    let typed = input.clone();
    let listener = Closure::<dyn Fn()>::new(move || react(&typed.value())).into_js_value();
    drop(input.add_event_listener_with_callback(event, listener.unchecked_ref()));
}

/// Makes a password unreadable again when its form is sent.
pub(crate) fn hide_on_submit(input: HtmlInputElement, hidden: impl Fn() + 'static) {
    let Some(form) = input.form() else { return };
    let listener = Closure::<dyn Fn()>::new(move || {
        input.set_type("password");
        hidden();
    });
    let listener = listener.into_js_value();
    drop(form.add_event_listener_with_callback("submit", listener.unchecked_ref()));
}
