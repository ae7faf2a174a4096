use std::sync::Arc;

use domain::AvatarUrl;
use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;
use http::request::Parts;
use leptos::nonce::{Nonce, use_nonce};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::components::Head;
use crate::html::escape_html;
use crate::pages::{
    AccountPage, AdminAuditPage, AdminBotPage, AdminBotsPage, AdminPeoplePage, AdminPersonPage,
    ConfirmPage, DeleteAccountPage, EmailLinkPage, EmailPage, HomePage, LoginCodePage, LoginPage,
    LoginRequestPage, NewPasswordPage, NotFoundPage, NotMePage, RecoverLinkPage, RecoverPage,
    RegisterPage, SecurityPage, SetUpPage,
};
use crate::preferences::Preferences;
use crate::{RequestInfo, Site};

/// Runs in every page before it is painted: converts times to the local time zone, reports a lost
/// connection, and prevents double submits.
const PAGE_SCRIPT: &str = include_str!("page.js");

/// The routes of all pages. `SsrMode::Async` renders a page before the first byte is sent: only then
/// are status, cookies and redirects reliable.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let site: Arc<Site> = expect_context();
    let name = site.name.clone();
    view! {
        <Title formatter=move |title| escape_html(format!("{title} · {name}")) />
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async />
                <Route path=path!("/login/code") view=LoginCodePage ssr=SsrMode::Async />
                <Route path=path!("/login/request") view=LoginRequestPage ssr=SsrMode::Async />
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                <Route path=path!("/account/delete") view=DeleteAccountPage ssr=SsrMode::Async />
                <Route path=path!("/admin/bots") view=AdminBotsPage ssr=SsrMode::Async />
                <Route path=path!("/admin/bots/:id") view=AdminBotPage ssr=SsrMode::Async />
                <Route path=path!("/admin/audit") view=AdminAuditPage ssr=SsrMode::Async />
                <Route path=path!("/account/security") view=SecurityPage ssr=SsrMode::Async />
                <Route path=path!("/admin") view=AdminPeoplePage ssr=SsrMode::Async />
                <Route path=path!("/admin/people/:id") view=AdminPersonPage ssr=SsrMode::Async />
                <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async />
                <Route path=path!("/email") view=EmailPage ssr=SsrMode::Async />
                <Route path=path!("/email/:token") view=EmailLinkPage ssr=SsrMode::Async />
                <Route path=path!("/recover") view=RecoverPage ssr=SsrMode::Async />
                <Route path=path!("/recover/new") view=NewPasswordPage ssr=SsrMode::Async />
                <Route path=path!("/recover/:token") view=RecoverLinkPage ssr=SsrMode::Async />
                <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async />
                <Route path=path!("/not-me/:token") view=NotMePage ssr=SsrMode::Async />
                <Route path=path!("/setup") view=SetUpPage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}

/// The document around the pages.
#[must_use]
pub fn shell() -> impl IntoView {
    // As Leptos' own hydration scripts do in islands mode: nothing outside of an island is hydrated,
    // so nothing needs to be serialised.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let site: Arc<Site> = expect_context();
    let nonce = use_nonce();
    set_policy(&site, nonce.as_ref());
    let request = request_info();
    let Preferences { language, theme } = request.preferences;
    provide_context(request);
    view! {
        <!DOCTYPE html>
        <html lang=language.code() data-theme=theme.attribute()>
            <head>
                <Head />
                <MetaTags />
            </head>
            <body>
                <App />
                <script nonce=nonce inner_html=PAGE_SCRIPT></script>
            </body>
        </html>
    }
}

fn request_info() -> RequestInfo {
    let request: Parts = expect_context();
    RequestInfo::of(&request.uri, &request.headers)
}

/// Sets the Content-Security-Policy of a page: files of this site only, scripts only with the nonce of
/// this answer (ASVS 3.4.3). Browsers check `form-action` on redirects too, so it lists the services
/// that a login may return to.
fn set_policy(site: &Site, nonce: Option<&Nonce>) {
    let script_source = match nonce {
        Some(nonce) => format!("'nonce-{nonce}' 'wasm-unsafe-eval'"),
        None => "'none'".to_owned(),
    };
    let mut form_action = String::from("'self'");
    for origin in &site.allowed_origins {
        form_action.push(' ');
        form_action.push_str(origin.as_str());
    }
    // The hosts of platform avatars, and no others (security A15).
    let mut image_source = String::from("'self'");
    for host in AvatarUrl::HOSTS {
        image_source.push_str(" https://");
        image_source.push_str(host);
    }
    let policy = format!(
        "default-src 'none'; script-src {script_source}; style-src 'self'; img-src {image_source}; \
         connect-src 'self'; form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
    );
    let (Some(response), Ok(policy)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&policy),
    ) else {
        return;
    };
    response.insert_header(CONTENT_SECURITY_POLICY, policy);
}
