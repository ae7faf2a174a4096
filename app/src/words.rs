//! What pages say, in the language of the person. The words stand in `languages/*.ftl`, one file
//! a language, which is all that a new language takes; `build.rs` writes a function for each
//! message of the English one.

use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use domain::whole_seconds;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue as Value};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use leptos::prelude::*;
use unic_langid::LanguageIdentifier;

use crate::wishes::Asked;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// The language that every message exists in.
const ENGLISH: &str = "en";

/// All languages there is a file for: English, then the others by their codes.
static LANGUAGES: LazyLock<Vec<Loaded>> = LazyLock::new(|| {
    let mut all: Vec<Loaded> = FILES
        .iter()
        .map(|(code, text)| Loaded::read(code, text))
        .collect();
    all.sort_by_key(|loaded| (loaded.code != ENGLISH, loaded.code));
    all
});

struct Loaded {
    code: &'static str,
    words: FluentBundle<FluentResource>,
}

impl Loaded {
    /// What can't be read in a file is left out, and said in English then; a test refuses such
    /// files.
    fn read(code: &'static str, text: &str) -> Self {
        let resource = FluentResource::try_new(text.to_owned());
        let resource = resource.unwrap_or_else(|(readable, _)| readable);
        let id: LanguageIdentifier = code.parse().unwrap_or_default();
        let mut words = FluentBundle::new_concurrent(vec![id]);
        // Names are isolated by `<bdi>`; in titles and attributes the marks would be in the way.
        words.set_use_isolating(false);
        drop(words.add_resource(resource));
        Self { code, words }
    }

    fn say(&self, key: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.words.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let said = self
            .words
            .format_pattern(pattern, Some(arguments), &mut errors);
        errors.is_empty().then(|| said.into_owned())
    }
}

/// A language that Portal speaks.
#[derive(Clone, Copy)]
pub(crate) struct Language(&'static Loaded);

impl Language {
    /// Each of them, English first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(Self)
    }

    fn english() -> Self {
        Self(&LANGUAGES[0])
    }

    pub(crate) fn by_code(code: &str) -> Option<Self> {
        Self::all().find(|language| language.code() == code)
    }

    /// The one that a browser likes best (RFC 9110, 12.5.4), English where it likes none.
    pub(crate) fn accepted_by(headers: &HeaderMap) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE);
        let header = header.and_then(|value| value.to_str().ok());
        let mut wanted: Vec<(f32, &str)> = header
            .unwrap_or_default()
            .split(',')
            .filter_map(|range| {
                let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
                let weight = weight.trim().strip_prefix("q=")?.parse().ok()?;
                (weight > 0.0).then_some((weight, tag.trim()))
            })
            .collect();
        wanted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let found = wanted.iter().find_map(|(_, tag)| Self::spoken_as(tag));
        found.unwrap_or_else(Self::english)
    }

    /// `de-AT` is spoken as itself where there is a file for it, else as `de` (RFC 4647, 3.4).
    fn spoken_as(tag: &str) -> Option<Self> {
        let mut tag = tag;
        loop {
            let found = Self::all().find(|language| language.code().eq_ignore_ascii_case(tag));
            if found.is_some() {
                return found;
            }
            (tag, _) = tag.rsplit_once('-')?;
        }
    }

    /// As in `<html lang>`.
    pub(crate) fn code(self) -> &'static str {
        self.0.code
    }

    /// What it calls itself: `Deutsch`.
    pub(crate) fn name(self) -> String {
        let name = self.0.say("language-name", &FluentArgs::new());
        name.unwrap_or_else(|| self.0.code.to_owned())
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

/// A message in the language of the request that is being answered; in English where its file
/// has not got it.
fn say<const N: usize>(key: &str, arguments: [(&'static str, Value<'_>); N]) -> String {
    let language =
        use_context::<Asked>().map_or_else(Language::english, |asked| asked.wishes.language);
    let arguments = FluentArgs::from_iter(arguments);
    let said = language.0.say(key, &arguments);
    said.or_else(|| Language::english().0.say(key, &arguments))
        .unwrap_or_else(|| key.to_owned())
}

/// A length of time as people say it: seconds up to a minute, then whole minutes, then hours.
pub(crate) fn span(length: Duration) -> String {
    match whole_seconds(length).max(1) {
        length @ 0..=60 => seconds(length),
        length @ ..=7200 => minutes(length.div_ceil(60)),
        length => hours(length.div_ceil(3600)),
    }
}

/// Stands in a message for the `n`th piece of a page; no text of ours or of anybody's has it,
/// since these characters mean nothing.
const fn place(n: usize) -> &'static str {
    ["\u{f8f0}", "\u{f8f1}", "\u{f8f2}", "\u{f8f3}"][n]
}

