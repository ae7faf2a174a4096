use backend::{LinkedPlatform, ListedPerson, PeoplePage, PeopleQuery, Person, Slice};
use domain::{AccountState, PermissionLevel, Platform, StateFilter, Timestamp, User};
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{AdminLayout, AdminTab, Avatar, ChoiceField, Moment, PlatformMark, admit};
use crate::door::{Door, Trouble, address};
use crate::message::Message;
use crate::wording::{Worded as _, platform_name};
use crate::words::{self, fill};

const PAGE: &str = "/admin";
/// People on a page.
const PAGE_LENGTH: i64 = 25;
/// What can be typed into the search.
const LONGEST_SEARCH: usize = 320;

/// What the address asks for. Whatever it can't mean is as if it weren't there.
#[derive(Clone)]
struct Wanted {
    text: String,
    state: StateFilter,
    level: Option<PermissionLevel>,
    /// From 1.
    page: i64,
}

impl Wanted {
    fn read() -> Self {
        let query = use_query_map().read_untracked().clone();
        let number = |name| query.get(name).and_then(|text| text.parse::<i64>().ok());
        let text = query.get("q").unwrap_or_default();
        Self {
            text: text.trim().chars().take(LONGEST_SEARCH).collect(),
            state: number("state")
                .and_then(StateFilter::from_number)
                .unwrap_or(StateFilter::Any),
            level: number("level").and_then(PermissionLevel::from_i64),
            page: number("page").unwrap_or(1).clamp(1, 1_000_000),
        }
    }

    fn state(&self) -> &'static str {
        match self.state {
            StateFilter::Any => "",
            StateFilter::Active => "0",
            StateFilter::TimedOut => "1",
            StateFilter::Banned => "2",
        }
    }

    fn level(&self) -> String {
        self.level
            .map_or_else(String::new, |level| level.as_i64().to_string())
    }

    /// The address of another page of the same search.
    fn on_page(&self, page: i64) -> String {
        let page = if page > 1 {
            page.to_string()
        } else {
            String::new()
        };
        let (state, level) = (self.state(), self.level());
        address(
            PAGE,
            &[
                ("q", &self.text),
                ("state", state),
                ("level", &level),
                ("page", &page),
            ],
        )
    }

    fn is_everybody(&self) -> bool {
        self.text.is_empty() && self.state == StateFilter::Any && self.level.is_none()
    }

    fn query(&self) -> Option<PeopleQuery<'_>> {
        Some(PeopleQuery {
            text: &self.text,
            state: self.state,
            level: self.level,
            slice: Slice::new((self.page - 1) * PAGE_LENGTH, PAGE_LENGTH)?,
        })
    }
}

/// `/admin`: the people, to be searched.
#[component]
pub(crate) fn AdminPeoplePage() -> impl IntoView {
    let door = Door::open();
    let wanted = Wanted::read();
    let person = match admit(&door, AdminTab::People, &wanted.on_page(wanted.page)) {
        Ok(person) => person,
        Err(other) => return other,
    };
    let searched = wanted.clone();
    let looker = person.clone();
    let form = view! { <SearchForm wanted=&wanted person=&person /> };
    view! {
        <AdminLayout title=words::admin_people() tab=AdminTab::People person=person>
            <h1>{words::admin_people()}</h1>
            {form}
            <Suspense>
                {Suspend::new(async move {
                    let now = door.portal.now();
                    let Some(query) = searched.query() else {
                        return EitherOf3::A(view! { <p>{Message::Unavailable.sentence()}</p> });
                    };
                    match door.portal.people(&looker, &query).await {
                        Ok(found) if found.people.is_empty() => {
                            EitherOf3::B(view! { <Nobody wanted=&searched /> })
                        }
                        Ok(found) => {
                            EitherOf3::C(view! { <PeopleTable found wanted=&searched now /> })
                        }
                        Err(problem) => {
                            if let backend::Problem::Failed(failure) = problem {
                                Trouble::of(&failure);
                            }
                            EitherOf3::A(view! { <p>{Message::Unavailable.sentence()}</p> })
                        }
                    }
                })}
            </Suspense>
        </AdminLayout>
    }
    .into_any()
}

#[component]
fn SearchForm<'a>(wanted: &'a Wanted, person: &'a Person) -> impl IntoView + use<> {
    let states = vec![
        ("", words::people_any_state()),
        ("0", words::people_active()),
        ("1", words::people_in_timeout()),
        ("2", words::people_banned()),
    ];
    let levels = vec![
        ("", words::people_any_level()),
        ("0", words::people_users()),
        ("1", words::people_moderators()),
        ("2", words::people_admins()),
        ("3", words::people_owners()),
    ];
    // Moderators see Users alone: there is nothing to choose.
    let by_level = person.user.level.administers();
    let hint = if by_level {
        words::people_hint()
    } else {
        words::people_hint_moderator()
    };
    view! {
        <form class="filters filters-search" method="get" action=PAGE role="search">
            <div class="field filters-text">
                <label class="field-label" for="q">
                    {words::people_search()}
                </label>
                <div class="field-control">
                    <input
                        class="field-input"
                        id="q"
                        name="q"
                        type="search"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength="320"
                        value=wanted.text.clone()
                        aria-describedby="q-hint"
                    />
                </div>
                <p class="field-hint" id="q-hint">
                    {hint}
                </p>
            </div>
            <ChoiceField name="state" label=words::state() choices=owned(&states) chosen=wanted.state() />
            {by_level
                .then(|| {
                    let chosen = wanted.level();
                    view! { <ChoiceField name="level" label=words::level() choices=owned(&levels) chosen=&chosen /> }
                })}
            <button class="button button-primary" type="submit">
                {words::people_search()}
            </button>
        </form>
    }
}

