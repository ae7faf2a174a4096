use backend::{AuditPage, AuditPerson, AuditQuery, AuditRecord, Person, Portal, Problem};
use domain::{PermissionLevel, ReadAuditError};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::audit_text::{Details, name_of};
use crate::components::{AdminLayout, AdminTab, Time, require_role, unavailable};
use crate::i18n;
use crate::query::with_query;
use crate::request_context::RequestContext;

const PAGE: &str = "/admin/audit";
const PAGE_SIZE: usize = 50;

/// The filter in the query.
#[derive(Clone, Default)]
struct AuditFilter {
    event_type: String,
    actor: String,
    target: String,
    before: Option<i64>,
}

impl AuditFilter {
    fn read() -> Self {
        let query = use_query_map().read_untracked();
        let text = |name| query.get(name).unwrap_or_default().trim().to_owned();
        Self {
            event_type: text("event_type"),
            actor: text("actor"),
            target: text("target"),
            before: text("before").parse().ok(),
        }
    }

    fn is_filtered(&self) -> bool {
        let texts = [&self.event_type, &self.actor, &self.target];
        texts.iter().any(|text| !text.is_empty())
    }

    /// The URL of the same filter, from a row on.
    fn url(&self, before: &str) -> String {
        let query = [
            ("event_type", self.event_type.as_str()),
            ("actor", &self.actor),
            ("target", &self.target),
            ("before", before),
        ];
        with_query(PAGE, &query)
    }

    async fn events(
        &self,
        portal: &Portal,
        person: &Person,
    ) -> Result<AuditPage, Problem<ReadAuditError>> {
        let person_of = |text| AuditPerson::Named(text);
        let query = AuditQuery {
            event_type: Some(self.event_type.as_str()).filter(|text| !text.is_empty()),
            actor: Some(self.actor.as_str())
                .filter(|text| !text.is_empty())
                .map(person_of),
            target: Some(self.target.as_str())
                .filter(|text| !text.is_empty())
                .map(person_of),
            before: self.before,
            limit: PAGE_SIZE,
        };
        portal.read_audit_log(person, query).await
    }
}

/// `/admin/audit`: the audit log, newest first.
#[component]
pub(crate) fn AdminAuditPage() -> impl IntoView {
    let context = RequestContext::current();
    let person = match require_role(&context, AdminTab::Audit, PAGE) {
        Ok(person) => person,
        Err(other) => return other,
    };
    let filter = AuditFilter::read();
    let is_moderator = person.user.level == PermissionLevel::Moderator;
    let filters = view! { <Filters filter=filter.clone() /> };
    view! {
        <AdminLayout title=i18n::admin_audit() person=person.clone() tab=AdminTab::Audit>
            <h1>{i18n::admin_audit()}</h1>
            {is_moderator.then(|| view! { <p>{i18n::audit_moderator()}</p> })}
            {filters}
            <Suspense>
                {Suspend::new(async move {
                    match filter.events(&context.portal, &person).await {
                        Ok(page) if page.records.is_empty() => {
                            view! { <NoEvents filter /> }.into_any()
                        }
                        Ok(page) => view! { <Log page filter /> }.into_any(),
                        Err(Problem::Refused(_)) => view! { <NoEvents filter /> }.into_any(),
                        Err(Problem::Failed(failure)) => unavailable(&failure).into_any(),
                    }
                })}
            </Suspense>
        </AdminLayout>
    }
    .into_any()
}

#[component]
fn Filters(filter: AuditFilter) -> impl IntoView {
    let types = Portal::event_types().iter();
    let mut types: Vec<(String, &str)> = types.map(|one| (name_of(one), *one)).collect();
    types.sort();
    let types = types.into_iter().map(|(name, one)| {
        let chosen = one == filter.event_type;
        view! {
            <option value=one selected=chosen>
                {name}
            </option>
        }
    });
    let types = types.collect_view();
    let is_filtered = filter.is_filtered();
    view! {
        <form class="card filters" method="get" action=PAGE role="search">
            <div class="field">
                <label class="field-label" for="event_type">
                    {i18n::audit_type()}
                </label>
                <select class="field-input" id="event_type" name="event_type">
                    <option value="">{i18n::audit_everything()}</option>
                    {types}
                </select>
            </div>
            <PersonFilter name="actor" label=i18n::audit_actor() value=filter.actor />
            <PersonFilter name="target" label=i18n::audit_target() value=filter.target />
            <button class="button button-secondary" type="submit">
                {i18n::audit_show()}
            </button>
            {is_filtered.then(|| view! { <a href=PAGE>{i18n::audit_show_all()}</a> })}
        </form>
    }
    .into_any()
}

#[component]
fn PersonFilter(name: &'static str, label: String, value: String) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label}
            </label>
            <input
                class="field-input"
                id=name
                name=name
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                maxlength="32"
                placeholder=i18n::audit_person_example()
                value=value
            />
        </div>
    }
}

#[component]
fn NoEvents(filter: AuditFilter) -> impl IntoView {
    let text = if filter.is_filtered() || filter.before.is_some() {
        i18n::audit_none_fits()
    } else {
        i18n::audit_none_yet()
    };
    view! {
        <section class="card">
            <div class="empty-state">
                <h2>{i18n::audit_none()}</h2>
                <p>{text}</p>
            </div>
        </section>
    }
}

#[component]
fn Log(page: AuditPage, filter: AuditFilter) -> impl IntoView {
    let older = page.next.map(|next| filter.url(&next.to_string()));
    let newest = filter.before.map(|_| filter.url(""));
    view! {
        <section class="card" aria-label=i18n::audit_events()>
            <ol class="event-log">
                {page.records.into_iter().map(|record| view! { <Row record /> }).collect_view()}
            </ol>
            <nav class="pagination" aria-label=i18n::pages()>
                {newest.map(|to| view! { <a class="button button-secondary" href=to>{i18n::audit_newest()}</a> })}
                {older.map(|to| view! { <a class="button button-secondary" href=to>{i18n::audit_older()}</a> })}
            </nav>
        </section>
    }
    .into_any()
}

#[component]
fn Row(record: AuditRecord) -> impl IntoView {
    let details = view! { <Details record=&record /> };
    let name = |id: Option<domain::UserId>, name: Option<String>| match (id, name) {
        (_, Some(name)) => Some(format!("@{name}")),
        (Some(id), None) => Some(i18n::audit_gone(id.to_string())),
        (None, None) => None,
    };
    let same = record.actor == record.target;
    let actor = name(record.actor, record.actor_name);
    let target = name(record.target, record.target_name).filter(|_| !same);
    let event = name_of(&record.event_type);
    view! {
        <li data-event=record.event_type>
            <strong>{event}</strong>
            <div>
                {actor.map(|actor| view! { <bdi>{actor}</bdi> })}
                {target.map(|target| view! { " → " <bdi>{target}</bdi> })}
                {details}
            </div>
            <Time at=record.created_at />
        </li>
    }
    .into_any()
}
