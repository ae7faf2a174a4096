use backend::{
    Actor, AdminPersonView, LinkedPlatform, ListedSession, Person, Portal, Problem, RestrictionNote,
};
use domain::{
    AdminAction, AdminActionError, PermissionLevel, Platform, Reason, ResetFactorsError,
    RestrictError, SetLevelError, Timestamp, UserId,
};
use http::StatusCode;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use std::time::Duration;

use super::NotFoundPage;
use super::admin_people::{LevelBadge, StateBadge, owned};
use crate::components::{
    AdminLayout, AdminTab, Avatar, ChoiceField, MessageNotice, Moment, PlatformMark, TextField,
    admit,
};
use crate::door::{AdminRequest, Door, address, refusal_or};
use crate::message::Message;
use crate::wording::{Worded as _, device, platform_name};
use crate::words::{self, fill};

/// What this page has to say.
const OWN: &[Message] = &[
    Message::PersonBanned,
    Message::PersonTimedOut,
    Message::PersonRestored,
    Message::LevelChanged,
    Message::PersonLoggedOut,
    Message::FactorsReset,
    Message::NotBelow,
    Message::AdminRequired,
    Message::NotAssignable,
    Message::LastOwnerThere,
    Message::IsBanned,
    Message::NoReason,
    Message::NoFactorThere,
    Message::NobodyThere,
];

/// What can be chosen to be done to a person: the word of each in the address of its form.
const ACTS: [(AdminAction, &str); 6] = [
    (AdminAction::LiftTimeout, "restore"),
    (AdminAction::TimeOut, "timeout"),
    (AdminAction::Ban, "ban"),
    (AdminAction::SetLevel, "level"),
    (AdminAction::EndSessions, "sessions"),
    (AdminAction::ResetFactors, "factors"),
];

type Words = fn() -> String;

/// How long somebody may be shut out by a form, in minutes.
const LENGTHS: [(&str, Words); 8] = [
    ("10", words::length_10_minutes),
    ("60", words::length_hour),
    ("360", words::length_6_hours),
    ("1440", words::length_day),
    ("10080", words::length_week),
    ("43200", words::length_30_days),
    ("129600", words::length_90_days),
    ("525600", words::length_year),
];
/// Stands for a ban for good.
const FOR_GOOD: &str = "";

fn page_of(id: UserId) -> String {
    format!("/admin/people/{id}")
}

fn word_of(act: AdminAction) -> &'static str {
    let found = ACTS.into_iter().find(|(other, _)| *other == act);
    found.map_or("", |(_, word)| word)
}

