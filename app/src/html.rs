/// Escapes text for the two places where Leptos doesn't: the title of a page (`leptos_meta` 0.8) and the
/// content of a `textarea` (`tachys` 0.2). Otherwise a `</title>` in a name would end the title.
pub(crate) fn escape_html(text: String) -> String {
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
    fn text_closes_no_element() {
        assert_eq!(
            escape_html("</title><b>a &lt; b</b>".to_owned()),
            "&lt;/title>&lt;b>a &amp;lt; b&lt;/b>"
        );
    }
}
