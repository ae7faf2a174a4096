use http::{HeaderMap, Uri};

use crate::cookies;
use crate::words::Language;

/// How a person wants pages to be: what they chose by the switches at the foot of every page,
/// else what their browser says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
}

impl Wishes {
    fn of(headers: &HeaderMap) -> Self {
        let chosen = cookies::language(headers).and_then(Language::by_code);
        let theme = cookies::theme(headers).and_then(Theme::by_code);
        Self {
            language: chosen.unwrap_or_else(|| Language::accepted_by(headers)),
            theme: theme.unwrap_or_default(),
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }

    /// For `<html data-theme>`: the server writes it, so that no page flashes in the wrong one.
    pub(crate) const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light | Self::Dark => Some(self.code()),
        }
    }

    /// For `<meta name="color-scheme">`, which colours the page before its style is there.
    pub(crate) const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "only light",
            Self::Dark => "only dark",
        }
    }
}

/// What a page has to know of the request it answers, besides who asks.
#[derive(Clone, Debug)]
pub struct Asked {
    pub(crate) wishes: Wishes,
    path: String,
}

impl Asked {
    #[must_use]
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        Self {
            wishes: Wishes::of(headers),
            path: uri.path().to_owned(),
        }
    }

    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}
