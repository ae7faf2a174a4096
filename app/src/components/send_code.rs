use backend::SentCode;
use domain::Timestamp;
use leptos::prelude::*;

use super::hydrate_islands::HydrateIslands;
use super::time_left::TimeLeft;
use crate::i18n::{self, interpolate};

/// The button that sends a code by email, in a form of its own.
#[component]
pub(crate) fn SendCode(
    /// The page to return to: `login`, `confirm` or `security`.
    page: &'static str,
    #[prop(optional, into)] return_to: String,
    #[prop(into)] label: String,
    /// If the page has no other action.
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

/// Where a code was sent to, and until when it is valid.
#[component]
pub(crate) fn CodeSentTo(sent: SentCode, now: Timestamp) -> impl IntoView {
    view! {
        <p>
            {interpolate(
                |[address]| i18n::sent_to(address),
                [view! { <b>{sent.to}</b> }.into_any()],
            )}
        </p>
        <TimeLeft until=sent.expires_at now />
        <HydrateIslands />
    }
}
