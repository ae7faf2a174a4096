use backend::Person;
use domain::PermissionLevel;
use http::StatusCode;
use leptos::prelude::*;

use super::layout::SignedInLayout;
use crate::i18n;
use crate::query::with_query;
use crate::request_context::RequestContext;

/// The sections of administration, in the order of their tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdminTab {
    People,
    Bots,
    Audit,
}

impl AdminTab {
    const ALL: [Self; 3] = [Self::People, Self::Bots, Self::Audit];

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::People => "/admin",
            Self::Bots => "/admin/bots",
            Self::Audit => "/admin/audit",
        }
    }

    fn name(self) -> String {
        match self {
            Self::People => i18n::admin_people(),
            Self::Bots => i18n::admin_bots(),
            Self::Audit => i18n::admin_audit(),
        }
    }

    /// The lowest level that may open it. Moderators see only a part of people and log.
    pub(crate) const fn min_level(self) -> PermissionLevel {
        match self {
            Self::People | Self::Audit => PermissionLevel::Moderator,
            Self::Bots => PermissionLevel::Admin,
        }
    }
}

/// The person, if they may open this section. Others are redirected to `/login`, or get a page that
/// says that access is denied.
pub(crate) fn require_role(
    context: &RequestContext,
    tab: AdminTab,
    here: &str,
) -> Result<Person, AnyView> {
    let Some(person) = context.person() else {
        context.redirect(&with_query("/login", &[("return_to", here)]));
        return Err(().into_any());
    };
    let allowed = context.portal.may_administer(&person, tab.min_level());
    if allowed.is_ok() {
        return Ok(person);
    }
    context.set_status(StatusCode::FORBIDDEN);
    let display = person.user.display;
    Err(view! { <AccessDenied display /> }.into_any())
}

#[component]
fn AccessDenied(display: String) -> impl IntoView {
    view! {
        <SignedInLayout title=i18n::admin_not_for_you() display>
            <h1>{i18n::admin_not_for_you_heading()}</h1>
            <p>
                {i18n::admin_not_for_you_text()}
            </p>
            <p>
                <a href="/account">{i18n::back_to_account()}</a>
            </p>
        </SignedInLayout>
    }
}

/// A page of administration, with the tabs that this person may open.
#[component]
pub(crate) fn AdminLayout(
    #[prop(into)] title: String,
    person: Person,
    tab: AdminTab,
    children: Children,
) -> impl IntoView {
    let level = person.user.level;
    let tabs = AdminTab::ALL
        .into_iter()
        .filter(|tab| level >= tab.min_level())
        .map(|one| {
            let current = (one == tab).then_some("page");
            view! {
                <a href=one.path() aria-current=current>
                    {one.name()}
                </a>
            }
        })
        .collect_view();
    view! {
        <SignedInLayout title display=person.user.display>
            <nav class="tabs" aria-label=i18n::admin_title()>
                {tabs}
            </nav>
            {children()}
        </SignedInLayout>
    }
}
