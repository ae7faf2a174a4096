//! Export and deletion of a person's own data (docs/contract.md, Export and deletion).

use std::collections::BTreeSet;
use std::sync::Arc;

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, client_at, cookies_of, done,
    minutes, rounds,
};
use backend::{
    LinkRequest, LoginChannel, NewSession, PasswordLogin, Person, Problem, ProfileUpdate, SetEmail,
    SetUpLink, Visitor,
};
use domain::{DeleteAccountError, ExportError, PermissionLevel, SecondFactorInput};
use serde_json::{Value, json};
use tokio::sync::Barrier;

const NIELS: &str = "123456789012345678";

async fn login(portal: &TestPortal, username: &str) -> (Person, NewSession) {
    let session = portal.login(username, PASSWORD).await.unwrap();
    (portal.person_of(&session).await, session)
}

async fn delete(portal: &TestPortal, person: &Person) -> Result<(), DeleteAccountError> {
    let deleted = portal.delete_account(person, &client()).await;
    deleted.map_err(|problem| match problem {
        Problem::Refused(refusal) => refusal,
        Problem::Failed(failure) => panic!("{failure}"),
    })
}

async fn export(portal: &TestPortal, person: &Person) -> Result<Value, ExportError> {
    let exported = portal.export(person, &client()).await;
    exported
        .map(Value::Object)
        .map_err(|problem| match problem {
            Problem::Refused(refusal) => refusal,
            Problem::Failed(failure) => panic!("{failure}"),
        })
}

/// Alice, with rows in as many tables as a person can have.
async fn well_known_alice(portal: &TestPortal) -> Person {
    portal.bot("telegram").await;
    portal.person("alice", PermissionLevel::User).await;
    let (alice, session) = login(portal, "alice").await;
    portal.link(alice.user.id, "discord", NIELS).await;
    let wanted = ProfileUpdate {
        display: Some("Alice Liddell"),
        bio: Some("Curiouser and curiouser!"),
        links: Some(vec!["https://example.org/"]),
        avatar_source: Some("discord"),
        ..ProfileUpdate::default()
    };
    portal
        .update_profile(&alice, &wanted, &client())
        .await
        .unwrap()
        .unwrap();
    let offer = portal.offer_totp(&alice).await.unwrap();
    let code = authenticator(&offer.secret, portal.now());
    let on = portal.confirm_totp(&alice, &code, &client()).await.unwrap();
    drop(session);
    let alice = portal.person_of(&on.session).await;
    let email = "alice@example.org".parse().unwrap();
    let wanted = SetEmail {
        person: &alice,
        email: &email,
        factor: None,
        client: &client(),
    };
    portal.set_email(wanted).await.unwrap();
    // A login code, a link code, a pending login and a wrong factor.
    portal.ask("discord", NIELS).await.unwrap();
    let id = "77".parse().unwrap();
    let link = LinkRequest {
        person: &alice,
        platform: "telegram",
        id: &id,
        client: &client(),
    };
    portal.request_link(link).await.unwrap();
    let wrong: SecondFactorInput = "000000".parse().unwrap();
    let client = client();
    let request = PasswordLogin {
        identifier: "alice",
        password: PASSWORD,
        factor: Some(&wrong),
        client: &client,
        channel: LoginChannel::Page,
    };
    portal.login_with_password(request).await.unwrap();
    alice
}

