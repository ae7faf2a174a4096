use backend::{AuditPage, AuditPerson, AuditQuery, AuditRecord, Person, Portal, Problem};
use domain::{PermissionLevel, ReadAuditError};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::audit_words::{Details, name_of};
use crate::components::{AdminLayout, AdminTab, Moment, admit};
use crate::door::{Door, Trouble, address};
use crate::message::Message;
use crate::words;

const PAGE: &str = "/admin/audit";
const PAGE_LENGTH: usize = 50;

/// What was typed into the filters.
#[derive(Clone, Default)]
struct Wanted {
    event_type: String,
    actor: String,
    target: String,
    before: Option<i64>,
}

impl Wanted {
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

    fn is_narrow(&self) -> bool {
        let texts = [&self.event_type, &self.actor, &self.target];
        texts.iter().any(|text| !text.is_empty())
    }

    /// The page of this filter, from a row on.
    fn address(&self, before: &str) -> String {
        let query = [
            ("event_type", self.event_type.as_str()),
            ("actor", &self.actor),
            ("target", &self.target),
            ("before", before),
        ];
        address(PAGE, &query)
    }

    async fn ask(
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
            limit: PAGE_LENGTH,
        };
        portal.read_audit_log(person, query).await
    }
}

/// `/admin/audit`: what happened here, newest first.
#[component]
pub(crate) fn AdminAuditPage() -> impl IntoView {
    let door = Door::open();
    let person = match admit(&door, AdminTab::Audit, PAGE) {
        Ok(person) => person,
        Err(other) => return other,
    };
    let wanted = Wanted::read();
    let is_moderator = person.user.level == PermissionLevel::Moderator;
    let filters = view! { <Filters wanted=wanted.clone() /> };
    view! {
        <AdminLayout title=words::admin_audit() person=person.clone() tab=AdminTab::Audit>
            <h1>{words::admin_audit()}</h1>
            {is_moderator.then(|| view! { <p>{words::audit_moderator()}</p> })}
            {filters}
            <Suspense>
                {Suspend::new(async move {
                    match wanted.ask(&door.portal, &person).await {
                        Ok(page) if page.records.is_empty() => {
                            view! { <Nothing wanted /> }.into_any()
                        }
                        Ok(page) => view! { <Log page wanted /> }.into_any(),
                        Err(Problem::Refused(_)) => view! { <Nothing wanted /> }.into_any(),
                        Err(Problem::Failed(failure)) => {
                            Trouble::of(&failure);
                            view! { <p>{Message::Unavailable.sentence()}</p> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </AdminLayout>
    }
    .into_any()
}

#[component]
fn Filters(wanted: Wanted) -> impl IntoView {
    let types = Portal::event_types().iter();
    let mut types: Vec<(String, &str)> = types.map(|one| (name_of(one), *one)).collect();
    types.sort();
    let types = types.into_iter().map(|(name, one)| {
        let chosen = one == wanted.event_type;
        view! {
            <option value=one selected=chosen>
                {name}
            </option>
        }
    });
    let types = types.collect_view();
    let narrow = wanted.is_narrow();
    view! {
        <form class="card filters" method="get" action=PAGE role="search">
            <div class="field">
                <label class="field-label" for="event_type">
                    {words::audit_type()}
                </label>
                <select class="field-input" id="event_type" name="event_type">
                    <option value="">{words::audit_everything()}</option>
                    {types}
                </select>
            </div>
            <PersonFilter name="actor" label=words::audit_actor() value=wanted.actor />
            <PersonFilter name="target" label=words::audit_target() value=wanted.target />
            <button class="button button-secondary" type="submit">
                {words::audit_show()}
            </button>
            {narrow.then(|| view! { <a href=PAGE>{words::audit_show_all()}</a> })}
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
                placeholder=words::audit_person_example()
                value=value
            />
        </div>
    }
}

#[component]
fn Nothing(wanted: Wanted) -> impl IntoView {
    let text = if wanted.is_narrow() || wanted.before.is_some() {
        words::audit_none_fits()
    } else {
        words::audit_none_yet()
    };
    view! {
        <section class="card">
            <div class="empty">
                <h2>{words::audit_none()}</h2>
                <p>{text}</p>
            </div>
        </section>
    }
}

#[component]
fn Log(page: AuditPage, wanted: Wanted) -> impl IntoView {
    let older = page.next.map(|next| wanted.address(&next.to_string()));
    let newest = wanted.before.map(|_| wanted.address(""));
    view! {
        <section class="card" aria-label=words::audit_events()>
            <ol class="log">
                {page.records.into_iter().map(|record| view! { <Row record /> }).collect_view()}
            </ol>
            <nav class="pages" aria-label=words::pages()>
                {newest.map(|to| view! { <a class="button button-secondary" href=to>{words::audit_newest()}</a> })}
                {older.map(|to| view! { <a class="button button-secondary" href=to>{words::audit_older()}</a> })}
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
        (Some(id), None) => Some(words::audit_gone(id.to_string())),
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
            <Moment at=record.created_at />
        </li>
    }
    .into_any()
}
