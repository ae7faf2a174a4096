use std::collections::HashMap;

use http::Method;

/// Which limit a route counts against, and by what. A route's class stands beside the route: in
/// `api` and `router` for single routes, in `pages` for pages and their forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RateClass {
    /// Steps of a login, and whatever else a stranger can change something by. Per network.
    Login,
    /// What everybody may read. Per network.
    Public,
    /// What signed-in people do for themselves. Per session.
    Own,
    /// What people do to others. Per session.
    Admin,
    /// Per bot key.
    Bot,
    /// Files that cost less than counting their readers.
    Unlimited,
}

impl RateClass {
    pub(crate) const LIMITED: [Self; 5] =
        [Self::Login, Self::Public, Self::Own, Self::Admin, Self::Bot];

    /// For requests that no listed route answers.
    fn by_method(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD | Method::OPTIONS => Self::Public,
            _ => Self::Login,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Public => "public",
            Self::Own => "own",
            Self::Admin => "admin",
            Self::Bot => "bot",
            Self::Unlimited => "unlimited",
        }
    }
}

/// The rate classes of all routes, by route template.
#[derive(Default)]
pub(crate) struct RateClasses(HashMap<String, RateClass>);

impl RateClasses {
    /// The class of a request to this route. A request without a known route is public to read
    /// and a login to post.
    pub(crate) fn of(&self, method: &Method, route: Option<&str>) -> RateClass {
        let class = route.and_then(|route| self.0.get(route));
        class
            .copied()
            .unwrap_or_else(|| RateClass::by_method(method))
    }
}

impl<S: Into<String>> FromIterator<(S, RateClass)> for RateClasses {
    fn from_iter<I: IntoIterator<Item = (S, RateClass)>>(routes: I) -> Self {
        let routes = routes.into_iter();
        Self(routes.map(|(route, class)| (route.into(), class)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_routes_are_public_to_read_and_a_login_to_post() {
        let classes = RateClasses::from_iter([("/v1/admin/bots", RateClass::Admin)]);
        for (method, route, expected) in [
            (Method::GET, Some("/v1/admin/bots"), RateClass::Admin),
            (Method::POST, Some("/v1/admin/bots"), RateClass::Admin),
            (Method::GET, Some("/v1/{*rest}"), RateClass::Public),
            (Method::POST, Some("/v1/{*rest}"), RateClass::Login),
            (Method::HEAD, None, RateClass::Public),
            (Method::DELETE, None, RateClass::Login),
        ] {
            assert_eq!(classes.of(&method, route), expected, "{method} {route:?}");
        }
    }
}
