//! Names and profiles (docs/contract.md, Accounts; security A16).

use std::sync::Arc;

use backend::testing::{PASSWORD, TestPortal, both_databases, client, minutes, rounds};
use backend::{LinkedPlatform, Person, ProfileErrors, ProfileUpdate};
use domain::{
    BioError, DisplayNameError, LinksError, NewDisplayError, NewUsernameError, NotLinkedError,
    PermissionLevel, User, UsernameError,
};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

async fn person(portal: &TestPortal, username: &str) -> Person {
    portal.person(username, PermissionLevel::User).await;
    login(portal, username).await
}

async fn login(portal: &TestPortal, username: &str) -> Person {
    let session = portal.login(username, PASSWORD).await.unwrap();
    portal.person_of(&session).await
}

async fn update(
    portal: &TestPortal,
    person: &Person,
    update: ProfileUpdate<'_>,
) -> (User, ProfileErrors) {
    let updated = portal.update_profile(person, &update, &client()).await;
    updated.unwrap().expect("a session that lives")
}

async fn rename(
    portal: &TestPortal,
    person: &Person,
    username: &str,
) -> Result<User, NewUsernameError> {
    let wanted = ProfileUpdate {
        username: Some(username),
        ..ProfileUpdate::default()
    };
    let (user, errors) = update(portal, person, wanted).await;
    errors.username.map_or(Ok(user), Err)
}

async fn show_as(
    portal: &TestPortal,
    person: &Person,
    display: &str,
) -> Result<User, NewDisplayError> {
    let wanted = ProfileUpdate {
        display: Some(display),
        ..ProfileUpdate::default()
    };
    let (user, errors) = update(portal, person, wanted).await;
    errors.display.map_or(Ok(user), Err)
}

/// The logged changes of profiles.
async fn logged(portal: &TestPortal) -> Vec<String> {
    let log = portal.audit_log().await.into_iter();
    log.filter(|(event, _)| event == "profile.changed")
        .map(|(_, metadata)| metadata)
        .collect()
}

#[both_databases]
async fn fields_succeed_one_by_one(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    portal.link(alice.user.id, "discord", "1").await;
    let (user, errors) = update(
        &portal,
        &alice,
        ProfileUpdate {
            username: Some("al"),
            display: Some("Alice Liddell"),
            bio: Some("a\u{0}b"),
            links: Some(vec!["https://example.org", "https://wonder.example/a?b#c"]),
            avatar_source: Some("telegram"),
        },
    )
    .await;
    assert_eq!(
        errors,
        ProfileErrors {
            username: Some(NewUsernameError::Malformed(UsernameError::TooShort)),
            display: None,
            bio: Some(BioError::ForbiddenCharacter),
            links: None,
            avatar_source: Some(NotLinkedError),
        }
    );
    assert_eq!(
        (user.username.as_str(), user.display.as_str()),
        ("alice", "Alice Liddell")
    );
    portal.advance(minutes(1));
    let (user, errors) = update(
        &portal,
        &alice,
        ProfileUpdate {
            username: Some("Alice.L"),
            bio: Some(" Curiouser\r\nand curiouser! "),
            links: Some(vec!["http://example.org"]),
            avatar_source: Some("discord"),
            ..ProfileUpdate::default()
        },
    )
    .await;
    assert_eq!(
        errors,
        ProfileErrors {
            links: Some(LinksError::NotALink),
            ..ProfileErrors::default()
        }
    );
    assert_eq!(
        (user.username.as_str(), user.display.as_str()),
        ("Alice.L", "Alice Liddell")
    );
    let profile = portal.profile(user.id).await.unwrap();
    assert_eq!(profile.bio.as_deref(), Some("Curiouser\nand curiouser!"));
    assert_eq!(
        profile.links,
        ["https://example.org/", "https://wonder.example/a?b#c"]
    );
    assert_eq!(
        logged(&portal).await,
        [
            r#"{"fields":["display","links"]}"#,
            r#"{"fields":["username","bio","avatar_source"]}"#,
        ]
    );
    // Login works with the new name only.
    assert!(portal.login("alice.l", PASSWORD).await.is_ok());
    assert!(portal.login("alice", PASSWORD).await.is_err());
}

