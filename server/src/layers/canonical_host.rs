use axum::extract::Request;
use axum::response::Redirect;
use http::Method;
use http::header::{ACCEPT, HOST};

use crate::state::AppState;

/// Redirects pages that were opened by another name of this machine, such as `127.0.0.1` instead
/// of `localhost`, to the base URL: cookies and forms work under one name only. Other hosts are
/// left alone, since the `Host` that a proxy passes on proves nothing.
pub(super) fn canonical_host(state: &AppState, request: &Request) -> Option<Redirect> {
    let base = &state.site.base_url;
    let headers = request.headers();
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let wants_page = *request.method() == Method::GET && text(ACCEPT).contains("text/html");
    let is_other_name = is_local_name(base.host_str().unwrap_or_default())
        && text(HOST).rsplit_once(':').is_some_and(|(host, port)| {
            is_local_name(host)
                && Some(host) != base.host_str()
                && port.parse().ok() == base.port_or_known_default()
        });
    if !(wants_page && is_other_name) {
        return None;
    }
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    // Leading slashes are dropped, so that `//host` stays a path.
    let target = base.join(&format!("./{}", path.trim_start_matches('/')));
    target
        .ok()
        .map(|target| Redirect::temporary(target.as_str()))
}

fn is_local_name(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}
