use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;

use super::icon::BrandMark;
use crate::Site;

/// A page for people who are not logged in: one card on a quiet ground.
#[component]
pub(crate) fn EntryLayout(title: &'static str, children: Children) -> impl IntoView {
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
        </div>
    }
}

/// A page for a person who is logged in.
#[component]
pub(crate) fn SignedInLayout(
    title: &'static str,
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
                    <a class="topbar-person" href="/account" aria-current="page">
                        <span class="avatar" aria-hidden="true">
                            {initial(&display)}
                        </span>
                        <bdi>{display}</bdi>
                    </a>
                    <form method="post" action="/do/sign-out">
                        <button class="button button-quiet" type="submit">
                            "Log out"
                        </button>
                    </form>
                </div>
            </header>
            <main class="content" id="main" tabindex="-1">
                {children()}
            </main>
            <Footer />
        </div>
    }
}

/// What stands for a person without a picture.
pub(crate) fn initial(display: &str) -> String {
    display
        .chars()
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default()
}

#[component]
fn SkipLink() -> impl IntoView {
    view! {
        <a class="skip-link" href="#main">
            "Skip to content"
        </a>
    }
}

#[component]
fn Brand() -> impl IntoView {
    let site: Arc<Site> = expect_context();
    view! {
        <a class="brand" href="/">
            <BrandMark />
            <span>{site.name.clone()}</span>
        </a>
    }
}

#[component]
fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <p>"Self-hosted with Portal"</p>
        </footer>
    }
}
