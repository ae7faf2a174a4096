use std::io::{self, BufRead as _, IsTerminal as _};

use backend::{Clock, OwnerAccount, Portal, Problem, SetUpLink, Token};
use clap::Subcommand;
use domain::{SetUpError, Username};
use serde_json::json;
use url::Url;

use super::error::CommandError;
use super::output::print_result;
use crate::settings::Settings;

#[derive(Subcommand, Debug)]
pub(crate) enum OwnerCommand {
    /// Create an owner account; the password is read from standard input
    Create {
        /// The owner's username
        #[arg(long, value_name = "NAME")]
        username: String,
        /// Print a one-time setup link instead of reading a password
        #[arg(long)]
        link: bool,
    },
}

/// `portal owner …`.
pub(crate) async fn run(
    command: OwnerCommand,
    settings: &Settings,
    json: bool,
) -> Result<(), CommandError> {
    match command {
        OwnerCommand::Create { username, link } => {
            let owner = NewOwner {
                username: &username,
                by_link: link,
            };
            create(settings, owner, json).await
        }
    }
}

struct NewOwner<'a> {
    username: &'a str,
    by_link: bool,
}

async fn create(settings: &Settings, owner: NewOwner<'_>, json: bool) -> Result<(), CommandError> {
    let refuse = |error| CommandError::Refused(set_up_message(error, settings));
    let username: Username = owner
        .username
        .parse()
        .map_err(|error| refuse(SetUpError::Username(error)))?;
    let base_url = settings.base_url()?;
    if owner.by_link {
        let portal = Portal::open(&settings.config()?, Clock::System).await?;
        let made = portal.create_set_up_link(SetUpLink::Named(&username)).await;
        portal.close().await;
        let token = made.map_err(|problem| match problem {
            Problem::Refused(_) => refuse(SetUpError::UsernameTaken),
            Problem::Failed(failure) => failure.into(),
        })?;
        let link = set_up_url(&base_url, &token);
        print_result(
            json,
            &link,
            &json!({ "username": username, "set_up_link": link }),
        );
        return Ok(());
    }
    let password = read_password()?;
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    let account = OwnerAccount {
        username: username.as_str(),
        password: &password,
    };
    let made = portal.create_owner(account).await;
    portal.close().await;
    let user = made.map_err(|problem| match problem {
        Problem::Refused(error) => refuse(error),
        Problem::Failed(failure) => failure.into(),
    })?;
    let text = format!(
        "{} is now an owner, with the ID {}.",
        user.username, user.id
    );
    print_result(
        json,
        &text,
        &json!({ "id": user.id, "username": user.username }),
    );
    Ok(())
}

fn set_up_message(error: SetUpError, settings: &Settings) -> String {
    match error {
        SetUpError::Username(error) => error.sentence().to_owned(),
        SetUpError::UsernameTaken => "That username is taken.".to_owned(),
        SetUpError::Password(error) => error.sentence(settings.login.password_policy()),
        SetUpError::Busy | SetUpError::LinkDead => "Try again in a moment.".to_owned(),
    }
}

/// Reads the password from the terminal without echo, or from the first line of a pipe.
fn read_password() -> Result<String, io::Error> {
    let input = io::stdin();
    if input.is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        // A typo that nobody sees would lock the owner out.
        let again = rpassword::prompt_password("Repeat password: ")?;
        let same = password == again;
        return same
            .then_some(password)
            .ok_or_else(|| io::Error::other("The passwords don't match."));
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The URL on which an owner's account is created with this token.
pub(super) fn set_up_url(base_url: &Url, token: &Token) -> String {
    format!("{base_url}setup?token={}", token.reveal())
}