#[both_databases]
async fn what_stays_as_it_is_is_no_event(portal: TestPortal) {
    // Assigned by the operator: a reserved name, and one confusable with another.
    portal.person("admin", PermissionLevel::User).await;
    portal.person("alice", PermissionLevel::User).await;
    portal.person("a1ice", PermissionLevel::User).await;
    for username in ["admin", "a1ice"] {
        let person = login(&portal, username).await;
        let (_, errors) = update(
            &portal,
            &person,
            ProfileUpdate {
                username: Some(username),
                display: Some(username),
                bio: Some("  "),
                links: Some(Vec::new()),
                avatar_source: Some(""),
            },
        )
        .await;
        assert!(errors.is_empty(), "{errors:?}");
    }
    assert!(logged(&portal).await.is_empty());
}

#[both_databases]
async fn whoever_has_no_display_name_is_shown_under_the_username(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    assert_eq!(
        rename(&portal, &alice, "Alicia").await.unwrap().display,
        "Alicia"
    );
    assert_eq!(
        show_as(&portal, &alice, "The Queen").await.unwrap().display,
        "The Queen"
    );
    assert_eq!(
        rename(&portal, &alice, "alice2").await.unwrap().display,
        "The Queen"
    );
    assert_eq!(
        show_as(&portal, &alice, "").await.unwrap().display,
        "alice2"
    );
    assert_eq!(
        rename(&portal, &alice, "alice").await.unwrap().display,
        "alice"
    );
    // A name that was given up is available.
    let bob = person(&portal, "bob").await;
    assert_eq!(
        show_as(&portal, &bob, "The Queen").await.unwrap().display,
        "The Queen"
    );
    assert_eq!(
        rename(&portal, &bob, "alice2").await.unwrap().username,
        "alice2"
    );
}

#[both_databases]
async fn usernames_keep_their_rules(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    person(&portal, "bob").await;
    let malformed = |error| Err(NewUsernameError::Malformed(error));
    for (name, answer) in [
        ("", malformed(UsernameError::TooShort)),
        ("al", malformed(UsernameError::TooShort)),
        (&"a".repeat(33), malformed(UsernameError::TooLong)),
        ("al ice", malformed(UsernameError::ForbiddenCharacter)),
        ("alice\0", malformed(UsernameError::ForbiddenCharacter)),
        ("\u{430}lice", malformed(UsernameError::ForbiddenCharacter)),
        ("Admin", malformed(UsernameError::Reserved)),
        ("r00t", malformed(UsernameError::Reserved)),
        ("bob", Err(NewUsernameError::Taken)),
        ("BOB", Err(NewUsernameError::Taken)),
        ("b0b", Err(NewUsernameError::LooksLikeAnothers)),
    ] {
        assert_eq!(
            rename(&portal, &alice, name).await.map(drop),
            answer,
            "{name:?}"
        );
    }
    // A person may change the capitals of their own name.
    assert_eq!(
        rename(&portal, &alice, "ALICE").await.unwrap().username,
        "ALICE"
    );
    assert_eq!(
        rename(&portal, &alice, "a1ice").await.unwrap().username,
        "a1ice"
    );
}

