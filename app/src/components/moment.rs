use domain::Timestamp;
use leptos::prelude::*;

use crate::words;

/// A day and a minute. In UTC as the server writes it; where scripts run, the browser writes it in
/// the person's own zone.
#[component]
pub(crate) fn Moment(at: Timestamp) -> impl IntoView {
    view! { <time datetime=at.to_string()>{in_words(at)}</time> }
}

/// The minute alone, for what ends within minutes.
#[component]
pub(crate) fn TimeOfDay(at: Timestamp) -> impl IntoView {
    let time = at.to_string();
    let minute = time.get(11..16).unwrap_or_default().to_owned();
    view! {
        <time datetime=time data-form="time">
            {words::time_of_day(minute)}
        </time>
    }
}

fn in_words(at: Timestamp) -> String {
    let text = at.to_string();
    // 2026-03-31T16:03:16.763528Z
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) else {
        return text;
    };
    words::moment(day, month, text[11..16].to_owned(), year)
}
