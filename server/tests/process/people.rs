//! `portal user …` as an operator meets it.

use std::process::Output;

use serde_json::{Value, json};

use crate::place::{PASSWORD, Place};

fn said(output: &Output) -> String {
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

fn user(place: &Place, arguments: &[&str]) -> Output {
    let arguments: Vec<&str> = ["user"]
        .into_iter()
        .chain(arguments.iter().copied())
        .collect();
    place.run(&arguments, &[])
}

#[test]
fn people_are_listed_banned_restored_and_given_levels() {
    let place = Place::new();
    for name in ["olga", "Bob"] {
        said(&place.create_owner(name, PASSWORD));
    }
    let list = said(&user(&place, &["list"]));
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), 3, "{list}");
    assert!(
        lines[0].starts_with("ID ")
            && lines[0].contains("USERNAME")
            && lines[0].ends_with("STATUS")
    );
    assert!(lines[1].contains("Bob") && lines[1].contains("Owner") && lines[1].ends_with("active"));

    assert_eq!(
        said(&user(&place, &["set-level", "bob", "moderator"])),
        "Bob is now a Moderator.\n"
    );
    let ban = ["ban", "BOB", "--reason", "spam"];
    assert_eq!(
        said(&user(&place, &ban)),
        "Bob is banned and logged out everywhere.\n"
    );
    let found = said(&user(
        &place,
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
        said(&user(&place, &["restore", &id])),
        "Bob can log in again.\n"
    );
    let restored = said(&user(&place, &["restore", "bob", "--json"]));
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
    said(&user(&place, &until));
    let list = said(&user(&place, &["list", "bob"]));
    assert!(
        list.contains("banned until 31 January 2999, 12:00 UTC"),
        "{list}"
    );
    assert_eq!(said(&user(&place, &["list", "nobody"])), "No matches.\n");
    // An owner is made here and nowhere else.
    assert_eq!(
        said(&user(&place, &["set-level", "bob", "owner"])),
        "Bob is now an Owner.\n"
    );
}

#[test]
fn the_last_owner_stays_and_other_refusals_are_one_sentence() {
    let place = Place::new();
    said(&place.create_owner("olga", PASSWORD));
    let last = "portal: That's the last owner who can log in; create another one first.";
    assert_eq!(
        refused(&user(&place, &["ban", "olga", "--reason", "x"])),
        last
    );
    assert_eq!(
        refused(&user(&place, &["set-level", "olga", "admin"])),
        last
    );
    let nobody = "portal: No account has that username or ID.";
    for arguments in [
        &["restore", "nobody"][..],
        &["set-level", "12345", "user"],
        &["reset-factors", ""],
        &["ban", "nobody", "--reason", "x"],
    ] {
        assert_eq!(refused(&user(&place, arguments)), nobody, "{arguments:?}");
    }
    said(&place.create_owner("bob", PASSWORD));
    let passed = [
        "ban",
        "bob",
        "--reason",
        "x",
        "--until",
        "2020-01-01T00:00:00Z",
    ];
    assert_eq!(
        refused(&user(&place, &passed)),
        "portal: --until: that time is in the past."
    );
    assert_eq!(
        refused(&user(&place, &["ban", "bob", "--reason", " "])),
        "portal: --reason: enter a reason."
    );
    assert_eq!(
        refused(&user(&place, &["reset-factors", "bob"])),
        "portal: They don't have two-factor turned on."
    );
    let json = refused(&user(&place, &["reset-factors", "bob", "--json"]));
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
        assert!(!user(&place, arguments).status.success(), "{arguments:?}");
    }
}