/// A sentence with pieces of a page in it, a link or a name in bold, each where the language
/// wants it: `fill(|[bot, command]| words::write_to(bot, command), [link, code])`.
pub(crate) fn fill<const N: usize>(
    sentence: impl FnOnce([&'static str; N]) -> String,
    pieces: [AnyView; N],
) -> Vec<AnyView> {
    let sentence = sentence(std::array::from_fn(place));
    let mut pieces = pieces.map(Some);
    let mut filled = Vec::new();
    let mut rest = sentence.as_str();
    while let Some((at, n)) = (0..N).filter_map(|n| Some((rest.find(place(n))?, n))).min() {
        if at > 0 {
            filled.push(rest[..at].to_owned().into_any());
        }
        filled.extend(pieces[n].take());
        rest = &rest[at + place(n).len()..];
    }
    if !rest.is_empty() {
        filled.push(rest.to_owned().into_any());
    }
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_syntax::ast::Entry;
    use http::HeaderValue;

    use super::*;

    /// Key → its placeholders, read from the text itself.
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
            assert!(twice.is_none(), "{key} stands there twice");
        }
        found
    }

    #[test]
    fn every_language_has_every_message_with_the_same_placeholders() {
        let english = FILES.iter().find(|(code, _)| *code == ENGLISH).unwrap();
        let english = messages(english.1);
        assert!(english.len() > 20);
        for (code, text) in FILES {
            let own = messages(text);
            for (key, places) in &english {
                assert_eq!(own.get(key), Some(places), "{code}.ftl: {key}");
            }
            for key in own.keys() {
                assert!(english.contains_key(key), "{code}.ftl: {key} is of no use");
            }
        }
    }

    /// Also with numbers, whose plurals each language has its own way with.
    #[test]
    fn every_message_can_be_said() {
        for loaded in LANGUAGES.iter() {
            for (key, places) in messages(
                FILES
                    .iter()
                    .find(|(code, _)| *code == loaded.code)
                    .unwrap()
                    .1,
            ) {
                for number in [0, 1, 2, 5, 12] {
                    let arguments: FluentArgs<'_> = places
                        .iter()
                        .map(|place| (place.as_str(), Value::from(number)))
                        .collect();
                    let said = loaded.say(&key, &arguments);
                    assert!(
                        said.is_some_and(|said| !said.is_empty()),
                        "{}: {key}",
                        loaded.code
                    );
                }
            }
        }
    }

    /// Elsewhere than in French a mark follows its word; there the two are kept together.
    #[test]
    fn no_line_begins_with_a_mark() {
        for (code, text) in FILES {
            let said = text.lines().filter(|line| !line.starts_with('#'));
            let said = said.filter_map(|line| Some(line.split_once('=')?.1));
            for line in said {
                let torn = [" :", " ;", " ?", " !", "« ", " »"];
                let torn = torn.iter().find(|torn| line.contains(**torn));
                assert_eq!(torn, None, "{code}.ftl: {line}");
                let spaced = line.contains(['\u{a0}', '\u{202f}']);
                assert!(!spaced || *code == "fr", "{code}.ftl: {line}");
            }
        }
    }

    #[test]
    fn a_language_has_its_own_way_with_a_date() {
        for (code, said) in [
            ("en", "1 March 2026, 16:03 UTC"),
            ("de", "1. März 2026, 16:03 Uhr UTC"),
            ("fr", "1er mars 2026, 16:03 UTC"),
        ] {
            let mut date = FluentArgs::from_iter([("day", 1), ("month", 3), ("year", 2026)]);
            date.set("time", "16:03");
            let language = Language::by_code(code).unwrap();
            assert_eq!(language.0.say("moment", &date).as_deref(), Some(said));
        }
    }

    #[test]
    fn the_browser_s_favourite_that_we_speak_is_taken() {
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

    #[test]
    fn pieces_stand_where_the_sentence_wants_them() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let pieces = [
                view! { <b>"1"</b> }.into_any(),
                view! { <i>"2"</i> }.into_any(),
            ];
            let filled = fill(|[one, two]| format!("a {two} b {one}"), pieces);
            view! { <p>{filled}</p> }.to_html()
        });
        let text = html.replace("<!>", "").replace("<!---->", "");
        assert_eq!(text, "<p>a <i>2</i> b <b>1</b></p>");
    }
}
