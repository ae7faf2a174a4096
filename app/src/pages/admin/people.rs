use backend::{LinkedPlatform, ListedPerson, PeoplePage, PeopleQuery, Person, Problem, Slice};
use domain::{PermissionLevel, StateFilter, Timestamp};
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::badges::{LevelBadge, StateBadge};
use crate::components::{
    AdminLayout, AdminTab, Avatar, ChoiceField, Identity, Time, require_role, unavailable,
};
use crate::i18n::{self};
use crate::message::Message;
use crate::query::with_query;
use crate::request_context::RequestContext;

const PAGE: &str = "/admin";
const PAGE_SIZE: i64 = 25;
const MAX_SEARCH_CHARS: usize = 320;

/// The filter in the query. Invalid values are ignored.
#[derive(Clone)]
struct PeopleFilter {
    text: String,
    state: StateFilter,
    level: Option<PermissionLevel>,
    /// From 1.
    page: i64,
}

impl PeopleFilter {
    fn read() -> Self {
        let query = use_query_map().read_untracked().clone();
        let number = |name| query.get(name).and_then(|text| text.parse::<i64>().ok());
        let text = query.get("q").unwrap_or_default();
        Self {
            text: text.trim().chars().take(MAX_SEARCH_CHARS).collect(),
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

    /// The URL of another page of the same search.
    fn url_of_page(&self, page: i64) -> String {
        let page = if page > 1 {
            page.to_string()
        } else {
            String::new()
        };
        let (state, level) = (self.state(), self.level());
        with_query(
            PAGE,
            &[
                ("q", &self.text),
                ("state", state),
                ("level", &level),
                ("page", &page),
            ],
        )
    }

    fn is_unfiltered(&self) -> bool {
        self.text.is_empty() && self.state == StateFilter::Any && self.level.is_none()
    }

    fn query(&self) -> Option<PeopleQuery<'_>> {
        Some(PeopleQuery {
            text: &self.text,
            state: self.state,
            level: self.level,
            slice: Slice::new((self.page - 1) * PAGE_SIZE, PAGE_SIZE)?,
        })
    }
}

/// `/admin`: the list of people, with a search.
#[component]
pub(crate) fn AdminPeoplePage() -> impl IntoView {
    let context = RequestContext::current();
    let filter = PeopleFilter::read();
    let person = match require_role(&context, AdminTab::People, &filter.url_of_page(filter.page)) {
        Ok(person) => person,
        Err(other) => return other,
    };
    let searched = filter.clone();
    let reader = person.clone();
    let form = view! { <SearchForm filter=&filter person=&person /> };
    view! {
        <AdminLayout title=i18n::admin_people() tab=AdminTab::People person=person>
            <h1>{i18n::admin_people()}</h1>
            {form}
            <Suspense>
                {Suspend::new(async move {
                    let now = context.portal.now();
                    let Some(query) = searched.query() else {
                        return EitherOf3::A(not_available());
                    };
                    match context.portal.people(&reader, &query).await {
                        Ok(found) if found.people.is_empty() => {
                            EitherOf3::B(view! { <NoMatches filter=&searched /> })
                        }
                        Ok(found) => {
                            EitherOf3::C(view! { <PeopleTable found filter=&searched now /> })
                        }
                        Err(Problem::Failed(failure)) => EitherOf3::A(unavailable(&failure).into_any()),
                        Err(Problem::Refused(_)) => EitherOf3::A(not_available()),
                    }
                })}
            </Suspense>
        </AdminLayout>
    }
    .into_any()
}

#[component]
fn SearchForm<'a>(filter: &'a PeopleFilter, person: &'a Person) -> impl IntoView + use<> {
    let states = vec![
        ("", i18n::people_any_state()),
        ("0", i18n::people_active()),
        ("1", i18n::people_in_timeout()),
        ("2", i18n::people_banned()),
    ];
    let levels = vec![
        ("", i18n::people_any_level()),
        ("0", i18n::people_users()),
        ("1", i18n::people_moderators()),
        ("2", i18n::people_admins()),
        ("3", i18n::people_owners()),
    ];
    // Moderators only see Users, so they get no filter by level.
    let by_level = person.user.level.administers();
    let hint = if by_level {
        i18n::people_hint()
    } else {
        i18n::people_hint_moderator()
    };
    view! {
        <form class="filters filters-search" method="get" action=PAGE role="search">
            <div class="field filters-text">
                <label class="field-label" for="q">
                    {i18n::people_search()}
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
                        maxlength=MAX_SEARCH_CHARS.to_string()
                        value=filter.text.clone()
                        aria-describedby="q-hint"
                    />
                </div>
                <p class="field-hint" id="q-hint">
                    {hint}
                </p>
            </div>
            <ChoiceField name="state" label=i18n::state() choices=owned(&states) chosen=filter.state() />
            {by_level
                .then(|| {
                    let chosen = filter.level();
                    view! { <ChoiceField name="level" label=i18n::level() choices=owned(&levels) chosen=&chosen /> }
                })}
            <button class="button button-primary" type="submit">
                {i18n::people_search()}
            </button>
        </form>
    }
}

