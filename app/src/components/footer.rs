#![expect(
    clippy::unused_async,
    reason = "a server function is async, whether or not it waits"
)]

use std::sync::Arc;

use leptos::prelude::*;

use super::icon::ThemeIcon;
use crate::wishes::{Asked, Theme, Wishes};
use crate::words::{self, Language};
use crate::{Site, cookies, door::Door};

/// The foot of every page: in which colours and in which language it is shown. Plain forms, which
/// work without JavaScript.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    let Asked { wishes, .. } = expect_context();
    let Wishes { language, theme } = wishes;
    let themes = Theme::ALL.map(|choice| {
        view! {
            <button
                type="submit"
                name="theme"
                value=choice.code()
                title=choice.name()
                aria-label=choice.name()
                aria-pressed=pressed(choice == theme)
            >
                <ThemeIcon theme=choice />
            </button>
        }
    });
    let languages = Language::all()
        .map(|choice| {
            view! {
                <button
                    type="submit"
                    name="language"
                    value=choice.code()
                    lang=choice.code()
                    aria-pressed=pressed(choice == language)
                >
                    {choice.name()}
                </button>
            }
        })
        .collect_view();
    view! {
        <footer class="footer">
            <form class="switches" method="post" action="/do/wish">
                <div class="switch" role="group" aria-label=words::footer_language()>
                    {languages}
                </div>
                <div class="switch" role="group" aria-label=words::footer_theme()>
                    {themes}
                </div>
            </form>
            <FootLinks />
            <p>{words::footer_made_with()}</p>
        </footer>
    }
    .into_any()
}

/// What the operator wants to be reached from everywhere.
#[component]
fn FootLinks() -> impl IntoView {
    let site: Arc<Site> = expect_context();
    let brand = &site.brand;
    let links: Vec<_> = [
        (&brand.support, words::footer_support()),
        (&brand.terms, words::footer_terms()),
        (&brand.privacy, words::footer_privacy()),
    ]
    .into_iter()
    .filter_map(|(link, name)| Some((link.clone()?, name)))
    .map(|(link, name)| {
        view! {
            <li>
                <a href=link rel="noreferrer">
                    {name}
                </a>
            </li>
        }
    })
    .collect();
    (!links.is_empty()).then(|| view! { <ul class="footer-links">{links}</ul> })
}

const fn pressed(is: bool) -> &'static str {
    if is { "true" } else { "false" }
}

impl Theme {
    fn name(self) -> String {
        match self {
            Self::System => words::theme_system(),
            Self::Light => words::theme_light(),
            Self::Dark => words::theme_dark(),
        }
    }
}

/// The switches: keeps what was chosen in this browser, and leads back to the page. The page is
/// in the `Referer`, which our policy keeps for our own forms: an address may hold a token, which
/// then stands in no document.
#[server(prefix = "/do", endpoint = "wish")]
pub async fn wish(
    #[server(default)] language: String,
    #[server(default)] theme: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    if let Some(language) = Language::by_code(&language) {
        door.set_cookie(cookies::remember_language(language));
    }
    if let Some(theme) = Theme::by_code(&theme) {
        door.set_cookie(cookies::remember_theme(theme));
    }
    door.go(&door.page_before());
    Ok(())
}
