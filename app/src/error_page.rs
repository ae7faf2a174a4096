use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use leptos::prelude::*;

use crate::components::{EntryFrame, Head};
use crate::wishes::Wishes;
use crate::words::{self, fill};
use crate::{Asked, Site};

/// What went wrong where no page of ours answered: a defect, a dead database, a refused form.
#[derive(Clone, Debug)]
pub struct Mishap<'a> {
    pub status: StatusCode,
    /// The correlation id people may quote.
    pub reference: &'a str,
    /// After how long it may be tried again, where that is known.
    pub wait: Option<Duration>,
    pub asked: &'a Asked,
}

/// The page for it. Rendered without the router and without scripts.
#[must_use]
pub fn error_page(site: &Arc<Site>, mishap: &Mishap<'_>) -> String {
    let (name, home) = (site.name.clone(), site.base_url.to_string());
    let reference = mishap.reference.to_owned();
    let at_fault = mishap.status.is_server_error();
    let Wishes { language, theme } = mishap.asked.wishes;
    let document = Owner::new().with(|| {
        provide_context(site.clone());
        provide_context(mishap.asked.clone());
        let (title, explanation) = words(mishap);
        let reference = at_fault.then(|| {
            let reference = view! { <code>{reference}</code> }.into_any();
            view! {
                <p>
                    {fill(|[reference]| words::error_ours_reference(reference), [reference])}
                </p>
            }
        });
        view! {
            <html lang=language.code() data-theme=theme.attribute()>
                <head>
                    <Head />
                    <title>{format!("{title} · {name}")}</title>
                </head>
                <body>
                    <EntryFrame>
                        <div class="card-head">
                            <h1>{title}</h1>
                            <p>{explanation}</p>
                        </div>
                        {reference}
                        <div class="card-foot">
                            <a class="button button-primary" href=home>
                                {words::go_to_start()}
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

fn words(mishap: &Mishap<'_>) -> (String, String) {
    match mishap.status {
        StatusCode::FORBIDDEN => (words::error_foreign_heading(), words::error_foreign_text()),
        StatusCode::NOT_FOUND => (words::not_found_heading(), words::not_found_text()),
        StatusCode::PAYLOAD_TOO_LARGE => (words::error_large_heading(), words::error_large_text()),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            (words::error_cookies_heading(), words::error_cookies_text())
        }
        StatusCode::TOO_MANY_REQUESTS => {
            let text = match mishap.wait {
                Some(wait) => words::error_often_wait(words::span(wait)),
                None => words::error_often_text(),
            };
            (words::error_often_heading(), text)
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            (words::error_away_heading(), words::error_away_text())
        }
        status if status.is_server_error() => {
            (words::error_ours_heading(), words::error_ours_text())
        }
        _ => (
            words::error_unreadable_heading(),
            words::error_unreadable_text(),
        ),
    }
}
