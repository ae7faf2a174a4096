//! Registration: an account with a password, and a verification email (docs/contract.md, Login by
//! password).

use std::sync::Arc;

use backend::testing::{PASSWORD, TestPortal, both_databases, client, client_at, minutes, rounds};
use backend::{LoginChannel, NewSession, Portal, Problem, Register};
use domain::{
    Client, DisplayNameError, EmailAddressError, NewDisplayError, NewPasswordError,
    NewUsernameError, PasswordWeakness, PermissionLevel, RegisterError, UsernameError,
};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

#[derive(Clone, Copy)]
struct Form<'a> {
    username: &'a str,
    password: &'a str,
    email: &'a str,
    display: Option<&'a str>,
}

const ALICE: Form<'static> = Form {
    username: "alice",
    password: PASSWORD,
    email: "alice@example.org",
    display: None,
};

async fn register_from(
    portal: &Portal,
    form: Form<'_>,
    client: &Client,
) -> Result<NewSession, RegisterError> {
    let request = Register {
        username: form.username,
        password: form.password,
        email: form.email,
        display: form.display,
        client,
        channel: LoginChannel::Page,
    };
    portal
        .register(request)
        .await
        .map_err(|problem| match problem {
            Problem::Refused(error) => error,
            Problem::Failed(failure) => panic!("{failure}"),
        })
}

/// Registers from a network of its own, so that rate limits don't interfere.
async fn register(portal: &Portal, form: Form<'_>, n: usize) -> Result<NewSession, RegisterError> {
    register_from(portal, form, &client_at(&format!("198.51.100.{n}"))).await
}

#[both_databases]
async fn who_registers_is_logged_in_and_written_to(portal: TestPortal) {
    let form = Form {
        username: "Alice",
        display: Some("Älice Liddell"),
        ..ALICE
    };
    let session = register(&portal, form, 1).await.unwrap();
    let person = portal.person_of(&session).await;
    assert!(person.session.is_fresh(portal.now()));
    let user = &person.user;
    assert_eq!(
        (user.username.as_str(), user.display.as_str()),
        ("Alice", "Älice Liddell")
    );
    assert_eq!(user.level, PermissionLevel::User);
    assert_eq!(
        user.email.as_ref().unwrap().address.as_str(),
        "alice@example.org"
    );
    assert_eq!(user.verified_email(), None);
    let link = portal.last_mail_to("alice@example.org").await.link();
    let token = link.rsplit('/').next().unwrap().parse().unwrap();
    portal.confirm_email(&token, &client()).await.unwrap();
    let user = portal.person_of(&session).await.user;
    assert!(user.verified_email().is_some());
    portal.login("alice", PASSWORD).await.unwrap();
    let log = portal.audit_log().await;
    let types: Vec<&str> = log.iter().map(|(event, _)| event.as_str()).collect();
    for (event, times) in [
        ("account.created", 1),
        ("login.succeeded", 2),
        ("email.confirmed", 1),
    ] {
        assert_eq!(
            types.iter().filter(|found| **found == event).count(),
            times,
            "{event}"
        );
    }
}

#[both_databases]
async fn an_address_in_use_is_told_to_nobody(portal: TestPortal) {
    let alice = register(&portal, ALICE, 1).await.unwrap();
    let link = portal.last_mail_to("alice@example.org").await.link();
    portal
        .confirm_email(
            &link.rsplit('/').next().unwrap().parse().unwrap(),
            &client(),
        )
        .await
        .unwrap();
    let before = portal.hash_runs();
    let form = Form {
        username: "mallory",
        ..ALICE
    };
    let mallory = register(&portal, form, 2).await.unwrap();
    assert_eq!(portal.hash_runs() - before, 1);
    assert_eq!(portal.person_of(&mallory).await.user.verified_email(), None);
    assert!(
        portal
            .person_of(&alice)
            .await
            .user
            .verified_email()
            .is_some()
    );
}

#[both_databases]
async fn a_taken_name_costs_the_same_work_and_leaves_nothing(portal: TestPortal) {
    register(&portal, ALICE, 1).await.unwrap();
    let free = portal.hash_runs();
    for (n, name) in ["alice", "ALICE"].into_iter().enumerate() {
        let before = portal.hash_runs();
        let form = Form {
            username: name,
            email: "other@example.org",
            ..ALICE
        };
        assert_eq!(
            register(&portal, form, 2 + n).await.unwrap_err(),
            RegisterError::Username(NewUsernameError::Taken)
        );
        assert_eq!(
            portal.hash_runs() - before,
            free,
            "as many as for a free one"
        );
    }
    assert_eq!(
        (portal.count("users").await, portal.count("sessions").await),
        (1, 1)
    );
    assert!(portal.mail_to("other@example.org").await.is_empty());
}

