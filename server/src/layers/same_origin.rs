use axum::extract::Request;
use domain::Origin;
use http::header::ORIGIN;
use http::{HeaderMap, Method};

use super::bearer;
use crate::api::Refusal;
use crate::router::Web;

/// Sister services may log a person out, and nothing else (docs/contract.md, Cross-site requests).
const LOGOUT: &str = "/v1/authentication/logout";
/// Reads, yet leaves a row in the audit log.
const EXPORT: &str = "/v1/users/me/export";

/// Refuses every state change that a page of somebody else's started, login forms
/// included: leptos' server functions have no such check of their own. With neither
/// `Origin` nor `Sec-Fetch-Site` the companion cookie decides, beneath (docs/contract.md,
/// Cross-site requests; security A05, A08). `Authorization` of other schemes excuses from nothing:
/// browsers add it by themselves behind a proxy with passwords of its own.
pub(super) fn same_origin(web: &Web, request: &Request) -> Result<(), Refusal> {
    let method = request.method();
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let safe = reads && request.uri().path() != EXPORT;
    let sisters: &[Origin] = match request.uri().path() {
        LOGOUT => &web.site.allowed_origins,
        _ => &[],
    };
    // A token of ours in `Authorization: Bearer` is no browser's doing, and cookies beside it
    // count for nothing (docs/contract.md, Cross-site requests).
    let by_token = matches!(bearer(request.headers()), Some(Ok(_)));
    if safe || by_token || is_ours(request.headers(), &web.origin, sisters) {
        Ok(())
    } else {
        tracing::warn!("a state change from a foreign origin was refused");
        Err(Refusal::ACCESS_DENIED)
    }
}

fn is_ours(headers: &HeaderMap, own: &Origin, sisters: &[Origin]) -> bool {
    let origin = headers
        .get(ORIGIN)
        .map(|value| value.to_str().unwrap_or("unreadable"));
    let site = headers
        .get("sec-fetch-site")
        .map(|value| value.to_str().unwrap_or("unreadable"));
    let is_sister =
        origin.is_some_and(|origin| sisters.iter().any(|sister| sister.as_str() == origin));
    if is_sister {
        return true;
    }
    let origin_is_ours = origin.is_none_or(|origin| origin == own.as_str());
    let site_is_ours = site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    origin_is_ours && site_is_ours
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    const OWN: &str = "https://portal.example.org";
    const SISTER: &str = "https://wiki.example.org";

    fn passes(origin: Option<&str>, site: Option<&str>) -> bool {
        let named = [("origin", origin), ("sec-fetch-site", site)];
        let headers = named.into_iter().filter_map(|(name, value)| {
            Some((
                HeaderName::from_static(name),
                HeaderValue::from_str(value?).unwrap(),
            ))
        });
        is_ours(&headers.collect(), &OWN.parse().unwrap(), &[])
    }

    /// Security A05: 5 × 5 header pairs, one expected answer each.
    #[test]
    fn a05_only_our_own_origin_passes() {
        let sites = [
            None,
            Some("none"),
            Some("same-origin"),
            Some("same-site"),
            Some("cross-site"),
        ];
        let origins = [
            (None, [true, true, true, false, false]),
            (Some(OWN), [true, true, true, false, false]),
            (Some(SISTER), [false; 5]),
            (Some("https://evil.test"), [false; 5]),
            (Some("null"), [false; 5]),
        ];
        for (origin, expected) in origins {
            for (site, expected) in sites.into_iter().zip(expected) {
                assert_eq!(passes(origin, site), expected, "{origin:?} {site:?}");
            }
        }
    }

    #[test]
    fn a05_look_alikes_of_our_origin_do_not_pass() {
        for origin in [
            "https://portal.example.org.evil.test",
            "https://evilportal.example.org",
            "http://portal.example.org",
            "https://portal.example.org:8443",
            "HTTPS://PORTAL.EXAMPLE.ORG",
            "",
        ] {
            assert!(!passes(Some(origin), None), "{origin}");
        }
    }
}
