use domain::{AccountState, BotType, PermissionLevel, Timestamp, User};
use leptos::prelude::*;

use crate::components::Time;
use crate::i18n::{self, interpolate};
use crate::localize::Localize as _;

/// The level of a person.
#[component]
pub(super) fn LevelBadge(level: PermissionLevel) -> impl IntoView {
    let class = if level.administers() {
        "badge badge-accent"
    } else {
        "badge"
    };
    view! { <span class=class>{level.localize()}</span> }.into_any()
}

/// Whether a person is active, timed out or banned.
#[component]
pub(super) fn StateBadge<'a>(user: &'a User, now: Timestamp) -> impl IntoView + use<> {
    let restricted = user.state.is_restricted(now);
    let until = |at: Timestamp, sentence: fn(&'static str) -> String| {
        interpolate(|[time]| sentence(time), [view! { <Time at /> }.into_any()]).into_any()
    };
    let text = match user.state {
        AccountState::Timeout { until: at } if restricted => until(at, i18n::people_timeout_until),
        AccountState::Banned { until: Some(at) } if restricted => {
            until(at, i18n::people_banned_until)
        }
        AccountState::Banned { until: None } => i18n::people_banned().into_any(),
        AccountState::Active | AccountState::Timeout { .. } | AccountState::Banned { .. } => {
            i18n::people_active().into_any()
        }
    };
    let class = if restricted {
        "badge badge-danger"
    } else {
        "badge"
    };
    view! { <span class=class>{text}</span> }.into_any()
}

/// The type of a bot, unless it is a community bot.
#[component]
pub(super) fn BotTypeBadge(bot_type: BotType) -> impl IntoView {
    bot_type
        .is_verified()
        .then(|| view! { <span class="badge badge-accent">{bot_type.localize()}</span> })
}
