use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Date, Number};
use leptos::html::Span;
use leptos::prelude::*;
use leptos::web_sys::Element;

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
            ((seconds / 60.0).ceil(), " minute")
        } else {
            (seconds, " second")
        };
        // The browser's own number: Rust's formatting of floats is 10 kB.
        let number_text = Number::from(number).to_string_with_radix(10);
        let mut text = String::from(number_text.unwrap_or_default());
        text.push_str(unit);
        if number.to_bits() != 1.0_f64.to_bits() {
            text.push('s');
        }
        if self.left.text_content().as_deref() != Some(&text) {
            self.left.set_text_content(Some(&text));
        }
        Left::Something
    }
}
