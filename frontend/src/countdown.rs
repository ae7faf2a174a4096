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
        let ticking = set_interval_with_handle(move || clock.show(), Duration::from_secs(1));
        // A page that is left takes its timer with it.
        drop(ticking);
    });
    view! { <span hidden node_ref=place></span> }
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
        // A second more: the server is to agree that it is over.
        let until = Date::now() + 1000.0 * f64::from(seconds + 1);
        Some(Self { until, left })
    }

    /// Whole minutes at first, so that it stays calm; seconds in the last one.
    fn show(&self) {
        let seconds = ((self.until - Date::now()) / 1000.0).ceil();
        if seconds <= 0.0 {
            drop(window().location().reload());
            return;
        }
        let (number, unit) = if seconds > 60.0 {
            ((seconds / 60.0).ceil(), " minute")
        } else {
            (seconds, " second")
        };
        // The browser's own number: Rust's formatting of floats is 10 kB.
        let mut text = String::from(
            Number::from(number)
                .to_string_with_radix(10)
                .unwrap_or_default(),
        );
        text.push_str(unit);
        if number > 1.0 {
            text.push('s');
        }
        if self.left.text_content().as_deref() != Some(&text) {
            self.left.set_text_content(Some(&text));
        }
    }
}
