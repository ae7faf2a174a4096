use domain::Timestamp;
use leptos::prelude::*;

use crate::i18n;

/// Date and time. The server writes them in UTC; `page.js` converts them to the local time zone.
#[component]
pub(crate) fn Time(at: Timestamp) -> impl IntoView {
    view! { <time datetime=at.to_string()>{in_utc(at)}</time> }
}

/// The time without the date, for what ends within minutes.
#[component]
pub(crate) fn TimeOfDay(at: Timestamp) -> impl IntoView {
    let time = at.to_string();
    let minute = time.get(11..16).unwrap_or_default().to_owned();
    view! {
        <time datetime=time data-format="time">
            {i18n::time_of_day(minute)}
        </time>
    }
}

fn in_utc(at: Timestamp) -> String {
    let text = at.to_string();
    // 2026-03-31T16:03:16.763528Z
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) else {
        return text;
    };
    i18n::moment(day, month, text[11..16].to_owned(), year)
}