/// `/admin/people/{id}`: a person, and what may be done to them. What is chosen has a form of
/// its own on this page, which is the confirmation too.
#[component]
pub(crate) fn AdminPersonPage() -> impl IntoView {
    let door = Door::open();
    let id = use_params_map().read_untracked().get("id");
    let id = id.and_then(|id| id.parse().ok()).map(UserId::from_i64);
    let Some(id) = id else {
        return view! { <NotFoundPage /> }.into_any();
    };
    let wanted = use_query_map().read_untracked().get("act");
    let act = wanted.and_then(|wanted| ACTS.into_iter().find(|(_, word)| *word == wanted));
    let act = act.map(|(act, _)| act);
    let here = address(&page_of(id), &[("act", act.map_or("", word_of))]);
    let person = match admit(&door, AdminTab::People, &here) {
        Ok(person) => person,
        Err(other) => return other,
    };
    if act.is_some() && !person.session.is_fresh(door.portal.now()) {
        // Before anything is typed.
        door.go(&address("/confirm", &[("return_to", &here)]));
        return ().into_any();
    }
    let message = Message::read(OWN);
    view! {
        <Suspense>
            {Suspend::new(async move {
                match door.portal.admin_person_view(&person, id).await {
                    Ok(Some(file)) => {
                        EitherOf3::A(view! { <FilePage door person file act message /> })
                    }
                    Ok(None) => EitherOf3::B(view! { <NotFoundPage /> }),
                    Err(problem) => {
                        let message = refusal_or(problem.map(Message::from), Message::from);
                        door.set_status(message.status());
                        EitherOf3::C(view! { <p>{message.sentence()}</p> })
                    }
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn FilePage(
    door: Door,
    person: Person,
    file: AdminPersonView,
    act: Option<AdminAction>,
    message: Option<Message>,
) -> impl IntoView {
    let now = door.portal.now();
    let name = file.user.display.clone();
    let title = Message::title(message, name);
    let act = act.filter(|act| is_open(&file, *act, now));
    let typed = door.typed();
    let known = person.user.level.administers();
    let own = person.user.level;
    let form = act.map(|act| view! { <ActForm act file=&file own typed /> }.into_any());
    let profile = view! { <ProfileCard file=&file known now /> }.into_any();
    let acts = act
        .is_none()
        .then(|| view! { <ActsCard file=&file now /> }.into_any());
    let bots = (!file.bots.is_empty()).then(|| view! { <BotsCard file=&file known /> }.into_any());
    let sessions = known.then(|| view! { <SessionsCard sessions=file.sessions /> }.into_any());
    view! {
        <AdminLayout title tab=AdminTab::People person=person>
            <p class="way-back">
                <a href=AdminTab::People.path()>{words::person_all()}</a>
            </p>
            <MessageNotice message id="person-notice" takes_focus=act.is_none() />
            {form}
            {profile}
            {acts}
            {bots}
            {sessions}
        </AdminLayout>
    }
    .into_any()
}

/// Whether this may be done to the person as they stand now.
fn is_open(file: &AdminPersonView, act: AdminAction, now: Timestamp) -> bool {
    let restricted = file.user.state.is_restricted(now);
    let may = |act| file.acts.contains(&act);
    match act {
        AdminAction::LiftTimeout => {
            let banned = file.user.state.number(now) == 2;
            restricted
                && may(if banned {
                    AdminAction::LiftBan
                } else {
                    AdminAction::LiftTimeout
                })
        }
        AdminAction::TimeOut => file.user.state.number(now) != 2 && may(act),
        AdminAction::ResetFactors => file.user.second_factor_at.is_some() && may(act),
        AdminAction::EndSessions => !file.sessions.is_empty() && may(act),
        AdminAction::Ban
        | AdminAction::LiftBan
        | AdminAction::SetLevel
        | AdminAction::ChangeBot => may(act),
    }
}

#[component]
fn ProfileCard<'a>(
    file: &'a AdminPersonView,
    known: bool,
    now: Timestamp,
) -> impl IntoView + use<> {
    let user = &file.user;
    let picture = LinkedPlatform::avatar_of(&file.platforms).map(str::to_owned);
    let platforms: Vec<_> = file
        .platforms
        .iter()
        .map(|linked| {
            let platform: Option<Platform> = linked.platform.parse().ok();
            let words = platform_name(&linked.platform);
            let name = linked.name.clone();
            view! {
                <span class="on-platform">
                    {platform.as_ref().map(|platform| view! { <PlatformMark platform /> })}
                    <span class="visually-hidden">{words}</span> " "
                    {name.map(|name| view! { <bdi>{name}</bdi> " " })}
                    <code>{linked.platform_user_id.clone()}</code>
                </span>
            }
        })
        .collect();
    let has_platforms = !platforms.is_empty();
    view! {
        <section class="card" aria-labelledby="person-title">
            <div class="profile">
                <Avatar display=&user.display url=picture class="avatar avatar-large" />
                <div>
                    <div class="profile-name">
                        <h1 id="person-title">
                            <bdi>{user.display.clone()}</bdi>
                        </h1>
                        <LevelBadge level=user.level />
                        <StateBadge user now />
                    </div>
                    <p class="profile-handle">{format!("@{}", user.username)}</p>
                </div>
            </div>
            <dl class="details">
                {file.restriction.clone().map(|note| view! { <Restriction note /> })}
                <div>
                    <dt>{words::account_id()}</dt>
                    <dd>
                        <code>{user.id.to_string()}</code>
                    </dd>
                </div>
                {has_platforms
                    .then(|| {
                        view! {
                            <div>
                                <dt>{words::platforms_title()}</dt>
                                <dd>{platforms}</dd>
                            </div>
                        }
                            .into_any()
                    })}
                {user
                    .email
                    .clone()
                    .map(|email| {
                        let sentence: fn(&'static str) -> String = if email.verified_at.is_some() {
                            words::person_mail_confirmed
                        } else {
                            words::person_mail_unconfirmed
                        };
                        let address = email.address.as_str().to_owned();
                        let address = view! { <bdi>{address}</bdi> }.into_any();
                        view! {
                            <div>
                                <dt>{words::person_mail()}</dt>
                                <dd>{fill(|[address]| sentence(address), [address])}</dd>
                            </div>
                        }
                            .into_any()
                    })}
                <Fact name=words::account_since() at=user.created_at />
                <Fact name=words::person_level_since() at=user.level_since />
                {user.last_activity_at.map(|at| view! { <Fact name=words::last_seen() at /> })}
                {user
                    .second_factor_at
                    .map(|at| view! { <Fact name=words::person_factor_since() at /> })}
            </dl>
            {known
                .then(|| {
                    let log = address(
                        AdminTab::Audit.path(),
                        &[("target", &user.id.to_string())],
                    );
                    view! {
                        <div class="card-foot">
                            <a class="button button-secondary" href=log>
                                {words::person_log()}
                            </a>
                        </div>
                    }
                })}
        </section>
    }
}

#[component]
fn Restriction(note: RestrictionNote) -> impl IntoView {
    let by = note.by.map(|by| format!("@{by}"));
    let by = by.unwrap_or_else(words::person_command_line);
    view! {
        <div>
            <dt>{words::person_reason()}</dt>
            <dd>
                <bdi>{note.reason.unwrap_or_else(words::person_no_reason)}</bdi>
                <br />
                <small>
                    {words::person_restricted_by(by)} {note.since.map(|at| view! { ", " <Moment at /> })}
                </small>
            </dd>
        </div>
    }
    .into_any()
}

#[component]
fn Fact(name: String, at: Timestamp) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                <Moment at=at />
            </dd>
        </div>
    }
    .into_any()
}

/// What may be done: each a way to its form.
#[component]
fn ActsCard<'a>(file: &'a AdminPersonView, now: Timestamp) -> impl IntoView + use<> {
    let id = file.user.id;
    let open: Vec<_> = ACTS
        .into_iter()
        .filter(|(act, _)| is_open(file, *act, now))
        .map(|(act, word)| {
            let to = address(&page_of(id), &[("act", word)]);
            let (name, explanation) = match act {
                AdminAction::LiftTimeout | AdminAction::LiftBan => {
                    (words::act_restore(), words::act_restore_short())
                }
                AdminAction::TimeOut => (words::act_timeout(), words::act_timeout_short()),
                AdminAction::Ban => (words::act_ban(), words::act_ban_short()),
                AdminAction::SetLevel => (words::act_level(), words::act_level_short()),
                AdminAction::EndSessions => (words::act_sessions(), words::act_sessions_short()),
                AdminAction::ResetFactors => (words::act_factors(), words::act_factors_short()),
                AdminAction::ChangeBot => (String::new(), String::new()),
            };
            // Whoever hears the page without seeing it hears whom each of them is about.
            let label = words::act_on(name.clone(), file.user.display.clone());
            view! {
                <li>
                    <div>
                        <strong>{name.clone()}</strong>
                        <p>{explanation}</p>
                    </div>
                    <a class="button button-quiet" href=to aria-label=label>
                        {name}
                    </a>
                </li>
            }
        })
        .collect();
    (!open.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="acts-title">
                <div class="card-head">
                    <h2 id="acts-title">{words::person_acts()}</h2>
                </div>
                <ul class="rows">{open}</ul>
            </section>
        }
    })
}

