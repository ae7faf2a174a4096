use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Intl::NumberFormat;
use js_sys::{Array, Date, Object, Reflect};
use leptos::html::Span;
use leptos::prelude::*;
use leptos::web_sys::Element;
use wasm_bindgen::JsValue;

/// Counts down the seconds in `data-countdown` of the paragraph around it, in the element with
/// `data-remaining`. Reloads the page at the end, so that the server says what comes next. It measures
/// durations only, so a wrong clock doesn't matter.
#[island]
pub fn Countdown() -> impl IntoView {
    let anchor = NodeRef::<Span>::new();
    Effect::new(move || {
        let Some(clock) = anchor.get().and_then(|anchor| Clock::around(&anchor)) else {
            return;
        };
        clock.show();
        let timer = Rc::new(Cell::new(None::<IntervalHandle>));
        let own = timer.clone();
        let tick = move || {
            if clock.show() == Remaining::Nothing {
                // Once: the reload may take longer than a second.
                if let Some(timer) = own.take() {
                    timer.clear();
                    drop(window().location().reload());
                }
            }
        };
        timer.set(set_interval_with_handle(tick, Duration::from_secs(1)).ok());
    });
    view! { <span hidden node_ref=anchor></span> }
}

#[derive(PartialEq, Eq)]
enum Remaining {
    Time,
    Nothing,
}

struct Clock {
    /// Milliseconds since 1970.
    until: f64,
    text: Element,
}

impl Clock {
    fn around(anchor: &Element) -> Option<Self> {
        let paragraph = anchor.closest("[data-countdown]").ok()??;
        let text = paragraph.query_selector("[data-remaining]").ok()??;
        let seconds: u32 = paragraph.get_attribute("data-countdown")?.parse().ok()?;
        let until = Date::now() + 1000.0 * f64::from(seconds);
        Some(Self { until, text })
    }

    /// Shows whole minutes, and seconds in the last minute. Ends a second late, when the code is expired
    /// on the server too.
    fn show(&self) -> Remaining {
        let seconds = ((self.until - Date::now()) / 1000.0).ceil();
        if seconds < 0.0 {
            return Remaining::Nothing;
        }
        let (number, unit) = if seconds > 60.0 {
            ((seconds / 60.0).ceil(), "minute")
        } else {
            (seconds, "second")
        };
        let text = localize(number, unit);
        if self.text.text_content().as_deref() != Some(&text) {
            self.text.set_text_content(Some(&text));
        }
        Remaining::Time
    }
}

/// `9 minutes` in the language of the page, by the browser's own locale data.
fn localize(number: f64, unit: &str) -> String {
    let options = Object::new();
    for (name, value) in [("style", "unit"), ("unit", unit), ("unitDisplay", "long")] {
        drop(Reflect::set(&options, &name.into(), &value.into()));
    }
    let language = document()
        .document_element()
        .and_then(|html| html.get_attribute("lang"));
    let languages = Array::of1(&language.unwrap_or_default().into());
    let format = NumberFormat::new(&languages, &options).format();
    let text = format.call1(&JsValue::NULL, &number.into());
    text.ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}