/// Security A16.
#[both_databases]
async fn nobody_is_shown_like_somebody_else(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    let bob = person(&portal, "bob").await;
    show_as(&portal, &bob, "Boris Karloff").await.unwrap();
    for name in [
        "bob",
        "B0B",
        "b o b",
        "bób",
        "\u{412}\u{43e}\u{412}",
        "Boris Karloff",
        "boris  karloff",
        "BORlS KARLOFF",
        "B\u{43e}ris Karl\u{43e}ff",
        "Boris\u{200d}Karloff",
    ] {
        let refused = show_as(&portal, &alice, name).await;
        let spaces = name.contains("  ");
        let expected = if spaces {
            NewDisplayError::Malformed(DisplayNameError::Space)
        } else {
            NewDisplayError::LooksLikeAnothers
        };
        assert_eq!(refused.map(drop), Err(expected), "{name:?}");
    }
    let taken = rename(&portal, &alice, "BorisKarloff").await.map(drop);
    assert_eq!(taken, Err(NewUsernameError::LooksLikeAnothers));
    // A name may be confusable with the person's own names.
    assert!(show_as(&portal, &alice, "Álice").await.is_ok());
    assert!(show_as(&portal, &alice, "ALICE").await.is_ok());
}

#[both_databases]
async fn nobody_is_shown_like_a_rank_or_the_portal_itself(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    for name in [
        "Admin",
        "\u{410}dmin",
        "Mod!",
        "A.d.m.i.n",
        "Support ✅",
        "[Staff]",
        "Portal",
        "P0RTAL",
        "Owner",
    ] {
        assert_eq!(
            show_as(&portal, &alice, name).await.map(drop),
            Err(NewDisplayError::Reserved),
            "{name:?}"
        );
    }
    portal.person("support", PermissionLevel::Admin).await;
    let support = login(&portal, "support").await;
    assert!(show_as(&portal, &support, "Support").await.is_ok());
    assert_eq!(
        show_as(&portal, &support, "Owner").await.map(drop),
        Err(NewDisplayError::Reserved)
    );
}

#[both_databases]
async fn a_picture_is_that_of_the_chosen_platform(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    let id = alice.user.id;
    portal.link(id, "telegram", "1").await;
    portal.advance(minutes(1));
    portal.link(id, "discord", "2").await;
    let shown = || async {
        let linked = portal.linked_platforms(id).await.unwrap();
        let avatar = LinkedPlatform::avatar_of(&linked).map(str::to_owned);
        // The list of platforms and the query for many people agree.
        assert_eq!(portal.profile(id).await.unwrap().avatar_url, avatar);
        avatar
    };
    let choose = |platform: &'static str| {
        let (portal, alice) = (&portal, &alice);
        async move {
            let wanted = ProfileUpdate {
                avatar_source: Some(platform),
                ..ProfileUpdate::default()
            };
            update(portal, alice, wanted).await.1
        }
    };
    assert_eq!(shown().await, None);
    let discord = Some("https://cdn.discordapp.com/a.png".to_owned());
    portal.execute("update identities set avatar_url = 'https://cdn.discordapp.com/a.png' where platform = 'discord'").await;
    assert_eq!(shown().await, discord);
    assert!(choose("telegram").await.is_empty());
    assert_eq!(shown().await, None);
    portal.execute("update identities set avatar_url = 'https://t.me/i/userpic/320/a.jpg' where platform = 'telegram'").await;
    assert_eq!(
        shown().await.as_deref(),
        Some("https://t.me/i/userpic/320/a.jpg")
    );
    assert!(choose("discord").await.is_empty());
    assert_eq!(shown().await, discord);
    for odd in ["matrix", "Discord", "discord\0", "x"] {
        assert_eq!(
            choose(odd).await.avatar_source,
            Some(NotLinkedError),
            "{odd:?}"
        );
    }
    assert!(choose("telegram").await.is_empty());
    portal.unlink(&alice, "telegram", &client()).await.unwrap();
    assert_eq!(shown().await, discord);
    assert!(choose("").await.is_empty());
    assert_eq!(shown().await, discord);
}

