use leptos::prelude::*;

use crate::request_context::RequestContext;

/// `/`: redirects to the account or the login.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let context = RequestContext::current();
    let to = if context.person().is_some() {
        "/account"
    } else {
        "/login"
    };
    context.redirect(to);
}
