use axum::extract::Request;
use axum::response::Redirect;
use http::Method;
use http::header::{ACCEPT, HOST};

use crate::router::Web;

/// On a laptop people type `127.0.0.1` as readily as `localhost`, yet cookies and forms
/// belong to one of them: pages opened by the other name lead to the base URL. Only
/// between names of this machine; behind a proxy the `Host` says nothing.
pub(super) fn own_address(web: &Web, request: &Request) -> Option<Redirect> {
    let base = &web.site.base_url;
    let headers = request.headers();
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let wants_page = *request.method() == Method::GET && text(ACCEPT).contains("text/html");
    let by_other_name = is_this_machine(base.host_str().unwrap_or_default())
        && text(HOST).rsplit_once(':').is_some_and(|(host, port)| {
            is_this_machine(host)
                && Some(host) != base.host_str()
                && port.parse().ok() == base.port_or_known_default()
        });
    if !(wants_page && by_other_name) {
        return None;
    }
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    // Of a path, never of `//host`.
    let to = base.join(&format!("./{}", path.trim_start_matches('/')));
    to.ok().map(|to| Redirect::temporary(to.as_str()))
}

fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}
