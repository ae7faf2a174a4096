//! The actions that a person offers, and the form of each.

use backend::AdminPersonView;
use domain::{AdminAction, PermissionLevel, UserId};
use leptos::prelude::*;

use crate::components::{ChoiceField, TextField};
use crate::i18n;
use crate::localize::Localize as _;
use crate::query::with_query;

/// All actions, in the order of the page.
const ORDER: [AdminAction; 7] = [
    AdminAction::LiftTimeout,
    AdminAction::LiftBan,
    AdminAction::TimeOut,
    AdminAction::Ban,
    AdminAction::SetLevel,
    AdminAction::EndSessions,
    AdminAction::ResetFactors,
];

type Label = fn() -> String;

/// How long a restriction lasts, in minutes.
pub(super) const DURATIONS: [(&str, Label); 8] = [
    ("10", i18n::length_10_minutes),
    ("60", i18n::length_hour),
    ("360", i18n::length_6_hours),
    ("1440", i18n::length_day),
    ("10080", i18n::length_week),
    ("43200", i18n::length_30_days),
    ("129600", i18n::length_90_days),
    ("525600", i18n::length_year),
];

const DEFAULT_TIMEOUT: &str = "1440";

/// The duration of a permanent ban.
pub(super) const PERMANENT: &str = "";

pub(super) fn path_of(id: UserId) -> String {
    format!("/admin/people/{id}")
}

/// The path that opens the form of an action.
pub(super) fn form_path(id: UserId, name: &str) -> String {
    with_query(&path_of(id), &[("act", name)])
}

/// The name of an action in the query.
pub(super) const fn name_of(action: AdminAction) -> &'static str {
    match action {
        AdminAction::LiftTimeout | AdminAction::LiftBan => "restore",
        AdminAction::TimeOut => "timeout",
        AdminAction::Ban => "ban",
        AdminAction::SetLevel => "level",
        AdminAction::EndSessions => "sessions",
        AdminAction::ResetFactors => "factors",
        AdminAction::ChangeBot => "",
    }
}

pub(super) fn known_name(name: &str) -> Option<&'static str> {
    ORDER.into_iter().map(name_of).find(|known| *known == name)
}

/// The texts and the target of the form of an action.
struct ActionText {
    name: String,
    summary: String,
    title: String,
    explanation: String,
    endpoint: &'static str,
    button_class: &'static str,
}

impl ActionText {
    /// `None` for actions on other things than people.
    fn of(action: AdminAction, display: &str) -> Option<Self> {
        const PRIMARY: &str = "button button-primary";
        const DANGER: &str = "button button-danger";
        Some(match action {
            AdminAction::LiftTimeout | AdminAction::LiftBan => Self {
                name: i18n::act_restore(),
                summary: i18n::act_restore_short(),
                title: i18n::act_restore_title(display),
                explanation: i18n::act_restore_text(),
                endpoint: "/do/restore-person",
                button_class: PRIMARY,
            },
            AdminAction::TimeOut => Self {
                name: i18n::act_timeout(),
                summary: i18n::act_timeout_short(),
                title: i18n::act_timeout_title(display),
                explanation: i18n::act_timeout_text(),
                endpoint: "/do/time-out-person",
                button_class: DANGER,
            },
            AdminAction::Ban => Self {
                name: i18n::act_ban(),
                summary: i18n::act_ban_short(),
                title: i18n::act_ban_title(display),
                explanation: i18n::act_ban_text(),
                endpoint: "/do/ban-person",
                button_class: DANGER,
            },
            AdminAction::SetLevel => Self {
                name: i18n::act_level(),
                summary: i18n::act_level_short(),
                title: i18n::act_level_title(display),
                explanation: i18n::act_level_text(),
                endpoint: "/do/give-level",
                button_class: PRIMARY,
            },
            AdminAction::EndSessions => Self {
                name: i18n::act_sessions(),
                summary: i18n::act_sessions_short(),
                title: i18n::act_sessions_title(display),
                explanation: i18n::act_sessions_text(),
                endpoint: "/do/end-sessions-of-person",
                button_class: DANGER,
            },
            AdminAction::ResetFactors => Self {
                name: i18n::act_factors(),
                summary: i18n::act_factors_short(),
                title: i18n::act_factors_title(display),
                explanation: i18n::act_factors_text(),
                endpoint: "/do/reset-factors-of-person",
                button_class: DANGER,
            },
            AdminAction::ChangeBot => return None,
        })
    }
}