#[both_databases]
async fn what_is_wrong_is_found_before_any_work(portal: TestPortal) {
    let malformed = |error| RegisterError::Username(NewUsernameError::Malformed(error));
    let weak = |weakness| RegisterError::Password(NewPasswordError::Weak(weakness));
    for (form, error) in [
        (
            Form {
                username: "al",
                ..ALICE
            },
            malformed(UsernameError::TooShort),
        ),
        (
            Form {
                username: "al ice",
                ..ALICE
            },
            malformed(UsernameError::ForbiddenCharacter),
        ),
        (
            Form {
                username: "Adm1n",
                ..ALICE
            },
            malformed(UsernameError::Reserved),
        ),
        (
            Form {
                email: "alice",
                ..ALICE
            },
            RegisterError::Email(EmailAddressError::Malformed),
        ),
        (
            Form {
                display: Some("al"),
                ..ALICE
            },
            RegisterError::Display(NewDisplayError::Malformed(DisplayNameError::TooShort)),
        ),
        (
            Form {
                display: Some("\u{202e}ecila"),
                ..ALICE
            },
            RegisterError::Display(NewDisplayError::Malformed(
                DisplayNameError::ForbiddenCharacter,
            )),
        ),
        (
            Form {
                password: "fourteen chars",
                ..ALICE
            },
            RegisterError::Password(NewPasswordError::TooShort),
        ),
        (
            Form {
                password: "passwordpassword",
                ..ALICE
            },
            weak(PasswordWeakness::Common),
        ),
        // The person's own names, and the local part of the address.
        (
            Form {
                username: "liddellbird",
                password: "liddellbird2026!",
                ..ALICE
            },
            weak(PasswordWeakness::Personal),
        ),
        (
            Form {
                display: Some("Liddellbird"),
                password: "Liddellbird2026!",
                ..ALICE
            },
            weak(PasswordWeakness::Personal),
        ),
        (
            Form {
                email: "liddellbird@example.org",
                password: "liddellbird2026!",
                ..ALICE
            },
            weak(PasswordWeakness::Personal),
        ),
    ] {
        // All from one network: none of them counts.
        let refused = register_from(&portal, form, &client()).await;
        assert_eq!(refused.unwrap_err(), error);
    }
    assert_eq!(
        (
            portal.hash_runs(),
            portal.count("rate_limit_events").await,
            portal.count("users").await
        ),
        (0, 0, 0)
    );
}

#[both_databases]
async fn a16_nobody_calls_themselves_like_somebody_else(portal: TestPortal) {
    register(
        &portal,
        Form {
            display: Some("Mara Lind"),
            ..ALICE
        },
        1,
    )
    .await
    .unwrap();
    for (n, display) in [
        "Mara Lind",
        "MARA LIND",
        "M\u{430}ra Lind",
        "Maralind",
        "Alice",
        "A1ice",
        "\u{391}lice",
    ]
    .into_iter()
    .enumerate()
    {
        let username = format!("bob{n}");
        let form = Form {
            username: &username,
            email: "bob@example.org",
            display: Some(display),
            ..ALICE
        };
        assert_eq!(
            register(&portal, form, 10 + n).await.unwrap_err(),
            RegisterError::Display(NewDisplayError::LooksLikeAnothers),
            "{display}"
        );
    }
    let form = Form {
        username: "bob",
        display: Some("Mara Linden"),
        ..ALICE
    };
    register(&portal, form, 40).await.unwrap();
    // Nor with the site or its operators, whatever separates the letters.
    for (n, display) in ["Portal", "Adm1n", "\u{430}dmin", "A.d.m.i.n"]
        .into_iter()
        .enumerate()
    {
        let form = Form {
            username: "dave",
            display: Some(display),
            ..ALICE
        };
        assert_eq!(
            register(&portal, form, 50 + n).await.unwrap_err(),
            RegisterError::Display(NewDisplayError::Reserved),
            "{display}"
        );
    }
    // Usernames are compared with display names too.
    let form = Form {
        username: "MaraL1nd",
        ..ALICE
    };
    assert_eq!(
        register(&portal, form, 60).await.unwrap_err(),
        RegisterError::Username(NewUsernameError::LooksLikeAnothers)
    );
    // An empty display name, or the username itself, means no separate one.
    for (n, (username, display)) in [("carol", ""), ("dora", "dora")].into_iter().enumerate() {
        let form = Form {
            username,
            display: Some(display),
            ..ALICE
        };
        let session = register(&portal, form, 70 + n).await.unwrap();
        assert_eq!(session.user.display, username);
    }
}

