use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Intl::NumberFormat;
use js_sys::{Array, Date, Object, Reflect};
use leptos::html::Span;
use leptos::prelude::*;
use leptos::web_sys::Element;
use wasm_bindgen::JsValue;

/// In a paragraph that says how many seconds are left (`data-countdown`), with a place for them in
/// words: counts them down, and loads the page again when they are over, so that the server says
/// what to do. It trusts the browser's clock to go on, not to be right.
#[island]
pub fn Countdown() -> impl IntoView {
    let place = NodeRef::<Span>::new();
    Effect::new(move || {
        let Some(clock) = place.get().and_then(|place| Clock::beside(&place)) else {
            return;
        };
        clock.show();
        let timer = Rc::new(Cell::new(None::<IntervalHandle>));
        let own = timer.clone();
        let tick = move || {
            if clock.show() == Left::Nothing {
                // Once: an answer may take longer than the next turn.
                if let Some(timer) = own.take() {
                    timer.clear();
                    drop(window().location().reload());
                }
            }
        };
        timer.set(set_interval_with_handle(tick, Duration::from_secs(1)).ok());
    });
    view! { <span hidden node_ref=place></span> }
}

#[derive(PartialEq, Eq)]
enum Left {
    Something,
    Nothing,
}

struct Clock {
    /// Milliseconds since 1970.
    until: f64,
    left: Element,
}

impl Clock {
    fn beside(place: &Element) -> Option<Self> {
        let paragraph = place.closest("[data-countdown]").ok()??;
        let left = paragraph.query_selector("[data-left]").ok()??;
        let seconds: u32 = paragraph.get_attribute("data-countdown")?.parse().ok()?;
        let until = Date::now() + 1000.0 * f64::from(seconds);
        Some(Self { until, left })
    }

    /// Whole minutes at first, so that it stays calm; seconds in the last one. It ends a second
    /// late: the server is to agree that it is over.
    fn show(&self) -> Left {
        let seconds = ((self.until - Date::now()) / 1000.0).ceil();
        if seconds < 0.0 {
            return Left::Nothing;
        }
        let (number, unit) = if seconds > 60.0 {
            ((seconds / 60.0).ceil(), "minute")
        } else {
            (seconds, "second")
        };
        let text = in_words(number, unit);
        if self.left.text_content().as_deref() != Some(&text) {
            self.left.set_text_content(Some(&text));
        }
        Left::Something
    }
}

/// `9 minutes` in the language of the page: the browser knows all of them, with their plurals.
fn in_words(number: f64, unit: &str) -> String {
    let options = Object::new();
    for (name, value) in [("style", "unit"), ("unit", unit), ("unitDisplay", "long")] {
        drop(Reflect::set(&options, &name.into(), &value.into()));
    }
    let language = document()
        .document_element()
        .and_then(|html| html.get_attribute("lang"));
    let languages = Array::of1(&language.unwrap_or_default().into());
    let words = NumberFormat::new(&languages, &options).format();
    let words = words.call1(&JsValue::NULL, &number.into());
    words
        .ok()
        .and_then(|words| words.as_string())
        .unwrap_or_default()
}
