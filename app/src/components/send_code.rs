use backend::SentCode;
use domain::Timestamp;
use leptos::prelude::*;

use super::time_left::TimeLeft;
use crate::shell::WakeIslands;
use crate::words::{self, fill};

/// The button that has a code sent by mail, in a form of its own.
#[component]
pub(crate) fn SendCode(
    /// Where to go on: `login`, `confirm` or `security`.
    page: &'static str,
    #[prop(optional, into)] return_to: String,
    #[prop(into)] label: String,
    /// Where nothing else can be done.
    #[prop(optional)]
    primary: bool,
) -> impl IntoView {
    let class = if primary {
        "button button-primary"
    } else {
        "button button-secondary"
    };
    view! {
        <form class="form" method="post" action="/do/send-code">
            <input type="hidden" name="page" value=page />
            <input type="hidden" name="return_to" value=return_to />
            <button class=class type="submit" autofocus=primary>
                {label}
            </button>
        </form>
    }
}

/// Where a code was sent to, and how long it works.
#[component]
pub(crate) fn SentTo(sent: SentCode, now: Timestamp) -> impl IntoView {
    view! {
        <p>
            {fill(
                |[address]| words::sent_to(address),
                [view! { <b>{sent.to}</b> }.into_any()],
            )}
        </p>
        <TimeLeft until=sent.expires_at now />
        <WakeIslands />
    }
}
