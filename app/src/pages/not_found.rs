use http::StatusCode;
use leptos::prelude::*;

use crate::components::EntryLayout;
use crate::door::Door;
use crate::words;

/// Every address that leads nowhere.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    // Without a request only the list of routes is being made.
    if let Some(door) = Door::try_open() {
        door.set_status(StatusCode::NOT_FOUND);
    }
    view! {
        <EntryLayout title=words::not_found_title()>
            <div class="card-head">
                <h1>{words::not_found_heading()}</h1>
                <p>{words::not_found_text()}</p>
            </div>
            <div class="card-foot">
                <a class="button button-primary" href="/">
                    {words::go_to_start()}
                </a>
            </div>
        </EntryLayout>
    }
}
