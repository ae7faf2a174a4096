/// A typed code without the spaces and hyphens that people put into it.
pub(super) fn strip_separators(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect()
}
