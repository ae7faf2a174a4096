use std::sync::{Arc, OnceLock};
use std::time::Duration;

use backend::{NewSession, Person, Portal, Problem, SecondFactorChallenge, Visitor};
use domain::{Client, DeviceId, RetryAfter, ReturnTo};
use http::header::{ACCEPT, LOCATION, REFERER, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::message::{Message, WAIT_PARAM, wait_param};
use crate::page_error::PageError;
use crate::query::with_query;
use crate::{Site, cookies};

/// What pages and server functions know of the request they answer, and how they answer it.
#[derive(Clone)]
pub(crate) struct RequestContext {
    pub portal: Arc<Portal>,
    pub site: Arc<Site>,
    request: Parts,
    response: ResponseOptions,
    new_device: Arc<OnceLock<Option<DeviceId>>>,
}

impl RequestContext {
    /// The context of the current request.
    ///
    /// # Panics
    /// Outside of a request: the router provides all parts for each.
    pub(crate) fn current() -> Self {
        Self {
            portal: expect_context(),
            site: expect_context(),
            request: expect_context(),
            response: expect_context(),
            new_device: Arc::default(),
        }
    }

    /// The same; `None` while the router only lists its routes.
    pub(crate) fn try_current() -> Option<Self> {
        use_context::<Parts>().map(|_| Self::current())
    }

    pub(crate) fn visitor(&self) -> Visitor {
        let visitor = self.request.extensions.get::<Visitor>();
        visitor.cloned().unwrap_or(Visitor::Anonymous)
    }

    /// The logged-in person, with both cookies.
    pub(crate) fn person(&self) -> Option<Person> {
        self.visitor().signed_in().cloned()
    }

    /// The logged-in person; else redirects to `/login`, which returns to this page.
    pub(crate) fn require_login(&self, page: &str) -> Option<Person> {
        let person = self.person();
        if person.is_none() {
            self.redirect_to_login(page);
        }
        person
    }

    /// Whether this browser has the cookie of a session that is over.
    pub(crate) fn has_ended_session(&self) -> bool {
        let cookies = self.site.cookies.read(&self.request.headers);
        cookies.companion.is_some() && self.person().is_none()
    }

    /// Whether the path of the request is this path or below it.
    pub(crate) fn is_within(&self, path: &str) -> bool {
        let rest = self.request.uri.path().strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The network and device of the request. A browser without a device cookie gets a new mark, which
    /// [`Self::set_device_cookie`] stores.
    ///
    /// # Panics
    /// Without the layer that determines the client: such a request must not be answered.
    pub(crate) fn client(&self) -> Client {
        let client = self.request.extensions.get::<Client>();
        let client = client.expect("the client's network is known").clone();
        let new = || self.new_device.get_or_init(backend::new_device_id).clone();
        Client {
            browser: client.browser.clone().or_else(new),
            ..client
        }
    }

    /// The page of this site that a form was on, from `Referer`; `/` if the browser doesn't say, or if
    /// that address only answers forms.
    pub(crate) fn referring_page(&self) -> String {
        let referer = self.request.headers.get(REFERER);
        let referer = referer.and_then(|referer| referer.to_str().ok());
        let base = &self.site.base_url;
        let page = referer.and_then(|referer| ReturnTo::parse(referer, base, &[]));
        let page = page.map(|page| page.as_str().to_owned());
        page.filter(|page| !page.starts_with("/do/"))
            .unwrap_or_else(|| "/".to_owned())
    }

    /// Whether the client wants HTML. Browsers ignore the `Location` of a 4xx, so they always get a
    /// redirect.
    fn accepts_html(&self) -> bool {
        let accept = self.request.headers.get(ACCEPT);
        accept.is_some_and(|accept| {
            accept
                .as_bytes()
                .windows(9)
                .any(|part| part == b"text/html")
        })
    }
}

/// What cookies hold.
impl RequestContext {
    /// The token of the set-up link that was opened last.
    pub(crate) fn set_up_token(&self) -> Option<backend::Token> {
        cookies::SET_UP.read(&self.request.headers)
    }

    /// The token of the password reset link that was opened last.
    pub(crate) fn recovery_token(&self) -> Option<backend::Token> {
        cookies::RECOVERY.read(&self.request.headers)
    }

    /// The token of the email confirmation link that was opened last.
    pub(crate) fn email_token(&self) -> Option<backend::Token> {
        cookies::EMAIL.read(&self.request.headers)
    }

    /// The pre-login cookie, which binds a login code to the browser that requested it.
    pub(crate) fn pre_login_browser(&self) -> Option<backend::Token> {
        cookies::PRE_LOGIN.read(&self.request.headers)
    }

    /// The challenge of this browser's login that waits for a second factor.
    pub(crate) fn challenge(&self) -> Option<backend::Token> {
        cookies::CHALLENGE.read(&self.request.headers)
    }

    /// The first field of the form that was sent back.
    pub(crate) fn previous_input(&self) -> String {
        cookies::input(&self.request.headers).unwrap_or_default()
    }

    /// One field of a form with several that was sent back.
    pub(crate) fn previous_field_input(&self, field: &str) -> Option<String> {
        cookies::field(&self.request.headers, field)
    }

    /// The value that the previous page handed over. Deletes it.
    pub(crate) fn take_flash(&self, person: &Person) -> Option<String> {
        let sealed = cookies::flash(&self.request.headers)?;
        self.set_cookie(cookies::clear_flash());
        self.portal.open_flash(person, sealed)
    }

    /// Hands a secret to the next page in a sealed cookie: it is shown once and stored nowhere in clear.
    pub(crate) fn set_flash(&self, person: &Person, value: &str) {
        match self.portal.seal_flash(person, value) {
            Ok(sealed) => self.set_cookie(cookies::set_flash(&sealed)),
            Err(failure) => drop(PageError::log(&failure)),
        }
    }

    /// Keeps the first field for the form that is sent back.
    pub(crate) fn remember_input(&self, input: &str) {
        self.set_cookie(cookies::set_input(input));
    }

    /// Keeps fields for the form that is sent back; never a secret.
    pub(crate) fn remember_fields(&self, fields: &[(&'static str, &str)]) {
        for (field, input) in fields {
            self.set_cookie(cookies::set_field(field, input));
        }
    }

    pub(crate) fn forget_fields(&self, fields: &[&'static str]) {
        for field in fields {
            self.set_cookie(cookies::clear_field(field));
        }
    }

    /// Stores the device mark: the device is one that the person has used from now on.
    pub(crate) fn set_device_cookie(&self) {
        if let Some(mark) = self.client().browser {
            self.set_cookie(cookies::set_device(&mark));
        }
    }

    pub(crate) fn set_session_cookies(&self, session: &NewSession) {
        for cookie in self.site.cookies.of_session(session) {
            self.set_cookie(cookie);
        }
    }

    pub(crate) fn clear_session_cookies(&self) {
        for cookie in self.site.cookies.cleared() {
            self.set_cookie(cookie);
        }
    }

    pub(crate) fn set_cookie(&self, cookie: HeaderValue) {
        self.response.append_header(SET_COOKIE, cookie);
    }
}

/// How to answer.
impl RequestContext {
    pub(crate) fn set_status(&self, status: StatusCode) {
        self.response.set_status(status);
    }

    /// Redirects by a 303, so that a reload doesn't send the form again.
    pub(crate) fn redirect(&self, to: &str) {
        if let Ok(location) = HeaderValue::from_str(to) {
            self.response.insert_header(LOCATION, location);
            self.response.set_status(StatusCode::SEE_OTHER);
        }
    }

    /// Redirects a browser; answers a program with the status.
    pub(crate) fn redirect_or_status(&self, to: &str, status: StatusCode) {
        if self.accepts_html() {
            self.redirect(to);
        } else {
            self.set_status(status);
        }
    }

    /// Redirects to `/login`, which returns to this page.
    pub(crate) fn redirect_to_login(&self, page: &str) {
        let to = with_query("/login", &[("return_to", page)]);
        self.redirect_or_status(&to, StatusCode::UNAUTHORIZED);
    }

    /// Redirects to `/confirm`, which asks for the password or a factor and returns to this page.
    pub(crate) fn redirect_to_confirm(&self, page: &str) {
        let to = with_query("/confirm", &[("return_to", page)]);
        self.redirect_or_status(&to, StatusCode::FORBIDDEN);
    }

    /// Redirects to the second factor of a login.
    pub(crate) fn redirect_to_second_factor(&self, step: &SecondFactorChallenge, return_to: &str) {
        self.set_cookie(cookies::CHALLENGE.set(&step.challenge));
        let to = with_query("/login", &[("step", "2"), ("return_to", return_to)]);
        self.redirect_or_status(&to, StatusCode::PRECONDITION_REQUIRED);
    }

    /// Redirects a form back to its page with a message.
    pub(crate) fn redirect_with_message(
        &self,
        page: &str,
        query: &[(&str, &str)],
        message: Message,
    ) {
        let mut query = query.to_vec();
        query.push(("message", message.code()));
        self.redirect_or_status(&with_query(page, &query), message.status());
    }

    /// The same with the time to wait: a number, so a crafted link can't put text on the page.
    pub(crate) fn redirect_with_wait(
        &self,
        page: &str,
        query: &[(&str, &str)],
        message: Message,
        wait: Option<Duration>,
    ) {
        let wait = wait_param(wait);
        let mut query = query.to_vec();
        query.push((WAIT_PARAM, &wait));
        self.redirect_with_message(page, &query, message);
    }

    /// Redirects a form back to its page with the message for an error, and the time to wait after a
    /// limit.
    pub(crate) fn redirect_with_error<R: RetryAfter>(
        &self,
        page: &str,
        query: &[(&str, &str)],
        problem: Problem<R>,
    ) where
        Message: From<R>,
    {
        let (message, wait) = Message::with_retry_after(problem);
        self.redirect_with_wait(page, query, message, wait);
    }

    /// Redirects a form back to its page with the error of one field.
    pub(crate) fn redirect_with_field_error(&self, page: &str, field: &str, code: &str) {
        self.redirect_or_status(&with_query(page, &[(field, code)]), StatusCode::BAD_REQUEST);
    }

    /// Sets the cookies of a new session. Redirects through `/login`, which reports an error if the
    /// browser didn't accept them (docs/contract.md, Cookies).
    pub(crate) fn complete_login(&self, session: &NewSession, return_to: Option<&str>) {
        self.set_session_cookies(session);
        self.set_device_cookie();
        self.set_cookie(cookies::CHALLENGE.clear());
        self.set_cookie(cookies::clear_input());
        // The login ends what came before it (security A08).
        self.set_cookie(cookies::PRE_LOGIN.clear());
        if self.accepts_html() {
            let return_to = self.site.return_to(return_to);
            self.redirect(&with_query(
                "/login",
                &[("arrived", "1"), ("return_to", return_to.as_str())],
            ));
        }
    }
}