#[component]
fn BotsCard<'a>(file: &'a AdminPersonView, known: bool) -> impl IntoView + use<> {
    let bots: Vec<_> = file
        .bots
        .iter()
        .map(|bot| {
            let state = if bot.is_active {
                words::person_bot_active(platform_name(&bot.platform))
            } else {
                words::person_bot_off(platform_name(&bot.platform))
            };
            view! {
                <li>
                    <div>
                        <strong>
                            <bdi>{bot.name.clone()}</bdi>
                        </strong>
                        <p>{state}</p>
                    </div>
                </li>
            }
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="bots-title">
            <div class="card-head">
                <h2 id="bots-title">{words::person_bots()}</h2>
                <p>
                    {words::person_bots_text()}
                </p>
            </div>
            <ul class="rows">{bots}</ul>
            {known
                .then(|| {
                    view! {
                        <div class="card-foot">
                            <a class="button button-secondary" href=AdminTab::Bots.path()>
                                {words::person_bots_link()}
                            </a>
                        </div>
                    }
                })}
        </section>
    }
}

#[component]
fn SessionsCard(sessions: Vec<ListedSession>) -> impl IntoView {
    let empty = sessions.is_empty();
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|listed| {
            let session = listed.session;
            let (begun, used) = (session.created_at, session.last_used_at);
            view! {
                <li>
                    <div>
                        <strong>{device(&session.user_agent)}</strong>
                        <p>
                            {fill(
                                |[begun, used]| {
                                    words::person_session(session.client_ip.as_str(), begun, used)
                                },
                                [
                                    view! { <Moment at=begun /> }.into_any(),
                                    view! { <Moment at=used /> }.into_any(),
                                ],
                            )}
                        </p>
                    </div>
                </li>
            }
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="sessions-title">
            <div class="card-head">
                <h2 id="sessions-title">{words::sessions_title()}</h2>
                {empty.then(|| view! { <p>{words::person_no_sessions()}</p> })}
            </div>
            <ul class="rows">{rows}</ul>
        </section>
    }
}

/// The form of one act, which says what will happen.
#[component]
fn ActForm<'a>(
    act: AdminAction,
    file: &'a AdminPersonView,
    own: PermissionLevel,
    typed: String,
) -> impl IntoView + use<> {
    let user = &file.user;
    let name = user.display.clone();
    let (title, explanation, button, dangerous) = match act {
        AdminAction::TimeOut => (
            words::act_timeout_title(name),
            words::act_timeout_text(),
            words::act_timeout(),
            true,
        ),
        AdminAction::Ban => (
            words::act_ban_title(name),
            words::act_ban_text(),
            words::act_ban(),
            true,
        ),
        AdminAction::LiftTimeout | AdminAction::LiftBan => (
            words::act_restore_title(name),
            words::act_restore_text(),
            words::act_restore(),
            false,
        ),
        AdminAction::SetLevel => (
            words::act_level_title(name),
            words::act_level_text(),
            words::act_level(),
            false,
        ),
        AdminAction::EndSessions => (
            words::act_sessions_title(name),
            words::act_sessions_text(),
            words::act_sessions(),
            true,
        ),
        AdminAction::ResetFactors => (
            words::act_factors_title(name),
            words::act_factors_text(),
            words::act_factors(),
            true,
        ),
        AdminAction::ChangeBot => (String::new(), String::new(), String::new(), false),
    };
    let action = match act {
        AdminAction::TimeOut => "/do/time-out-person",
        AdminAction::Ban => "/do/ban-person",
        AdminAction::LiftTimeout | AdminAction::LiftBan => "/do/restore-person",
        AdminAction::SetLevel => "/do/give-level",
        AdminAction::EndSessions => "/do/end-sessions-of-person",
        AdminAction::ResetFactors | AdminAction::ChangeBot => "/do/reset-factors-of-person",
    };
    let class = if dangerous {
        "button button-danger"
    } else {
        "button button-primary"
    };
    view! {
        <section class="card" aria-labelledby="act-title">
            <div class="card-head">
                <h2 id="act-title">{title}</h2>
                <p>{explanation}</p>
            </div>
            <form class="form" method="post" action=action>
                <input type="hidden" name="id" value=user.id.to_string() />
                <ActFields act own level=user.level typed />
                <div class="card-foot">
                    <button class=class type="submit">
                        {button}
                    </button>
                    <a class="button button-quiet" href=page_of(user.id)>
                        {words::platforms_not_now()}
                    </a>
                </div>
            </form>
        </section>
    }
}

