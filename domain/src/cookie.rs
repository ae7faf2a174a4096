/// The values of all cookies with exactly this name in a `Cookie` header (RFC 6265, section 5.4).
///
/// Nothing is percent-decoded: a browser rejects `__Host-x` from a subdomain, but not
/// `%5F%5FHost-x`. Works on bytes because cookies of other sites on the domain may hold anything.
pub fn cookie_values<'a>(header: &'a [u8], name: &'a str) -> impl Iterator<Item = &'a str> {
    header.split(|byte| *byte == b';').filter_map(move |pair| {
        let value = pair
            .trim_ascii()
            .strip_prefix(name.as_bytes())?
            .strip_prefix(b"=")?;
        str::from_utf8(value).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_the_very_name_and_left_as_they_are() {
        let found = |header: &[u8]| -> Vec<String> {
            cookie_values(header, "a").map(str::to_owned).collect()
        };
        for (header, expected) in [
            (&b"a=1"[..], &["1"][..]),
            (b"a=1; b=2; a=3", &["1", "3"]),
            (b" a=1 ;a=2", &["1", "2"]),
            (b"a=", &[""]),
            (b"a=b=c", &["b=c"]),
            (b"a=\"1\"", &["\"1\""]),
            (b"a=%41", &["%41"]),
            (b"A=1; xa=1; ax=1; a =1; %61=1", &[]),
            (b"b=\xff; a=\xff; a=1", &["1"]),
            (b"=;;; =; a", &[]),
            (b"", &[]),
        ] {
            assert_eq!(found(header), expected, "{}", header.escape_ascii());
        }
    }
}
