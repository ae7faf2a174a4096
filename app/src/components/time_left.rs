use domain::Timestamp;
use frontend::Countdown;
use leptos::prelude::*;

/// Until when a code works, and how long that is; counted down where scripts run.
#[component]
pub(crate) fn TimeLeft(until: Timestamp, now: Timestamp) -> impl IntoView {
    let seconds = until.since(now).as_secs();
    let left = match seconds.div_ceil(60).max(1) {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    view! {
        <p class="field-hint" data-countdown=seconds.to_string()>
            "The code works until "
            <time datetime=until.to_string()>{until.time_for_people()}</time>
            ", "
            <span data-left="">{left}</span>
            " from now."
            <Countdown />
        </p>
    }
}
