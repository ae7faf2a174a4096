//! The administrators' view of people, and what they can end for them (docs/contract.md, Administration).

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, cookies_of, minutes,
};
use backend::{ListedPerson, PeopleQuery, Person, Problem, Slice, Visitor};
use domain::{AdminAction, AdminActionError, PermissionLevel, ResetFactorsError, StateFilter};

use super::restrictions::{because, by, refreshed, staff};

const NIELS: &str = "123456789012345678";

fn everybody(text: &str) -> PeopleQuery<'_> {
    PeopleQuery {
        text,
        state: StateFilter::Any,
        level: None,
        slice: Slice::new(0, 100).unwrap(),
    }
}

async fn names(portal: &TestPortal, person: &Person, query: &PeopleQuery<'_>) -> Vec<String> {
    let page = portal.people(person, query).await.unwrap();
    let name = |listed: ListedPerson| listed.user.username;
    page.people.into_iter().map(name).collect()
}

/// Sets a verified address.
async fn give_address(portal: &TestPortal, username: &str, address: &str) {
    portal
        .execute(&format!(
            "update users set email = '{address}', email_key = '{address}', email_verified_at = 1
             where username = '{username}'"
        ))
        .await;
}

#[both_databases]
async fn people_are_listed_by_name_a_page_at_a_time(portal: TestPortal) {
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    for name in ["Dora", "carl", "Berta", "anna"] {
        portal.owner(name).await;
    }
    let everyone = names(&portal, &olga, &everybody("")).await;
    assert_eq!(everyone, ["anna", "Berta", "carl", "Dora", "olga"]);
    let mut query = everybody("");
    let mut seen = Vec::new();
    for offset in [0, 2, 4] {
        query.slice = Slice::new(offset, 2).unwrap();
        let page = portal.people(&olga, &query).await.unwrap();
        assert_eq!(page.next, (offset < 4).then_some(offset + 2));
        seen.extend(page.people.into_iter().map(|listed| listed.user.username));
    }
    assert_eq!(seen, everyone);
}

#[both_databases]
async fn people_are_found_by_how_a_name_begins(portal: TestPortal) {
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    let bot = portal.bot("discord").await;
    let niels = portal.newcomer(&bot, NIELS).await.session.user;
    portal.carry(&bot, NIELS).await.unwrap();
    portal.owner("Nina").await;
    portal.owner("john_smith").await;
    portal.owner("johnxsmith").await;
    give_address(&portal, "Nina", "nina@example.org").await;
    for (text, found) in [
        ("ni", vec!["Nina", &niels.username]),
        ("NI", vec!["Nina", &niels.username]),
        ("niels", vec![niels.username.as_str()]),
        (NIELS, vec![&niels.username]),
        (&niels.id.to_string(), vec![&niels.username]),
        ("nina@example.org", vec!["Nina"]),
        ("NINA@example.org", vec!["Nina"]),
        ("nina@example", vec![]),
        // Wildcards match themselves only.
        ("john_", vec!["john_smith"]),
        ("%", vec![]),
        ("ina", vec![]),
        ("ni\0", vec![]),
        ("' or 1 = 1 --", vec![]),
    ] {
        assert_eq!(
            names(&portal, &olga, &everybody(text)).await,
            found,
            "{text:?}"
        );
    }
}

#[both_databases]
async fn states_are_those_of_this_moment(portal: TestPortal) {
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    for name in ["anna", "bert", "carl"] {
        portal.person(name, PermissionLevel::User).await;
    }
    let id = |name: &'static str| async { portal.find_person(name).await.unwrap().unwrap().id };
    let (anna, bert) = (id("anna").await, id("bert").await);
    let until = portal.now() + minutes(5);
    portal
        .ban_person(by(&olga, &client()), anna, &because("spam"), None)
        .await
        .unwrap();
    portal
        .time_out_person(by(&olga, &client()), bert, &because("noise"), until)
        .await
        .unwrap();
    for text in ["", "a", "b", "c"] {
        let with = |state| PeopleQuery {
            state,
            ..everybody(text)
        };
        let fits = |name: &str| name.starts_with(text);
        let expected = |all: &[&str]| {
            all.iter()
                .filter(|name| fits(name))
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(&portal, &olga, &with(StateFilter::Banned)).await,
            expected(&["anna"])
        );
        assert_eq!(
            names(&portal, &olga, &with(StateFilter::TimedOut)).await,
            expected(&["bert"])
        );
        assert_eq!(
            names(&portal, &olga, &with(StateFilter::Active)).await,
            expected(&["carl", "olga"])
        );
    }
    portal.advance(minutes(5));
    let olga = refreshed(&portal, &olga).await;
    let with = |state| PeopleQuery {
        state,
        ..everybody("")
    };
    assert!(
        names(&portal, &olga, &with(StateFilter::TimedOut))
            .await
            .is_empty()
    );
    assert_eq!(
        names(&portal, &olga, &with(StateFilter::Active)).await,
        ["bert", "carl", "olga"]
    );
    let owners = PeopleQuery {
        level: Some(PermissionLevel::Owner),
        ..everybody("")
    };
    assert_eq!(names(&portal, &olga, &owners).await, ["olga"]);
}

