use std::sync::Arc;

use domain::PermissionLevel;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;

use super::avatar::OwnAvatar;
use super::footer::Footer;
use super::icon::BrandLogo;
use crate::request_context::RequestContext;
use crate::{RequestInfo, Site, i18n};

/// A page around a login: one card on a plain background.
#[component]
pub(crate) fn AuthLayout(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <Title text=title />
        <AuthFrame>{children()}</AuthFrame>
    }
}

/// The frame of such a page, for documents that already have a title.
#[component]
pub(crate) fn AuthFrame(children: Children) -> impl IntoView {
    view! {
        <div class="layout auth-page">
            <SkipLink />
            <header class="auth-page-header">
                <Brand />
            </header>
            <main class="card" id="main" tabindex="-1">
                {children()}
            </main>
            <Footer />
            <Offline />
        </div>
    }
    // Keeps the type of the page short for the compiler.
    .into_any()
}

/// A page for a logged-in person.
#[component]
pub(crate) fn SignedInLayout(
    #[prop(into)] title: String,
    /// The person's display name.
    display: String,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title />
        <div class="layout">
            <SkipLink />
            <header class="topbar">
                <div class="topbar-inner">
                    <Brand />
                    <AdminLink />
                    <a class="topbar-person" href="/account" aria-current=aria_current("/account")>
                        <OwnAvatar display=display.clone() />
                        <bdi>{display}</bdi>
                    </a>
                    <form method="post" action="/do/sign-out">
                        <button class="button button-quiet" type="submit">
                            {i18n::log_out()}
                        </button>
                    </form>
                </div>
            </header>
            <main class="content" id="main" tabindex="-1">
                {children()}
            </main>
            <Footer />
            <Offline />
        </div>
    }
    .into_any()
}

/// The link to administration, from Moderator up.
#[component]
fn AdminLink() -> impl IntoView {
    let visitor = RequestContext::try_current()?.visitor();
    let level = visitor.signed_in()?.user.level;
    (level >= PermissionLevel::Moderator).then(|| {
        view! {
            <a class="button button-quiet topbar-admin" href="/admin" aria-current=aria_current("/admin")>
                {i18n::admin_title()}
            </a>
        }
    })
}

/// The `aria-current` of a link in the header.
fn aria_current(path: &str) -> Option<&'static str> {
    RequestContext::try_current()?
        .is_within(path)
        .then_some("page")
}

#[component]
fn SkipLink() -> impl IntoView {
    view! {
        <a class="skip-link" href="#main">
            {i18n::skip_to_content()}
        </a>
    }
}

#[component]
fn Brand() -> impl IntoView {
    let site: Arc<Site> = expect_context();
    view! {
        <a class="brand" href="/">
            {match &site.brand.logo {
                Some(logo) => {
                    let url = logo.url.clone();
                    Either::Left(view! { <img class="brand-mark" src=url alt="" /> })
                }
                None => Either::Right(view! { <BrandLogo /> }),
            }}
            <span>{site.name.clone()}</span>
        </a>
    }
}

/// Where `page.js` reports a lost connection.
#[component]
fn Offline() -> impl IntoView {
    view! {
        <div class="toast" id="offline" aria-live="polite" data-text=i18n::offline()></div>
    }
}

/// The head of every document, except its title.
#[component]
pub(crate) fn Head() -> impl IntoView {
    let site: Arc<Site> = expect_context();
    let RequestInfo { preferences, .. } = expect_context();
    let (icon, kind) = match &site.brand.logo {
        Some(logo) => (logo.url.clone(), logo.content_type),
        None => (site.assets.icon.clone(), "image/svg+xml"),
    };
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content=preferences.theme.color_scheme() />
        <link rel="icon" type=kind href=icon />
        <link rel="stylesheet" href=site.assets.style.clone() />
        {site.brand.style.clone().map(|style| view! { <link rel="stylesheet" href=style /> })}
    }
}
