use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use app::{App, Site, shell};
use axum::Router;
use axum::extract::{FromRef, Path, State};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use backend::Portal;
use domain::Origin;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::{
    AxumRouteListing, LeptosRoutes as _, generate_route_list_with_exclusions_and_ssg_and_context,
    render_app_async_with_context,
};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::api::{self, Refusal, Routes, get};
use crate::assets::{self, Assets};
use crate::delivery;
use crate::layers::{
    Flood, FloodLimits, TrustedProxies, admit_anyone, admit_bots, admit_people, request_log,
    undecodable_form, whole_page,
};
use crate::metrics::Metrics;

/// No form or JSON body of ours is larger (docs/contract.md, Requests).
pub(crate) const LARGEST_BODY: usize = 16 * 1024;
/// No answer takes longer; the database gives up well before.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// All that requests share. Every layer clones it for every request, so it is one pointer.
#[derive(Clone)]
pub struct Web(Arc<Shared>);

/// What is behind a [`Web`].
#[derive(Clone)]
pub struct Shared {
    pub portal: Arc<Portal>,
    pub site: Arc<Site>,
    pub assets: Arc<Assets>,
    /// The origin of the base URL.
    pub origin: Origin,
    pub trusted_proxies: TrustedProxies,
    pub(crate) flood: Arc<Flood>,
    pub(crate) metrics: Arc<Metrics>,
    leptos: LeptosOptions,
}

impl Web {
    #[must_use]
    pub fn new(
        portal: Arc<Portal>,
        site: Site,
        assets: Assets,
        origin: Origin,
        trusted_proxies: TrustedProxies,
    ) -> Self {
        let metrics = Arc::new(Metrics::default());
        Self(Arc::new(Shared {
            portal,
            site: Arc::new(site),
            assets: Arc::new(assets),
            origin,
            trusted_proxies,
            flood: Arc::new(Flood::new(FloodLimits::DEFAULT, metrics.clone())),
            metrics,
            leptos: LeptosOptions::builder().output_name("portal").build(),
        }))
    }

    /// Other flood limits than the contract's.
    #[must_use]
    pub fn with_flood_limits(self, limits: FloodLimits) -> Self {
        let shared = Arc::unwrap_or_clone(self.0);
        Self(Arc::new(Shared {
            flood: Arc::new(Flood::new(limits, shared.metrics.clone())),
            ..shared
        }))
    }
}

impl Deref for Web {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.leptos.clone()
    }
}

/// The whole web server. Layers, from the outside in: request id and log line, client network,
/// head limit and security headers; panic catcher, time-out, body limit; who is let through
/// (`admission`); routes.
pub fn router(web: Web) -> Router {
    let context = {
        let web = web.clone();
        move || {
            provide_context(web.portal.clone());
            provide_context(web.site.clone());
        }
    };
    let pages = pages(context.clone());
    let pages = Router::new()
        .leptos_routes_with_context(&web, pages, context.clone(), shell)
        .fallback(render_app_async_with_context(context, shell))
        .layer(map_response(whole_page))
        .layer(from_fn(undecodable_form));
    let people = pages
        .merge(Router::from(api::shared_routes()).layer(cors(&web)))
        .merge(api::own_routes())
        .merge(api::admin_routes())
        .layer(from_fn_with_state(web.clone(), admit_people));
    let anyone = Router::new()
        .merge(api::open_routes())
        .route("/v1", any(StatusCode::NOT_FOUND))
        .route("/v1/", any(StatusCode::NOT_FOUND))
        .route("/v1/{*rest}", any(StatusCode::NOT_FOUND))
        .route("/api/{*rest}", any(StatusCode::NOT_FOUND))
        .merge(other_routes())
        .layer(from_fn_with_state(web.clone(), admit_anyone));
    let bots = Router::from(api::bot_routes()).layer(from_fn_with_state(web.clone(), admit_bots));
    wrap(people.merge(anyone).merge(bots), web)
}

/// The pages, each with its route. `context` provides what they need to be listed.
fn pages(context: impl Fn() + Clone + Send + 'static) -> Vec<AxumRouteListing> {
    let (pages, _) = generate_route_list_with_exclusions_and_ssg_and_context(App, None, context);
    pages
}

/// What is neither of the API nor a page or its form.
fn other_routes() -> Routes {
    Routes::new()
        .route(assets::ROUTE, get(asset))
        .route(delivery::ROUTE, get(delivery::status))
}

/// The routes of the API: methods and templates.
#[must_use]
pub fn api_routes() -> Vec<(Method, &'static str)> {
    api::list()
}

/// All routes that there are: those of the API, the pages and their forms, and the rest.
#[must_use]
pub fn all_routes(site: &Arc<Site>) -> Vec<(Method, String)> {
    let site = site.clone();
    let pages = pages(move || provide_context(site.clone()));
    let pages = pages
        .iter()
        .map(|page| (Method::GET, page.path().to_owned()));
    let forms = server_fn_paths().map(|(path, method)| (method, path.to_owned()));
    let known = api::list().into_iter().chain(other_routes().list());
    let known = known.map(|(method, path)| (method, path.to_owned()));
    known.chain(pages).chain(forms).collect()
}

/// The layers around all routes. Several `.layer(…)` in a row would do the same, but each of them
/// has every request clone all that is inside of it once more.
fn wrap(routes: Router<Web>, web: Web) -> Router {
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(web.clone(), request_log))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWER_TIMEOUT,
        ))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY));
    routes.layer(layers).with_state(web)
}

async fn asset(State(web): State<Web>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    web.assets.answer(&name, &headers)
}

/// Sister services may read who someone is, and log out (docs/contract.md, Cross-site requests); which
/// requests with cookies count is decided by `same_origin` and the companion.
fn cors(web: &Web) -> CorsLayer {
    let origins = web.site.allowed_origins.iter();
    let origins = origins.filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST])
}

/// The panic itself went to the log by the hook that `portal serve` sets; nobody else
/// sees its text.
fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response {
    Refusal::INTERNAL.into_response()
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

    async fn fail() -> StatusCode {
        panic!("the secret is 42")
    }

    /// ASVS 16.5.4: nobody sees a panic's text, and the next request is answered.
    #[tokio::test]
    async fn a_panic_is_an_internal_error_and_no_more() {
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
        let web = Web::new(
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
        let service = wrap(routes, web);
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
