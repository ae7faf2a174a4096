//! The server functions of the forms.

use std::time::Duration;

use backend::Problem;
use domain::{
    AdminAction, AdminActionError, PermissionLevel, Reason, ResetFactorsError, RestrictError,
    SetLevelError, Timestamp, UserId,
};
use http::StatusCode;
use leptos::prelude::*;

use super::super::admin_request::AdminRequest;
use super::actions::{DURATIONS, PERMANENT, form_path, name_of, path_of};
use crate::message::Message;
use crate::request_context::RequestContext;

type Outcome = Result<(), Problem<PersonActionError>>;

/// A submitted form: who acts on whom, and how.
struct Submission {
    actor: AdminRequest,
    target: UserId,
    action: AdminAction,
}

impl Submission {
    fn begin(id: &str, action: AdminAction) -> Option<Self> {
        let context = RequestContext::current();
        let Ok(id) = id.parse() else {
            context.set_status(StatusCode::BAD_REQUEST);
            return None;
        };
        let target = UserId::from_i64(id);
        let actor = AdminRequest::require_login(context, &form_path(target, name_of(action)))?;
        Some(Self {
            actor,
            target,
            action,
        })
    }

    /// The reason; remembers it for the form that is sent back.
    fn reason(&self, input: &str) -> Result<Reason, Problem<PersonActionError>> {
        self.actor.context.remember_input(input);
        let reason = input.parse();
        reason.map_err(|_| PersonActionError::Other(Message::ReasonMissing).into())
    }

    async fn time_out(&self, reason: &str, minutes: &str) -> Outcome {
        let reason = self.reason(reason)?;
        let portal = &self.actor.context.portal;
        let until = until(portal.now(), minutes);
        let done = portal.time_out_person(self.actor.by(), self.target, &reason, until);
        outcome(done.await)
    }

    async fn ban(&self, reason: &str, minutes: &str) -> Outcome {
        let reason = self.reason(reason)?;
        let portal = &self.actor.context.portal;
        let until = (minutes != PERMANENT).then(|| until(portal.now(), minutes));
        let done = portal.ban_person(self.actor.by(), self.target, &reason, until);
        outcome(done.await)
    }

    async fn set_level(&self, level: &str) -> Outcome {
        let level = level.parse().ok().and_then(PermissionLevel::from_i64);
        let level = level.ok_or(PersonActionError::Other(Message::RoleNotAssignable))?;
        let portal = &self.actor.context.portal;
        outcome(
            portal
                .assign_level(self.actor.by(), self.target, level)
                .await,
        )
    }

    /// Redirects to the page of the person, or back to the form.
    fn finish(self, done: Message, outcome: Outcome) {
        let (page, context) = (path_of(self.target), &self.actor.context);
        let form = form_path(self.target, name_of(self.action));
        match outcome {
            Ok(()) => {
                context.remember_input("");
                context.redirect_with_message(&page, &[], done);
            }
            Err(Problem::Refused(PersonActionError::AdminAction(AdminActionError::NotFresh))) => {
                context.redirect_to_confirm(&form);
            }
            Err(Problem::Refused(PersonActionError::AdminAction(AdminActionError::SignedOut))) => {
                context.redirect_to_login(&page);
            }
            Err(problem) => match Message::from_problem(problem) {
                message @ Message::ReasonMissing => {
                    let query = [("act", name_of(self.action))];
                    context.redirect_with_message(&page, &query, message);
                }
                message => context.redirect_with_message(&page, &[], message),
            },
        }
    }
}

/// Why an action failed.
#[derive(Clone, Copy, Debug)]
enum PersonActionError {
    AdminAction(AdminActionError),
    Other(Message),
}

impl From<PersonActionError> for Message {
    fn from(error: PersonActionError) -> Self {
        match error {
            PersonActionError::AdminAction(error) => error.into(),
            PersonActionError::Other(message) => message,
        }
    }
}

impl From<PersonActionError> for Problem<PersonActionError> {
    fn from(error: PersonActionError) -> Self {
        Self::Refused(error)
    }
}

impl From<AdminActionError> for PersonActionError {
    fn from(error: AdminActionError) -> Self {
        Self::AdminAction(error)
    }
}

