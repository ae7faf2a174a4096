use std::sync::Arc;

use domain::PermissionLevel;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;

use super::avatar::OwnAvatar;
use super::footer::Footer;
use super::icon::BrandMark;
use crate::door::Door;
use crate::{Asked, Site, words};

/// A page for people who are not logged in: one card on a quiet ground.
#[component]
pub(crate) fn EntryLayout(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <Title text=title />
        <EntryFrame>{children()}</EntryFrame>
    }
}

/// The frame of such a page, for documents that have their title already.
#[component]
pub(crate) fn EntryFrame(children: Children) -> impl IntoView {
    view! {
        <div class="layout entry">
            <SkipLink />
            <header class="entry-head">
                <Brand />
            </header>
            <main class="card" id="main" tabindex="-1">
                {children()}
            </main>
            <Footer />
            <Offline />
        </div>
    }
    // The type of a page is long enough for the compiler without that of its frame.
    .into_any()
}

/// A page for a person who is logged in.
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
                    <a class="topbar-person" href="/account" aria-current=here("/account")>
                        <OwnAvatar display=display.clone() />
                        <bdi>{display}</bdi>
                    </a>
                    <form method="post" action="/do/sign-out">
                        <button class="button button-quiet" type="submit">
                            {words::log_out()}
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

/// The way to administration, for those who may go there.
#[component]
fn AdminLink() -> impl IntoView {
    let visitor = Door::try_open()?.visitor();
    let level = visitor.signed_in()?.user.level;
    (level >= PermissionLevel::Moderator).then(|| {
        view! {
            <a class="button button-quiet topbar-admin" href="/admin" aria-current=here("/admin")>
                {words::admin_title()}
            </a>
        }
    })
}

/// Says of a link in the header that it leads to where one is.
fn here(path: &str) -> Option<&'static str> {
    Door::try_open()?.is_within(path).then_some("page")
}

#[component]
fn SkipLink() -> impl IntoView {
    view! {
        <a class="skip-link" href="#main">
            {words::skip_to_content()}
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
                None => Either::Right(view! { <BrandMark /> }),
            }}
            <span>{site.name.clone()}</span>
        </a>
    }
}

/// Where the page's script says that the connection is gone.
#[component]
fn Offline() -> impl IntoView {
    view! {
        <div class="toast" id="offline" aria-live="polite" data-words=words::offline()></div>
    }
}

/// What stands in the head of every document but its title.
#[component]
pub(crate) fn Head() -> impl IntoView {
    let site: Arc<Site> = expect_context();
    let Asked { wishes, .. } = expect_context();
    let (icon, kind) = match &site.brand.logo {
        Some(logo) => (logo.url.clone(), logo.content_type),
        None => (site.assets.icon.clone(), "image/svg+xml"),
    };
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content=wishes.theme.color_scheme() />
        <link rel="icon" type=kind href=icon />
        <link rel="stylesheet" href=site.assets.style.clone() />
        {site.brand.style.clone().map(|style| view! { <link rel="stylesheet" href=style /> })}
    }
}
