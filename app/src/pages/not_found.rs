use http::StatusCode;
use leptos::prelude::*;

use crate::components::AuthLayout;
use crate::i18n;
use crate::request_context::RequestContext;

/// The page of every unknown path.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    // Without a request, the router only lists its routes.
    if let Some(context) = RequestContext::try_current() {
        context.set_status(StatusCode::NOT_FOUND);
    }
    view! {
        <AuthLayout title=i18n::not_found_title()>
            <div class="card-header">
                <h1>{i18n::not_found_heading()}</h1>
                <p>{i18n::not_found_text()}</p>
            </div>
            <div class="card-footer">
                <a class="button button-primary" href="/">
                    {i18n::go_to_start()}
                </a>
            </div>
        </AuthLayout>
    }
}