#[component]
fn NoMatches<'a>(filter: &'a PeopleFilter) -> impl IntoView + use<> {
    let (title, explanation) = match (filter.page, filter.is_unfiltered()) {
        (1, true) => (i18n::people_none(), i18n::people_none_text()),
        (1, false) => (
            i18n::people_none_like_that(),
            i18n::people_none_like_that_text(),
        ),
        (_, _) => (i18n::people_empty_page(), i18n::people_empty_page_text()),
    };
    view! {
        <section class="card empty-state">
            <h2>{title}</h2>
            <p>{explanation}</p>
            <a class="button button-secondary" href=PAGE>
                {i18n::people_show_all()}
            </a>
        </section>
    }
}

#[component]
fn PeopleTable<'a>(
    found: PeoplePage,
    filter: &'a PeopleFilter,
    now: Timestamp,
) -> impl IntoView + use<> {
    let before = (filter.page > 1).then(|| filter.url_of_page(filter.page - 1));
    let after = found.next.map(|_| filter.url_of_page(filter.page + 1));
    let several = before.is_some() || after.is_some();
    let rows: Vec<_> = found
        .people
        .into_iter()
        .map(|listed| view! { <PersonRow listed now /> })
        .collect();
    view! {
        <section class="card card-table" aria-label=i18n::admin_people()>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{i18n::people_person()}</th>
                        <th scope="col">{i18n::level()}</th>
                        <th scope="col">{i18n::state()}</th>
                        <th scope="col">{i18n::platforms_title()}</th>
                        <th scope="col">{i18n::last_seen()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {several
            .then(|| {
                view! {
                    <nav class="pager" aria-label=i18n::pages()>
                        {before
                            .map(|href| {
                                view! {
                                    <a class="button button-secondary" href=href rel="prev">
                                        {i18n::people_back()}
                                    </a>
                                }
                            })} <span>{i18n::people_page(filter.page)}</span>
                        {after
                            .map(|href| {
                                view! {
                                    <a class="button button-secondary" href=href rel="next">
                                        {i18n::people_next()}
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
            let name = linked.name.clone();
            let name = name.unwrap_or_else(|| linked.platform_user_id.clone());
            view! {
                <Identity linked=&linked>
                    <bdi>{name}</bdi>
                </Identity>
            }
        })
        .collect();
    let seen = user.last_activity_at.map(|at| {
        view! { <Time at /> }
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
            <td data-label=i18n::level()>
                <LevelBadge level=user.level />
            </td>
            <td data-label=i18n::state()>
                <StateBadge user=&user now />
            </td>
            <td data-label=i18n::platforms_title()>{platforms}</td>
            <td data-label=i18n::last_seen()>{seen}</td>
        </tr>
    }
}

fn not_available() -> AnyView {
    view! { <p>{Message::Unavailable.sentence()}</p> }.into_any()
}

fn owned(choices: &[(&str, String)]) -> Vec<(String, String)> {
    let choices = choices.iter();
    choices
        .map(|(value, label)| ((*value).to_owned(), label.clone()))
        .collect()
}