#[component]
fn Nobody<'a>(wanted: &'a Wanted) -> impl IntoView + use<> {
    let (title, explanation) = match (wanted.page, wanted.is_everybody()) {
        (1, true) => (words::people_none(), words::people_none_text()),
        (1, false) => (
            words::people_none_like_that(),
            words::people_none_like_that_text(),
        ),
        (_, _) => (words::people_empty_page(), words::people_empty_page_text()),
    };
    view! {
        <section class="card empty">
            <h2>{title}</h2>
            <p>{explanation}</p>
            <a class="button button-secondary" href=PAGE>
                {words::people_show_all()}
            </a>
        </section>
    }
}

#[component]
fn PeopleTable<'a>(found: PeoplePage, wanted: &'a Wanted, now: Timestamp) -> impl IntoView + use<> {
    let before = (wanted.page > 1).then(|| wanted.on_page(wanted.page - 1));
    let after = found.next.map(|_| wanted.on_page(wanted.page + 1));
    let several = before.is_some() || after.is_some();
    let rows: Vec<_> = found
        .people
        .into_iter()
        .map(|listed| view! { <PersonRow listed now /> })
        .collect();
    view! {
        <section class="card card-table" aria-label=words::admin_people()>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words::people_person()}</th>
                        <th scope="col">{words::level()}</th>
                        <th scope="col">{words::state()}</th>
                        <th scope="col">{words::platforms_title()}</th>
                        <th scope="col">{words::last_seen()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {several
            .then(|| {
                view! {
                    <nav class="pager" aria-label=words::pages()>
                        {before
                            .map(|href| {
                                view! {
                                    <a class="button button-secondary" href=href rel="prev">
                                        {words::people_back()}
                                    </a>
                                }
                            })} <span>{words::people_page(wanted.page)}</span>
                        {after
                            .map(|href| {
                                view! {
                                    <a class="button button-secondary" href=href rel="next">
                                        {words::people_next()}
                                    </a>
                                }
                            })}
                    </nav>
                }
            })}
    }
}

#[component]
fn PersonRow(listed: ListedPerson, now: Timestamp) -> impl IntoView {
    let ListedPerson { user, platforms } = listed;
    let picture = LinkedPlatform::avatar_of(&platforms).map(str::to_owned);
    let platforms: Vec<_> = platforms
        .into_iter()
        .map(|linked| {
            let name = linked.name.unwrap_or(linked.platform_user_id);
            let platform: Option<Platform> = linked.platform.parse().ok();
            let words = platform_name(&linked.platform);
            view! {
                <span class="on-platform">
                    {platform.as_ref().map(|platform| view! { <PlatformMark platform /> })}
                    <span class="visually-hidden">{words}</span> " " <bdi>{name}</bdi>
                </span>
            }
        })
        .collect();
    let seen = user.last_activity_at.map(|at| {
        view! { <Moment at /> }
    });
    view! {
        <tr>
            <th scope="row">
                <a class="person" href=format!("/admin/people/{}", user.id)>
                    <Avatar display=&user.display url=picture />
                    <span>
                        <bdi>{user.display.clone()}</bdi>
                        <small>{format!("@{}", user.username)}</small>
                    </span>
                </a>
            </th>
            <td data-label=words::level()>
                <LevelBadge level=user.level />
            </td>
            <td data-label=words::state()>
                <StateBadge user=&user now />
            </td>
            <td data-label=words::platforms_title()>{platforms}</td>
            <td data-label=words::last_seen()>{seen}</td>
        </tr>
    }
}

/// A person's level, as a badge.
#[component]
pub(super) fn LevelBadge(level: PermissionLevel) -> impl IntoView {
    let class = if level.administers() {
        "badge badge-accent"
    } else {
        "badge"
    };
    view! { <span class=class>{level.words()}</span> }.into_any()
}

/// Whether a person may come in at the moment.
#[component]
pub(super) fn StateBadge<'a>(user: &'a User, now: Timestamp) -> impl IntoView + use<> {
    let restricted = user.state.is_restricted(now);
    let until = |at: Timestamp, sentence: fn(&'static str) -> String| {
        fill(
            |[time]| sentence(time),
            [view! { <Moment at /> }.into_any()],
        )
        .into_any()
    };
    let words = match user.state {
        AccountState::Timeout { until: at } if restricted => until(at, words::people_timeout_until),
        AccountState::Banned { until: Some(at) } if restricted => {
            until(at, words::people_banned_until)
        }
        AccountState::Banned { until: None } => words::people_banned().into_any(),
        AccountState::Active | AccountState::Timeout { .. } | AccountState::Banned { .. } => {
            words::people_active().into_any()
        }
    };
    let class = if restricted {
        "badge badge-danger"
    } else {
        "badge"
    };
    view! {
        <span class=class>{words}</span>
    }
    .into_any()
}

/// Choices as a field takes them.
pub(super) fn owned(choices: &[(&str, String)]) -> Vec<(String, String)> {
    let choices = choices.iter();
    choices
        .map(|(value, words)| ((*value).to_owned(), words.clone()))
        .collect()
}
