//! The languages of the portal, one file in `languages/` each, and the choice between them.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use unic_langid::LanguageIdentifier;

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The language that has every message.
const ENGLISH: &str = "en";

/// English first, then the others by code.
static LANGUAGES: LazyLock<Vec<Bundle>> = LazyLock::new(|| {
    let mut all: Vec<Bundle> = FILES
        .iter()
        .map(|(code, text)| Bundle::parse(code, text))
        .collect();
    all.sort_by_key(|bundle| (bundle.code != ENGLISH, bundle.code));
    all
});

struct Bundle {
    code: &'static str,
    messages: FluentBundle<FluentResource>,
}

impl Bundle {
    /// Skips messages that don't parse; they appear in English then. A test rejects such files.
    fn parse(code: &'static str, text: &str) -> Self {
        let resource = FluentResource::try_new(text.to_owned());
        let resource = resource.unwrap_or_else(|(parsed, _)| parsed);
        let id: LanguageIdentifier = code.parse().unwrap_or_default();
        let mut messages = FluentBundle::new_concurrent(vec![id]);
        // `<bdi>` isolates names; isolation marks would show up in titles and attributes.
        messages.set_use_isolating(false);
        drop(messages.add_resource(resource));
        Self { code, messages }
    }
}

/// A language of the portal.
#[derive(Clone, Copy)]
pub(crate) struct Language(&'static Bundle);

impl Language {
    /// All languages, English first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(Self)
    }

    pub(crate) fn english() -> Self {
        Self(&LANGUAGES[0])
    }

    pub(crate) fn by_code(code: &str) -> Option<Self> {
        Self::all().find(|language| language.code() == code)
    }

    /// The language that a browser prefers (RFC 9110, 12.5.4), or English.
    pub(crate) fn accepted_by(headers: &HeaderMap) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE);
        let header = header.and_then(|value| value.to_str().ok());
        let mut ranges: Vec<(f32, &str)> = header
            .unwrap_or_default()
            .split(',')
            .filter_map(|range| {
                let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
                let weight = weight.trim().strip_prefix("q=")?.parse().ok()?;
                (weight > 0.0).then_some((weight, tag.trim()))
            })
            .collect();
        ranges.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let found = ranges.iter().find_map(|(_, tag)| Self::by_tag(tag));
        found.unwrap_or_else(Self::english)
    }

    /// `de-AT` matches its own file if there is one, else `de` (RFC 4647, 3.4).
    fn by_tag(tag: &str) -> Option<Self> {
        let mut tag = tag;
        loop {
            let found = Self::all().find(|language| language.code().eq_ignore_ascii_case(tag));
            if found.is_some() {
                return found;
            }
            (tag, _) = tag.rsplit_once('-')?;
        }
    }

    /// The code for `<html lang>`.
    pub(crate) fn code(self) -> &'static str {
        self.0.code
    }

    /// Its name in itself: `Deutsch`.
    pub(crate) fn name(self) -> String {
        let name = self.format("language-name", &FluentArgs::new());
        name.unwrap_or_else(|| self.0.code.to_owned())
    }

    /// A message; `None` if this language lacks it, or an argument.
    pub(crate) fn format(self, key: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.0.messages.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self
            .0
            .messages
            .format_pattern(pattern, Some(arguments), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::english()
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.0.code == other.0.code
    }
}

impl Eq for Language {}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_bundle::FluentValue as Value;
    use fluent_syntax::ast::Entry;
    use http::HeaderValue;

    use super::*;

    /// Key → placeholders, parsed from the text of a file.
    fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        let resource = fluent_syntax::parser::parse(text);
        let resource = resource.unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
        let mut found = BTreeMap::new();
        for entry in &resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let body = format!("{:?}", message.value);
            let places = body
                .split("VariableReference { id: Identifier { name: \"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .map(str::to_owned);
            let key = message.id.name.to_owned();
            let twice = found.insert(key.clone(), places.collect());
            assert!(twice.is_none(), "{key} is defined twice");
        }
        found
    }

    #[test]
    fn every_language_has_every_message_with_the_same_placeholders() {
        let english = FILES.iter().find(|(code, _)| *code == ENGLISH).unwrap();
        let english = messages(english.1);
        assert!(english.len() > 20);
        for (code, text) in FILES {
            let found = messages(text);
            for (key, places) in &english {
                assert_eq!(found.get(key), Some(places), "{code}.ftl: {key}");
            }
            for key in found.keys() {
                assert!(english.contains_key(key), "{code}.ftl: {key} is unused");
            }
        }
    }

    /// With several numbers, to cover the plural forms of each language.
    #[test]
    fn every_message_formats() {
        for language in Language::all() {
            for (key, places) in messages(
                FILES
                    .iter()
                    .find(|(code, _)| *code == language.code())
                    .unwrap()
                    .1,
            ) {
                for number in [0, 1, 2, 5, 12] {
                    let arguments: FluentArgs<'_> = places
                        .iter()
                        .map(|place| (place.as_str(), Value::from(number)))
                        .collect();
                    let formatted = language.format(&key, &arguments);
                    assert!(
                        formatted.is_some_and(|text| !text.is_empty()),
                        "{}: {key}",
                        language.code()
                    );
                }
            }
        }
    }

    /// French puts a space before some marks, which must not break; other languages put none.
    #[test]
    fn no_line_breaks_before_a_punctuation_mark() {
        for (code, text) in FILES {
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            let lines = lines.filter_map(|line| Some(line.split_once('=')?.1));
            for line in lines {
                let torn = [" :", " ;", " ?", " !", "« ", " »"];
                let torn = torn.iter().find(|torn| line.contains(**torn));
                assert_eq!(torn, None, "{code}.ftl: {line}");
                let spaced = line.contains(['\u{a0}', '\u{202f}']);
                assert!(!spaced || *code == "fr", "{code}.ftl: {line}");
            }
        }
    }

    #[test]
    fn dates_follow_the_language() {
        for (code, text) in [
            ("en", "1 March 2026, 16:03 UTC"),
            ("de", "1. März 2026, 16:03 Uhr UTC"),
            ("fr", "1er mars 2026, 16:03 UTC"),
        ] {
            let mut date = FluentArgs::from_iter([("day", 1), ("month", 3), ("year", 2026)]);
            date.set("time", "16:03");
            let language = Language::by_code(code).unwrap();
            assert_eq!(language.format("moment", &date).as_deref(), Some(text));
        }
    }

    #[test]
    fn the_preferred_supported_language_is_used() {
        for (accept, code) in [
            ("", "en"),
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
            ("xx, de;q=0.5", "de"),
            ("en-GB,de;q=0.3", "en"),
            ("*", "en"),
            ("de;q=0.2, fr;q=0.9", "fr"),
            (";;;,,=,q", "en"),
        ] {
            let headers =
                HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static(accept))]);
            assert_eq!(Language::accepted_by(&headers).code(), code, "{accept}");
        }
    }
}
