use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use app::{Site, shell};
use axum::Router;
use axum::extract::{Path, State};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use leptos::prelude::provide_context;
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::{AxumRouteListing, LeptosRoutes as _, render_app_async_with_context};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::api::{self, ApiError};
use crate::layers::{
    Guard, buffer_page, request_log, require_rate_limit, require_same_origin, require_visitor,
    undecodable_form,
};
use crate::rate_limit::{RateClass, RateClasses};
use crate::routes::{Routes, get};
use crate::state::{AppState, MAX_BODY_SIZE};
use crate::{assets, code_status, pages};

/// How long a response may take. The database gives up well before.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(15);

/// The whole web server. Layers, from the outside in: request log, which also limits the head and
/// adds the security headers; panic catcher, timeout, body limit; the guard of the kind of route;
/// the route.
pub fn router(state: AppState) -> Router {
    let context = {
        let state = state.clone();
        move || {
            provide_context(state.portal.clone());
            provide_context(state.site.clone());
        }
    };
    let page_list = pages::list(context.clone());
    let guard = Guard {
        state: state.clone(),
        rate_classes: Arc::new(rate_classes(&page_list)),
    };
    let pages = Router::new()
        .leptos_routes_with_context(&state, page_list, context.clone(), shell)
        .fallback(render_app_async_with_context(context, shell))
        .layer(map_response(buffer_page))
        .layer(from_fn(undecodable_form));
    let with_visitor = pages
        .merge(Router::from(api::shared_routes()).layer(cors(&state)))
        .merge(api::own_routes())
        .merge(api::admin_routes())
        .layer(from_fn_with_state(guard.clone(), require_visitor));
    let without_visitor = Router::new()
        .merge(api::open_routes())
        .route("/v1", any(StatusCode::NOT_FOUND))
        .route("/v1/", any(StatusCode::NOT_FOUND))
        .route("/v1/{*rest}", any(StatusCode::NOT_FOUND))
        .route("/api/{*rest}", any(StatusCode::NOT_FOUND))
        .merge(other_routes())
        .layer(from_fn_with_state(guard.clone(), require_same_origin));
    let bots = Router::from(api::bot_routes()).layer(from_fn_with_state(guard, require_rate_limit));
    wrap(with_visitor.merge(without_visitor).merge(bots), state)
}

/// Routes that belong neither to the API nor to a page or its form.
fn other_routes() -> Routes {
    Routes::new()
        .route(assets::ROUTE, get(asset), RateClass::Unlimited)
        .route(
            code_status::ROUTE,
            get(code_status::status),
            RateClass::Public,
        )
}

fn rate_classes(pages: &[AxumRouteListing]) -> RateClasses {
    let listed = api::list()
        .into_iter()
        .chain(other_routes().into_list())
        .map(|route| (route.path.to_owned(), route.rate_class));
    let pages = pages
        .iter()
        .map(|page| (page.path().to_owned(), pages::rate_class(page.path())));
    listed.chain(pages).chain(pages::forms()).collect()
}

/// The routes of the API: methods and templates.
#[must_use]
pub fn api_routes() -> Vec<(Method, &'static str)> {
    let routes = api::list().into_iter();
    routes.map(|route| (route.method, route.path)).collect()
}

/// All routes: those of the API, the pages and their forms, and the others.
#[must_use]
pub fn all_routes(site: &Arc<Site>) -> Vec<(Method, String)> {
    let site = site.clone();
    let pages = pages::list(move || provide_context(site.clone()));
    let pages = pages
        .iter()
        .map(|page| (Method::GET, page.path().to_owned()));
    let forms = server_fn_paths().map(|(path, method)| (method, path.to_owned()));
    let listed = api::list().into_iter().chain(other_routes().into_list());
    let listed = listed.map(|route| (route.method, route.path.to_owned()));
    listed.chain(pages).chain(forms).collect()
}

/// Adds the layers around all routes. A chain of `.layer(…)` calls would do the same, but each of
/// them clones everything inside of it once more for every request.
fn wrap(routes: Router<AppState>, state: AppState) -> Router {
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), request_log))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            RESPONSE_TIMEOUT,
        ))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_SIZE));
    routes.layer(layers).with_state(state)
}

async fn asset(
    State(state): State<AppState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    state.assets.response(&name, &headers)
}

/// Relying services may read who is logged in, and log out (docs/contract.md, Cross-site
/// requests). Which requests with cookies count is decided by `same_origin` and the companion
/// cookie.
fn cors(state: &AppState) -> CorsLayer {
    let origins = state.site.allowed_origins.iter();
    let origins = origins.filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST])
}

/// The hook that `portal serve` installs has logged the panic. Clients never see its text.
fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response {
    ApiError::INTERNAL.into_response()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use app::{AssetUrls, Brand, CookiePolicy, SameSite};
    use axum::body::{Body, to_bytes};
    use axum::extract::ConnectInfo;
    use axum::routing::get;
    use backend::testing::TestPortal;
    use http::Request;
    use tower::ServiceExt as _;

    use super::*;
    use crate::assets::Assets;
    use crate::layers::TrustedProxies;

    async fn fail() -> StatusCode {
        panic!("the secret is 42")
    }

    /// ASVS 16.5.4. The next request is answered as usual.
    #[tokio::test]
    async fn panic_is_answered_as_internal_error_without_its_text() {
        let portal = TestPortal::on_sqlite().await;
        let base = "https://portal.example.org";
        let site = Site {
            name: "Portal".to_owned(),
            base_url: base.parse().unwrap(),
            allowed_origins: Vec::new(),
            cookies: CookiePolicy {
                name: "hsession".to_owned(),
                domain: None,
                same_site: SameSite::None,
            },
            assets: AssetUrls::default(),
            brand: Brand::default(),
        };
        let state = AppState::new(
            portal.share(),
            site,
            Assets::default(),
            base.parse().unwrap(),
            TrustedProxies::default(),
        );
        let routes = Router::new()
            .route("/v1/panic", get(fail))
            .route("/panic", get(fail))
            .route("/v1/fine", get(|| async { "fine" }));
        let service = wrap(routes, state);
        for (path, status, shown) in [
            (
                "/v1/panic",
                StatusCode::INTERNAL_SERVER_ERROR,
                "{\"error\":\"Internal server error\"",
            ),
            (
                "/panic",
                StatusCode::INTERNAL_SERVER_ERROR,
                "<h1>Something went wrong</h1>",
            ),
            ("/v1/fine", StatusCode::OK, "fine"),
        ] {
            let mut request = Request::get(path).body(Body::empty()).unwrap();
            let peer: SocketAddr = "203.0.113.7:40000".parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = service.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
            let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(body.contains(shown), "{body}");
            assert!(!body.contains("secret"), "{body}");
        }
    }
}
