/// Text as it is written between tags, for the two places where Leptos writes out what it is given:
/// the title of a page (`leptos_meta` 0.8) and the inside of a `textarea` (`tachys` 0.2). Without this
/// a `</title>` in somebody's name would end the title, and what follows be a part of the page.
pub(crate) fn as_html(text: String) -> String {
    if text.contains(['&', '<']) {
        text.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_it_stands_in() {
        assert_eq!(
            as_html("</title><b>a &lt; b</b>".to_owned()),
            "&lt;/title>&lt;b>a &amp;lt; b&lt;/b>"
        );
    }
}
