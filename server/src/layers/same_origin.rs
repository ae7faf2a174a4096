use axum::extract::Request;
use domain::Origin;
use http::header::ORIGIN;
use http::{HeaderMap, Method};

use super::visitor::bearer_token;
use crate::api::ApiError;
use crate::state::AppState;

/// The only state change that relying services may request (docs/contract.md, Cross-site requests).
const LOGOUT: &str = "/v1/authentication/logout";
/// A GET that writes to the audit log, so it counts as a state change.
const EXPORT: &str = "/v1/users/me/export";

/// Rejects state changes that foreign pages start, login forms included; Leptos' server functions
/// have no such check (docs/contract.md, Cross-site requests; security A05, A08).
///
/// Requests without `Origin` and `Sec-Fetch-Site` pass: for them, the companion cookie decides. An
/// `Authorization` of another scheme than ours exempts from nothing, since browsers send it by
/// themselves when a proxy asks for a password.
pub(super) fn same_origin(state: &AppState, request: &Request) -> Result<(), ApiError> {
    let method = request.method();
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let safe = reads && request.uri().path() != EXPORT;
    let relying_services: &[Origin] = match request.uri().path() {
        LOGOUT => &state.site.allowed_origins,
        _ => &[],
    };
    // Browsers don't send our bearer tokens by themselves, and cookies beside one are ignored.
    let by_token = matches!(bearer_token(request.headers()), Some(Ok(_)));
    if safe || by_token || is_allowed(request.headers(), &state.origin, relying_services) {
        Ok(())
    } else {
        tracing::warn!("cross-origin state change rejected");
        Err(ApiError::ACCESS_DENIED)
    }
}

fn is_allowed(headers: &HeaderMap, own: &Origin, relying_services: &[Origin]) -> bool {
    let origin = headers
        .get(ORIGIN)
        .map(|value| value.to_str().unwrap_or("unreadable"));
    let site = headers
        .get("sec-fetch-site")
        .map(|value| value.to_str().unwrap_or("unreadable"));
    let is_relying_service = origin.is_some_and(|origin| {
        relying_services
            .iter()
            .any(|service| service.as_str() == origin)
    });
    if is_relying_service {
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
    const RELYING_SERVICE: &str = "https://wiki.example.org";

    fn passes(origin: Option<&str>, site: Option<&str>) -> bool {
        let named = [("origin", origin), ("sec-fetch-site", site)];
        let headers = named.into_iter().filter_map(|(name, value)| {
            Some((
                HeaderName::from_static(name),
                HeaderValue::from_str(value?).unwrap(),
            ))
        });
        is_allowed(&headers.collect(), &OWN.parse().unwrap(), &[])
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
            (Some(RELYING_SERVICE), [false; 5]),
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
    fn a05_lookalikes_of_our_origin_do_not_pass() {
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
