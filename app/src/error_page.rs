use std::sync::Arc;

use http::StatusCode;
use leptos::prelude::*;

use crate::Site;
use crate::components::EntryFrame;

/// The page for what no page of ours answered: a defect, a dead database, a refused
/// form. Rendered without the router and without scripts. `reference` is the
/// correlation id people may quote.
#[must_use]
pub fn error_page(site: &Arc<Site>, status: StatusCode, reference: &str) -> String {
    let (title, explanation) = words(status);
    let (name, home) = (site.name.clone(), site.base_url.to_string());
    let assets = site.assets.clone();
    let reference = reference.to_owned();
    let at_fault = status.is_server_error();
    let document = Owner::new().with(|| {
        provide_context(site.clone());
        view! {
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{format!("{title} · {name}")}</title>
                    <link rel="icon" type="image/svg+xml" href=assets.icon />
                    <link rel="stylesheet" href=assets.style />
                </head>
                <body>
                    <EntryFrame>
                            <div class="card-head">
                                <h1>{title}</h1>
                                <p>{explanation}</p>
                            </div>
                            {at_fault
                                .then(|| {
                                    view! {
                                        <p>
                                            "If it keeps happening, tell whoever runs this site, with this number: "
                                            <code>{reference}</code>
                                        </p>
                                    }
                                })}
                            <div class="card-foot">
                                <a class="button button-primary" href=home>
                                    "Go to the start page"
                                </a>
                            </div>
                    </EntryFrame>
                </body>
            </html>
        }
        .to_html()
    });
    format!("<!DOCTYPE html>{document}")
}

fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::FORBIDDEN => (
            "That came from another place",
            "This form was not sent from our own page, so nothing was done. Open the page again and repeat what you did.",
        ),
        StatusCode::NOT_FOUND => (
            "There is no page here",
            "The address may be mistyped, or the page has moved.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "That is too much",
            "What was sent is larger than any form of ours.",
        ),
        StatusCode::TOO_MANY_REQUESTS => ("Too many tries", "Wait a moment, then try again."),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => (
            "Not right now",
            "Something we need is not there at the moment. Nothing was lost: try again in a minute.",
        ),
        _ if status.is_server_error() => (
            "Something went wrong on our side",
            "It isn't your fault. Try again in a moment.",
        ),
        _ => (
            "That could not be read",
            "What was sent is not what this page expects. Open the page again and repeat what you did.",
        ),
    }
}