#[component]
fn ActFields(
    act: AdminAction,
    own: PermissionLevel,
    level: PermissionLevel,
    typed: String,
) -> impl IntoView {
    match act {
        AdminAction::TimeOut | AdminAction::Ban => {
            let mut lengths = LENGTHS.map(|(minutes, words)| (minutes, words())).to_vec();
            let chosen = if act == AdminAction::Ban {
                lengths.insert(0, (FOR_GOOD, words::length_good()));
                FOR_GOOD
            } else {
                "1440"
            };
            view! {
                <TextField
                    name="reason"
                    label=words::person_reason_field()
                    autocomplete="off"
                    value=typed
                    hint=words::person_reason_hint()
                    autofocus=true
                />
                <ChoiceField name="length" label=words::person_length_field() choices=owned(&lengths) chosen=chosen />
            }
            .into_any()
        }
        AdminAction::SetLevel => {
            let levels = [
                PermissionLevel::User,
                PermissionLevel::Moderator,
                PermissionLevel::Admin,
            ];
            let words = ["0", "1", "2"];
            let levels: Vec<_> = levels
                .into_iter()
                .zip(words)
                .filter(|(level, _)| own.may_assign(*level))
                .map(|(level, word)| (word, level.words()))
                .collect();
            let chosen = level.as_i64().to_string();
            view! { <ChoiceField name="level" label=words::level() choices=owned(&levels) chosen=&chosen /> }
                .into_any()
        }
        AdminAction::LiftTimeout
        | AdminAction::LiftBan
        | AdminAction::EndSessions
        | AdminAction::ResetFactors
        | AdminAction::ChangeBot => ().into_any(),
    }
}

