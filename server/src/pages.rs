//! The pages and forms of `app`, as far as the router has to know them.

use app::App;
use leptos_axum::{AxumRouteListing, generate_route_list_with_exclusions_and_ssg_and_context};

use crate::rate_limit::RateClass::{self, Admin, Login, Own, Public};

/// Where the server functions of all forms are, as `app` declares them.
const FORM_PREFIX: &str = "/do/";

/// The forms by their endpoint below [`FORM_PREFIX`], each with its rate class. A test compares
/// the table with the forms that `app` declares.
const FORMS: &[(&str, RateClass)] = &[
    // Strangers, and people who are logging in.
    ("sign-in", Login),
    ("second-step", Login),
    ("use-code", Login),
    ("ask-for-code", Login),
    ("not-me", Login),
    ("set-up", Login),
    ("confirm-email", Login),
    ("register", Login),
    ("recover", Login),
    ("new-password", Login),
    ("send-code", Login),
    // Signed-in people, for themselves.
    ("sign-out", Own),
    ("confirm", Own),
    ("set-password", Own),
    ("offer-totp", Own),
    ("confirm-totp", Own),
    ("second-factor", Own),
    ("set-email", Own),
    ("enable-email-codes", Own),
    ("link-platform", Own),
    ("verify-link", Own),
    ("unlink-platform", Own),
    ("update-profile", Own),
    ("delete-account", Own),
    ("end-session", Own),
    ("end-other-sessions", Own),
    // Strangers may set preferences too; without a session, `Own` counts as `Public`.
    ("preferences", Own),
    // Administration.
    ("register-bot", Admin),
    ("update-bot", Admin),
    ("switch-bot", Admin),
    ("regenerate-bot-key", Admin),
    ("delete-bot", Admin),
    ("ban-person", Admin),
    ("time-out-person", Admin),
    ("restore-person", Admin),
    ("give-level", Admin),
    ("end-sessions-of-person", Admin),
    ("reset-factors-of-person", Admin),
];

/// All pages of `app`. `context` provides what the app needs to list them.
pub(crate) fn list(context: impl Fn() + Clone + Send + 'static) -> Vec<AxumRouteListing> {
    let (pages, _) = generate_route_list_with_exclusions_and_ssg_and_context(App, None, context);
    pages
}

/// The rate class of a page, by its route.
pub(crate) fn rate_class(route: &str) -> RateClass {
    let is_within = |root: &str| {
        route
            .strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if is_within("/admin") {
        Admin
    } else if is_within("/account") || is_within("/confirm") {
        Own
    } else {
        Public
    }
}

/// The routes of all forms, with their rate classes.
pub(crate) fn forms() -> impl Iterator<Item = (String, RateClass)> {
    let forms = FORMS.iter();
    forms.map(|(endpoint, class)| (format!("{FORM_PREFIX}{endpoint}"), *class))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_form_has_one_rate_class() {
        let declared: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
            .map(|(path, _)| path.to_owned())
            .collect();
        let classified: BTreeSet<String> = forms().map(|(path, _)| path).collect();
        assert_eq!(declared, classified);
        assert_eq!(classified.len(), FORMS.len());
    }

    #[test]
    fn pages_below_account_and_admin_count_per_session() {
        for (route, expected) in [
            ("/login", Public),
            ("/accounts", Public),
            ("/confirm", Own),
            ("/account", Own),
            ("/account/security", Own),
            ("/admin/users", Admin),
        ] {
            assert_eq!(rate_class(route), expected, "{route}");
        }
    }
}