#[both_databases]
async fn a_copy_has_all_that_is_stored_and_no_secret(portal: TestPortal) {
    let alice = well_known_alice(&portal).await;
    let copy = export(&portal, &alice).await.unwrap();
    let account = &copy["account"][0];
    assert_eq!(account["username"], "alice");
    assert_eq!(account["id"], alice.user.id.as_i64());
    assert_eq!(account["display"], "Alice Liddell");
    assert_eq!(account["links"], json!(["https://example.org/"]));
    assert_eq!(account["has_password"], true);
    assert_eq!(account["created_at"], alice.user.created_at.to_string());
    assert_eq!(account["email_verified_at"], Value::Null);
    assert_eq!(copy["platforms"][0]["platform_user_id"], NIELS);
    assert_eq!(copy["pending_email"][0]["email"], "alice@example.org");
    assert_eq!(copy["second_factors"][0]["kind"], "totp");
    assert_eq!(copy["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(copy["wrong_factors"].as_array().unwrap().len(), 1);
    assert_eq!(copy["waiting_logins"].as_array().unwrap().len(), 1);
    let kinds: Vec<&Value> = copy["login_codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| &code["kind"])
        .collect();
    assert_eq!(kinds, ["web", "link"]);
    assert_eq!(copy["sessions"][0]["client_ip"], "203.0.113.7");
    let log = copy["audit_log"].as_array().unwrap();
    let exported: Vec<&Value> = log
        .iter()
        .filter(|row| row["event_type"] == "data.exported")
        .collect();
    assert_eq!(exported.len(), 1);
    assert_eq!(
        (&exported[0]["actor"], &exported[0]["client_ip"]),
        (&json!("you"), &json!("203.0.113.7"))
    );
    // No hash and no ciphertext, neither as hex nor as text.
    let text = copy.to_string();
    for secret in portal
        .stored_secrets()
        .await
        .iter()
        .chain(&portal.stored_factors().await)
    {
        let hex = data_encoding::HEXLOWER.encode(secret);
        assert!(!text.contains(&hex) && !text.contains(&*String::from_utf8_lossy(secret)));
    }
}

/// Actions of others appear as those of someone else, without a name.
#[both_databases]
async fn a_copy_tells_nothing_of_others(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    portal.person("bob", PermissionLevel::User).await;
    let (alice, _) = login(&portal, "alice").await;
    let (bob, _) = login(&portal, "bob").await;
    portal.execute(&format!(
        "insert into audit_log (id, event_type, actor_id, target_id, client_ip, metadata, created_at)
         values (1, 'user.warned', {}, {}, '198.51.100.9', '{{}}', 1)", bob.user.id, alice.user.id)).await;
    let copy = export(&portal, &alice).await.unwrap();
    let warned = &copy["audit_log"][0];
    assert_eq!(
        (&warned["actor"], &warned["target"], &warned["client_ip"]),
        (&json!("somebody else"), &json!("you"), &Value::Null)
    );
    let text = copy.to_string();
    for others in ["bob", "198.51.100.9", &bob.user.id.to_string()] {
        assert!(!text.contains(others), "{others}");
    }
}

#[both_databases]
async fn both_take_a_fresh_login(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let (alice, session) = login(&portal, "alice").await;
    portal.advance(minutes(10));
    let alice = Person {
        session: portal.person_of(&session).await.session,
        ..alice
    };
    assert_eq!(export(&portal, &alice).await, Err(ExportError::NotFresh));
    assert_eq!(
        delete(&portal, &alice).await,
        Err(DeleteAccountError::NotFresh)
    );
    // A platform code isn't enough, because a leaked bot key could provide it.
    let bot = portal.bot("discord").await;
    let newcomer = portal.newcomer(&bot, NIELS).await;
    let newcomer = portal.person_of(&newcomer.session).await;
    assert_eq!(export(&portal, &newcomer).await, Err(ExportError::NotFresh));
    assert_eq!(
        delete(&portal, &newcomer).await,
        Err(DeleteAccountError::NotFresh)
    );
}

#[both_databases]
async fn what_is_deleted_is_gone_but_for_numbers_in_the_log(portal: TestPortal) {
    let alice = well_known_alice(&portal).await;
    let id = alice.user.id.as_i64();
    let before = portal.count("audit_log").await;
    delete(&portal, &alice).await.unwrap();
    assert_eq!(portal.count("audit_log").await, before + 1);
    let log = portal.audit_log().await;
    assert_eq!(
        log.iter()
            .filter(|(event, _)| event == "account.deleted")
            .count(),
        1
    );
    // A new table that refers to people must be added to `store::own_data`.
    let mut knowing = BTreeSet::new();
    for (table, column) in portal.columns().await {
        let knows = column.ends_with("user_id") && column != "platform_user_id"
            || matches!(column.as_str(), "owner_id" | "actor_id" | "target_id");
        if knows {
            if table != "audit_log" {
                assert_eq!(
                    portal
                        .count(&format!("{table} where {column} = {id}"))
                        .await,
                    0,
                    "{table}.{column}"
                );
            }
            knowing.insert(table);
        }
    }
    assert_eq!(portal.count(&format!("users where id = {id}")).await, 0);
    let all = [
        "audit_log",
        "bots",
        "challenges",
        "email_codes",
        "factor_attempts",
        "factors",
        "identities",
        "known_devices",
        "login_codes",
        "names",
        "password_resets",
        "pending_emails",
        "recovery_codes",
        "sessions",
    ];
    assert_eq!(knowing.iter().map(String::as_str).collect::<Vec<_>>(), all);
    // Pending codes no longer work.
    assert_eq!(
        portal
            .count("login_codes where code_hash is not null")
            .await,
        0
    );
}

#[both_databases]
async fn an_owners_link_goes_with_them_and_tells_nothing_to_who_has_the_name_next(
    portal: TestPortal,
) {
    portal.person("keeper", PermissionLevel::Owner).await;
    portal
        .create_set_up_link(SetUpLink::Named(&"Alice".parse().unwrap()))
        .await
        .unwrap();
    portal.person("alice", PermissionLevel::User).await;
    let (alice, _) = login(&portal, "alice").await;
    assert_eq!(
        export(&portal, &alice).await.unwrap()["set_up_links"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    delete(&portal, &alice).await.unwrap();
    portal.person("alice", PermissionLevel::User).await;
    let (again, _) = login(&portal, "alice").await;
    assert_eq!(
        export(&portal, &again).await.unwrap()["set_up_links"],
        json!([])
    );
}

#[both_databases]
async fn a_deleted_account_is_out_at_once_and_its_names_are_free(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let (_, other) = login(&portal, "alice").await;
    let (alice, own) = login(&portal, "alice").await;
    portal.link(alice.user.id, "discord", NIELS).await;
    delete(&portal, &alice).await.unwrap();
    let elsewhere = portal.second_server().await.unwrap();
    for session in [&other, &own] {
        for server in [&*portal, &elsewhere] {
            let visitor = server.authenticate(&cookies_of(session)).await.unwrap();
            assert!(matches!(visitor, Visitor::Anonymous));
        }
    }
    assert!(portal.login("alice", PASSWORD).await.is_err());
    assert_eq!(
        delete(&portal, &alice).await,
        Err(DeleteAccountError::SignedOut)
    );
    // The name is available, and the identity creates a new account.
    portal.person("alice", PermissionLevel::User).await;
    let (again, _) = login(&portal, "alice").await;
    assert_ne!(again.user.id, alice.user.id);
    let bot = portal.bot("discord").await;
    let newcomer = portal.newcomer(&bot, NIELS).await;
    assert!(newcomer.user_created);
}

#[both_databases]
async fn the_last_owner_and_owners_of_bots_stay(portal: TestPortal) {
    portal.owner("alice").await;
    let (alice, _) = login(&portal, "alice").await;
    assert_eq!(
        delete(&portal, &alice).await,
        Err(DeleteAccountError::LastOwner)
    );
    portal.owner("bob").await;
    portal.ban("bob").await;
    assert_eq!(
        delete(&portal, &alice).await,
        Err(DeleteAccountError::LastOwner)
    );
    portal
        .execute("update users set state = 0 where username = 'bob'")
        .await;
    portal.register("Hansel", "discord", "alice").await;
    assert_eq!(
        delete(&portal, &alice).await,
        Err(DeleteAccountError::OwnsBots)
    );
    let (bob, _) = login(&portal, "bob").await;
    delete(&portal, &bob).await.unwrap();
    assert_eq!(
        delete(&portal, &alice).await,
        Err(DeleteAccountError::LastOwner)
    );
}

/// Security A14: parallel removal of the last two owners.
#[both_databases]
async fn of_two_last_owners_who_leave_at_once_one_stays(portal: TestPortal) {
    portal.owner("alice").await;
    for _ in 0..rounds() {
        portal.owner("bob").await;
        let pair = [
            login(&portal, "alice").await.0,
            login(&portal, "bob").await.0,
        ];
        let barrier = Arc::new(Barrier::new(2));
        let racers = pair.map(|person| {
            let (portal, barrier) = (portal.share(), barrier.clone());
            tokio::spawn(async move {
                barrier.wait().await;
                portal.delete_account(&person, &client()).await
            })
        });
        let mut left = 0;
        for racer in racers {
            match racer.await.unwrap() {
                Ok(()) => left += 1,
                Err(Problem::Refused(error)) => assert_eq!(error, DeleteAccountError::LastOwner),
                Err(Problem::Failed(failure)) => panic!("{failure}"),
            }
        }
        assert_eq!(left, 1);
        // Rename the remaining owner to alice for the next round.
        portal
            .execute(
                "update users set username = 'alice', username_key = 'alice', display = 'alice'",
            )
            .await;
    }
}

#[both_databases]
async fn nobody_comes_in_while_an_account_goes(portal: TestPortal) {
    portal.owner("keeper").await;
    for n in 0..rounds() {
        // A new account in each round, because wrong logins are counted.
        let name = format!("alice{n}");
        portal.person(&name, PermissionLevel::User).await;
        let (alice, _) = login(&portal, &name).await;
        let barrier = Arc::new(Barrier::new(2));
        let coming = {
            let (portal, barrier) = (portal.share(), barrier.clone());
            tokio::spawn(async move {
                let client = client_at(&format!("10.0.{}.{}", n / 250, n % 250));
                let request = PasswordLogin {
                    identifier: &name,
                    password: PASSWORD,
                    factor: None,
                    client: &client,
                    channel: LoginChannel::Page,
                };
                barrier.wait().await;
                portal.login_with_password(request).await.map(done)
            })
        };
        barrier.wait().await;
        delete(&portal, &alice).await.unwrap();
        match coming.await.unwrap() {
            Ok(session) => assert!(matches!(
                portal.visitor(&cookies_of(&session)).await,
                Visitor::Anonymous
            )),
            Err(Problem::Refused(_)) => {}
            Err(Problem::Failed(failure)) => panic!("{failure}"),
        }
        assert_eq!(portal.count("sessions").await, 0);
    }
}
