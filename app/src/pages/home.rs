use leptos::prelude::*;

use crate::door::Door;

/// `/`: people come here to log in, or to see their account.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let door = Door::open();
    let to = if door.person().is_some() {
        "/account"
    } else {
        "/login"
    };
    door.go(to);
}
