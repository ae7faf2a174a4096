use domain::Timestamp;
use frontend::Countdown;
use leptos::prelude::*;

use super::TimeOfDay;
use crate::i18n::{self, interpolate};

/// Until when a code is valid, and for how long; an island counts down.
#[component]
pub(crate) fn TimeLeft(until: Timestamp, now: Timestamp) -> impl IntoView {
    let seconds = until.since(now).as_secs();
    let left = i18n::minutes(seconds.div_ceil(60).max(1));
    let time = view! { <TimeOfDay at=until /> };
    let left = view! { <span data-remaining="">{left}</span> };
    let pieces = [time.into_any(), left.into_any()];
    view! {
        <p class="field-hint" data-countdown=seconds.to_string()>
            {interpolate(|[time, left]| i18n::time_left(left, time), pieces)}
            <Countdown />
        </p>
    }
}