#[both_databases]
async fn two_people_who_take_one_name_at_once_do_not_both_get_it(portal: TestPortal) {
    let people = [person(&portal, "alice").await, person(&portal, "bob").await];
    for round in 0..rounds() {
        // The same name, and confusable names, as usernames and as display names.
        let names = [
            [format!("Wanted{round}"), format!("wanted{round}")],
            [format!("modern{round}"), format!("rnodern{round}")],
        ];
        for (n, pair) in names.into_iter().enumerate() {
            let barrier = Arc::new(Barrier::new(2));
            let mut racers = JoinSet::new();
            for (person, name) in people.iter().zip(pair) {
                let (portal, barrier, person) = (portal.share(), barrier.clone(), person.clone());
                racers.spawn(async move {
                    let as_username = n == 0 || person.user.username == "alice";
                    let wanted = if as_username {
                        ProfileUpdate {
                            username: Some(&name),
                            ..ProfileUpdate::default()
                        }
                    } else {
                        ProfileUpdate {
                            display: Some(&name),
                            ..ProfileUpdate::default()
                        }
                    };
                    barrier.wait().await;
                    portal
                        .update_profile(&person, &wanted, &client())
                        .await
                        .unwrap()
                        .unwrap()
                        .1
                });
            }
            let errors = racers.join_all().await;
            let won = errors.iter().filter(|errors| errors.is_empty()).count();
            assert_eq!(won, 1, "{errors:?}");
            for (person, username) in people.iter().zip(["alice", "bob"]) {
                rename(&portal, person, username).await.unwrap();
                show_as(&portal, person, "").await.unwrap();
            }
        }
    }
}

#[both_databases]
async fn a_name_that_is_taken_while_an_account_is_made_is_had_by_one(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    for round in 0..rounds() {
        let name = format!("wanted{round}");
        let barrier = Arc::new(Barrier::new(2));
        let made = {
            let (portal, barrier, name) = (portal.share(), barrier.clone(), name.clone());
            tokio::spawn(async move {
                let account = backend::OwnerAccount {
                    username: &name,
                    password: PASSWORD,
                };
                // The race is about what follows hashing, which takes a while.
                barrier.wait().await;
                portal.create_owner(account).await.is_ok()
            })
        };
        barrier.wait().await;
        let mut renamed = 0;
        for name in [name.as_str(), &name.to_uppercase()] {
            let error = rename(&portal, &alice, name).await;
            renamed += u32::from(error.is_ok());
        }
        let made = made.await.unwrap();
        assert!(made != (renamed > 0), "made {made}, renamed {renamed}");
        rename(&portal, &alice, "alice").await.unwrap();
    }
}

#[both_databases]
async fn a_session_that_was_ended_changes_nothing(portal: TestPortal) {
    let thief = person(&portal, "alice").await;
    let alice = login(&portal, "alice").await;
    portal.end_other_sessions(&alice, &client()).await.unwrap();
    let wanted = ProfileUpdate {
        username: Some("stolen"),
        ..ProfileUpdate::default()
    };
    let late = portal
        .update_profile(&thief, &wanted, &client())
        .await
        .unwrap();
    assert!(late.is_none());
    assert!(portal.login("alice", PASSWORD).await.is_ok());
}

#[both_databases]
async fn names_from_before_they_were_compared_are_gone_through_at_the_start(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    portal.person("bob", PermissionLevel::User).await;
    portal
        .execute("update users set display = 'Boris' where username = 'bob'")
        .await;
    portal.execute("delete from names").await;
    assert!(show_as(&portal, &alice, "b0b").await.is_ok());
    show_as(&portal, &alice, "").await.unwrap();
    // As if the names had been derived with other Unicode tables.
    portal
        .execute(
            "update installation set value = secret.value from installation secret
                    where installation.key = 'names_edition' and secret.key = 'secret_check'",
        )
        .await;
    portal.second_server().await.unwrap();
    for name in ["b0b", "Bor1s"] {
        assert_eq!(
            show_as(&portal, &alice, name).await.map(drop),
            Err(NewDisplayError::LooksLikeAnothers)
        );
    }
}
