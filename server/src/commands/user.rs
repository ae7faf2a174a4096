use backend::{Actor, Clock, PeopleQuery, Portal, Problem, Slice};
use clap::{Subcommand, ValueEnum};
use domain::{
    AccountState, AdminActionError, PermissionLevel, Reason, ReasonError, ResetFactorsError,
    RestrictError, SetLevelError, StateFilter, Timestamp, User,
};
use serde_json::{Value, json};

use super::error::CommandError;
use super::output::print_result;
use crate::settings::Settings;

#[derive(Subcommand, Debug)]
pub(crate) enum UserCommand {
    /// List members by username
    List {
        /// Start of a name, platform name or ID, or a full email address
        #[arg(value_name = "TEXT", default_value = "")]
        text: String,
        /// Only members with this status
        #[arg(long, value_name = "STATUS")]
        state: Option<StateArg>,
        /// Only members with this role
        #[arg(long, value_name = "ROLE")]
        level: Option<LevelArg>,
        /// How many to list, at most
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: i64,
        /// How many to skip
        #[arg(long, value_name = "N", default_value_t = 0)]
        offset: i64,
    },
    /// Ban a member; all their sessions and codes end immediately
    Ban {
        /// Username or ID
        #[arg(value_name = "USER")]
        user: String,
        /// The reason; only the team sees it
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// When the ban ends, such as 2027-01-31T12:00:00Z [default: never]
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
    },
    /// Restore a member's access
    Restore {
        /// Username or ID
        #[arg(value_name = "USER")]
        user: String,
    },
    /// Change a member's role
    SetLevel {
        /// Username or ID
        #[arg(value_name = "USER")]
        user: String,
        /// The new role
        #[arg(value_name = "ROLE")]
        level: LevelArg,
    },
    /// Reset a member's two-factor authentication, so that they can log in without it
    ResetFactors {
        /// Username or ID
        #[arg(value_name = "USER")]
        user: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LevelArg {
    User,
    Moderator,
    Admin,
    Owner,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum StateArg {
    Active,
    Timeout,
    Banned,
}

/// `portal user …`. The command line may change everybody, except the last Owner.
pub(crate) async fn run(
    command: UserCommand,
    settings: &Settings,
    json: bool,
) -> Result<(), CommandError> {
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    let result = execute(command, &portal, json).await;
    portal.close().await;
    result
}

async fn execute(command: UserCommand, portal: &Portal, json: bool) -> Result<(), CommandError> {
    let by = Actor::Operator;
    let (user, result) = match command {
        UserCommand::List {
            text,
            state,
            level,
            limit,
            offset,
        } => {
            let slice = Slice::new(offset, limit).ok_or_else(|| {
                CommandError::Refused(
                    "--limit must be from 1 to 100, and --offset 0 or more.".to_owned(),
                )
            })?;
            let query = PeopleQuery {
                text: &text,
                state: state.map_or(StateFilter::Any, StateArg::filter),
                level: level.map(LevelArg::of),
                slice,
            };
            return list(portal, &query, json).await;
        }
        UserCommand::Ban {
            user,
            reason,
            until,
        } => {
            let reason: Reason = reason
                .parse()
                .map_err(|error| command_error(reason_message(error)))?;
            let target = find(portal, &user).await?.id;
            let banned = portal.ban_person(by, target, &reason, until).await;
            let user = banned.map_err(|problem| problem_error(problem, restrict_message))?;
            (user, "is banned and logged out everywhere")
        }
        UserCommand::Restore { user } => {
            let target = find(portal, &user).await?.id;
            let restored = portal.restore_person(by, target).await;
            let user = restored.map_err(|problem| problem_error(problem, restrict_message))?;
            (user, "can log in again")
        }
        UserCommand::SetLevel { user, level } => {
            let target = find(portal, &user).await?.id;
            let given = portal.assign_level(by, target, level.of()).await;
            let user = given.map_err(|problem| problem_error(problem, level_message))?;
            let result = match user.level {
                PermissionLevel::User => "is now a User",
                PermissionLevel::Moderator => "is now a Moderator",
                PermissionLevel::Admin => "is now an Admin",
                PermissionLevel::Owner => "is now an Owner",
            };
            (user, result)
        }
        UserCommand::ResetFactors { user } => {
            let target = find(portal, &user).await?.id;
            let reset = portal.reset_factors(by, target).await;
            let user = reset.map_err(|problem| problem_error(problem, reset_message))?;
            (
                user,
                "has two-factor turned off and is logged out everywhere",
            )
        }
    };
    let text = format!("{} {result}.", user.username);
    print_result(json, &text, &as_json(&user, portal.now()));
    Ok(())
}

async fn list(portal: &Portal, query: &PeopleQuery<'_>, json: bool) -> Result<(), CommandError> {
    let page = portal.all_people(query).await?;
    let now = portal.now();
    let users: Vec<&User> = page.people.iter().map(|listed| &listed.user).collect();
    let value = json!({
        "users": users.iter().map(|user| as_json(user, now)).collect::<Vec<_>>(),
        "next": page.next,
    });
    let list = if users.is_empty() {
        "No matches.".to_owned()
    } else {
        table(&users, now)
    };
    let text = match page.next {
        Some(next) => format!("{list}\n\nMore results: --offset {next}"),
        None => list,
    };
    print_result(json, &text, &value);
    Ok(())
}

/// Names have no control characters, so they are safe on a terminal.
fn table(users: &[&User], now: Timestamp) -> String {
    let width = users
        .iter()
        .map(|user| user.username.len())
        .max()
        .unwrap_or(0);
    let width = width.max("USERNAME".len());
    let mut lines = vec![format!(
        "{:<16}  {:<width$}  {:<9}  STATUS",
        "ID", "USERNAME", "ROLE"
    )];
    lines.extend(users.iter().map(|user| {
        let (id, name, level) = (user.id.as_i64(), &user.username, user.level.name());
        format!(
            "{id:<16}  {name:<width$}  {level:<9}  {}",
            state_of(user, now)
        )
    }));
    lines.join("\n")
}

fn state_of(user: &User, now: Timestamp) -> String {
    match user.state {
        _ if !user.state.is_restricted(now) => "active".to_owned(),
        AccountState::Active => "active".to_owned(),
        AccountState::Timeout { until } => format!("timed out until {}", until.to_human()),
        AccountState::Banned { until: None } => "banned".to_owned(),
        AccountState::Banned { until: Some(until) } => {
            format!("banned until {}", until.to_human())
        }
    }
}

fn as_json(user: &User, now: Timestamp) -> Value {
    json!({
        "id": user.id,
        "username": user.username,
        "display": user.display,
        "permission_level": user.level,
        "state": user.state.number(now),
        "twofa_enabled": user.second_factor_at.is_some(),
        "created_at": user.created_at,
    })
}

async fn find(portal: &Portal, name_or_id: &str) -> Result<User, CommandError> {
    let found = portal.find_person(name_or_id).await?;
    found.ok_or_else(|| command_error(act_message(AdminActionError::UserNotFound)))
}

fn command_error(message: &str) -> CommandError {
    CommandError::Refused(message.to_owned())
}

fn problem_error<E>(problem: Problem<E>, message: impl FnOnce(E) -> &'static str) -> CommandError {
    match problem {
        Problem::Refused(error) => command_error(message(error)),
        Problem::Failed(failure) => failure.into(),
    }
}

const LAST_OWNER: &str = "That's the last owner who can log in; create another one first.";

const fn act_message(error: AdminActionError) -> &'static str {
    match error {
        AdminActionError::UserNotFound => "No account has that username or ID.",
        AdminActionError::SignedOut
        | AdminActionError::LevelTooLow
        | AdminActionError::SecondFactorNeeded
        | AdminActionError::NotFresh
        | AdminActionError::NotBelow => {
            "Portal refused what the command line may do; please report this bug."
        }
    }
}

const fn restrict_message(error: RestrictError) -> &'static str {
    match error {
        RestrictError::AdminAction(error) => act_message(error),
        RestrictError::LastOwner => LAST_OWNER,
        RestrictError::Banned => "They're banned; restore their access first.",
        RestrictError::EndPassed => "--until: that time is in the past.",
    }
}

const fn level_message(error: SetLevelError) -> &'static str {
    match error {
        SetLevelError::AdminAction(error) => act_message(error),
        SetLevelError::LastOwner => LAST_OWNER,
        SetLevelError::NotAssignable => act_message(AdminActionError::NotBelow),
    }
}

const fn reset_message(error: ResetFactorsError) -> &'static str {
    match error {
        ResetFactorsError::AdminAction(error) => act_message(error),
        ResetFactorsError::NotOn => "They don't have two-factor turned on.",
    }
}

const fn reason_message(error: ReasonError) -> &'static str {
    match error {
        ReasonError::Missing => "--reason: enter a reason.",
        ReasonError::TooLong => "--reason: enter up to 500 characters.",
    }
}

impl LevelArg {
    const fn of(self) -> PermissionLevel {
        match self {
            Self::User => PermissionLevel::User,
            Self::Moderator => PermissionLevel::Moderator,
            Self::Admin => PermissionLevel::Admin,
            Self::Owner => PermissionLevel::Owner,
        }
    }
}

impl StateArg {
    const fn filter(self) -> StateFilter {
        match self {
            Self::Active => StateFilter::Active,
            Self::Timeout => StateFilter::TimedOut,
            Self::Banned => StateFilter::Banned,
        }
    }
}