/// A14: actors see private data of lower levels only, in the list, on the person's page and in the
/// search.
#[both_databases]
async fn a14_nobody_learns_more_than_their_level_opens(portal: TestPortal) {
    let anna = staff(&portal, "anna", PermissionLevel::Admin).await;
    let mona = staff(&portal, "mona", PermissionLevel::Moderator).await;
    let user = staff(&portal, "ursel", PermissionLevel::User).await;
    portal.owner("olga").await;
    give_address(&portal, "olga", "olga@example.org").await;
    give_address(&portal, "ursel", "ursel@example.org").await;
    let olga = portal.find_person("olga").await.unwrap().unwrap().id;

    let page = portal.people(&anna, &everybody("")).await.unwrap();
    let mail = |name: &str| {
        let found = page
            .people
            .iter()
            .find(|listed| listed.user.username == name);
        found.unwrap().user.email.is_some()
    };
    assert!(!mail("olga") && mail("ursel"));
    assert!(
        names(&portal, &anna, &everybody("olga@example.org"))
            .await
            .is_empty()
    );
    assert_eq!(
        names(&portal, &anna, &everybody("ursel@example.org")).await,
        ["ursel"]
    );
    let file = portal
        .admin_person_view(&anna, olga)
        .await
        .unwrap()
        .unwrap();
    assert!(file.user.email.is_none() && file.sessions.is_empty() && file.actions.is_empty());
    let file = portal
        .admin_person_view(&anna, user.user.id)
        .await
        .unwrap()
        .unwrap();
    assert!(file.user.email.is_some() && file.sessions.len() == 1);
    assert!(
        file.actions.contains(&AdminAction::Ban) && file.actions.contains(&AdminAction::SetLevel)
    );

    // Moderators see Users only, and only their public data.
    assert_eq!(names(&portal, &mona, &everybody("")).await, ["ursel"]);
    assert!(
        names(&portal, &mona, &everybody("ursel@example.org"))
            .await
            .is_empty()
    );
    let owners = PeopleQuery {
        level: Some(PermissionLevel::Owner),
        ..everybody("")
    };
    assert!(names(&portal, &mona, &owners).await.is_empty());
    assert!(
        portal
            .admin_person_view(&mona, olga)
            .await
            .unwrap()
            .is_none()
    );
    let file = portal
        .admin_person_view(&mona, user.user.id)
        .await
        .unwrap()
        .unwrap();
    assert!(file.user.email.is_none() && file.sessions.is_empty());
    assert_eq!(file.actions, [AdminAction::TimeOut]);

    let refused = portal.people(&user, &everybody("")).await;
    assert!(matches!(
        refused,
        Err(Problem::Refused(AdminActionError::LevelTooLow))
    ));
    let refused = portal.admin_person_view(&user, user.user.id).await;
    assert!(matches!(
        refused,
        Err(Problem::Refused(AdminActionError::LevelTooLow))
    ));
}

#[both_databases]
async fn somebody_is_logged_out_everywhere(portal: TestPortal) {
    let anna = staff(&portal, "anna", PermissionLevel::Admin).await;
    portal.person("bob", PermissionLevel::User).await;
    let one = portal.login("bob", PASSWORD).await.unwrap();
    let other = portal.login("bob", PASSWORD).await.unwrap();
    let ended = portal
        .end_sessions_of(by(&anna, &client()), one.user.id)
        .await
        .unwrap();
    assert_eq!(ended, 2);
    for session in [&one, &other] {
        assert!(matches!(
            portal.visitor(&cookies_of(session)).await,
            Visitor::Anonymous
        ));
    }
    let log = portal.audit_log().await;
    let rows: Vec<_> = log
        .iter()
        .filter(|(event, _)| event == "sessions.ended")
        .collect();
    assert_eq!(
        rows,
        [&("sessions.ended".to_owned(), r#"{"sessions":2}"#.to_owned())]
    );
    assert!(portal.login("bob", PASSWORD).await.is_ok());
}

/// docs/contract.md, Factor limits: follows the hierarchy, and notifies by email.
#[both_databases]
async fn second_factors_are_reset_with_a_letter(portal: TestPortal) {
    let anna = staff(&portal, "anna", PermissionLevel::Admin).await;
    let bob = staff(&portal, "bob", PermissionLevel::User).await;
    let none = portal
        .reset_factors(by(&anna, &client()), bob.user.id)
        .await;
    assert!(matches!(
        none,
        Err(Problem::Refused(ResetFactorsError::NotOn))
    ));
    let offer = portal.offer_totp(&bob).await.unwrap();
    let code = authenticator(&offer.secret, portal.now());
    let on = portal.confirm_totp(&bob, &code, &client()).await.unwrap();
    give_address(&portal, "bob", "bob@example.org").await;

    portal
        .reset_factors(by(&anna, &client()), bob.user.id)
        .await
        .unwrap();

    assert!(matches!(
        portal.visitor(&cookies_of(&on.session)).await,
        Visitor::Anonymous
    ));
    assert!(portal.stored_factors().await.is_empty());
    let session = portal.login("bob", PASSWORD).await.unwrap();
    assert!(session.user.second_factor_at.is_none());
    let letters = portal.mail_to("bob@example.org").await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].header("Subject").contains("was reset"));
    let log = portal.audit_log().await;
    assert_eq!(
        log.iter()
            .filter(|(event, _)| event == "factors.reset")
            .count(),
        1
    );
    // Resetting a higher level is refused.
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    let refused = portal
        .reset_factors(by(&anna, &client()), olga.user.id)
        .await;
    assert!(matches!(
        refused,
        Err(Problem::Refused(ResetFactorsError::AdminAction(
            AdminActionError::NotBelow
        )))
    ));
    let refused = portal
        .end_sessions_of(by(&anna, &client()), olga.user.id)
        .await;
    assert!(matches!(
        refused,
        Err(Problem::Refused(AdminActionError::NotBelow))
    ));
}
