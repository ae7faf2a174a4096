use std::sync::Arc;

use leptos::prelude::*;

use super::icon::ThemeIcon;
use crate::language::Language;
use crate::preferences::{Preferences, Theme};
use crate::{RequestInfo, Site, i18n};

/// The footer of every page: language, theme and links. A plain form, which works without JavaScript.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    let RequestInfo { preferences, .. } = expect_context();
    let Preferences { language, theme } = preferences;
    let themes = Theme::ALL.map(|choice| {
        view! {
            <button
                type="submit"
                name="theme"
                value=choice.code()
                title=choice.name()
                aria-label=choice.name()
                aria-pressed=(choice == theme).to_string()
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
                    aria-pressed=(choice == language).to_string()
                >
                    {choice.name()}
                </button>
            }
        })
        .collect_view();
    view! {
        <footer class="footer">
            <form class="preferences" method="post" action="/do/preferences">
                <div class="preference" role="group" aria-label=i18n::footer_language()>
                    {languages}
                </div>
                <div class="preference" role="group" aria-label=i18n::footer_theme()>
                    {themes}
                </div>
            </form>
            <FooterLinks />
            <p>{i18n::footer_made_with()}</p>
        </footer>
    }
    .into_any()
}

/// The links that the operator configures.
#[component]
fn FooterLinks() -> impl IntoView {
    let site: Arc<Site> = expect_context();
    let brand = &site.brand;
    let links: Vec<_> = [
        (&brand.support, i18n::footer_support()),
        (&brand.terms, i18n::footer_terms()),
        (&brand.privacy, i18n::footer_privacy()),
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

impl Theme {
    fn name(self) -> String {
        match self {
            Self::System => i18n::theme_system(),
            Self::Light => i18n::theme_light(),
            Self::Dark => i18n::theme_dark(),
        }
    }
}