/// The actions that the person offers, each with a link to its form.
#[component]
pub(super) fn ActionsCard<'a>(file: &'a AdminPersonView) -> impl IntoView + use<> {
    let offered: Vec<_> = ORDER
        .into_iter()
        .filter(|action| file.actions.contains(action))
        .filter_map(|action| {
            let text = ActionText::of(action, &file.user.display)?;
            let to = form_path(file.user.id, name_of(action));
            // Names the person for screen readers.
            let label = i18n::act_on(text.name.clone(), file.user.display.clone());
            Some(view! {
                <li>
                    <div>
                        <strong>{text.name.clone()}</strong>
                        <p>{text.summary}</p>
                    </div>
                    <a class="button button-quiet" href=to aria-label=label>
                        {text.name}
                    </a>
                </li>
            })
        })
        .collect();
    (!offered.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="actions-title">
                <div class="card-header">
                    <h2 id="actions-title">{i18n::person_acts()}</h2>
                </div>
                <ul class="list">{offered}</ul>
            </section>
        }
    })
}

/// The form of an action, which explains it.
#[component]
pub(super) fn ActionForm<'a>(
    action: AdminAction,
    file: &'a AdminPersonView,
    /// The level of the actor.
    own_level: PermissionLevel,
    /// The reason that was sent back.
    input: String,
) -> impl IntoView + use<> {
    let user = &file.user;
    let (id, level) = (user.id, user.level);
    ActionText::of(action, &user.display).map(|text| {
        view! {
            <section class="card" aria-labelledby="act-title">
                <div class="card-header">
                    <h2 id="act-title">{text.title}</h2>
                    <p>{text.explanation}</p>
                </div>
                <form class="form" method="post" action=text.endpoint>
                    <input type="hidden" name="id" value=id.to_string() />
                    <ActionFields action own_level level input />
                    <div class="card-footer">
                        <button class=text.button_class type="submit">
                            {text.name}
                        </button>
                        <a class="button button-quiet" href=path_of(id)>
                            {i18n::platforms_not_now()}
                        </a>
                    </div>
                </form>
            </section>
        }
    })
}

#[component]
fn ActionFields(
    action: AdminAction,
    own_level: PermissionLevel,
    level: PermissionLevel,
    input: String,
) -> impl IntoView {
    match action {
        AdminAction::TimeOut => {
            view! { <RestrictionFields durations=durations() chosen=DEFAULT_TIMEOUT input /> }
                .into_any()
        }
        AdminAction::Ban => {
            let mut durations = durations();
            durations.insert(0, (PERMANENT.to_owned(), i18n::length_good()));
            view! { <RestrictionFields durations chosen=PERMANENT input /> }.into_any()
        }
        AdminAction::SetLevel => {
            let levels = [
                PermissionLevel::User,
                PermissionLevel::Moderator,
                PermissionLevel::Admin,
            ];
            let levels: Vec<_> = levels
                .into_iter()
                .filter(|level| own_level.may_assign(*level))
                .map(|level| (level.as_i64().to_string(), level.localize()))
                .collect();
            let chosen = level.as_i64().to_string();
            view! { <ChoiceField name="level" label=i18n::level() choices=levels chosen=&chosen /> }
                .into_any()
        }
        AdminAction::LiftTimeout
        | AdminAction::LiftBan
        | AdminAction::EndSessions
        | AdminAction::ResetFactors
        | AdminAction::ChangeBot => ().into_any(),
    }
}

fn durations() -> Vec<(String, String)> {
    let durations = DURATIONS.iter();
    durations
        .map(|(minutes, label)| ((*minutes).to_owned(), label()))
        .collect()
}

/// Reason and duration of a timeout or a ban.
#[component]
fn RestrictionFields(
    durations: Vec<(String, String)>,
    chosen: &'static str,
    input: String,
) -> impl IntoView {
    view! {
        <TextField
            name="reason"
            label=i18n::person_reason_field()
            autocomplete="off"
            value=input
            hint=i18n::person_reason_hint()
            autofocus=true
        />
        <ChoiceField
            name="length"
            label=i18n::person_length_field()
            choices=durations
            chosen=chosen
        />
    }
}
