use axum::Router;
use axum::handler::Handler;
use axum::routing::{self, MethodRouter};
use http::Method;

use crate::rate_limit::RateClass;
use crate::state::AppState;

/// Routes that can be listed, which axum's can't: the API documentation and the table of roles are
/// compared with the list, and each route brings its rate class.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<AppState>,
    list: Vec<Route>,
}

/// One method of one path.
pub(crate) struct Route {
    pub method: Method,
    pub path: &'static str,
    pub rate_class: RateClass,
}

/// The handlers of a path, with their methods.
pub(crate) struct MethodRoutes {
    router: MethodRouter<AppState>,
    methods: Vec<Method>,
}

impl Routes {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn route(
        mut self,
        path: &'static str,
        handlers: MethodRoutes,
        rate_class: RateClass,
    ) -> Self {
        let methods = handlers.methods.into_iter();
        self.list.extend(methods.map(|method| Route {
            method,
            path,
            rate_class,
        }));
        Self {
            router: self.router.route(path, handlers.router),
            ..self
        }
    }

    pub(crate) fn into_list(self) -> Vec<Route> {
        self.list
    }
}

impl From<Routes> for Router<AppState> {
    fn from(routes: Routes) -> Self {
        routes.router
    }
}

pub(crate) fn get<T: 'static>(handler: impl Handler<T, AppState>) -> MethodRoutes {
    MethodRoutes {
        router: routing::get(handler),
        methods: vec![Method::GET],
    }
}

pub(crate) fn post<T: 'static>(handler: impl Handler<T, AppState>) -> MethodRoutes {
    MethodRoutes {
        router: routing::post(handler),
        methods: vec![Method::POST],
    }
}
