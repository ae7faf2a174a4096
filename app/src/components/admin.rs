use backend::Person;
use domain::PermissionLevel;
use http::StatusCode;
use leptos::prelude::*;

use super::layout::SignedInLayout;
use crate::door::{Door, address};
use crate::words;

/// The parts of administration, in the order of their tabs.
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
            Self::People => words::admin_people(),
            Self::Bots => words::admin_bots(),
            Self::Audit => words::admin_audit(),
        }
    }

    /// The lowest level that it is open to. Moderators see a part of the people and the log.
    pub(crate) const fn min_level(self) -> PermissionLevel {
        match self {
            Self::People | Self::Audit => PermissionLevel::Moderator,
            Self::Bots => PermissionLevel::Admin,
        }
    }
}

/// The person, if this part of administration is open to them. Whoever is not logged in is
/// sent to do so; to others it is a page that isn't there for them.
pub(crate) fn admit(door: &Door, tab: AdminTab, here: &str) -> Result<Person, AnyView> {
    let Some(person) = door.person() else {
        door.go(&address("/login", &[("return_to", here)]));
        return Err(().into_any());
    };
    let may = door.portal.may_administer(&person, tab.min_level());
    if may.is_ok() {
        return Ok(person);
    }
    door.set_status(StatusCode::FORBIDDEN);
    let display = person.user.display;
    Err(view! { <NotForYou display /> }.into_any())
}

#[component]
fn NotForYou(display: String) -> impl IntoView {
    view! {
        <SignedInLayout title=words::admin_not_for_you() display>
            <h1>{words::admin_not_for_you_heading()}</h1>
            <p>
                {words::admin_not_for_you_text()}
            </p>
            <p>
                <a href="/account">{words::back_to_account()}</a>
            </p>
        </SignedInLayout>
    }
}

/// A page of administration, with the tabs that are open to this person.
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
            <nav class="tabs" aria-label=words::admin_title()>
                {tabs}
            </nav>
            {children()}
        </SignedInLayout>
    }
}
