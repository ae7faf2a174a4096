use http::HeaderMap;

use crate::cookies;
use crate::language::Language;

/// The language and theme of a page: chosen in its footer, else the browser's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
}

impl Preferences {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
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
    /// The setting of the operating system.
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

    /// For `<html data-theme>`. The server writes it, so no page flashes in the wrong theme.
    pub(crate) const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light | Self::Dark => Some(self.code()),
        }
    }

    /// For `<meta name="color-scheme">`, which applies before the style sheet has loaded.
    pub(crate) const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "only light",
            Self::Dark => "only dark",
        }
    }
}