/// One who acts and whom on, by a form of this page.
struct Acting {
    actor: AdminRequest,
    target: UserId,
    act: AdminAction,
}

impl Acting {
    fn begin(id: &str, act: AdminAction) -> Option<Self> {
        let door = Door::open();
        let Ok(number) = id.parse() else {
            door.set_status(StatusCode::BAD_REQUEST);
            return None;
        };
        let target = UserId::from_i64(number);
        let here = address(&page_of(target), &[("act", word_of(act))]);
        let actor = AdminRequest::or_login(door, &here)?;
        Some(Self { actor, target, act })
    }

    fn portal(&self) -> &Portal {
        &self.actor.door.portal
    }

    const fn by(&self) -> Actor<'_> {
        self.actor.by()
    }

    /// Says what came of it: on the person's page, or back at the form.
    fn end(self, done: Message, outcome: Result<(), Problem<Refused>>) {
        let (page, door) = (page_of(self.target), &self.actor.door);
        match outcome {
            Ok(()) => {
                door.remember_typed("");
                door.send_back(&page, &[], done);
            }
            Err(Problem::Refused(Refused::AdminAction(AdminActionError::NotFresh))) => {
                let form = address(&page, &[("act", word_of(self.act))]);
                door.confirm_first(&form);
            }
            Err(Problem::Refused(Refused::AdminAction(AdminActionError::SignedOut))) => {
                let to = address("/login", &[("return_to", &page)]);
                door.answer_form(&to, StatusCode::UNAUTHORIZED);
            }
            Err(problem) => {
                let message = refusal_or(problem.map(Message::from), Message::from);
                let form = [("act", word_of(self.act))];
                let again: &[_] = if message == Message::NoReason {
                    &form
                } else {
                    &[]
                };
                door.send_back(&page, again, message);
            }
        }
    }
}

/// Why one of these forms did nothing.
#[derive(Clone, Copy, Debug)]
enum Refused {
    AdminAction(AdminActionError),
    Restrict(RestrictError),
    Level(SetLevelError),
    Factors(ResetFactorsError),
    NoReason,
}

impl From<Refused> for Message {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoReason => Self::NoReason,
            Refused::AdminAction(error)
            | Refused::Restrict(RestrictError::AdminAction(error))
            | Refused::Level(SetLevelError::AdminAction(error))
            | Refused::Factors(ResetFactorsError::AdminAction(error)) => error.into(),
            Refused::Restrict(RestrictError::LastOwner)
            | Refused::Level(SetLevelError::LastOwner) => Self::LastOwnerThere,
            Refused::Restrict(RestrictError::Banned) => Self::IsBanned,
            Refused::Restrict(RestrictError::EndPassed) => Self::Internal,
            Refused::Level(SetLevelError::NotAssignable) => Self::NotAssignable,
            Refused::Factors(ResetFactorsError::NotOn) => Self::NoFactorThere,
        }
    }
}

impl From<RestrictError> for Refused {
    fn from(error: RestrictError) -> Self {
        match error {
            RestrictError::AdminAction(error) => Self::AdminAction(error),
            other => Self::Restrict(other),
        }
    }
}

impl From<SetLevelError> for Refused {
    fn from(error: SetLevelError) -> Self {
        match error {
            SetLevelError::AdminAction(error) => Self::AdminAction(error),
            other => Self::Level(other),
        }
    }
}

impl From<ResetFactorsError> for Refused {
    fn from(error: ResetFactorsError) -> Self {
        match error {
            ResetFactorsError::AdminAction(error) => Self::AdminAction(error),
            other @ ResetFactorsError::NotOn => Self::Factors(other),
        }
    }
}

/// What came of an act, whoever it leaves behind.
fn outcome<T, E: Into<Refused>>(answer: Result<T, Problem<E>>) -> Result<(), Problem<Refused>> {
    answer.map(drop).map_err(|problem| problem.map(E::into))
}

