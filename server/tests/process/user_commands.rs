//! `portal user …`.

use std::process::Output;

use serde_json::{Value, json};

use crate::workspace::{PASSWORD, Workspace};

fn result(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "it did not fail");
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    text.trim().to_owned()
}

fn user(workspace: &Workspace, arguments: &[&str]) -> Output {
    let arguments: Vec<&str> = ["user"]
        .into_iter()
        .chain(arguments.iter().copied())
        .collect();
    workspace.run(&arguments, &[])
}

#[test]
fn user_commands_list_ban_restore_and_assign_roles() {
    let workspace = Workspace::new();
    for name in ["olga", "Bob"] {
        result(&workspace.create_owner(name, PASSWORD));
    }
    let list = result(&user(&workspace, &["list"]));
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), 3, "{list}");
    assert!(
        lines[0].starts_with("ID ")
            && lines[0].contains("USERNAME")
            && lines[0].ends_with("STATUS")
    );
    assert!(lines[1].contains("Bob") && lines[1].contains("Owner") && lines[1].ends_with("active"));

    assert_eq!(
        result(&user(&workspace, &["set-level", "bob", "moderator"])),
        "Bob is now a Moderator.\n"
    );
    let ban = ["ban", "BOB", "--reason", "spam"];
    assert_eq!(
        result(&user(&workspace, &ban)),
        "Bob is banned and logged out everywhere.\n"
    );
    let found = result(&user(
        &workspace,
        &[
            "list",
            "bo",
            "--state",
            "banned",
            "--level",
            "moderator",
            "--json",
        ],
    ));
    let found: Value = serde_json::from_str(&found).unwrap();
    let one = &found["users"][0];
    assert_eq!(
        (&one["username"], &one["state"], &one["permission_level"]),
        (&json!("Bob"), &json!(2), &json!(1))
    );
    assert_eq!(
        (found["users"].as_array().unwrap().len(), &found["next"]),
        (1, &Value::Null)
    );
    // By the number, too.
    let id = one["id"].to_string();
    assert_eq!(
        result(&user(&workspace, &["restore", &id])),
        "Bob can log in again.\n"
    );
    let restored = result(&user(&workspace, &["restore", "bob", "--json"]));
    let restored: Value = serde_json::from_str(&restored).unwrap();
    assert_eq!(restored["state"], 0);
    let until = [
        "ban",
        "bob",
        "--reason",
        "noise",
        "--until",
        "2999-01-31T12:00:00Z",
    ];
    result(&user(&workspace, &until));
    let list = result(&user(&workspace, &["list", "bob"]));
    assert!(
        list.contains("banned until 31 January 2999, 12:00 UTC"),
        "{list}"
    );
    assert_eq!(
        result(&user(&workspace, &["list", "nobody"])),
        "No matches.\n"
    );
    // An owner is made here and nowhere else.
    assert_eq!(
        result(&user(&workspace, &["set-level", "bob", "owner"])),
        "Bob is now an Owner.\n"
    );
}

#[test]
fn last_owner_cannot_be_banned_and_errors_are_one_sentence() {
    let workspace = Workspace::new();
    result(&workspace.create_owner("olga", PASSWORD));
    let last = "portal: That's the last owner who can log in; create another one first.";
    assert_eq!(
        refused(&user(&workspace, &["ban", "olga", "--reason", "x"])),
        last
    );
    assert_eq!(
        refused(&user(&workspace, &["set-level", "olga", "admin"])),
        last
    );
    let nobody = "portal: No account has that username or ID.";
    for arguments in [
        &["restore", "nobody"][..],
        &["set-level", "12345", "user"],
        &["reset-factors", ""],
        &["ban", "nobody", "--reason", "x"],
    ] {
        assert_eq!(
            refused(&user(&workspace, arguments)),
            nobody,
            "{arguments:?}"
        );
    }
    result(&workspace.create_owner("bob", PASSWORD));
    let passed = [
        "ban",
        "bob",
        "--reason",
        "x",
        "--until",
        "2020-01-01T00:00:00Z",
    ];
    assert_eq!(
        refused(&user(&workspace, &passed)),
        "portal: --until: that time is in the past."
    );
    assert_eq!(
        refused(&user(&workspace, &["ban", "bob", "--reason", " "])),
        "portal: --reason: enter a reason."
    );
    assert_eq!(
        refused(&user(&workspace, &["reset-factors", "bob"])),
        "portal: They don't have two-factor turned on."
    );
    let json = refused(&user(&workspace, &["reset-factors", "bob", "--json"]));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        json,
        json!({ "error": "They don't have two-factor turned on." })
    );
    for arguments in [
        &["list", "--limit", "0"][..],
        &["list", "--limit", "101"],
        &["list", "--offset", "-1"],
        &["set-level", "bob", "emperor"],
        &["ban", "bob"],
        &["ban", "bob", "--reason", "x", "--until", "soon"],
    ] {
        assert!(
            !user(&workspace, arguments).status.success(),
            "{arguments:?}"
        );
    }
}
