use axum::Router;
use axum::handler::Handler;
use axum::routing::{self, MethodRouter};
use http::Method;

use crate::router::Web;

/// Routes that can be listed: axum tells nobody which ones it has, and the documentation and
/// the table of who may call what are compared with all of them.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<Web>,
    listed: Vec<(Method, &'static str)>,
}

/// What answers at a path, with its methods.
pub(crate) struct Answers {
    router: MethodRouter<Web>,
    methods: Vec<Method>,
}

impl Routes {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn route(mut self, path: &'static str, answers: Answers) -> Self {
        let methods = answers.methods.into_iter();
        self.listed.extend(methods.map(|method| (method, path)));
        Self {
            router: self.router.route(path, answers.router),
            ..self
        }
    }

    pub(crate) fn list(self) -> Vec<(Method, &'static str)> {
        self.listed
    }
}

impl From<Routes> for Router<Web> {
    fn from(routes: Routes) -> Self {
        routes.router
    }
}

pub(crate) fn get<T: 'static>(handler: impl Handler<T, Web>) -> Answers {
    Answers {
        router: routing::get(handler),
        methods: vec![Method::GET],
    }
}

pub(crate) fn post<T: 'static>(handler: impl Handler<T, Web>) -> Answers {
    Answers {
        router: routing::post(handler),
        methods: vec![Method::POST],
    }
}
