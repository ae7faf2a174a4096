use std::sync::{Arc, OnceLock};
use std::time::Duration;

use backend::{
    Actor, Failure, NewSession, Person, Portal, Problem, SecondFactorChallenge, Visitor,
};
use domain::{Client, DeviceId, RetryAfter, ReturnTo, whole_seconds};
use http::header::{ACCEPT, LOCATION, REFERER, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::message::Message;
use crate::{Site, cookies};

/// What a page or a server function holds of the request it answers: one way in to the
/// portal, one way to say where the browser goes next.
#[derive(Clone)]
pub(crate) struct Door {
    pub portal: Arc<Portal>,
    pub site: Arc<Site>,
    request: Parts,
    response: ResponseOptions,
    new_mark: Arc<OnceLock<Option<DeviceId>>>,
}

impl Door {
    /// The door of the request that is being answered.
    ///
    /// # Panics
    /// Outside of a request: the router provides all four things for every one.
    pub(crate) fn open() -> Self {
        Self {
            portal: expect_context(),
            site: expect_context(),
            request: expect_context(),
            response: expect_context(),
            new_mark: Arc::default(),
        }
    }

    /// The same, or none where the router only lists its routes.
    pub(crate) fn try_open() -> Option<Self> {
        use_context::<Parts>().map(|_| Self::open())
    }

    pub(crate) fn visitor(&self) -> Visitor {
        let visitor = self.request.extensions.get::<Visitor>();
        visitor.cloned().unwrap_or(Visitor::Anonymous)
    }

    /// The person, if they may act.
    pub(crate) fn person(&self) -> Option<Person> {
        self.visitor().signed_in().cloned()
    }

    /// Whether this browser was logged in, and is no more.
    pub(crate) fn has_dead_session(&self) -> bool {
        let cookies = self.site.cookies.read(&self.request.headers);
        cookies.companion.is_some() && self.person().is_none()
    }

    /// The person, or none with the browser sent to log in and come back to this page.
    pub(crate) fn person_or_login(&self, page: &str) -> Option<Person> {
        let person = self.person();
        if person.is_none() {
            self.login_first(page);
        }
        person
    }

    /// Has somebody log in first, and come back to a page of ours.
    pub(crate) fn login_first(&self, page: &str) {
        let to = address("/login", &[("return_to", page)]);
        self.answer_form(&to, StatusCode::UNAUTHORIZED);
    }

    /// Whether the page that is being answered lies at or below this path.
    pub(crate) fn is_within(&self, path: &str) -> bool {
        let rest = self.request.uri.path().strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Where the request comes from. A browser without a mark has a new one, which it is given
    /// when it is let in.
    ///
    /// # Panics
    /// Where no layer found that out: then nothing must be answered.
    pub(crate) fn client(&self) -> Client {
        let client = self.request.extensions.get::<Client>();
        let client = client.expect("the client's network is known").clone();
        let new = || self.new_mark.get_or_init(backend::new_device_id).clone();
        Client {
            browser: client.browser.clone().or_else(new),
            ..client
        }
    }

    /// Has the browser keep its mark: from now on it is one that the person has used.
    pub(crate) fn give_mark(&self) {
        if let Some(mark) = self.client().browser {
            self.set_cookie(cookies::remember_mark(&mark));
        }
    }

    /// What was typed into the form that was refused a moment ago.
    pub(crate) fn typed(&self) -> String {
        cookies::typed(&self.request.headers).unwrap_or_default()
    }

    /// What was typed into one field of a form of several that was refused a moment ago.
    pub(crate) fn typed_into(&self, field: &str) -> Option<String> {
        cookies::field(&self.request.headers, field)
    }

    /// The page of ours that a form without fields of its own was on; the start page where the
    /// browser doesn't say, or where that page answered a form.
    pub(crate) fn page_before(&self) -> String {
        let before = self.request.headers.get(REFERER);
        let before = before.and_then(|before| before.to_str().ok());
        let base = &self.site.base_url;
        let page = before.and_then(|before| ReturnTo::parse(before, base, &[]));
        let page = page.map(|page| page.as_str().to_owned());
        page.filter(|page| !page.starts_with("/do/"))
            .unwrap_or_else(|| "/".to_owned())
    }

    pub(crate) fn set_up_token(&self) -> Option<backend::Token> {
        cookies::set_up(&self.request.headers)
    }

    /// The link of a letter, which was opened a moment ago.
    pub(crate) fn recovery_token(&self) -> Option<backend::Token> {
        cookies::recovery(&self.request.headers)
    }

    pub(crate) fn email_token(&self) -> Option<backend::Token> {
        cookies::email(&self.request.headers)
    }

    /// This browser's own cookie, from before any login.
    pub(crate) fn browser(&self) -> Option<backend::Token> {
        cookies::browser(&self.request.headers)
    }

    pub(crate) fn set_cookie(&self, cookie: HeaderValue) {
        self.response.append_header(SET_COOKIE, cookie);
    }

    pub(crate) fn set_status(&self, status: StatusCode) {
        self.response.set_status(status);
    }

    /// Sends the browser on: a 303, so that the form is not sent again.
    pub(crate) fn go(&self, to: &str) {
        if let Ok(location) = HeaderValue::from_str(to) {
            self.response.insert_header(LOCATION, location);
            self.response.set_status(StatusCode::SEE_OTHER);
        }
    }

    /// This browser's login that waits for its second step.
    pub(crate) fn challenge(&self) -> Option<backend::Token> {
        cookies::challenge(&self.request.headers)
    }

    /// What the page before handed over; it is gone with this.
    pub(crate) fn note(&self, person: &Person) -> Option<String> {
        let sealed = cookies::note(&self.request.headers)?;
        self.set_cookie(cookies::forget_note());
        self.portal.open_flash(person, sealed)
    }

    /// Recovery codes that the page before handed over; they are gone with this.
    pub(crate) fn recovery_codes(&self, person: &Person) -> Option<Vec<String>> {
        let codes = self.note(person)?;
        Some(codes.split(' ').map(str::to_owned).collect())
    }

    /// Gives the acting session its new secrets.
    pub(crate) fn give_cookies(&self, session: &NewSession) {
        for cookie in self.site.cookies.of_session(session) {
            self.set_cookie(cookie);
        }
    }

    /// Asks for the second step of a login.
    pub(crate) fn ask_second_step(&self, step: &SecondFactorChallenge, return_to: &str) {
        self.set_cookie(cookies::remember_challenge(&step.challenge));
        let to = address("/login", &[("step", "2"), ("return_to", return_to)]);
        self.answer_form(&to, StatusCode::PRECONDITION_REQUIRED);
    }

    /// Gives the browser its session. It goes on by way of the login page, which sees
    /// whether the cookies came back and says so where they did not (docs/contract.md, Cookies).
    pub(crate) fn let_in(&self, session: &NewSession, return_to: Option<&str>) {
        self.give_cookies(session);
        self.give_mark();
        self.set_cookie(cookies::forget_challenge());
        self.set_cookie(cookies::forget_typed());
        // What came before a login ends with it (security A08).
        self.set_cookie(cookies::forget_browser());
        if self.is_browser() {
            let return_to = self.site.return_to(return_to);
            self.go(&address(
                "/login",
                &[("arrived", "1"), ("return_to", return_to.as_str())],
            ));
        }
    }

    /// Fills the form's first field again when it comes back.
    pub(crate) fn remember_typed(&self, typed: &str) {
        self.set_cookie(cookies::remember_typed(typed));
    }

    /// Fills the fields of a form of several again when it comes back; never with a secret.
    pub(crate) fn remember_fields(&self, fields: &[(&'static str, &str)]) {
        for (field, typed) in fields {
            self.set_cookie(cookies::remember_field(field, typed));
        }
    }

    pub(crate) fn forget_fields(&self, fields: &[&'static str]) {
        for field in fields {
            self.set_cookie(cookies::forget_field(field));
        }
    }

    /// Sends a form back to its own page, or a program its status, with what there is to
    /// say.
    pub(crate) fn send_back(&self, page: &str, query: &[(&str, &str)], message: Message) {
        let mut query = query.to_vec();
        query.push(("message", message.code()));
        self.answer_form(&address(page, &query), message.status());
    }

    /// The same, with how long to wait, where that is known. Only a number: nobody can put
    /// words into our mouth by it.
    pub(crate) fn send_back_for(
        &self,
        page: &str,
        query: &[(&str, &str)],
        message: Message,
        wait: Option<Duration>,
    ) {
        let wait = in_address(wait);
        let mut query = query.to_vec();
        query.push((WAIT, &wait));
        self.send_back(page, &query, message);
    }

    /// Sends a form back to its own page with why it was refused, and after a limit with how
    /// long to wait.
    pub(crate) fn refuse<R: RetryAfter>(
        &self,
        page: &str,
        query: &[(&str, &str)],
        problem: Problem<R>,
    ) where
        Message: From<R>,
    {
        let (message, wait) = told(problem);
        self.send_back_for(page, query, message, wait);
    }

    /// Sends a browser on, or tells a program its status.
    pub(crate) fn answer_form(&self, to: &str, status: StatusCode) {
        if self.is_browser() {
            self.go(to);
        } else {
            self.set_status(status);
        }
    }

    /// Has the person show their password first, and come back to a page of ours.
    pub(crate) fn confirm_first(&self, page: &str) {
        let to = address("/confirm", &[("return_to", page)]);
        self.answer_form(&to, StatusCode::FORBIDDEN);
    }

    /// Whether a page is wanted. A status of 4xx with a location would leave a browser
    /// on a dead page, so browsers are always sent on.
    fn is_browser(&self) -> bool {
        let accept = self.request.headers.get(ACCEPT);
        accept.is_some_and(|accept| {
            accept
                .as_bytes()
                .windows(9)
                .any(|part| part == b"text/html")
        })
    }
}

/// Somebody logged in who acts on others, by a form.
pub(crate) struct AdminRequest {
    pub door: Door,
    pub person: Person,
    client: Client,
}

impl AdminRequest {
    /// Who acts, or none with the browser sent to log in and come back to this page.
    pub(crate) fn or_login(door: Door, page: &str) -> Option<Self> {
        let person = door.person_or_login(page)?;
        let client = door.client();
        Some(Self {
            door,
            person,
            client,
        })
    }

    pub(crate) const fn by(&self) -> Actor<'_> {
        Actor::Person {
            person: &self.person,
            client: &self.client,
        }
    }
}

/// The refusal of a use case, or the failure in the words of a page, logged here once.
pub(crate) fn refusal_or<R>(problem: Problem<R>, failed: impl FnOnce(Trouble) -> R) -> R {
    match problem {
        Problem::Refused(refusal) => refusal,
        Problem::Failed(failure) => failed(Trouble::of(&failure)),
    }
}

/// What a page says of it, and after a limit how long to wait.
pub(crate) fn told<R: RetryAfter>(problem: Problem<R>) -> (Message, Option<Duration>)
where
    Message: From<R>,
{
    let wait = wait_of(&problem);
    let message = refusal_or(problem.map(Message::from), <Message as From<Trouble>>::from);
    (message, wait)
}

/// How long to wait before the refused request can succeed, where waiting helps.
pub(crate) fn wait_of<R: RetryAfter>(problem: &Problem<R>) -> Option<Duration> {
    match problem {
        Problem::Refused(error) => error.retry_after(),
        Problem::Failed(_) => None,
    }
}

/// Where the address of a page says how many seconds to wait.
pub(crate) const WAIT: &str = "wait";

/// A wait as [`WAIT`] has it; nothing where none is known.
pub(crate) fn in_address(wait: Option<Duration>) -> String {
    wait.map(|wait| whole_seconds(wait).to_string())
        .unwrap_or_default()
}

/// What a page may say of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It may work in a while.
    Unavailable,
    Internal,
}

impl Trouble {
    pub(crate) fn of(failure: &Failure) -> Self {
        tracing::error!(error = %failure, "a form could not be answered");
        match failure {
            Failure::Unavailable(_) => Self::Unavailable,
            Failure::Internal(_) => Self::Internal,
        }
    }
}

/// A path with a query of encoded values.
pub(crate) fn address(path: &str, query: &[(&str, &str)]) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()))
        .finish();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}