#[both_databases]
async fn of_two_who_take_one_name_at_once_one_gets_it(portal: TestPortal) {
    let servers = [
        portal.share(),
        Arc::new(portal.second_server().await.unwrap()),
    ];
    // Hashing takes a while, so there are fewer rounds than in other races.
    for round in 0..rounds() / 5 {
        let barrier = Arc::new(Barrier::new(4));
        let mut racers = JoinSet::new();
        for task in 0..4 {
            let (server, barrier) = (servers[task % 2].clone(), barrier.clone());
            racers.spawn(async move {
                // Two request the same username, two confusable display names.
                let (username, display) = if task < 2 {
                    (format!("name{round}"), None)
                } else {
                    (
                        format!("other{round}-{task}"),
                        Some(format!("Look {round}")),
                    )
                };
                barrier.wait().await;
                let form = Form {
                    username: &username,
                    display: display.as_deref(),
                    ..ALICE
                };
                (task < 2, register(&server, form, 1 + task).await.map(drop))
            });
        }
        let answers = racers.join_all().await;
        for (same_name, error) in [
            (true, RegisterError::Username(NewUsernameError::Taken)),
            (
                false,
                RegisterError::Display(NewDisplayError::LooksLikeAnothers),
            ),
        ] {
            let group: Vec<_> = answers
                .iter()
                .filter(|(group, _)| *group == same_name)
                .map(|(_, answer)| *answer)
                .collect();
            assert_eq!(
                group.iter().filter(|answer| answer.is_ok()).count(),
                1,
                "round {round}: {answers:?}"
            );
            assert!(group.contains(&Err(error)), "round {round}: {answers:?}");
        }
        portal.execute("delete from rate_limit_events").await;
    }
}

#[both_databases]
async fn a_network_makes_a_few_accounts_and_learns_a_few_names(portal: TestPortal) {
    let wait = |n| RegisterError::TooMany {
        retry_after: minutes(n),
    };
    register_from(&portal, ALICE, &client()).await.unwrap();
    for _ in 0..4 {
        assert_eq!(
            register_from(&portal, ALICE, &client()).await.unwrap_err(),
            RegisterError::Username(NewUsernameError::Taken)
        );
    }
    let hashed = portal.hash_runs();
    let form = Form {
        username: "bob",
        ..ALICE
    };
    // Available or taken: nothing is revealed, and nothing is hashed.
    for form in [form, ALICE] {
        assert_eq!(
            register_from(&portal, form, &client()).await.unwrap_err(),
            wait(10)
        );
    }
    assert_eq!(portal.hash_runs(), hashed);
    register(&portal, form, 1).await.unwrap();
    // Ten an hour, also across a restart.
    let again = portal.second_server().await.unwrap();
    portal.advance(minutes(10));
    for n in 0..5 {
        let username = format!("carol{n}");
        register_from(
            &again,
            Form {
                username: &username,
                ..ALICE
            },
            &client(),
        )
        .await
        .unwrap();
    }
    portal.advance(minutes(10));
    let form = Form {
        username: "dave",
        ..ALICE
    };
    assert_eq!(
        register_from(&again, form, &client()).await.unwrap_err(),
        wait(40)
    );
}

#[both_databases]
async fn an_ipv6_48_has_eight_times_the_accounts_of_a_64(portal: TestPortal) {
    let refused = RegisterError::TooMany {
        retry_after: minutes(10),
    };
    let at = |n: u32, host: u32| client_at(&format!("2001:db8:1:{n:x}::{host:x}"));
    for host in 0..5 {
        drop(register_from(&portal, ALICE, &at(0, host)).await);
    }
    assert_eq!(
        register_from(&portal, ALICE, &at(0, 9)).await.unwrap_err(),
        refused
    );
    // A refused registration doesn't count.
    portal.execute("delete from rate_limit_events").await;
    for n in 0..8 {
        for host in 0..5 {
            let answer = register_from(&portal, ALICE, &at(n, host)).await;
            assert_eq!(
                answer.unwrap_err(),
                RegisterError::Username(NewUsernameError::Taken)
            );
        }
    }
    assert_eq!(
        register_from(&portal, ALICE, &at(8, 1)).await.unwrap_err(),
        refused
    );
    assert_eq!(
        register_from(&portal, ALICE, &client_at("2001:db8:2::1"))
            .await
            .unwrap_err(),
        RegisterError::Username(NewUsernameError::Taken)
    );
}

#[both_databases]
async fn a26_who_registers_others_addresses_floods_nobody(portal: TestPortal) {
    for n in 0..5 {
        let username = format!("alice{n}");
        register(
            &portal,
            Form {
                username: &username,
                ..ALICE
            },
            1 + n,
        )
        .await
        .unwrap();
    }
    assert_eq!(portal.mail_to("alice@example.org").await.len(), 3);
}

#[both_databases]
async fn where_sign_up_is_off_nobody_registers(portal: TestPortal) {
    let mut config = portal.config.clone();
    config.sign_up = false;
    let closed = Portal::open(&config, portal.clock.clone()).await.unwrap();
    assert!(portal.sign_up() && !closed.sign_up());
    assert_eq!(
        register(&closed, ALICE, 1).await.unwrap_err(),
        RegisterError::SignUpOff
    );
    assert_eq!((portal.count("users").await, portal.hash_runs()), (0, 0));
}
