use http::StatusCode;
use leptos::prelude::*;

use crate::components::EntryLayout;
use crate::door::Door;

/// Every address that leads nowhere.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    // Without a request only the list of routes is being made.
    if let Some(door) = Door::try_open() {
        door.set_status(StatusCode::NOT_FOUND);
    }
    view! {
        <EntryLayout title="Page not found">
            <div class="card-head">
                <h1>"There is no page here"</h1>
                <p>"The address may be mistyped, or the page has moved."</p>
            </div>
            <div class="card-foot">
                <a class="button button-primary" href="/">
                    "Go to the start page"
                </a>
            </div>
        </EntryLayout>
    }
}
