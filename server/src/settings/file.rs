use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Command;

/// Why the settings file can't be used: one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsFileError {
    #[error("PORTAL_CONFIG: {} can't be read ({cause})", file.display())]
    Unreadable { file: PathBuf, cause: io::Error },
    #[error("PORTAL_CONFIG: line {line} of {} must have the form NAME=value", file.display())]
    Form { file: PathBuf, line: usize },
    #[error("PORTAL_CONFIG: line {line} of {} has an unknown setting, {name}", file.display())]
    Unknown {
        file: PathBuf,
        line: usize,
        name: String,
    },
}

/// Makes the values of the settings file, if there is one, the defaults of the command line. The
/// environment and the command line override them.
///
/// # Errors
/// See [`SettingsFileError`].
pub(crate) fn apply_file(command: Command) -> Result<Command, SettingsFileError> {
    match find_file(env::args_os()) {
        Some(file) => {
            let text =
                fs::read_to_string(&file).map_err(|cause| SettingsFileError::Unreadable {
                    file: file.clone(),
                    cause,
                })?;
            apply_text(command, &file, &text)
        }
        None => Ok(command),
    }
}

fn apply_text(mut command: Command, file: &Path, text: &str) -> Result<Command, SettingsFileError> {
    for (number, line) in text.lines().enumerate() {
        let (line, number) = (line.trim(), number + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            return Err(SettingsFileError::Form {
                file: file.to_owned(),
                line: number,
            });
        };
        let (name, value) = (name.trim(), unquote(value.trim()).to_owned());
        let setting = command
            .get_arguments()
            .find(|argument| argument.get_env().is_some_and(|env| env == name))
            .map(|argument| argument.get_id().clone());
        let Some(setting) = setting else {
            let name = name.to_owned();
            return Err(SettingsFileError::Unknown {
                file: file.to_owned(),
                line: number,
                name,
            });
        };
        // `--help` hides secrets from the file as it hides them from the environment.
        command = command.mut_arg(setting, |argument| {
            let hidden = argument.is_hide_env_values_set();
            argument.default_value(value).hide_default_value(hidden)
        });
    }
    Ok(command)
}

/// The file that the command line or the environment names. It is looked for before the command
/// line is parsed, since parsing needs the file's values.
fn find_file(arguments: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let mut arguments = arguments.skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--config" {
            return arguments.next().map(PathBuf::from);
        }
        let text = argument.to_string_lossy();
        if let Some(file) = text.strip_prefix("--config=") {
            return Some(PathBuf::from(file));
        }
    }
    env::var_os("PORTAL_CONFIG")
        .filter(|file| !file.is_empty())
        .map(PathBuf::from)
}

fn unquote(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}
