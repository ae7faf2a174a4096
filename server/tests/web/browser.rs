use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use app::{AssetUrls, Brand, CookiePolicy, SameSite, Site};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use backend::Portal;
use backend::testing::{PASSWORD, TestPortal};
use domain::Origin;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::request::Builder;
use http::response::Parts;
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use server::{AppState, Assets, RateLimits, TrustedProxies, router};
use tower::ServiceExt as _;

use crate::openapi;

pub const BASE: &str = "https://portal.example.org";
pub const RELYING_SERVICE: &str = "https://wiki.example.org";

const FORM: &str = "application/x-www-form-urlencoded";

/// The site that tests use.
pub fn site() -> Site {
    Site {
        name: "Portal".to_owned(),
        base_url: BASE.parse().unwrap(),
        allowed_origins: vec![RELYING_SERVICE.parse().unwrap()],
        cookies: CookiePolicy {
            name: "hsession".to_owned(),
            domain: Some("example.org".to_owned()),
            same_site: SameSite::None,
        },
        assets: AssetUrls {
            style: "/assets/portal.0.css".to_owned(),
            script: "/assets/portal.0.js".to_owned(),
            wasm: "/assets/portal.0.wasm".to_owned(),
            icon: "/assets/favicon.0.svg".to_owned(),
        },
        brand: Brand::default(),
    }
}

/// A browser or program that keeps cookies and calls a router of its own.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// The address of the client.
    pub peer: SocketAddr,
    pub cookies: BTreeMap<String, String>,
}

/// A complete response.
pub struct TestResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(portal: &TestPortal) -> Self {
        Self::of(portal.share())
    }

    /// With a server of its own, which can have other settings.
    pub fn of(portal: Arc<Portal>) -> Self {
        Self::with(RateLimits::NONE, portal)
    }

    /// With a router that has rate limits.
    pub fn with_rate_limits(limits: RateLimits, portal: &TestPortal) -> Self {
        Self::with(limits, portal.share())
    }

    fn with(limits: RateLimits, portal: Arc<Portal>) -> Self {
        let origin: Origin = BASE.parse().unwrap();
        let state = AppState::new(
            portal,
            site(),
            Assets::default(),
            origin,
            TrustedProxies::default(),
        )
        .with_rate_limits(limits);
        Self {
            router: router(state),
            peer: "203.0.113.7:40000".parse().unwrap(),
            cookies: BTreeMap::new(),
        }
    }

    /// Logged in with the password that all test people share.
    pub async fn logged_in(portal: &TestPortal, username: &str) -> Self {
        let mut browser = Self::new(portal);
        let form = [("identifier", username), ("password", PASSWORD)];
        let answer = browser.submit("/do/sign-in", &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(
            browser.cookies.contains_key("hsession"),
            "{}",
            answer.location()
        );
        browser
    }

    /// A copy that has the named cookies only.
    pub fn with_only(&self, names: &[&str]) -> Self {
        let mut copy = self.clone();
        copy.cookies
            .retain(|name, _| names.contains(&name.as_str()));
        copy
    }

    /// Whether no session cookie is left; the device cookie stays.
    pub fn has_no_session(&self) -> bool {
        self.cookies.keys().all(|name| name == "__Host-portal_mark")
    }

    /// Opens a page.
    pub async fn open(&mut self, path: &str) -> TestResponse {
        let request = Request::get(path).header(ACCEPT, "text/html");
        self.send(request, Body::empty()).await
    }

    /// Opens a page and follows up to three redirects.
    pub async fn follow(&mut self, path: &str) -> TestResponse {
        let mut answer = self.open(path).await;
        for _ in 0..3 {
            if !answer.status.is_redirection() {
                break;
            }
            answer = self.open(&answer.location()).await;
        }
        answer
    }

    /// Submits a form of the portal, as browsers do.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        let request = Request::post(path)
            .header(ACCEPT, "text/html,application/xhtml+xml")
            .header(CONTENT_TYPE, FORM)
            .header("origin", BASE)
            .header("sec-fetch-site", "same-origin");
        self.send(request, encode(fields)).await
    }

    /// Calls the API, as curl with a cookie jar does.
    pub async fn call(&mut self, method: Method, path: &str) -> TestResponse {
        self.send(Request::builder().method(method).uri(path), Body::empty())
            .await
    }

    pub async fn send(&mut self, request: Builder, body: Body) -> TestResponse {
        let (method, uri) = (request.method_ref().cloned(), request.uri_ref().cloned());
        let (parts, body) = self.send_and_listen(request, body).await;
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let answer = TestResponse {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        };
        // What is said of the API is true of every answer that any test sees.
        if let (Some(method), Some(uri)) = (method, uri) {
            openapi::check(&method, uri.path(), &answer);
        }
        answer
    }

    /// Posts JSON to the API, as a program that keeps cookies.
    pub async fn post_json(&mut self, path: &str, body: &Value) -> TestResponse {
        let request = Request::post(path).header(CONTENT_TYPE, "application/json");
        self.send(request, Body::from(body.to_string())).await
    }

    /// Sends a request without reading the body to its end, which a stream doesn't have.
    pub async fn send_and_listen(&mut self, request: Builder, body: Body) -> (Parts, Body) {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = if cookies.is_empty() {
            request
        } else {
            request.header(COOKIE, cookies.join("; "))
        };
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        (parts, body)
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl TestResponse {
    pub fn location(&self) -> String {
        let location = self.headers.get(LOCATION);
        location
            .map(|to| to.to_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers
            .get_all(SET_COOKIE)
            .iter()
            .map(|cookie| cookie.to_str().unwrap())
            .collect()
    }
}

pub fn encode(fields: &[(&str, &str)]) -> Body {
    let text = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    Body::from(text)
}
