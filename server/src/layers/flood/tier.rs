use http::Method;

use crate::assets;

/// What kind of route it is, as far as floods go: the one place that decides (docs/contract.md,
/// Request limits). Routes it has no words for are public to read and a login to post to, so
/// that a new one is rather held too tight than not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tier {
    /// A step of a login, or something else that makes a stranger's word count; by network.
    Login,
    /// What anyone may read; by network.
    Public,
    /// What somebody who is logged in does for themselves; by session.
    Own,
    /// What is done about others; by session.
    Admin,
    /// By key.
    Bot,
    /// Files that cost less than counting who asks for them.
    Free,
}

/// The forms of people who are logged in.
const OWN_FORMS: &[&str] = &[
    "sign-out",
    "confirm",
    "set-password",
    "offer-totp",
    "confirm-totp",
    "second-factor",
    "set-email",
    "enable-email-codes",
    "link-platform",
    "verify-link",
    "unlink-platform",
    "update-profile",
    "delete-account",
    "end-session",
    "end-other-sessions",
    // Of strangers too: then it is public, and no step of a login.
    "wish",
];

/// The forms of administration.
const ADMIN_FORMS: &[&str] = &[
    "register-bot",
    "update-bot",
    "switch-bot",
    "regenerate-bot-key",
    "delete-bot",
    "ban-person",
    "time-out-person",
    "restore-person",
    "give-level",
    "end-sessions-of-person",
    "reset-factors-of-person",
];

impl Tier {
    pub(crate) const LIMITED: [Self; 5] =
        [Self::Login, Self::Public, Self::Own, Self::Admin, Self::Bot];

    /// Of a request; without a route there is only a page that says so.
    pub(crate) fn of(method: &Method, route: Option<&str>) -> Self {
        let route = route.unwrap_or_default();
        let is_within = |root: &str| {
            route
                .strip_prefix(root)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let any_of = |roots: &[&str]| roots.iter().any(|root| is_within(root));
        if route == assets::ROUTE {
            return Self::Free;
        }
        if any_of(&["/v1/bot", "/v1/authentication/bot"]) {
            return Self::Bot;
        }
        let form = route.strip_prefix("/do/").unwrap_or_default();
        if any_of(&["/v1/admin", "/admin"]) || ADMIN_FORMS.contains(&form) {
            return Self::Admin;
        }
        let own = [
            "/v1/users",
            "/v1/authentication/confirm",
            "/v1/authentication/logout",
            "/api/auth/logout",
            "/account",
            "/confirm",
        ];
        if any_of(&own) || OWN_FORMS.contains(&form) {
            return Self::Own;
        }
        // `/api/auth/{type}/send` is a GET and sends mail.
        let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        if reads && !is_within("/api/auth") {
            Self::Public
        } else {
            Self::Login
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Public => "public",
            Self::Own => "own",
            Self::Admin => "admin",
            Self::Bot => "bot",
            Self::Free => "free",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The forms of strangers, and of whoever is on the way in.
    const LOGIN_FORMS: &[&str] = &[
        "sign-in",
        "second-step",
        "use-code",
        "ask-for-code",
        "not-me",
        "set-up",
        "confirm-email",
        "register",
        "recover",
        "new-password",
        "send-code",
    ];

    /// Whoever adds a form says here and above whose it is.
    #[test]
    fn every_form_is_of_a_known_kind() {
        let forms: BTreeSet<&str> = leptos::server_fn::axum::server_fn_paths()
            .map(|(path, _)| path.strip_prefix("/do/").unwrap_or(path))
            .collect();
        let lists = [OWN_FORMS, ADMIN_FORMS, LOGIN_FORMS];
        let known: BTreeSet<&str> = lists.into_iter().flatten().copied().collect();
        assert_eq!(forms, known);
        // Each stands in one list.
        assert_eq!(known.len(), lists.map(<[_]>::len).iter().sum::<usize>());
    }

    #[test]
    fn routes_are_of_the_kind_the_contract_says() {
        let tier = |method, route| Tier::of(&method, Some(route));
        for (route, expected) in [
            ("/v1/authentication/request", Tier::Login),
            ("/v1/authentication/verify", Tier::Login),
            ("/v1/authentication/not-me", Tier::Login),
            ("/v1/authentication/recover/{token}", Tier::Login),
            ("/api/auth/login", Tier::Login),
            ("/api/auth/register", Tier::Login),
            ("/do/sign-in", Tier::Login),
            ("/do/a-new-form", Tier::Login),
            ("/v1/a/new/route", Tier::Login),
            ("/v1/authentication/logout", Tier::Own),
            ("/v1/authentication/confirm", Tier::Own),
            ("/v1/users/me/password", Tier::Own),
            ("/do/sign-out", Tier::Own),
            ("/v1/admin/bots", Tier::Admin),
            ("/v1/administration", Tier::Login),
            ("/v1/bot/me/update", Tier::Bot),
            ("/v1/authentication/bot/send-code", Tier::Bot),
        ] {
            assert_eq!(tier(Method::POST, route), expected, "{route}");
        }
        for (route, expected) in [
            ("/api/auth/{type}/send", Tier::Login),
            ("/api/auth/logout", Tier::Own),
            ("/login", Tier::Public),
            ("/health", Tier::Public),
            ("/v1/bots", Tier::Public),
            ("/v1/users/me", Tier::Own),
            ("/account/security", Tier::Own),
            ("/accounts", Tier::Public),
            ("/admin/users", Tier::Admin),
            (assets::ROUTE, Tier::Free),
        ] {
            assert_eq!(tier(Method::GET, route), expected, "{route}");
        }
        assert_eq!(Tier::of(&Method::GET, None), Tier::Public);
    }
}