impl From<RestrictError> for PersonActionError {
    fn from(error: RestrictError) -> Self {
        match error {
            RestrictError::AdminAction(error) => Self::AdminAction(error),
            RestrictError::LastOwner => Self::Other(Message::TargetIsLastOwner),
            RestrictError::Banned => Self::Other(Message::TargetIsBanned),
            RestrictError::EndPassed => Self::Other(Message::Internal),
        }
    }
}

impl From<SetLevelError> for PersonActionError {
    fn from(error: SetLevelError) -> Self {
        match error {
            SetLevelError::AdminAction(error) => Self::AdminAction(error),
            SetLevelError::LastOwner => Self::Other(Message::TargetIsLastOwner),
            SetLevelError::NotAssignable => Self::Other(Message::RoleNotAssignable),
        }
    }
}

impl From<ResetFactorsError> for PersonActionError {
    fn from(error: ResetFactorsError) -> Self {
        match error {
            ResetFactorsError::AdminAction(error) => Self::AdminAction(error),
            ResetFactorsError::NotOn => Self::Other(Message::TargetHasNoFactor),
        }
    }
}

fn outcome<T, E: Into<PersonActionError>>(answer: Result<T, Problem<E>>) -> Outcome {
    answer.map(drop).map_err(|problem| problem.map(E::into))
}

/// The end of a restriction. An unknown duration counts as the shortest.
fn until(now: Timestamp, minutes: &str) -> Timestamp {
    let known = DURATIONS.iter().find(|(known, _)| *known == minutes);
    let (minutes, _) = known.unwrap_or(&DURATIONS[0]);
    now + Duration::from_mins(minutes.parse().unwrap_or(10))
}

/// The form that times a person out.
#[server(prefix = "/do", endpoint = "time-out-person")]
pub async fn time_out_person(
    #[server(default)] id: String,
    #[server(default)] reason: String,
    #[server(default)] length: String,
) -> Result<(), ServerFnError> {
    if let Some(form) = Submission::begin(&id, AdminAction::TimeOut) {
        let done = form.time_out(&reason, &length).await;
        form.finish(Message::PersonTimedOut, done);
    }
    Ok(())
}

/// The form that bans a person.
#[server(prefix = "/do", endpoint = "ban-person")]
pub async fn ban_person(
    #[server(default)] id: String,
    #[server(default)] reason: String,
    #[server(default)] length: String,
) -> Result<(), ServerFnError> {
    if let Some(form) = Submission::begin(&id, AdminAction::Ban) {
        let done = form.ban(&reason, &length).await;
        form.finish(Message::PersonBanned, done);
    }
    Ok(())
}

/// The form that lifts a timeout or a ban.
#[server(prefix = "/do", endpoint = "restore-person")]
pub async fn restore_person(#[server(default)] id: String) -> Result<(), ServerFnError> {
    if let Some(form) = Submission::begin(&id, AdminAction::LiftTimeout) {
        let portal = &form.actor.context.portal;
        let done = portal.restore_person(form.actor.by(), form.target).await;
        form.finish(Message::PersonRestored, outcome(done));
    }
    Ok(())
}

/// The form that sets the level of a person.
#[server(prefix = "/do", endpoint = "give-level")]
pub async fn give_level(
    #[server(default)] id: String,
    #[server(default)] level: String,
) -> Result<(), ServerFnError> {
    if let Some(form) = Submission::begin(&id, AdminAction::SetLevel) {
        let done = form.set_level(&level).await;
        form.finish(Message::LevelChanged, done);
    }
    Ok(())
}

/// The form that logs a person out everywhere.
#[server(prefix = "/do", endpoint = "end-sessions-of-person")]
pub async fn end_sessions_of_person(#[server(default)] id: String) -> Result<(), ServerFnError> {
    if let Some(form) = Submission::begin(&id, AdminAction::EndSessions) {
        let portal = &form.actor.context.portal;
        let done = portal.end_sessions_of(form.actor.by(), form.target).await;
        form.finish(Message::PersonLoggedOut, outcome(done));
    }
    Ok(())
}

/// The form that removes the second factors of a person.
#[server(prefix = "/do", endpoint = "reset-factors-of-person")]
pub async fn reset_factors_of_person(#[server(default)] id: String) -> Result<(), ServerFnError> {
    if let Some(form) = Submission::begin(&id, AdminAction::ResetFactors) {
        let portal = &form.actor.context.portal;
        let done = portal.reset_factors(form.actor.by(), form.target).await;
        form.finish(Message::FactorsReset, outcome(done));
    }
    Ok(())
}
