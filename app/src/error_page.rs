use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use leptos::prelude::*;

use crate::components::{AuthFrame, Head};
use crate::i18n::{self, interpolate};
use crate::preferences::Preferences;
use crate::{RequestInfo, Site};

/// An error outside of pages: a defect, an unavailable database, a refused form.
#[derive(Clone, Debug)]
pub struct ErrorPage<'a> {
    pub status: StatusCode,
    /// The correlation id.
    pub reference: &'a str,
    /// When to try again, if known.
    pub retry_after: Option<Duration>,
    pub request: &'a RequestInfo,
}

/// Renders the page for an error, without router and scripts.
#[must_use]
pub fn error_page(site: &Arc<Site>, page: &ErrorPage<'_>) -> String {
    let (name, home) = (site.name.clone(), site.base_url.to_string());
    let reference = page.reference.to_owned();
    let is_server_error = page.status.is_server_error();
    let Preferences { language, theme } = page.request.preferences;
    let document = Owner::new().with(|| {
        provide_context(site.clone());
        provide_context(page.request.clone());
        let (title, explanation) = heading_and_text(page);
        let reference = is_server_error.then(|| {
            let reference = view! { <code>{reference}</code> }.into_any();
            view! {
                <p>
                    {interpolate(|[reference]| i18n::error_ours_reference(reference), [reference])}
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
                    <AuthFrame>
                        <div class="card-header">
                            <h1>{title}</h1>
                            <p>{explanation}</p>
                        </div>
                        {reference}
                        <div class="card-footer">
                            <a class="button button-primary" href=home>
                                {i18n::go_to_start()}
                            </a>
                        </div>
                    </AuthFrame>
                </body>
            </html>
        }
        .to_html()
    });
    format!("<!DOCTYPE html>{document}")
}

fn heading_and_text(page: &ErrorPage<'_>) -> (String, String) {
    match page.status {
        StatusCode::FORBIDDEN => (i18n::error_foreign_heading(), i18n::error_foreign_text()),
        StatusCode::NOT_FOUND => (i18n::not_found_heading(), i18n::not_found_text()),
        StatusCode::PAYLOAD_TOO_LARGE => (i18n::error_large_heading(), i18n::error_large_text()),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            (i18n::error_cookies_heading(), i18n::error_cookies_text())
        }
        StatusCode::TOO_MANY_REQUESTS => {
            let text = match page.retry_after {
                Some(wait) => i18n::error_often_wait(i18n::duration(wait)),
                None => i18n::error_often_text(),
            };
            (i18n::error_often_heading(), text)
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            (i18n::error_away_heading(), i18n::error_away_text())
        }
        status if status.is_server_error() => (i18n::error_ours_heading(), i18n::error_ours_text()),
        _ => (
            i18n::error_unreadable_heading(),
            i18n::error_unreadable_text(),
        ),
    }
}
