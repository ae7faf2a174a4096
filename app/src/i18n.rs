//! The text of pages, in the language of the request. The messages are in `languages/*.ftl`;
//! `build.rs` generates a function for each message of the English file.

use std::time::Duration;

use domain::whole_seconds;
use fluent_bundle::{FluentArgs, FluentValue as Value};
use leptos::prelude::*;

use crate::language::Language;
use crate::request_info::RequestInfo;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// A message in the language of the request; in English if that language lacks it.
fn translate<const N: usize>(key: &str, arguments: [(&'static str, Value<'_>); N]) -> String {
    let language = use_context::<RequestInfo>()
        .map_or_else(Language::english, |request| request.preferences.language);
    let arguments = FluentArgs::from_iter(arguments);
    let text = language.format(key, &arguments);
    text.or_else(|| Language::english().format(key, &arguments))
        .unwrap_or_else(|| key.to_owned())
}

/// A duration for people: seconds up to a minute, then whole minutes, then whole hours.
pub(crate) fn duration(length: Duration) -> String {
    match whole_seconds(length).max(1) {
        length @ 0..=60 => seconds(length),
        length @ ..=7200 => minutes(length.div_ceil(60)),
        length => hours(length.div_ceil(3600)),
    }
}

/// The placeholder of the `n`th view in a sentence: private-use characters, which appear in no text.
const fn placeholder(n: usize) -> &'static str {
    ["\u{f8f0}", "\u{f8f1}", "\u{f8f2}", "\u{f8f3}"][n]
}

/// A sentence with views in it, such as a link, at the places that the language gives them:
/// `interpolate(|[bot, command]| i18n::write_to(bot, command), [link, code])`.
pub(crate) fn interpolate<const N: usize>(
    sentence: impl FnOnce([&'static str; N]) -> String,
    views: [AnyView; N],
) -> Vec<AnyView> {
    let sentence = sentence(std::array::from_fn(placeholder));
    let mut views = views.map(Some);
    let mut parts = Vec::new();
    let mut rest = sentence.as_str();
    let next = |rest: &str| {
        let found = (0..N).filter_map(|n| Some((rest.find(placeholder(n))?, n)));
        found.min()
    };
    while let Some((at, n)) = next(rest) {
        if at > 0 {
            parts.push(rest[..at].to_owned().into_any());
        }
        parts.extend(views[n].take());
        rest = &rest[at + placeholder(n).len()..];
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned().into_any());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_go_where_the_sentence_puts_them() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let views = [
                view! { <b>"1"</b> }.into_any(),
                view! { <i>"2"</i> }.into_any(),
            ];
            let parts = interpolate(|[one, two]| format!("a {two} b {one}"), views);
            view! { <p>{parts}</p> }.to_html()
        });
        let text = html.replace("<!>", "").replace("<!---->", "");
        assert_eq!(text, "<p>a <i>2</i> b <b>1</b></p>");
    }
}
