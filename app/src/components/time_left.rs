use domain::Timestamp;
use frontend::Countdown;
use leptos::prelude::*;

use super::TimeOfDay;
use crate::words::{self, fill};

/// Until when a code works, and how long that is; counted down where scripts run.
#[component]
pub(crate) fn TimeLeft(until: Timestamp, now: Timestamp) -> impl IntoView {
    let seconds = until.since(now).as_secs();
    let left = words::minutes(seconds.div_ceil(60).max(1));
    let time = view! { <TimeOfDay at=until /> };
    let left = view! { <span data-left="">{left}</span> };
    let pieces = [time.into_any(), left.into_any()];
    view! {
        <p class="field-hint" data-countdown=seconds.to_string()>
            {fill(|[time, left]| words::time_left(left, time), pieces)}
            <Countdown />
        </p>
    }
}
