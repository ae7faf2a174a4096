//! `/admin/people/{id}`: a person, and the actions on them.

mod actions;
mod bots;
mod forms;
mod profile;
mod sessions;

use backend::{AdminPersonView, Person};
use domain::{AdminAction, UserId};
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::actions::{ActionForm, ActionsCard, form_path, known_name, name_of, path_of};
use self::bots::BotsCard;
use self::profile::ProfileCard;
use self::sessions::SessionsCard;
use crate::components::{AdminLayout, AdminTab, MessageNotice, require_role};
use crate::i18n;
use crate::message::Message;
use crate::pages::NotFoundPage;
use crate::query::with_query;
use crate::request_context::RequestContext;

const ALLOWED_MESSAGES: &[Message] = &[
    Message::PersonBanned,
    Message::PersonTimedOut,
    Message::PersonRestored,
    Message::LevelChanged,
    Message::PersonLoggedOut,
    Message::FactorsReset,
    Message::TargetNotBelow,
    Message::AdminRequired,
    Message::RoleNotAssignable,
    Message::TargetIsLastOwner,
    Message::TargetIsBanned,
    Message::ReasonMissing,
    Message::TargetHasNoFactor,
    Message::PersonNotFound,
];

/// `/admin/people/{id}`: a person. `act` in the query opens the form of an action, which is its
/// confirmation as well.
#[component]
pub(crate) fn AdminPersonPage() -> impl IntoView {
    let context = RequestContext::current();
    let id = use_params_map().read_untracked().get("id");
    let id = id.and_then(|id| id.parse().ok()).map(UserId::from_i64);
    let Some(id) = id else {
        return view! { <NotFoundPage /> }.into_any();
    };
    let action = use_query_map().read_untracked().get("act");
    let action = action.and_then(|name| known_name(&name));
    let here = action.map_or_else(|| path_of(id), |name| form_path(id, name));
    let person = match require_role(&context, AdminTab::People, &here) {
        Ok(person) => person,
        Err(other) => return other,
    };
    if action.is_some() && !person.session.is_fresh(context.portal.now()) {
        // Before the form, so that no input is lost.
        context.redirect(&with_query("/confirm", &[("return_to", &here)]));
        return ().into_any();
    }
    let message = Message::read(ALLOWED_MESSAGES);
    view! {
        <Suspense>
            {Suspend::new(async move {
                match context.portal.admin_person_view(&person, id).await {
                    Ok(Some(file)) => {
                        let action = file.actions.iter().find(|act| Some(name_of(**act)) == action);
                        let action = action.copied();
                        EitherOf3::A(view! { <PersonDetails context person file action message /> })
                    }
                    Ok(None) => EitherOf3::B(view! { <NotFoundPage /> }),
                    Err(problem) => {
                        let message = Message::from_problem(problem);
                        context.set_status(message.status());
                        EitherOf3::C(view! { <p>{message.sentence()}</p> })
                    }
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn PersonDetails(
    context: RequestContext,
    person: Person,
    file: AdminPersonView,
    action: Option<AdminAction>,
    message: Option<Message>,
) -> impl IntoView {
    let now = context.portal.now();
    let title = Message::title(message, file.user.display.clone());
    let input = context.previous_input();
    let own_level = person.user.level;
    let is_admin = own_level.administers();
    let form =
        action.map(|action| view! { <ActionForm action file=&file own_level input /> }.into_any());
    let profile = view! { <ProfileCard file=&file links_log=is_admin now /> }.into_any();
    let actions = action
        .is_none()
        .then(|| view! { <ActionsCard file=&file /> }.into_any());
    let bots = (!file.bots.is_empty())
        .then(|| view! { <BotsCard file=&file links_bots=is_admin /> }.into_any());
    let sessions = is_admin.then(|| view! { <SessionsCard sessions=file.sessions /> }.into_any());
    view! {
        <AdminLayout title tab=AdminTab::People person=person>
            <p class="back-link">
                <a href=AdminTab::People.path()>{i18n::person_all()}</a>
            </p>
            <MessageNotice message id="person-notice" takes_focus=action.is_none() />
            {form}
            {profile}
            {actions}
            {bots}
            {sessions}
        </AdminLayout>
    }
    .into_any()
}