impl From<AdminActionError> for Refused {
    fn from(error: AdminActionError) -> Self {
        Self::AdminAction(error)
    }
}

/// Until when, by the minutes of a form; what is none of them is the shortest.
fn until(now: Timestamp, minutes: &str) -> Timestamp {
    let known = LENGTHS.iter().find(|(length, _)| *length == minutes);
    let (minutes, _) = known.unwrap_or(&LENGTHS[0]);
    now + Duration::from_mins(minutes.parse().unwrap_or(10))
}

/// The form of a timeout.
#[server(prefix = "/do", endpoint = "time-out-person")]
pub async fn time_out_person(
    #[server(default)] id: String,
    #[server(default)] reason: String,
    #[server(default)] length: String,
) -> Result<(), ServerFnError> {
    let Some(acting) = Acting::begin(&id, AdminAction::TimeOut) else {
        return Ok(());
    };
    acting.actor.door.remember_typed(&reason);
    let done = match reason.parse::<Reason>() {
        Ok(reason) => {
            let until = until(acting.portal().now(), &length);
            let (portal, by) = (acting.portal(), acting.by());
            let done = portal.time_out_person(by, acting.target, &reason, until);
            outcome(done.await)
        }
        Err(_) => Err(Problem::Refused(Refused::NoReason)),
    };
    acting.end(Message::PersonTimedOut, done);
    Ok(())
}

/// The form of a ban.
#[server(prefix = "/do", endpoint = "ban-person")]
pub async fn ban_person(
    #[server(default)] id: String,
    #[server(default)] reason: String,
    #[server(default)] length: String,
) -> Result<(), ServerFnError> {
    let Some(acting) = Acting::begin(&id, AdminAction::Ban) else {
        return Ok(());
    };
    acting.actor.door.remember_typed(&reason);
    let done = match reason.parse::<Reason>() {
        Ok(reason) => {
            let until = (length != FOR_GOOD).then(|| until(acting.portal().now(), &length));
            let (portal, by) = (acting.portal(), acting.by());
            let done = portal.ban_person(by, acting.target, &reason, until);
            outcome(done.await)
        }
        Err(_) => Err(Problem::Refused(Refused::NoReason)),
    };
    acting.end(Message::PersonBanned, done);
    Ok(())
}

/// The form that ends a timeout or a ban.
#[server(prefix = "/do", endpoint = "restore-person")]
pub async fn restore_person(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let Some(acting) = Acting::begin(&id, AdminAction::LiftTimeout) else {
        return Ok(());
    };
    let done = acting.portal().restore_person(acting.by(), acting.target);
    let done = outcome(done.await);
    acting.end(Message::PersonRestored, done);
    Ok(())
}

/// The form of a level.
#[server(prefix = "/do", endpoint = "give-level")]
pub async fn give_level(
    #[server(default)] id: String,
    #[server(default)] level: String,
) -> Result<(), ServerFnError> {
    let Some(acting) = Acting::begin(&id, AdminAction::SetLevel) else {
        return Ok(());
    };
    let level = level.parse().ok().and_then(PermissionLevel::from_i64);
    let done = match level {
        Some(level) => {
            let done = acting
                .portal()
                .assign_level(acting.by(), acting.target, level);
            outcome(done.await)
        }
        None => Err(Problem::Refused(Refused::Level(
            SetLevelError::NotAssignable,
        ))),
    };
    acting.end(Message::LevelChanged, done);
    Ok(())
}

/// The form that logs somebody out.
#[server(prefix = "/do", endpoint = "end-sessions-of-person")]
pub async fn end_sessions_of_person(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let Some(acting) = Acting::begin(&id, AdminAction::EndSessions) else {
        return Ok(());
    };
    let done = acting.portal().end_sessions_of(acting.by(), acting.target);
    let done = outcome(done.await);
    acting.end(Message::PersonLoggedOut, done);
    Ok(())
}

/// The form that takes second factors away.
#[server(prefix = "/do", endpoint = "reset-factors-of-person")]
pub async fn reset_factors_of_person(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let Some(acting) = Acting::begin(&id, AdminAction::ResetFactors) else {
        return Ok(());
    };
    let done = acting.portal().reset_factors(acting.by(), acting.target);
    let done = outcome(done.await);
    acting.end(Message::FactorsReset, done);
    Ok(())
}
